"""One PDF page -> the lines outside its tables, and its tables as rows of cells of lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ingest.read.pdf.characters import PrintedLine, lines_of
from ingest.read.pdf.ink import InkedPage
from ingest.read.pdf.ruled_grid import NEAR, Box, steps


@dataclass
class PdfCell:
    """Lines of a cell with its box; ``above`` says that it began in a row above."""

    box: Box
    lines: list[PrintedLine] = field(default_factory=list)
    above: bool = False

    @property
    def text(self) -> str:
        """Its lines, one below the other."""
        return "\n".join(line.text for line in self.lines)


@dataclass
class PdfTable:
    """The ruled cells of one table on one page."""

    cells: list[PdfCell]

    @property
    def top(self) -> float:
        """Where it begins on its page."""
        return min(c.box[1] for c in self.cells)

    @property
    def sides(self) -> tuple[float, float]:
        """Its left and right edge."""
        return min(c.box[0] for c in self.cells), max(c.box[2] for c in self.cells)

    @property
    def lefts(self) -> list[float]:
        """Where its columns begin."""
        return steps([c.box[0] for c in self.cells])

    def rows(self, lefts: list[float]) -> list[list[PdfCell]]:
        """The full grid for columns that begin at ``lefts``: what a cell covers beside or below itself is empty."""
        found: list[list[PdfCell]] = []
        for top in steps([c.box[1] for c in self.cells]):
            row: list[PdfCell] = []
            for left in lefts:
                holder = next((c for c in self.cells if _covers(c.box, left + NEAR, top + NEAR)), None)
                if holder is None or holder.box[0] < left - NEAR:
                    row.append(PdfCell((left, top, left, top)))
                elif holder.box[1] < top - NEAR:
                    row.append(PdfCell(holder.box, above=True))
                else:
                    row.append(holder)
            found.append(row)
        return found


@dataclass
class PdfPage:
    """What one page holds: lines outside tables, and tables, each from top to bottom."""

    number: int
    width: float
    loose: list[PrintedLine]
    tables: list[PdfTable]


def page_of(page: InkedPage) -> PdfPage:
    """The lines and tables of a page as it is drawn."""
    characters, number = page.characters, page.number
    tables: list[PdfTable] = []
    for boxes in page.tables:
        inside = [c for c in characters if _within(c, _hull(boxes))]
        if len(boxes) < 2 or not any(not c["text"].isspace() for c in inside):
            continue
        held = {id(c) for c in inside}
        characters = [c for c in characters if id(c) not in held]
        shares = _shares(boxes, inside)
        tables.append(PdfTable([PdfCell(b, lines_of(s, number)) for b, s in zip(boxes, shares, strict=True)]))
    tables.sort(key=lambda t: t.top)
    return PdfPage(number, page.width, lines_of(characters, number), tables)


def _within(character: Any, box: Box) -> bool:
    x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _hull(boxes: list[Box]) -> Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _covers(box: Box, x: float, y: float) -> bool:
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _shares(cells: list[Box], characters: list[Any]) -> list[list[Any]]:
    """Each character to the cell that holds its centre, else to the nearest one: none is lost."""
    shares: list[list[Any]] = [[] for _ in cells]
    last = 0
    for character in characters:
        if not _within(character, cells[last]):
            last = next((i for i, c in enumerate(cells) if _within(character, c)), -1)
        if last < 0:
            last = min(range(len(cells)), key=lambda i: _distance(character, cells[i]))
        shares[last].append(character)
    return shares


def _distance(character: Any, box: Box) -> float:
    x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
    return float(max(box[0] - x, 0, x - box[2]) + max(box[1] - y, 0, y - box[3]))
