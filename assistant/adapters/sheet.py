"""Owner tables as files: CSV in the encodings that Excel writes here, and XLSX; out comes (row number, cells)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assistant.errors import CaseError

_LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 20_000_000
"""Bytes that all parts of a workbook may unpack to: a table of people or cases has a hundredth of it."""
MOST_CELLS = 100_000
"""Cells that a workbook may hold; each costs openpyxl some ten microseconds and a kilobyte."""
_CELL = re.compile(rb"<(?:\w+:)?(?:c|mergeCell)[\s/>]")
_CHUNK = 1 << 20
_COLUMNS = 40
_ROWS = 20000


def read_cells(path: Path) -> list[tuple[int, list[str]]]:
    """All rows of a CSV file or of the first sheet of an XLSX file, as text.

    Raises:
        CaseError: there is no such file, it is too large, or it is no table.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CaseError("register.table_unreadable", where=str(path), what=error.strerror or str(error)) from None
    if len(raw) > _LARGEST:
        raise CaseError("register.table_unreadable", where=str(path), what=f"> {_LARGEST} bytes")
    try:
        return _xlsx(raw) if raw.startswith(b"PK") else _csv(raw)
    except (ValueError, KeyError, OSError, csv.Error, zipfile.BadZipFile, TypeError, AttributeError, IndexError, SyntaxError) as error:
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        raise CaseError("register.table_unreadable", where=str(path), what=what) from None


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
        sheet = book.worksheets[0]
        limits = {"max_row": _ROWS, "max_col": _COLUMNS}
        return [(number, [_text(v) for v in row]) for number, row in enumerate(sheet.iter_rows(values_only=True, **limits), 1)]
    finally:
        book.close()


def bounded(raw: bytes) -> None:
    """Refuse a workbook that would take minutes and gigabytes to read, whatever its zip headers say; unpacks a chunk at a time.

    Raises:
        ValueError: more than ``LARGEST_UNPACKED`` bytes or ``MOST_CELLS`` cells. zipfile.BadZipFile, OSError: it is no zip file.
    """
    size = cells = 0
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for member in archive.infolist():
            with archive.open(member) as part:
                end = b""
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    cells += len(_CELL.findall(end + chunk))
                    end = chunk[chunk.rfind(b"<") :][-40:] if b"<" in chunk[-40:] else b""
                    cells -= len(_CELL.findall(end))
                    if size > LARGEST_UNPACKED or cells > MOST_CELLS:
                        raise ValueError(f"> {LARGEST_UNPACKED} bytes / > {MOST_CELLS} cells")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
