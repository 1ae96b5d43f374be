"""Embedded Chroma serves one process; a Chroma server serves many, may die, and is not needed for every answer."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.chroma.index import ChromaIndex, Records, serving
from assistant.adapters.editions import Editions
from assistant.app import Assistant
from assistant.errors import Busy, IndexMissing, SettingsError, Unavailable
from assistant.settings import Settings
from connectors.cli.doctor.looks import examine
from connectors.serving.health import health
from tests.connectors.test_cli import ROOT, aeo
from tests.ops.servers import Chroma, second_edition, to_server, wait_for

pytestmark = pytest.mark.thorough

QUESTION = "门卫登记外来人员要留哪些记录？"
ANOTHER = "车辆进出厂区要留哪些记录？"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_second_serving_process_is_refused_while_commands_read(ingested: Path, home: Path) -> None:
    """One process serves from embedded Chroma; the next is told what to do; a command that reads answers the same beside it."""
    alone = Assistant(Settings(home=home)).ask(QUESTION)
    with serving(home, None):
        with pytest.raises(Busy, match="chroma run"), serving(home, None):
            pass
        beside = aeo("ask", QUESTION, "--json", home=home)
        assert json.loads(beside.stdout)["citations"] == [c.model_dump() for c in alone.citations]
        with serving(home, "http://127.0.0.1:1"):
            pass
    with serving(home, None):
        pass


def test_a_killed_process_leaves_no_lock(home: Path) -> None:
    """SIGKILL frees the place."""
    code = f"from pathlib import Path\nfrom assistant.adapters.chroma.index import serving\nimport time\nwith serving(Path({str(home)!r}), None): print('in', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(Busy, match=str(process.pid)), serving(home, None):
        pass
    process.kill()
    process.wait()
    process.stdout.close()
    with serving(home, None):
        pass


def test_a_dead_server_costs_no_answer_and_comes_back(home: Path, frail: Chroma) -> None:
    """Killed: numbers are looked up, questions are answered with a notice. Started again: no notice, nothing was restarted here."""
    to_server(home, frail.url)
    assistant = Assistant(Settings(home=home, chroma_url=frail.url))
    well = assistant.ask(QUESTION)
    assert well.notices == ()
    frail.kill()
    assert assistant.ask(QUESTION).citations == well.citations  # what was found while all was well is remembered
    ill = assistant.ask(ANOTHER)
    assert ill.answered
    assert ill.notices == ("index.down",)
    assert "检索暂时不完整" in ill.answer
    assert assistant.ask("24(3)").notices == ()
    assert seen(assistant.settings) == ("degraded", False)
    frail.start()
    wait_for(lambda: assistant.ask(ANOTHER).notices == (), 5)
    assert assistant.ask(QUESTION).citations == well.citations
    assert seen(assistant.settings) == ("ok", True)


def seen(settings: Settings) -> tuple[str, bool | None]:
    """What health and the doctor say of the index."""
    return health(settings)["parts"]["index"]["status"], next(c.ok for c in examine(settings) if c.name == "index")


@pytest.mark.slow
def test_a_server_that_hangs_is_not_waited_for(home: Path, frail: Chroma) -> None:
    """Two seconds, once: afterwards it is left alone for a while, and answered without."""
    to_server(home, frail.url)
    index = ChromaIndex(Editions(home).manifest().build, None, frail.url)
    assert index.count() > 300
    frail.pause(True)
    began = time.monotonic()
    for _ in range(5):
        with pytest.raises(Unavailable):
            index.count()
    assert time.monotonic() - began < 3
    frail.pause(False)
    wait_for(lambda: _counts(index), 5)


def _counts(index: ChromaIndex) -> bool:
    try:
        return index.count() > 300
    except Unavailable:
        return False


@pytest.mark.slow
def test_readers_see_an_activation_within_a_second(home: Path, chroma: Chroma) -> None:
    """Another process that serves with the same server answers from the new edition, without restart, and can go back."""
    second_edition(home, "2027-1")
    to_server(home, chroma.url)
    code = f"""
import sys
from pathlib import Path
from assistant.app import Assistant
from assistant.settings import Settings
assistant = Assistant(Settings(home=Path({str(home)!r}), chroma_url={chroma.url!r}))
for line in sys.stdin:
    answer = assistant.ask({QUESTION!r})
    print(answer.edition, len(answer.notices), flush=True)
"""
    reader = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert reader.stdin is not None
    assert reader.stdout is not None

    def asked() -> str:
        print("", file=reader.stdin, flush=True)
        return reader.stdout.readline().strip()  # type: ignore[union-attr]

    assert asked() == "2018-177 0"
    store = Editions(home)
    store.activate(store.manifest("2027-1"), NOW)
    assert wait_for(lambda: asked() == "2027-1 0", 5) < 1
    store.rollback(NOW)
    assert wait_for(lambda: asked() == "2018-177 0", 5) < 1
    reader.stdin.close()
    reader.wait()
    reader.stdout.close()


def test_what_is_copied_is_the_same(home: Path, chroma: Chroma) -> None:
    """Ids, vectors, texts and metadata survive the way to a server and back."""
    build = Editions(home).manifest().build
    embedded = ChromaIndex(build, Editions(home).folder(build) / "chroma")
    there = ChromaIndex("copied-" + build, None, chroma.url)
    there.write(embedded.read(), "x")
    ours, theirs = embedded.read(), there.read()
    assert ours.ids == theirs.ids
    assert ours.documents == theirs.documents
    assert ours.metadatas == theirs.metadatas
    assert abs(ours.vectors - theirs.vectors).max() < 1e-6  # Chroma makes unit vectors of them once more
    there.drop()
    with pytest.raises(IndexMissing):
        there.count()


def test_an_address_that_is_none_is_said_so() -> None:
    """A mistyped address is one sentence."""
    with pytest.raises(SettingsError, match="AEO_CHROMA_URL"):
        ChromaIndex("x", None, "127.0.0.1:8000").count()


@pytest.mark.parametrize("total", [1, 99, 395, 1200])
def test_what_is_written_waits_in_no_queue(tmp_path: Path, total: int) -> None:
    """A collection is on disk once it is written: the queue that all collections share, and every query reads, holds nothing of it."""
    vectors = np.random.default_rng(total).normal(size=(total, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    records = Records([f"i{n:05d}" for n in range(total)], vectors, ["x"] * total, [{"line": n} for n in range(total)])
    index = ChromaIndex("abc", tmp_path)
    index.write(records, "x")
    assert index.read().same(records)
    assert [index.search(vectors[n], 1)[0].passage for n in (0, total // 2, total - 1)] == [
        records.ids[n] for n in (0, total // 2, total - 1)
    ]
    index.close()
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM embeddings_queue").fetchone()[0] <= 1
