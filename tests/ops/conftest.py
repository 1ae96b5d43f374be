"""One Chroma server for the tests of this folder; those that kill it start their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.servers import Chroma


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """A running server, shared; every test uses collections or homes of its own."""
    server = Chroma(tmp_path_factory.mktemp("chroma") / "data").start()
    yield server
    server.kill()


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[Chroma]:
    """A running server that a test may kill."""
    server = Chroma(tmp_path / "chroma-data").start()
    yield server
    server.kill()
