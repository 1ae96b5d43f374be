"""Cells that span rows and columns -> the full grid of a table, as a person sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from assistant.errors import SourceError
from ingest.source import Cell, Row

MAX_CELLS = 400_000  # of all tables of a file; bounds what a hostile file costs
MAX_COLUMNS = 200  # of a table; bounds what a hostile file costs
_EMPTY, _MERGED = Cell(), Cell(merged=True)


class CellSpan(NamedTuple):
    """A cell with the number of rows and columns that it covers."""

    cell: Cell
    down: int = 1
    across: int = 1


def grid(rows: Iterable[list[CellSpan]], table: int, name: str) -> tuple[Row, ...]:
    """Rows of equal columns: what a cell covers to its right is empty, what it covers below is ``merged``.

    Beyond the limit of columns cells cover nothing, and only those that hold text are kept.

    Raises:
        SourceError: the spans claim more cells than any guide has.
    """
    covered: dict[int, int] = {}
    result: list[Row] = []
    total = 0
    for spans in rows:
        cells: list[Cell] = []
        for span in spans:
            _fill(cells, covered)
            if len(cells) >= MAX_COLUMNS and not span.cell.paragraphs:
                continue
            across = max(1, min(span.across, MAX_COLUMNS - len(cells)))
            for offset in range(across):
                if span.down > 1 and len(cells) < MAX_COLUMNS:
                    covered[len(cells)] = span.down - 1
                cells.append(span.cell if offset == 0 else _EMPTY)
        _fill(cells, covered)
        total += len(cells)
        if total > MAX_CELLS:
            raise SourceError("source.too_complex_table", name=name)
        if cells:
            result.append(Row(cells=tuple(cells), table=table))
    return tuple(result)


def _fill(cells: list[Cell], covered: dict[int, int]) -> None:
    """Append what earlier rows cover at this place."""
    while covered.get(len(cells), 0) > 0:
        covered[len(cells)] -= 1
        cells.append(_MERGED)
