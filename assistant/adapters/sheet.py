"""Owner tables as files: CSV in the encodings that Excel writes here, and XLSX; out comes (row number, cells)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from assistant import typed_file
from assistant.errors import CaseError, reason

_LARGEST = 5 * 1024 * 1024  # bytes of a table that people type; chosen, not measured
LARGEST_UNPACKED = 20_000_000
"""Bytes that all parts of a workbook may unpack to: a table of people or cases has a hundredth of it."""
MOST_ELEMENTS = 200_000
"""XML elements of all parts (a cell with a value is two); each costs openpyxl up to twenty microseconds and a kilobyte."""
_MOST_ATTRIBUTES = 400  # of one element; bounds what a hostile file costs
_LONGEST_TAG = 1 << 20  # bytes; bounds what a hostile file costs
_CHUNK = 1 << 16  # bytes read at a time
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COLUMNS = 40  # of a table that people type; what is further right is left out
_ROWS = 20000  # of a table that people type; what is further down is left out


def read_cells(path: Path) -> list[tuple[int, list[str]]]:
    """All rows of a CSV file or of the first sheet of an XLSX file, as text.

    Raises:
        CaseError: there is no such file, it is too large, or it is no table. UsageError: it is no regular file.
    """
    try:
        raw = typed_file.read(path, _LARGEST + 1)
    except FileNotFoundError:
        raise CaseError("register.table_absent", where=str(path)) from None
    except OSError as error:
        raise CaseError("register.table_unreadable", where=str(path), what=reason(error)) from None
    return cells_of(raw, str(path))


def cells_of(raw: bytes, where: str) -> list[tuple[int, list[str]]]:
    """All rows of such a file by its bytes; ``where`` names it.

    Raises:
        CaseError: it is too large, or it is no table.
    """
    if len(raw) > _LARGEST:
        raise CaseError("register.table_unreadable", where=where, what=f"> {_LARGEST} bytes")
    try:
        return _xlsx(raw) if raw.startswith(b"PK") else _csv(raw)
    except (*_BROKEN, ValueError, KeyError, OSError, csv.Error, TypeError, AttributeError, IndexError, SyntaxError) as error:
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        raise CaseError("register.table_unreadable", where=where, what=what) from None


def _csv(raw: bytes) -> list[tuple[int, list[str]]]:
    text = _decoded(raw)
    if "\x00" in text:
        raise ValueError("NUL")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [(rows.line_num, row[:_COLUMNS]) for _, row in zip(range(_ROWS), rows, strict=False)]


def _decoded(raw: bytes) -> str:
    """UTF-8 (with or without a mark), UTF-16 with one, or the Chinese code page."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _xlsx(raw: bytes) -> list[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    bounded(raw)
    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        limits = {"max_row": _ROWS, "max_col": _COLUMNS}
        rows = [[_text(v) for v in row] for row in sheet.iter_rows(values_only=True, **limits)]
        with sheet._get_source() as part:
            _spread(rows, _merged(part))
        return list(enumerate(rows, 1))
    finally:
        book.close()


def _merged(part: IO[bytes]) -> list[str]:
    """The ranges of a sheet's merged cells (openpyxl's reader that keeps no cell in memory leaves them out)."""
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def element(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "mergeCell" and "ref" in attributes:
            found.append(attributes["ref"])

    parser.StartElementHandler = element
    parser.ParseFile(part)
    return found


def _spread(rows: list[list[str]], ranges: Sequence[str]) -> None:
    """A merged cell counts for all of its rows: its value stands in each, in its first column."""
    from openpyxl.utils import range_boundaries

    left = _ROWS * _COLUMNS
    for written in ranges:
        column, top, _, bottom = (int(n or 0) for n in range_boundaries(written))
        left -= min(bottom, len(rows)) - top
        if left < 0:
            raise ValueError(f"> {_ROWS} rows of merged cells")
        if not 0 < top <= len(rows) or not 0 < column <= len(rows[top - 1]):
            continue
        for row in rows[top : min(bottom, len(rows))]:
            if column <= len(row) and not row[column - 1]:
                row[column - 1] = rows[top - 1][column - 1]


def bounded(raw: bytes, largest: int = LARGEST_UNPACKED) -> None:
    """Refuse a workbook that would take minutes and gigabytes to read, whatever its zip headers say; unpacks a chunk at a time.

    Raises:
        ValueError: more than ``largest`` bytes or ``MOST_ELEMENTS`` elements, or a document type; BadZipFile, OSError: it is no zip file.
    """
    size = found = 0

    def element(_: str, attributes: list[str]) -> None:
        nonlocal found
        found += 1
        if found > MOST_ELEMENTS or len(attributes) > _MOST_ATTRIBUTES:
            raise ValueError(f"> {MOST_ELEMENTS} elements / > {_MOST_ATTRIBUTES} attributes")

    def doctype(*_: Any) -> None:
        raise ValueError("DOCTYPE")

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for member in archive.infolist():
            parser = expat.ParserCreate()
            parser.ordered_attributes = True
            parser.StartElementHandler, parser.StartDoctypeDeclHandler = element, doctype
            readable, before = True, size
            with archive.open(member) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    try:
                        if readable:
                            parser.Parse(chunk)
                            if size - before - parser.CurrentByteIndex > _LONGEST_TAG:
                                raise ValueError(f"> {_LONGEST_TAG} bytes of one tag")
                    except expat.ExpatError:  # a picture, or XML that only a more patient parser reads
                        readable = False
                    if not readable:
                        found += chunk.count(b"<")
                    if size > largest or found > MOST_ELEMENTS:
                        raise ValueError(f"> {largest} bytes / > {MOST_ELEMENTS} elements")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unescaped(str(value))


def unescaped(text: str) -> str:
    r"""A cell's text as Excel shows it: ``_xHHHH_`` is how the file format writes a character (ECMA-376 part 1, 22.9.2.19).

    >>> unescaped("第一行_x000D_第二行"), unescaped("_x005F_x000D_")
    ('第一行\r第二行', '_x000D_')
    """
    return _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text)
