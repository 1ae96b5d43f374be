"""Comma-, semicolon- or tab-separated tables; a quoted cell may run over several lines, each keeping its number."""

from __future__ import annotations

import csv
import io
import re

from assistant.errors import SourceError
from assistant.guide import Paragraph
from ingest.source import Cell, Row

_FIELD_LIMIT = 1_000_000  # characters of one cell; bounds what a hostile file costs


def rows_of_csv(text: str, name: str, delimiter: str | None = None) -> tuple[Row, ...]:
    """Rows of a table in text form; a line without a delimiter is a loose row.

    Raises:
        SourceError: a cell has no end.
    """
    text = re.sub(r"\r\n|\r", "\n", text)
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    rows: list[Row] = []
    before = 0
    try:
        for record in reader:
            cells = _cells(record, before + 1)
            before = reader.line_num
            if any(c.paragraphs for c in cells):
                rows.append(Row(cells=cells, loose=len(cells) == 1))
    except csv.Error as error:
        raise SourceError("source.broken", name=name) from error
    return tuple(rows)


def _delimiter(text: str) -> str:
    head = text[:10_000]
    return max(",\t;", key=head.count)


def _cells(record: list[str], line: int) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for value in record:
        paragraphs: list[Paragraph] = []
        for position, text in enumerate(value.split("\n")):
            line += position > 0
            if text.strip():
                paragraphs.append(Paragraph(text=text, line=line))
        cells.append(Cell(paragraphs=tuple(paragraphs), merged=not paragraphs))
    return tuple(cells)
