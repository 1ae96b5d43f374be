"""The shipped guide as text and as Word file, for the tests of readers and parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.guide import Guide
from assistant.guide_told import guide_document
from ingest.read.file import read
from ingest.source import Row

DATA = Path(__file__).parent / "data"
WORD = DATA / "aeo-advanced-general-2018.docx"
_LINES = {"edition", "line", "lines", "applicability_line", "continuation_lines"}


@pytest.fixture(scope="session")
def word() -> Path:
    """The guide as a Word table with merged cells."""
    return WORD


@pytest.fixture(scope="session")
def table() -> tuple[Row, ...]:
    """The guide's rows as the Word file holds them."""
    return read(WORD).rows


@pytest.fixture(scope="session")
def likeness(guide: Guide) -> Any:
    """What the shipped text's structure looks like without its line numbers."""
    return structure(guide)


def structure(guide: Guide) -> Any:
    """All of a guide but its line numbers: ids, texts, numbers, roles, kinds, headings, notes, references, keys."""
    return without_lines(guide_document(guide)), [
        [p.role for p in s.notes] + [p.role for r in s.requirements for p in r.continuation]
        for c in guide.clauses.values()
        for s in c.sections
    ]


def without_lines(value: Any) -> Any:
    """A document without its line numbers."""
    if isinstance(value, dict):
        return {k: without_lines(v) for k, v in value.items() if k not in _LINES}
    return [without_lines(v) for v in value] if isinstance(value, list) else value
