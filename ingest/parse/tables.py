"""Tables -> builder events. Numbers decide first, then the column a text stands in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from assistant.guide import Paragraph
from ingest.parse.builder import Builder, is_continued
from ingest.parse.columns import Columns, columns_of, header_rows, texts_of
from ingest.parse.outline import Level, Outline, outline_of
from ingest.parse.run_in_lines import unfold_clauses, unfold_guide
from ingest.printed_numbers import PrintedNumber, is_title, mark
from ingest.source import Cell, Row
from ingest.wording import APPLICABILITY, CUSTOMS_DECIDES, kind_of_heading


def parse_tables(rows: Sequence[Row], builder: Builder) -> None:
    """Drive ``builder`` with the rows of all tables and the loose paragraphs between them."""
    tables = _layouts(rows)
    outline = _outline(rows, tables)
    headers: set[tuple[str, ...]] = set()
    for number, group in groupby(rows, key=lambda r: None if r.loose else r.table):
        table = list(group)
        if number is None:
            for row in table:
                _loose(row, outline, builder)
            continue
        columns = tables[number]
        top = {texts for texts in header_rows(table) if texts in columns.headers}
        for row in table:
            texts = texts_of(row)
            if texts in headers and builder.started:
                builder.header_again(_paragraphs(row))
            elif texts in top:
                _header(row, builder)
                headers.add(texts)
            elif texts:
                _TableRow(row, columns, outline, builder).place()


def _layouts(rows: Sequence[Row]) -> dict[int, Columns]:
    """Columns per table; a table too small to tell borrows from the others of its width."""
    tables: dict[int, list[Row]] = {}
    for row in rows:
        if not row.loose:
            tables.setdefault(row.table, []).append(row)
    widths = {n: max(len(r.cells) for r in t) for n, t in tables.items()}
    together: dict[int, Columns] = {}
    for width in set(widths.values()):
        same = [n for n in tables if widths[n] == width]
        together[width] = columns_of([r for n in same for r in tables[n]])
    found: dict[int, Columns] = {}
    for number, table in tables.items():
        own = columns_of(table)
        shared = together[widths[number]]
        found[number] = own if own.roles == shared.roles or "guide" in own.roles else shared
        found[number] = found[number]._replace(headers=own.headers | shared.headers)
    return found


def _outline(rows: Sequence[Row], tables: dict[int, Columns]) -> Outline:
    """The numbering of the standard's side; the item column shows the style of items where there is one."""
    texts: list[str] = []
    for row in rows:
        for index, cell in enumerate(row.cells):
            role = "clause" if row.loose else tables[row.table].role(index)
            if role in ("category", "item", "clause"):
                texts += [q.text for p in cell.paragraphs for q in unfold_clauses(p) if not kind_of_heading(q.text)]
    shown = [c for c in tables.values() if "item" in c.roles or c.item_style is not None]
    styles = [c.item_style for c in shown if "guide" in c.roles] or [c.item_style for c in shown]
    return outline_of(texts, max(styles, key=styles.count, default=None), by_column=bool(styles))


def _header(row: Row, builder: Builder) -> None:
    """A header row; before anything else, one with a single text is a title."""
    filled = row.filled
    for p in _paragraphs(row):
        builder.front(p, title=len(filled) == 1 and len(row.cells) > 1)


def _loose(row: Row, outline: Outline, builder: Builder) -> None:
    """A paragraph outside tables: a heading of the outline, or front matter, or nothing that belongs to a clause."""
    for p in _paragraphs(row):
        found = mark(p.text)
        level = outline.level(found) if is_title(p.text) else None
        if is_continued(p.text):
            builder.header_again([p])
        elif level in ("part", "category", "item") and found:
            builder.heading(level, p, found)
        elif not builder.started:
            builder.front(p, title=True)
        else:
            builder.unplaced(p)


def _paragraphs(row: Row) -> list[Paragraph]:
    return [p for cell in row.cells for p in cell.paragraphs if p.text.strip()]


class _TableRow:
    """One row of a table on its way into the builder."""

    def __init__(self, row: Row, columns: Columns, outline: Outline, builder: Builder) -> None:
        self._row = row
        self._columns = columns
        self._outline = outline
        self._builder = builder
        self._opened: list[int] = []
        self._numbers: dict[str, Paragraph] = {}
        self._item_named = False

    def place(self) -> None:
        """Place every paragraph of the row: the standard's side from left to right, then the guide's."""
        guides: list[Cell] = []
        about: list[tuple[int, Cell]] = []
        alone = len(self._row.filled) == 1
        for index, cell in enumerate(self._row.cells):
            role = self._columns.role(index)
            if role == "guide" and not (alone and self._is_heading(cell)):
                guides.append(cell)
            elif role == "other" and index in self._columns.about and not alone:
                about.append((index, cell))
            elif role == "other" and not (alone and self._is_heading(cell)):
                self._other(index, cell)
            elif role == "number" and not self._is_heading(cell):
                self._take_number(cell, index)
            else:
                self._standard(cell, role, alone)
        for number in self._numbers.values():
            self._builder.aside(number)
        for guide in guides:
            if guide.text:
                self._builder.guide_cell(_unfolded(guide), self._opened, self._columns.listed)
            elif guide.merged and self._opened:
                self._builder.share_previous(self._opened)
        for index, cell in about:
            self._about(self._columns.about[index], cell)

    def _about(self, what: Literal["owner", "period"], cell: Cell) -> None:
        """What a column of departments or frequencies says of the clauses of this row; a merged cell goes on."""
        if cell.merged and not cell.text:
            self._builder.about_previous(what, self._opened)
        for p in cell.paragraphs:
            if p.text.strip():
                self._builder.about(what, p, self._opened)

    def _is_heading(self, cell: Cell) -> bool:
        """Whether a cell holds one part, category or item heading and nothing else."""
        texts = cell.text.split("\n")
        found = mark(texts[0])
        if len(texts) > 1 or not found or not found.rest or not is_title(texts[0]):
            return False
        return self._level(found, "clause", len(self._row.filled) == 1) in ("part", "category", "item")

    def _level(self, found: PrintedNumber | None, role: str, alone: bool) -> Level | None:
        """The level of a number in this place: one that stands alone in its row or in a column of titles says so itself."""
        level = self._outline.level(found)
        if found is None or not found.rest or not is_title(found.rest):
            return level
        if found.style in ("chinese", "chapter") and alone:
            return "part"
        if found.style == "chinese_bracket" and (alone or role == "category"):
            return "category"
        if role == "category" and level == "item" and found.style in ("chinese", "chapter"):
            return "part"
        return "item" if role == "item" and level != "clause" else level

    def _other(self, index: int, cell: Cell) -> None:
        for p in cell.paragraphs:
            if p.text.strip():
                self._builder.other_column(p, (self._row.table, index))

    def _take_number(self, cell: Cell, index: int) -> None:
        what = self._columns.numbers.get(index)
        for p in cell.paragraphs:
            if not p.text.strip():
                continue
            if what is not None and what not in self._numbers:
                self._numbers[what] = p
            else:
                self._builder.aside(p)

    def _standard(self, cell: Cell, role: str, alone: bool) -> None:
        """A cell of the standard's side: headings first, then clauses; a guide heading turns to the guide's side."""
        in_clause = in_guide = False
        heading: str | None = None
        given = role == "clause" and "clause" in self._numbers  # its number stands beside it: numbers inside are its own lists
        wholes = [whole for whole in cell.paragraphs if whole.text.strip()]
        pieces = wholes if given else [piece for whole in wholes for piece in unfold_clauses(whole)]
        for p in pieces:
            text = p.text.strip()
            found = mark(text)
            level = self._level(found, role, alone)
            if in_clause and (in_guide or _turns_to_guide(text)):
                in_guide = True
                for line in unfold_guide(p):
                    self._builder.guide_line(line)
            elif given:
                if in_clause:
                    self._builder.clause_more(p)
                else:
                    self._clause(p, numbered=False)
                    in_clause = True
            elif found and level in ("part", "category", "item") and not in_clause and is_title(text) and not kind_of_heading(text):
                self._builder.heading(level, p, found)
                self._item_named |= level == "item"
                heading = level
            elif level == "item" and found and found.rest and not in_clause and role != "clause":
                self._builder.heading("item", p, found)
                self._item_named, heading = True, "item"
            elif found and level == "clause" and role in ("clause", "item", "category"):
                self._clause(p)
                in_clause = True
            elif in_clause:
                self._builder.clause_more(p)
            elif heading is not None and role != "clause":
                self._builder.title_more(p)
            elif role == "item" and not alone:
                self._title(p)
                heading = "item"
            elif role == "category" and not alone and is_title(text):
                self._builder.unnumbered_category(p)
                heading = "category"
            elif role == "clause" and not (alone and is_title(text)):
                in_clause = self._unnumbered(p)
            else:
                self._builder.unplaced(p)

    def _title(self, p: Paragraph) -> None:
        """An item without a number of its own: its number may stand in a column beside it."""
        number = self._numbers.pop("item", None)
        if number is not None:
            self._builder.item_beside(number, p)
        else:
            self._builder.unnumbered_item(p)
        self._item_named = True

    def _clause(self, p: Paragraph, numbered: bool = True) -> None:
        self._opened.append(self._builder.clause(p, numbered, self._numbers.pop("clause", None)))

    def _unnumbered(self, p: Paragraph) -> bool:
        """A clause text without a number: the rest of the clause above, if this row names nothing and clauses are numbered."""
        goes_on = not self._item_named and self._outline.clause is not None and self._builder.item_has_clauses
        if goes_on and not self._opened and not self._numbers:
            self._builder.clause_more(p)
        else:
            self._clause(p, numbered=False)
        return True


def _turns_to_guide(text: str) -> bool:
    return (
        kind_of_heading(text) is not None
        or CUSTOMS_DECIDES.match(text) is not None
        or (len(text) < 120 and APPLICABILITY.search(text) is not None)
    )


def _unfolded(cell: Cell) -> list[Paragraph]:
    return [q for p in cell.paragraphs if p.text.strip() for q in unfold_guide(p)]
