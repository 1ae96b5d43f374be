"""A part of the question bank: an ingestion costs the cube of its size, and few tests are about the bank itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ingest import pipeline
from ingest.learn.banks import bank


@contextmanager
def thin_bank(clauses: int = 1, refusals: int = 1) -> Iterator[None]:
    """Ingestions inside the block learn from one in ``clauses`` of the clauses' questions and one in ``refusals`` of the others."""
    entries = bank.load()
    kept = [e for e in entries if e.clause][::clauses] + [e for e in entries if not e.clause][::refusals]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline, "banks", lambda: list(kept))
        yield
