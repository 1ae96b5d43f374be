"""Pages -> rows: a table that goes on over pages is one table, a row that is parted by a page break is one row."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.printed_numbers import mark
from ingest.read.pdf.characters import PrintedLine
from ingest.read.pdf.page import PdfCell, PdfPage, PdfTable
from ingest.read.pdf.paragraphs import Strip, paragraphs
from ingest.source import Numbering, Row

_NEAR = 3.0  # points; all of these chosen; `pytest tests/ingest` holds what follows from it
_FULL_WITHIN = 1.3  # characters of room at the end of a full line
_FULL_LINES = 4  # from which a column counts as filled
_FULL_SHARE = 0.25  # of its lines
_CENTRED_SHARE = 0.8  # of a column's cells
_HANGING = frozenset("。，、；：？！）》”’")


@dataclass
class _Chain:
    """One table over one or more pages: all its columns, and its pieces with their pages."""

    lefts: list[float]
    sides: tuple[float, float]
    pieces: list[tuple[int, PdfTable]]


@dataclass
class _Row:
    """One row: per column the pieces of its cell, page by page; ``lines`` instead for text outside tables."""

    table: int
    cells: list[list[PdfCell]] = field(default_factory=list)
    lines: list[PrintedLine] = field(default_factory=list)
    page: int = 0
    width: float = 0.0


def rows_of_pages(pages: list[PdfPage]) -> tuple[tuple[Row, ...], int]:
    """Rows in reading order, numbered, and how many header rows were printed again and left out."""
    chains = _chains(pages)
    rows: list[_Row] = []
    again = 0
    headers: dict[int, list[str]] = {}
    for page in pages:
        loose = list(page.loose)
        for table in page.tables:
            above = [line for line in loose if line.top < table.top]
            loose = loose[len(above) :]
            _add_loose(rows, above, page)
            number = next(i for i, c in enumerate(chains) if any(t is table for _, t in c.pieces))
            again += _add_table(rows, table.rows(chains[number].lefts), number, page.number, headers.setdefault(number, []))
        _add_loose(rows, loose, page)
    return _numbered(rows), again


def _chains(pages: list[PdfPage]) -> list[_Chain]:
    """Tables that go on from page to page: the same edges, and columns that agree."""
    chains: list[_Chain] = []
    for page in pages:
        for position, table in enumerate(page.tables):
            last = chains[-1] if chains else None
            if last and position == 0 and last.pieces[-1][0] == page.number - 1 and _agree(last, table):
                last.lefts = _merged(last.lefts, table.lefts)
                last.pieces.append((page.number, table))
            else:
                chains.append(_Chain(table.lefts, table.sides, [(page.number, table)]))
    return chains


def _agree(chain: _Chain, table: PdfTable) -> bool:
    if any(abs(a - b) > _NEAR for a, b in zip(chain.sides, table.sides, strict=True)):
        return False
    few, many = sorted((chain.lefts, table.lefts), key=len)
    return all(any(abs(a - b) <= _NEAR for b in many) for a in few)


def _merged(few: list[float], more: list[float]) -> list[float]:
    return sorted([*few, *(x for x in more if all(abs(x - y) > _NEAR for y in few))])


def _add_loose(rows: list[_Row], lines: list[PrintedLine], page: PdfPage) -> None:
    """Text outside tables goes on over a page break while no table stands between."""
    if not lines:
        return
    if rows and rows[-1].lines and rows[-1].page in (page.number, page.number - 1):
        rows[-1].lines += lines
        rows[-1].page = page.number
    else:
        rows.append(_Row(-1, lines=lines, page=page.number, width=page.width))


def _add_table(rows: list[_Row], grid: list[list[PdfCell]], table: int, page: int, headers: list[str]) -> int:
    """Append the rows of a table's piece; returns how many of them repeat its header."""
    again = 0
    first = True
    for cells in grid:
        words = "\x1f".join(c.text for c in cells if c.text)
        if words and words in headers:
            again += 1
            continue
        before = rows[-1] if rows else None
        parted = first and before is not None and before.table == table and before.page == page - 1
        first = False
        if parted and before is not None and _goes_on(before, cells):
            for pieces, cell in zip(before.cells, cells, strict=True):
                pieces.append(cell)
            before.page = page
            continue
        if words and not any(r.table == table and not _is_header(r, headers) for r in rows) and not _numbers(cells):
            headers.append(words)
        rows.append(_Row(table, cells=[[c] for c in cells], page=page))
    return again


def _is_header(row: _Row, headers: list[str]) -> bool:
    return "\x1f".join(pieces[0].text for pieces in row.cells if pieces[0].text) in headers


def _numbers(cells: list[PdfCell]) -> bool:
    return any(mark(c.text) for c in cells)


def _goes_on(before: _Row, cells: list[PdfCell]) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before: nothing in it begins anew."""
    for column, cell in enumerate(cells[:-1]):
        if cell.text and (mark(cell.text) or not any(p.text for p in before.cells[column])):
            return False
    return bool(cells[-1].text) or any(c.text for c in cells)


def _numbered(rows: list[_Row]) -> tuple[Row, ...]:
    strips: list[Strip] = []
    places: list[tuple[int, int]] = []
    margin = min((line.x0 for r in rows for line in r.lines), default=0.0)
    pads = _pads(rows)
    spare = _spare(rows, pads)
    centred = _centred(rows)
    for position, row in enumerate(rows):
        if row.lines:
            right = max(_inked(line) for r in rows for line in r.lines)
            strips.append(Strip(tuple(row.lines), margin, max(right, row.width - margin)))
            places.append((position, 0))
        for column, pieces in enumerate(row.cells):
            lines = tuple(line for piece in pieces for line in piece.lines)
            box = next((p.box for p in pieces if p.lines), pieces[0].box)
            pad = pads.get((row.table, column), 0.0)
            right = box[2] - pad - spare.get((row.table, column), 0.0)
            strips.append(Strip(lines, box[0] + pad, max([right, *map(_inked, lines)]), (row.table, column) in centred))
            places.append((position, column))
    texts = dict(zip(places, paragraphs(strips), strict=True))
    numbering = Numbering()
    found: list[Row] = []
    for position, row in enumerate(rows):
        if row.lines:
            for text in texts[position, 0]:
                found += numbering.loose(text)
        else:
            cells = tuple(
                numbering.cell(texts[position, column], merged=pieces[0].above and not texts[position, column])
                for column, pieces in enumerate(row.cells)
            )
            found.append(Row(cells=cells, table=row.table))
    return tuple(found)


def _pads(rows: list[_Row]) -> dict[tuple[int, int], float]:
    """The space between rule and text at the left of each column, which the right side has too."""
    pads: dict[tuple[int, int], float] = {}
    for row in rows:
        for column, pieces in enumerate(row.cells):
            for piece in pieces:
                for line in piece.lines:
                    pad = max(0.0, line.x0 - piece.box[0])
                    pads[row.table, column] = min(pad, pads.get((row.table, column), pad))
    return pads


def _spare(rows: list[_Row], pads: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """The room at the right that a column never uses although many lines end at one height: its text was wrapped by hand."""
    gaps: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for row in rows:
        for column, pieces in enumerate(row.cells):
            for piece in pieces:
                for line in piece.lines:
                    gap = piece.box[2] - pads.get((row.table, column), 0.0) - _inked(line)
                    gaps.setdefault((row.table, column), []).append((gap, line.em))
    found: dict[tuple[int, int], float] = {}
    for place, values in gaps.items():
        least, em = min(values)
        full = sum(gap - least < _FULL_WITHIN * em for gap, _ in values)
        if least > _FULL_WITHIN * em and full >= max(_FULL_LINES, _FULL_SHARE * len(values)):
            found[place] = least
    return found


def _centred(rows: list[_Row]) -> set[tuple[int, int]]:
    """Columns whose lines, where they leave room, leave as much at the left as at the right."""
    votes: dict[tuple[int, int], list[bool]] = {}
    for row in rows:
        for column, pieces in enumerate(row.cells):
            for line, box in ((line, piece.box) for piece in pieces for line in piece.lines):
                left, right = line.x0 - box[0], box[2] - _inked(line)
                if left + right > 2 * line.em:
                    votes.setdefault((row.table, column), []).append(abs(left - right) < line.em)
    return {place for place, values in votes.items() if sum(values) >= _CENTRED_SHARE * len(values) and len(values) > 1}


def _inked(line: PrintedLine) -> float:
    """The right edge of a line without the punctuation that may hang over the margin."""
    end = len(line.text)
    while end > 1 and line.text[end - 1] in _HANGING:
        end -= 1
    return line.x1 - sum(line.widths[end:])
