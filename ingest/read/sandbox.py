"""Formats whose libraries could run long on a hostile file are read in a process of their own (``inside``), time and memory limited."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pydantic import Field, TypeAdapter

from assistant.errors import SourceError
from assistant.guide import Finding, Frozen
from ingest.source import Row

APART = ("html", "docx", "xlsx", "pdf")
MAX_SECONDS = 60  # of reading one file; a guide takes seconds
MAX_MEMORY = 2 << 30  # bytes of the process that reads

_BEGIN = "import sys, os; sys.path[:0] = sys.argv.pop(1).split(os.pathsep); from ingest.read.inside import begin; begin()"
"""Isolated (``-I``): neither the working folder nor ``PYTHON…`` settings say what is imported, only the folders that are handed in."""

Rows = tuple[tuple[Row, ...], tuple[Finding, ...]]


class Report(Frozen):
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
    report = TypeAdapter(Report).validate_json(done.stdout)
    if report.error:
        raise SourceError(report.error, **report.values)
    return report.rows, report.findings


def _trusted() -> list[str]:
    """Where the process may import from: where this one does, without the working folder, unless the product itself lies there."""
    ours, here = Path(__file__).resolve().parents[2], Path.cwd().resolve()
    return [p for p in sys.path if p and Path(p).is_absolute() and (Path(p).resolve() != here or here == ours)]
