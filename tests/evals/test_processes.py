"""A run in processes of its own gives what a run in one does, with the vectors that ship and whatever dies."""

from __future__ import annotations

import sys
from concurrent.futures import BrokenExecutor, Future
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.models.embeddings import BundledE5
from assistant.adapters.models.known_vectors import key_of
from assistant.adapters.models.packed_vectors import PackedVectors
from assistant.app import Assistant
from assistant.guide import Guide
from assistant.settings import Settings
from evals.cases.carried.resolved import Resolved
from evals.cases.named_sets import SHIPPED_SETS, find, guides_of, load, standing
from evals.runs.asking import answered
from evals.runs.processes import MANY, Processes, processes
from evals.runs.record import Result
from evals.runs.run import run
from evals.runs.source import CASE_VECTORS, AssistantSource
from tests.evals.stub import Oracle, case
from tests.evals.stub import standing as stub_standing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _told(result: Result) -> dict[str, Any]:
    """A result without what the clock says."""
    found = result.model_dump(mode="json")
    for turn in found["turns"]:
        del turn["answer"]["timings_ms"]
        turn["scores"].pop("latency_ms", None)
    found["scores"].pop("latency_ms", None)
    return found


@pytest.mark.thorough
def test_processes_answer_as_this_one_does(home: Path) -> None:
    """The same answers and scores, whichever process asked; they serve one run after the other."""
    settings = Settings(home=home)
    assistant = Assistant(settings)
    source, guides = AssistantSource(assistant), guides_of(assistant.store)
    stand = standing(load([SHIPPED_SETS / "applicability.jsonl"], guides), source.guide, guides)
    source.warm(stand.questions)
    here = run(source, stand, home, AT)
    with closing(Processes(assistant, 2)) as others:
        there = run(source, stand, home, AT, fresh=True, seed=1, elsewhere=others)
        again = run(source, stand, home, AT, fresh=True, seed=2, elsewhere=others)
    assert [_told(r) for r in there.results] == [_told(r) for r in again.results] == [_told(r) for r in here.results]


def test_few_cases_and_models_elsewhere_want_no_processes(tmp_path: Path) -> None:
    """Three seconds of start for a handful of cases are a loss, and an endpoint is waited for by threads."""
    for settings, cases in (
        (Settings(home=tmp_path), MANY - 1),
        (Settings(home=tmp_path, chat_model="openai:m"), MANY),
        (Settings(home=tmp_path, embedding_base_url="http://127.0.0.1:9"), MANY),
    ):
        with processes(Assistant(settings), cases) as others:
            assert others is None


def test_processes_import_nothing_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever module lies there under whatever name: neither the processes nor what watches over them run a line of it."""
    loaded = "open(__file__ + '.ran', 'w').close()\nraise SystemExit('the working folder was trusted')\n"
    for name in (*sys.stdlib_module_names, "sitecustomize", "usercustomize", "assistant", "evals", "numpy", "pydantic"):
        (tmp_path / f"{name}.py").write_text(loaded, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    with closing(Processes(Assistant(Settings(home=tmp_path / "home")), 1)) as others:
        assert others._pool.submit(len, "three").result(120) == 5
    assert list(tmp_path.glob("*.ran")) == []


def test_what_a_dead_process_left_is_asked_here(tmp_path: Path, guide: Guide) -> None:
    """Killed for memory or by hand: every case has its answer all the same, once."""
    cases = [case(n) for n in range(12)]
    oracle = Oracle(guide, cases)

    class Dying:
        count = 2
        left = 5

        def submit(self, edition: str, one: Resolved) -> Future[Result]:
            assert edition == guide.edition
            done: Future[Result] = Future()
            self.left -= 1
            if self.left < 0:
                done.set_exception(BrokenExecutor("killed"))
            else:
                done.set_result(answered(one, oracle, oracle.labels))
            return done

    done = run(oracle, stub_standing(cases), tmp_path, AT, elsewhere=Dying())
    assert [r.case.id for r in done.results] == [c.id for c in cases]
    assert all(r.scores["correct"] == 1.0 for r in done.results)


def test_the_shipped_sets_come_with_their_vectors(guide: Guide, tmp_path: Path) -> None:
    """Most of what they ask needs no embedding; after larger changes ``python -m evals.runs.pack`` makes it so again."""
    asked = [e.question for s in load(find((), tmp_path), lambda edition: guide) for c in s.cases for e in c.asked]
    archive = PackedVectors.read(CASE_VECTORS)
    assert archive.fingerprint == BundledE5().fingerprint
    known = archive.vectors(key_of(archive.fingerprint, "query", q) for q in asked)
    assert len(known) >= 0.8 * len(set(asked))
