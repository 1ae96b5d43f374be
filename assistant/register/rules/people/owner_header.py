"""The header of an owner table: which column says what, in the headings that offices use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.register.rules.evidence.life import clean
from assistant.register.rules.people.named_places import folded
from assistant.texts import LANGUAGES, say

COLUMNS = ("target", "owner", "reviewer", "deputy", "deputy_from", "deputy_until", "timezone", "name", "email", "slack")
_TITLES = 6
"""Rows above the header that may hold a title, a date, who wrote the table."""
MARKS = re.compile(r"[(（]?必填[)）]?|[^\w]")
"""What offices put around a heading: stars, blanks, that it must be filled."""
_ALSO = {
    **dict.fromkeys(("项目", "条款", "项", "分项", "item", "clause"), "target"),
    **dict.fromkeys(("责任人", "主责人", "主责"), "owner"),
}
"""Other headings that offices use; a table may have a column for the item and another for its clauses."""
_ENDING = re.compile(r"(?:名称|编号|序号|号码?|姓名)$")
"""What may stand behind a heading."""
SERIAL = frozenset(("", "序号", "no"))
"""Headings of a column that only counts the rows."""


Cells = Sequence[tuple[int, Sequence[str]]]
"""Rows of a table with their numbers."""


def filled(cells: Cells) -> list[tuple[int, list[str]]]:
    """The header and the rows below it; blank rows and those of a title above are left out."""
    rows = [(number, [_one_line(c) for c in row]) for number, row in cells if any(c.strip() for c in row)]
    top = max(range(len(rows[:_TITLES])), key=lambda n: (_sure({"target", "owner"}, header_of(rows[n][1])), -n), default=0)
    return rows[top:]


def unread(cells: Cells) -> list[str]:
    """The headings of columns that are not read, as they are written; one that only counts the rows says nothing."""
    titles = next((row for _, row in filled(cells)), [])
    read = {column for columns in header_of(titles).values() for column in columns}
    return [t for n, t in enumerate(titles) if n not in read and MARKS.sub("", folded(t)) not in SERIAL]


def header_of(cells: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Column -> where it stands; the place may stand in two (item, and clause).

    A heading is read as written, or where it begins a known one (审核); one that only ends like a known one (标准条款, 认证项目名称) counts
    where no cell is that column.
    """
    names = {folded(say(f"evidence.column.{c}", lang)): c for lang in LANGUAGES for c in COLUMNS} | {c: c for c in COLUMNS} | _ALSO
    titles = [_one_of(cell, names) for cell in cells]
    found: dict[str, tuple[int, ...]] = {}
    for index, (title, cell) in enumerate(zip(titles, cells, strict=True)):
        name = names.get(title) or names.get(cell.strip().lower())
        if name == "target" or (name and name not in found):
            found[name] = (*found.get(name, ()), index)
    for index, title in enumerate(titles):
        name = next((n for known, n in names.items() if len(title) > 1 and known.startswith(title)), "")
        if name and name not in found:
            found[name] = (index,)
    whole = frozenset(found)
    for index, title in enumerate(titles):
        stem = _ENDING.sub("", title)
        name = next((n for known, n in names.items() if len(known) > 1 and stem.endswith(known)), "")
        if name and name not in whole and (name == "target" or name not in found):
            found[name] = (*found.get(name, ()), index)
    return found


def _one_of(cell: str, names: Mapping[str, str]) -> str:
    """A heading without its marks; of two that stand for each other (项目/条款, 部门/负责人) the one that is known."""
    either = [MARKS.sub("", folded(part)) for part in re.split("[/／]", cell)]
    return next((title for title in either if title in names), MARKS.sub("", folded(cell)))


def _sure(wanted: set[str], header: dict[str, tuple[int, ...]]) -> tuple[int, int]:
    """How surely a row is the header: how many of the columns that must be there it has, and how many in all."""
    return len(wanted & header.keys()), len(header)


def _one_line(cell: str) -> str:
    """A cell as data; what stands on lines of its own is apart."""
    return "；".join(" ".join(line.split()) for line in clean(cell, 200).splitlines() if line.strip())
