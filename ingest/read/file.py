"""A guide file of any supported format -> a Source. The content decides which reader it gets, the suffix only helps."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from assistant.errors import SourceError, reason
from ingest.read.csv import rows_of_csv
from ingest.read.format import Format, format_of
from ingest.read.markdown import rows_of_markdown
from ingest.read.sandbox import APART, rows_apart
from ingest.read.text import decoded, rows_of_text
from ingest.read.visible import visible
from ingest.source import Row, Source

MAX_FILE = 50_000_000
"""Bytes from which on a file is refused unread; the guide itself is 60 kB as text and rarely over 1 MB as Word or PDF."""
MAX_PARAGRAPHS = 50_000  # of any file; bounds what a hostile file costs
MAX_CHARACTERS = 4_000_000  # of any file; bounds what a hostile file costs


def read(path: Path) -> Source:
    """The rows, cells and paragraphs of ``path``, verbatim and numbered.

    Text files keep their line numbers; in all other formats the non-blank paragraphs are counted from 1 in reading
    order. Nothing outside the file is opened, and nothing in it is run.

    Raises:
        SourceError: the file is missing, no regular file, empty, too big, broken, encrypted, of a type that has to be
            converted first, or holds no text; the sentence says which, and what to do.
    """
    data = _content(path)
    form = format_of(data, path)
    if form in APART:
        rows, findings = rows_apart(form, data, path.name)
    else:
        rows, findings = _rows_of_characters(form, data, path.name), ()
    _within_limits(rows, path.name)
    return Source(name=path.name, format=form, rows=rows, fingerprint=hashlib.sha256(data).hexdigest(), findings=findings)


def _content(path: Path) -> bytes:
    """All bytes of a regular file below the limit; pipes and devices are never opened."""
    name = path.name or str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError("source.folder", name=name)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("source.not_a_file", name=name)
        if status.st_size == 0:
            raise SourceError("source.empty", name=name)
        if status.st_size >= MAX_FILE:
            raise SourceError("source.too_big", name=name, size=status.st_size // 1_000_000, limit=MAX_FILE // 1_000_000)
        with path.open("rb") as file:
            return file.read(MAX_FILE)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise SourceError("source.not_found", path=str(path)) from error
    except PermissionError as error:
        raise SourceError("source.no_permission", name=name) from error
    except OSError as error:
        raise SourceError("source.unreadable", name=name, reason=reason(error)) from error


def _rows_of_characters(form: Format, data: bytes, name: str) -> tuple[Row, ...]:
    text = visible(decoded(data, name))
    if len(text) > MAX_CHARACTERS:
        raise SourceError("source.too_long", name=name, limit=MAX_CHARACTERS)
    if form == "csv":
        return rows_of_csv(text, name)
    return rows_of_markdown(text) if form == "markdown" else rows_of_text(text)


def _within_limits(rows: tuple[Row, ...], name: str) -> None:
    paragraphs = [p for row in rows for cell in row.cells for p in cell.paragraphs if p.text.strip()]
    if not paragraphs:
        raise SourceError("source.blank", name=name)
    if len(paragraphs) > MAX_PARAGRAPHS or sum(len(p.text) for p in paragraphs) > MAX_CHARACTERS:
        raise SourceError("source.too_long", name=name, limit=MAX_CHARACTERS)
