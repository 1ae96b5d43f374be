"""What every reader makes of a file: rows of cells of paragraphs, each paragraph with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.guide import Finding, Frozen, Paragraph

__all__ = ["Cell", "Numbering", "Row", "Source"]


class Cell(Frozen):
    """One table cell; ``merged`` says that it continues the cell above it."""

    paragraphs: tuple[Paragraph, ...] = ()
    merged: bool = False

    @property
    def text(self) -> str:
        """All paragraphs, stripped, one a line."""
        return "\n".join(p.text.strip() for p in self.paragraphs if p.text.strip())


class Row(Frozen):
    """One row of the table with that number; a paragraph outside any table is a row of one cell with ``loose`` set."""

    cells: tuple[Cell, ...]
    loose: bool = False
    table: int = 0

    @property
    def filled(self) -> list[Cell]:
        """Cells that hold text."""
        return [c for c in self.cells if c.text]


class Source(Frozen):
    """A file, read. ``lines`` holds the non-blank source lines; the parser must place each exactly once."""

    name: str
    format: str
    rows: tuple[Row, ...]
    fingerprint: str
    findings: tuple[Finding, ...] = ()

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Every non-blank paragraph as (line, text), in source order."""
        found = [(p.line, p.text) for p in self.paragraphs() if p.text.strip()]
        return sorted(found, key=lambda pair: pair[0])

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph in reading order: row by row, cell by cell."""
        for row in self.rows:
            for cell in row.cells:
                yield from cell.paragraphs


class Numbering:
    """Lines for a source that has none: its non-blank paragraphs are counted from 1 in reading order."""

    def __init__(self) -> None:
        self.count = 0

    def cell(self, texts: Iterable[str], merged: bool = False) -> Cell:
        """Make a cell of ``texts``; line breaks inside a text start a new paragraph, blank ones are left out."""
        paragraphs: list[Paragraph] = []
        for text in texts:
            for line in text.splitlines():
                if line.strip():
                    self.count += 1
                    paragraphs.append(Paragraph(text=line, line=self.count))
        return Cell(paragraphs=tuple(paragraphs), merged=merged)

    def loose(self, text: str) -> list[Row]:
        """Make rows of their own from the lines of a text outside any table."""
        return [Row(cells=(Cell(paragraphs=(p,)),), loose=True) for p in self.cell([text]).paragraphs]
