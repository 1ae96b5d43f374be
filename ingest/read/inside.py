"""Inside the process that reads one file: the reader of its format, within limits; rows and findings go back as a report.

``sandbox`` starts it; the process of the product never has a reader's library loaded.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from typing import TYPE_CHECKING

from assistant.errors import SourceError
from ingest.read.sandbox import MAX_MEMORY, MAX_SECONDS, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingest.read.sandbox import Rows


def rows_of(form: str, data: bytes, name: str) -> Rows:
    """Rows and findings of ``data``, in this process: what a library trips over is reported as a broken file."""
    try:
        return _reader(form)(data, name)
    except SourceError:
        raise
    except MemoryError as error:
        raise SourceError("source.too_complex", name=name, seconds=MAX_SECONDS) from error
    except Exception as error:
        raise SourceError("source.broken", name=name) from error


def _reader(form: str) -> Callable[[bytes, str], Rows]:
    """Import the reader when it is needed: each brings a library of its own."""
    if form == "html":
        from ingest.read.html import read_html as reader
    elif form == "docx":
        from ingest.read.docx.document import read_docx as reader
    elif form == "xlsx":
        from ingest.read.xlsx import read_xlsx as reader
    else:
        from ingest.read.pdf.document import read_pdf as reader
    return reader


def begin() -> None:
    """What the process does: the file on stdin, its form and name as arguments; the report on stdout."""
    _limit()
    _answer(*sys.argv[1:3])


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(form: str, name: str) -> None:
    data = sys.stdin.buffer.read()
    try:
        with contextlib.redirect_stdout(sys.stderr):  # openpyxl prints what it thinks of a number
            rows, findings = rows_of(form, data, name)
        report = Report(rows=rows, findings=findings)
    except SourceError as error:
        report = Report(error=error.key, values=error.values)
    sys.stdout.buffer.write(report.model_dump_json().encode())
