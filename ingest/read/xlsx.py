"""Excel workbooks -> rows: merged ranges, line breaks in cells, and of several sheets those that hold the guide."""

from __future__ import annotations

import datetime
import io
import re
from typing import Any, NamedTuple

import openpyxl
from lxml import etree
from openpyxl.utils.cell import range_boundaries

from assistant.adapters.sheet import bounded, unescaped
from assistant.errors import SourceError
from assistant.guide import Finding
from ingest.printed_numbers import mark
from ingest.read.grid import CellSpan, grid
from ingest.read.visible import visible
from ingest.read.zip import MAX_UNPACKED, Package, refuse_entities, safe_xml
from ingest.source import Numbering, Row
from ingest.wording import GUIDE_HEADER, HEADER_WORDS, kind_of_heading

MAX_CELLS = 100_000  # of a sheet; bounds what a hostile file costs
_OWN_SHARE = 0.2  # of lines in common up to which a second sheet has words of its own


class _Sheet(NamedTuple):
    title: str
    rows: list[list[tuple[list[str], int, int]]]
    marks: int
    lines: frozenset[str]


def read_xlsx(data: bytes, name: str) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Rows of a workbook: values as saved, formulas by their last result; links to other files are dropped.

    Of several sheets the one that looks most like a guide is read, and those that carry other parts of it; each sheet
    that is left out becomes a finding.

    Raises:
        SourceError: the workbook is broken, encrypted, declares entities, or is far larger than any guide.
    """
    data = Package(data, name).usual()
    package = Package(data, name)
    for part in sorted(package.names):
        content = package.part(part)
        if part.endswith((".xml", ".rels")):
            refuse_entities(content, name)
    try:
        bounded(data, MAX_UNPACKED)
    except ValueError as error:
        raise SourceError("source.too_complex_table", name=name) from error
    _inspect(Package(data, name), name)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    sheets = [_sheet(s) for s in book.worksheets if s.sheet_state == "visible"]
    sheets = [s for s in sheets or [_sheet(s) for s in book.worksheets] if s.rows]
    chosen = _chosen(sheets)
    numbering = Numbering()
    rows: list[Row] = []
    for table, sheet in enumerate(chosen):
        spans = [[CellSpan(numbering.cell(texts), down, across) for texts, down, across in row] for row in sheet.rows]
        rows += grid(spans, table, name)
    skipped = [Finding(line=1, code="sheet_skipped", values={"sheet": s.title}) for s in sheets if s not in chosen]
    return tuple(row for row in rows if row.cells), tuple(skipped)


def _inspect(package: Package, name: str) -> None:
    """Refuse entities, and sheets whose cells or merged ranges claim more room than any guide has."""
    for part in sorted(package.names):
        if not part.endswith((".xml", ".rels")):
            continue
        content = package.part(part)
        if not re.match(r"xl/(worksheets|chartsheets)/[^/]*\.xml$", part):
            safe_xml(content, name)
            continue
        area, rows, columns = 0, 0, 0
        try:
            for _, element in etree.iterparse(io.BytesIO(content), resolve_entities=False, no_network=True, load_dtd=False):
                kind = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
                if kind == "mergeCell":
                    left, top, right, bottom = (n or 0 for n in range_boundaries(element.get("ref") or "A1"))
                    area += (right - left + 1) * (bottom - top + 1)
                elif kind == "c":
                    left, top, *_ = (n or 0 for n in range_boundaries(element.get("r") or "A1"))
                    rows, columns = max(rows, top), max(columns, left)
                element.clear()
        except (etree.XMLSyntaxError, ValueError) as error:
            raise SourceError("source.broken", name=name) from error
        if area > MAX_CELLS or rows * columns > MAX_CELLS:
            raise SourceError("source.too_complex_table", name=name)


def _sheet(sheet: Any) -> _Sheet:
    """Cells with their texts and spans, row by row; what a merged range covers is left to the grid."""
    if not hasattr(sheet, "merged_cells"):
        return _Sheet(sheet.title, [], 0, frozenset())
    spans = {(r.min_row, r.min_col): (r.size["rows"], r.size["columns"]) for r in sheet.merged_cells.ranges}
    covered = {cell for r in sheet.merged_cells.ranges for cell in r.cells} - set(spans)
    rows: list[list[tuple[list[str], int, int]]] = []
    for row in sheet.iter_rows():
        cells: list[tuple[list[str], int, int]] = []
        for cell in row:
            place = (cell.row, cell.column)
            if place not in covered:
                cells.append((_texts(cell), *spans.get(place, (1, 1))))
        rows.append(cells)
    while rows and not any(texts for texts, _, _ in rows[-1]):
        rows.pop()
    lines = [t.strip() for row in rows for texts, _, _ in row for t in texts]
    marks = sum(1 for t in lines if mark(t) or kind_of_heading(t))
    own = frozenset(t for t in lines if len(t) > 1 and not HEADER_WORDS.match(t) and not GUIDE_HEADER.fullmatch(t))
    return _Sheet(sheet.title, rows, marks, own)


def _texts(cell: Any) -> list[str]:
    """The lines of a cell as Excel shows them, as far as that can be told without its number formats."""
    value = cell.value
    if value is None:
        return []
    if isinstance(value, bool):
        value = str(value).upper()
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    elif isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    return [line for line in visible(unescaped(str(value))).splitlines() if line.strip()]


def _chosen(sheets: list[_Sheet]) -> list[_Sheet]:
    """The sheet with most guide marks, and in the workbook's order those with marks that repeat little of it."""
    if not sheets:
        return []
    best = max(sheets, key=lambda s: (s.marks, len(s.lines)))
    seen = set(best.lines)
    taken = [best]
    for sheet in sheets:
        common = len(sheet.lines & seen)
        if sheet is not best and sheet.marks >= 3 and common <= _OWN_SHARE * max(1, len(sheet.lines)):
            taken.append(sheet)
            seen |= sheet.lines
    return [s for s in sheets if s in taken]
