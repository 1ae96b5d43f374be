"""What each column of a table holds: told by the numbers and headings in its cells, then by its header, then by its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NamedTuple

from ingest.parse.run_in_lines import unfold_clauses, unfold_guide
from ingest.printed_numbers import Style, is_title, mark
from ingest.source import Cell, Row
from ingest.wording import (
    APPLICABILITY,
    CUSTOMS_DECIDES,
    GUIDE_HEADER,
    HEADER_WORDS,
    MATERIALS,
    OTHER_CELL,
    OTHER_HEADER,
    OWNER_HEADER,
    PAPER,
    PERIOD_HEADER,
    kind_of_heading,
)

Role = Literal["category", "number", "item", "clause", "guide", "other"]
_HEADER_CELL = 30  # characters of a column's title
_HEADER_ROWS = 8  # in which titles of columns are looked for
# Shares and counts by which columns are told apart, down to `_PAPERS`: chosen; `pytest tests/ingest` holds what follows from it.
_MOST = 0.8
_LONG = 10  # cells of full sentences
_FEW = 2  # titled cells
_SOME = 0.3  # share of cells
_PAPERS = 0.6  # share of cells that name papers
_NAME = 40
"""A paper's name is no longer than this; a sentence of the standard is."""
_TITLE_STYLES: tuple[Style, ...] = ("arabic", "ordinal", "chinese", "chinese_bracket")


class Columns(NamedTuple):
    """The role of each column, the texts of the header rows, and the numbering style of the item column.

    ``listed`` says that the guide's column lists materials by its header, without headings of its own.

    ``about`` says which columns name the department in charge or how often.

    ``numbers`` says of columns of bare numbers what they count: items or clauses; others count nothing but rows.
    """

    roles: tuple[Role, ...]
    headers: frozenset[tuple[str, ...]]
    item_style: Style | None
    numbers: dict[int, Literal["item", "clause"]]
    listed: bool = False
    about: dict[int, Literal["owner", "period"]] = {}  # noqa: RUF012 - never written to

    def role(self, index: int) -> Role:
        """The role of column ``index``; beyond the known ones, none."""
        return self.roles[index] if index < len(self.roles) else "other"


@dataclass
class _Column:
    header: str = ""
    cells: list[str] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    guide_marks: int = 0
    styles: Counter[Style] = field(default_factory=Counter)
    titled: int = 0
    numbers: int = 0
    others: int = 0
    papers: int = 0
    paragraphs: int = 0

    @property
    def long(self) -> float:
        """The average length of its cells."""
        return sum(map(len, self.cells)) / len(self.cells) if self.cells else 0.0

    def mostly(self, count: int) -> bool:
        return bool(self.cells) and count >= _MOST * len(self.cells)

    @property
    def lists_papers(self) -> bool:
        """Whether most of its paragraphs are short names of papers, however it is headed."""
        return bool(self.paragraphs) and self.papers >= _PAPERS * self.paragraphs and not self.guide_marks


def columns_of(rows: Sequence[Row]) -> Columns:
    """The columns of one table, or of tables that have the same ones."""
    headers = header_rows(rows)
    columns = _seen(rows, headers)
    other = {i for i, c in enumerate(columns) if _is_other(c)}
    number = {i for i, c in enumerate(columns) if c.mostly(c.numbers)}
    guide = _guide(columns, other | number)
    clause = _clause(columns, other | number, guide)
    if clause is None or (guide is not None and _together(columns, guide, clause)):
        clause, guide = guide, None
    if guide is None and clause is not None:
        right = [i for i in range(clause + 1, len(columns)) if i not in other | number]
        beyond = [i for i in right if columns[i].lists_papers] or [i for i in right if columns[i].long >= _LONG]
        guide = max(beyond, key=lambda i: columns[i].long, default=None)
    plain = guide is not None and columns[guide].guide_marks == 0
    more = {i for i in range((guide or 0) + 1, len(columns)) if plain and i not in other | number and columns[i].lists_papers}
    left = [i for i in range(clause or 0) if i not in other | number and columns[i].cells and i != guide]
    inside = clause is not None and columns[clause].titled >= _FEW
    item = left[-1] if left and not inside else None
    roles: list[Role] = []
    for index in range(len(columns)):
        if index in more:
            roles.append("guide")
        elif index in (guide, clause, item):
            roles.append("guide" if index == guide else "clause" if index == clause else "item")
        elif index in left:
            roles.append("category")
        elif index in number and clause is not None and index < clause:
            roles.append("number")
        else:
            roles.append("other" if columns[index].cells or index > (clause or 0) else "category")
    titles = item if item is not None else clause if inside else None
    style = _style(columns[titles]) if titles is not None else None
    named = guide is not None and (MATERIALS.search(columns[guide].header) is not None or columns[guide].lists_papers)
    listed = guide is not None and named and columns[guide].guide_marks == 0
    return Columns(tuple(roles), frozenset(headers), style, _counted(columns, roles, item, clause), listed, _about(columns, roles))


def header_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The texts of the rows at the top that number nothing: one text a filled cell."""
    found: list[tuple[str, ...]] = []
    top = list(islice((r for r in rows if r.filled), _HEADER_ROWS))
    for row in top:
        texts = texts_of(row)
        if len(texts) == 1 and len(row.cells) > 1 and _is_part(texts[0]):
            continue
        if any(_numbered(c) for c in row.cells) or any(len(t) > _HEADER_CELL or "。" in t for t in texts):
            break
        found.append(texts)
    if len(found) == len(top):
        return [t for t in found if any(HEADER_WORDS.match(w) or OTHER_HEADER.match(w) or GUIDE_HEADER.search(w) for w in t)]
    return found


def _is_part(text: str) -> bool:
    """The title of a part, which stands above the header where each part has a table or sheet of its own."""
    found = mark(text)
    return found is not None and found.style in ("chinese", "chapter") and is_title(text)


def texts_of(row: Row) -> tuple[str, ...]:
    """The texts of a row's filled cells, without white space: what a repeated row has in common."""
    return tuple("".join(c.text.split()) for c in row.cells if c.text)


def _seen(rows: Sequence[Row], headers: list[tuple[str, ...]]) -> list[_Column]:
    columns = [_Column() for _ in range(max((len(r.cells) for r in rows), default=0))]
    for position, row in enumerate(rows):
        if texts_of(row) in headers:
            for column, cell in zip(columns, row.cells, strict=False):
                column.header = "".join(cell.text.split()) or column.header
        elif len(row.filled) > 1 or len(row.cells) <= 2:
            for column, cell in zip(columns, row.cells, strict=False):
                if cell.text:
                    _add(column, cell, position)
        else:
            for column, cell in zip(columns, row.cells, strict=False):
                column.guide_marks += _guide_marks(cell)
    return columns


def _add(column: _Column, cell: Cell, position: int) -> None:
    text = cell.text
    column.cells.append(text)
    column.rows.add(position)
    column.guide_marks += _guide_marks(cell)
    found = mark(text)
    if found:
        column.styles[found.style] += 1
        first, *others = [q.text for p in cell.paragraphs if p.text.strip() for q in unfold_clauses(p)]
        column.titled += found.style in _TITLE_STYLES and is_title(first) and bool(others)
    names = [p.text.strip() for p in cell.paragraphs if p.text.strip()]
    column.paragraphs += len(names)
    column.papers += sum(len(n) <= _NAME and "。" not in n and PAPER.search(n) is not None for n in names)
    column.numbers += text.isdecimal() or (found is not None and not found.rest)
    column.others += OTHER_CELL.match(text) is not None


def _guide_marks(cell: Cell) -> int:
    pieces = [q.text.strip() for p in cell.paragraphs for q in unfold_guide(p)]
    return sum(1 for t in pieces if kind_of_heading(t) or CUSTOMS_DECIDES.match(t) or (len(t) < 120 and APPLICABILITY.search(t)))


def _numbered(cell: Cell) -> bool:
    return any(mark(p.text) or p.text.strip().isdecimal() for p in cell.paragraphs)


def _about(columns: list[_Column], roles: list[Role]) -> dict[int, Literal["owner", "period"]]:
    """Columns of departments and of frequencies, told by their header."""
    found: dict[int, Literal["owner", "period"]] = {}
    for index, column in enumerate(columns):
        what: Literal["owner", "period"] | None = "owner" if OWNER_HEADER.match(column.header) else None
        what = "period" if PERIOD_HEADER.match(column.header) else what
        if what is not None and roles[index] == "other" and what not in found.values():
            found[index] = what
    return found


def _is_other(column: _Column) -> bool:
    if (OWNER_HEADER.match(column.header) or PERIOD_HEADER.match(column.header)) and not column.guide_marks:
        return True
    if column.guide_marks or not column.cells:
        return bool(OTHER_HEADER.match(column.header)) and not column.guide_marks and not column.mostly(column.numbers)
    if column.mostly(column.numbers):
        return column.header != "" and bool(OTHER_HEADER.match(column.header)) and column.header not in ("序号", "编号")
    return bool(OTHER_HEADER.match(column.header)) or column.mostly(column.others)


def _guide(columns: list[_Column], taken: set[int]) -> int | None:
    free = [i for i in range(len(columns)) if i not in taken]
    best = max(free, key=lambda i: columns[i].guide_marks, default=None)
    if best is not None and columns[best].guide_marks:
        return best
    return next((i for i in free if columns[i].cells and GUIDE_HEADER.search(columns[i].header)), None)


def _clause(columns: list[_Column], taken: set[int], guide: int | None) -> int | None:
    """The column with the clauses: numbered in brackets, else the longest text, left of the guide."""
    free = [i for i in range(len(columns)) if i not in taken and i != guide and columns[i].cells]
    before = [i for i in free if guide is None or i < guide] or free
    bracketed = [i for i in before if columns[i].styles["bracket"]]
    if bracketed:
        return max(bracketed, key=lambda i: columns[i].styles["bracket"])
    if guide is not None:
        near = [i for i in before if columns[i].long >= _LONG]
        return near[-1] if near else before[-1] if before else None
    return max(before, key=lambda i: columns[i].long, default=None)


def _together(columns: list[_Column], guide: int, clause: int) -> bool:
    """Whether clause and guide text stand in one column: numbered like clauses, beside nothing else that is."""
    own = columns[guide]
    return own.styles["bracket"] >= _SOME * len(own.cells) and not columns[clause].styles["bracket"] and columns[clause].long < 2 * _LONG


def _style(column: _Column) -> Style | None:
    titled = Counter(found.style for text in column.cells if (found := mark(text.split("\n")[0])) and is_title(text.split("\n")[0]))
    return titled.most_common(1)[0][0] if titled else None


def _counted(columns: list[_Column], roles: list[Role], item: int | None, clause: int | None) -> dict[int, Literal["item", "clause"]]:
    """What each column of bare numbers counts: items without a number of their own, or clauses without one; others count rows."""
    found: dict[int, Literal["item", "clause"]] = {}
    for number in (i for i, r in enumerate(roles) if r == "number"):
        for place, what in ((item, "item"), (clause, "clause")):
            if place is None or place < number or what in found.values():
                continue
            if sum(columns[place].styles.values()) > _SOME * len(columns[place].cells):
                continue
            together = columns[number].rows & columns[place].rows
            beside = len(together) >= _MOST * len(columns[number].rows | columns[place].rows)
            if beside and (what == "clause" or _one_each(columns, number, place)):
                found[number] = "item" if what == "item" else "clause"
                break
    return found


def _one_each(columns: list[_Column], number: int, titles: int) -> bool:
    """Whether a title that stands in several rows has the same number in all of them."""
    pairs = set(zip(columns[number].cells, columns[titles].cells, strict=False))
    return len(pairs) == len({title for _, title in pairs})
