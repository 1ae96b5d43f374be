"""The port ``PassageIndex``, one body for every adapter: nearest first, no more than asked for, every passage counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.chroma.index import ChromaIndex, Records
from assistant.adapters.memory_index import MemoryIndex
from assistant.answers.ports import PassageIndex
from assistant.errors import Unavailable
from tests.ops.servers import Chroma

IDS = [f"24({n})" for n in range(1, 41)]
VECTORS = np.random.default_rng(7).normal(size=(40, 16)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


@pytest.fixture(params=["memory", pytest.param("chroma", marks=pytest.mark.thorough), pytest.param("server", marks=pytest.mark.thorough)])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PassageIndex]:
    """Forty passages in the adapter that is asked for."""
    if request.param == "memory":
        yield MemoryIndex(IDS, VECTORS)
        return
    records = Records(IDS, VECTORS, IDS, [{"clause": i} for i in IDS])
    if request.param == "chroma":
        made = ChromaIndex("build", tmp_path / "chroma")
        made.write(records, "e")
        yield made
        made.close()
        return
    server = Chroma(tmp_path / "server").start()
    made = ChromaIndex("build", None, server.url)
    made.write(records, "e")
    yield made
    made.close()
    server.kill()


def test_the_nearest_come_first(index: PassageIndex) -> None:
    """A passage's own vector finds it, with similarity 1; the others follow by cosine, as many as were asked for."""
    assert index.count() == len(IDS)
    for place in (0, 17, 39):
        hits = index.search(VECTORS[place], 5)
        exact = np.argsort(-(VECTORS @ VECTORS[place]))[:5]
        assert [hit.passage for hit in hits] == [IDS[i] for i in exact]
        assert hits[0].similarity == pytest.approx(1.0, abs=1e-5)
        assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)


def test_no_more_than_there_are(index: PassageIndex) -> None:
    """Asked for more than it holds, it gives what it holds."""
    assert len(index.search(VECTORS[0], 100)) == len(IDS)


@pytest.mark.thorough
def test_a_folder_on_a_read_only_disk_is_called_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma opens its files for writing even to read; what helps is a right on the folder, not a new ingest."""
    made = ChromaIndex("build", tmp_path / "chroma")
    made.write(Records(IDS, VECTORS, IDS, [{"clause": i} for i in IDS]), "e")
    made.close()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database")
    for writable, key in ((True, "index.broken"), (False, "index.locked")):
        monkeypatch.setattr("os.access", lambda *_, may=writable, **__: may)
        with pytest.raises(Unavailable) as told:
            made.count()
        assert told.value.key == key
