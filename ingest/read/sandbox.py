"""Formats whose libraries could run long on a hostile file are read in a process of their own, with time and memory limited."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import Field, TypeAdapter

from assistant.errors import SourceError
from assistant.guide import Finding, Frozen
from ingest.source import Row

APART = ("html", "docx", "xlsx", "pdf")
MAX_SECONDS = 60  # of reading one file; a guide takes seconds
MAX_MEMORY = 2 << 30  # bytes of the process that reads

_BEGIN = "import sys, os; sys.path[:0] = sys.argv.pop(1).split(os.pathsep); from ingest.read.sandbox import begin; begin()"
"""Isolated (``-I``): neither the working folder nor ``PYTHON…`` settings say what is imported, only the folders that are handed in."""

Rows = tuple[tuple[Row, ...], tuple[Finding, ...]]


class _Report(Frozen):
    """What the process answers: rows and findings, or the key and values of an error."""

    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: str | None = None
    values: dict[str, str | int] = Field(default_factory=dict)


def rows_apart(form: str, data: bytes, name: str) -> Rows:
    """Rows and findings of ``data``; SourceError also when the process runs out of time or memory, or dies."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BEGIN, os.pathsep.join(_trusted()), form, name]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MAX_SECONDS, env=environment, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise SourceError("source.too_complex", name=name, seconds=MAX_SECONDS) from error
    if done.returncode != 0:
        raise SourceError("source.too_complex", name=name, seconds=MAX_SECONDS)
    report = TypeAdapter(_Report).validate_json(done.stdout)
    if report.error:
        raise SourceError(report.error, **report.values)
    return report.rows, report.findings


def _trusted() -> list[str]:
    """Where the process may import from: where this one does, without the working folder, unless the product itself lies there."""
    ours, here = Path(__file__).resolve().parents[2], Path.cwd().resolve()
    return [p for p in sys.path if p and Path(p).is_absolute() and (Path(p).resolve() != here or here == ours)]


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
        report = _Report(rows=rows, findings=findings)
    except SourceError as error:
        report = _Report(error=error.key, values=error.values)
    sys.stdout.buffer.write(report.model_dump_json().encode())
