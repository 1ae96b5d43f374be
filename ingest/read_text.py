"""Plain text: a dump whose TABs open table cells, tab-separated rows, or lines that lost their TABs."""

from __future__ import annotations

import re

from assistant.guide import Paragraph
from ingest.source import Cell, Row
from ingest.wording import PART

_COLUMN_COUNTS = (4, 3, 5, 2, 6)


def rows_of_text(text: str) -> tuple[Row, ...]:
    """Rows of a text whose lines are numbered from 1; without TABs every line is a loose row of its own."""
    lines = [Paragraph(text=line, line=number) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1)]
    if not any("\t" in p.text for p in lines):
        return tuple(Row(cells=(Cell(paragraphs=(p,)),), loose=True) for p in lines if p.text.strip())
    if sum(p.text.strip().count("\t") >= 1 for p in lines) > sum(p.text.startswith("\t") for p in lines):
        return _tab_separated(lines)
    return _tab_opened(lines)


def _tab_opened(lines: list[Paragraph]) -> tuple[Row, ...]:
    """A line that starts with TAB opens a cell; the lines after it belong to that cell."""
    front: list[Row] = []
    cells: list[list[Paragraph]] = []
    for p in lines:
        if p.text.startswith("\t"):
            cells.append([Paragraph(text=p.text[1:], line=p.line)])
        elif cells:
            cells[-1].append(p)
        elif p.text.strip():
            front.append(Row(cells=(Cell(paragraphs=(p,)),), loose=True))
    return (*front, *_group([_cell(c) for c in cells]))


def _cell(paragraphs: list[Paragraph]) -> Cell:
    filled = tuple(Paragraph(text=p.text.replace("\t", " "), line=p.line) for p in paragraphs if p.text.strip())
    return Cell(paragraphs=filled, merged=not filled)


def _group(cells: list[Cell]) -> list[Row]:
    """Cells into rows: part rows have one cell, all others the same number of columns."""
    segments: list[list[Cell]] = [[]]
    for cell in cells:
        if PART.match(cell.text) and "\n" not in cell.text:
            segments += [[cell], []]
        else:
            segments[-1].append(cell)
    bodies = [s for s in segments[1:] if len(s) > 1] or [segments[0]]
    width = next((n for n in _COLUMN_COUNTS if all(len(s) % n == 0 for s in bodies)), 4)
    rows: list[Row] = []
    for position, segment in enumerate(segments):
        if position == 0 and len(segment) < width and len(segments) > 1:
            rows += [Row(cells=tuple(segment))] if segment else []
        elif len(segment) == 1:
            rows.append(Row(cells=tuple(segment)))
        else:
            rows += [Row(cells=tuple(segment[i : i + width])) for i in range(0, len(segment), width)]
    return rows


def _tab_separated(lines: list[Paragraph]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for p in lines:
        if "\t" in p.text:
            cells = [Cell(paragraphs=(Paragraph(text=t, line=p.line),) if t.strip() else (), merged=not t.strip()) for t in p.text.split("\t")]
            rows.append(Row(cells=tuple(cells)))
        elif p.text.strip():
            rows.append(Row(cells=(Cell(paragraphs=(p,)),), loose=True))
    return tuple(rows)
