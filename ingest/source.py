"""What every reader makes of a file: rows of cells of paragraphs, each paragraph with its line."""

from __future__ import annotations

from assistant.guide import Finding, Frozen, Paragraph

__all__ = ["Cell", "Row", "Source"]


class Cell(Frozen):
    """One table cell; ``merged`` says that it continues the cell above it (or to its left)."""

    paragraphs: tuple[Paragraph, ...] = ()
    merged: bool = False

    @property
    def text(self) -> str:
        """All paragraphs, stripped, one a line."""
        return "\n".join(p.text.strip() for p in self.paragraphs if p.text.strip())


class Row(Frozen):
    """One table row; a paragraph outside any table is a row of one cell with ``loose`` set."""

    cells: tuple[Cell, ...]
    loose: bool = False

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
        found = [
            (p.line, p.text) for row in self.rows for cell in row.cells for p in cell.paragraphs if p.text.strip()
        ]
        return sorted(found)
