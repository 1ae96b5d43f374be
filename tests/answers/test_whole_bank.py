"""The shipped guide with the whole of the shipped banks: the edition that people get passes the shipped gates."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.settings import Settings
from evals.release.examine import examine
from ingest.pipeline import ingest
from ingest.shipped import SHIPPED
from tests.conftest import NOW


@pytest.mark.slow
def test_the_shipped_edition_passes_the_shipped_gates(tmp_path: Path) -> None:
    """Every set that ships, on the edition as ``aeo guide ingest`` makes it."""
    done = ingest(SHIPPED, Settings(home=tmp_path), NOW)
    verdict = examine(Assistant(Settings(home=tmp_path)), done.manifest.edition, NOW)
    assert [f.sentence("en") for f in verdict.failures] == []
