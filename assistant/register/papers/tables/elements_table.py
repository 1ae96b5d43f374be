"""What a new edition's lines seem to demand, as a table for the lead to correct and tick, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.errors import UsageError
from assistant.guide import Guide, Requirement
from assistant.line_ids import LineId
from assistant.register.papers.tables.filing_table import YES
from assistant.texts import LANGUAGES, say

COLUMNS = ("clause", "text", "elements", "confirmed", "line")
_NEEDED = ("elements", "confirmed", "line")


def header(lang: str) -> list[str]:
    """The names of the columns."""
    return [say(f"profile.column.{c}", lang) for c in COLUMNS]


def rows(waiting: Iterable[tuple[Requirement, Sequence[str]]]) -> list[list[str]]:
    """One row a line: what it says and what is proposed, one element below the other; not confirmed yet."""
    return [[LineId.of(line.id).clause, line.wording, "\n".join(parts), "", line.id] for line, parts in waiting]


def taken(guide: Guide, cells: Sequence[tuple[int, Sequence[str]]], where: str) -> dict[str, tuple[str, ...]]:
    """Line id -> elements, of the rows that say yes.

    Args:
        guide: the edition.
        cells: row numbers and cells; the row that names the columns, in any language, may stand below a title.
        where: the file, for the sentence.

    Raises:
        UsageError: a column is missing, or elements do not stand in their line; all of them are named.
    """
    names = {say(f"profile.column.{c}", lang): c for lang in LANGUAGES for c in COLUMNS}
    top = next((n for n, (_, row) in enumerate(cells) if {names.get(c.strip()) for c in row} >= set(_NEEDED)), None)
    if top is None:
        raise UsageError("profile.no_columns", where=where, columns=tuple(say(f"profile.column.{c}") for c in _NEEDED))
    places = {names[cell.strip()]: i for i, cell in enumerate(cells[top][1]) if cell.strip() in names}
    found: dict[str, tuple[str, ...]] = {}
    wrong: list[str] = []
    for number, row in cells[top + 1 :]:
        said = {name: row[i].strip() if i < len(row) else "" for name, i in places.items()}
        if said["confirmed"].casefold() not in YES:
            continue
        line = guide.requirements.get(said["line"])
        parts = tuple(part for part in map(str.strip, said["elements"].splitlines()) if part)
        bad = [part for part in parts if line is None or part not in line.wording] if parts else [said["line"]]
        wrong += [say("profile.in_row", row=number, what=part) for part in bad]
        found[said["line"]] = parts
    if wrong:
        raise UsageError("profile.not_in_lines", where=where, wrong=tuple(wrong))
    return found
