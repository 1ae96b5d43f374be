"""The runner: progress, parallel, durable, and the same whether the model is real or not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.answers.answer import Answer
from assistant.errors import Busy, CaseError
from assistant.guide import Guide
from evals.cases.carried.resolved import Change, Resolved
from evals.cases.case import Case, Expected
from evals.runs.record import Folder, folders, load_run
from evals.runs.run import run
from evals.runs.scoring.judge import Judge, share
from tests.evals.stub import Oracle, case, standing

pytestmark = pytest.mark.thorough

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_every_case_is_asked_once_scored_and_kept(tmp_path: Path, guide: Guide) -> None:
    """Progress counts up to the end; the run can be loaded by id, by its beginning and as the latest."""
    cases = [case(n) for n in range(20)] + [case(99, refuse=True)]
    source = Oracle(guide, cases)
    seen: list[tuple[str, int, int]] = []
    done = run(source, standing(cases), tmp_path, AT, workers=4, step=lambda *args: seen.append(args))
    assert [r.case.id for r in done.results] == [c.id for c in cases]
    assert all(r.scores["correct"] == 1.0 for r in done.results)
    assert sorted(source.asked) == sorted(c.question or "" for c in cases)
    assert seen[0] == ("eval", 0, 21)
    assert seen[-1] == ("eval", 21, 21)
    assert (
        load_run(done.id, tmp_path).results
        == load_run(done.id[:12], tmp_path).results
        == load_run("latest", tmp_path).results
        == done.results
    )


def test_a_run_records_what_its_numbers_depend_on(tmp_path: Path, guide: Guide) -> None:
    """Edition, build, models, prompts, code, seed, workers and the sets with their fingerprints."""
    done = run(Oracle(guide, [case(1)]), standing([case(1)]), tmp_path, AT, workers=3, seed=7)
    header = load_run(done.id, tmp_path).header
    assert (header.identity.edition, header.identity.build, header.workers, header.seed) == (guide.edition, "stub", 3, 7)
    assert [(s.name, s.cases, len(s.fingerprint)) for s in header.sets] == [("stub", 1, 12)]
    assert header.items == {n: i.title for n, i in guide.items.items()}


def test_a_turn_sees_the_turns_before_it(tmp_path: Path, guide: Guide) -> None:
    """Questions of a conversation are asked in order, each with the history, and a context turn is not scored."""
    talk = case(
        1, type="dialogue", question=None, clauses=(), turns=[{"question": "甲", "context": True}, {"question": "乙", "clauses": ["24(3)"]}]
    )

    class Listening(Oracle):
        histories: list[list[str]] = []  # noqa: RUF012

        def ask(self, question: str, history: object) -> Answer:
            self.histories.append([t.question for t in history])  # type: ignore[attr-defined]
            return super().ask(question, ())

    source = Listening(guide, [talk])
    [result] = run(source, standing([talk]), tmp_path, AT).results
    assert source.histories == [[], ["甲"]]
    assert result.turns[0].scores == {}
    assert result.scores["correct"] == 1.0


def test_an_error_costs_its_case_and_nothing_else(tmp_path: Path, guide: Guide) -> None:
    """A source that fails for one question is recorded there, and the run goes on."""
    cases = [case(1), case(2)]
    done = run(Oracle(guide, cases, down=["问题1"]), standing(cases), tmp_path, AT)
    first, second = done.results
    assert (first.scores["errors"], second.scores["errors"]) == (1.0, 0.0)
    assert first.turns[0].error


def test_what_follows_a_turn_that_failed_is_not_asked(tmp_path: Path, guide: Guide) -> None:
    """A later turn means nothing without the answer before it: it fails with it, for the same reason."""
    talk = Case(
        id="t-1",
        type="dialogue",
        edition=guide.edition,
        turns=(Expected(question="甲", clauses=("24(3)",)), Expected(question="乙", clauses=("24(3)",))),
    )
    source = Oracle(guide, [talk], down=["甲"])
    [result] = run(source, standing([talk]), tmp_path, AT).results
    assert source.asked == ["甲"]
    assert result.turns[0].error == result.turns[1].error != ""
    assert result.turns[1].scores["correct"] == 0.0


def test_only_the_cases_that_a_list_names_are_run(guide: Guide) -> None:
    """By id; a set without any of them is left out, and an id that no case has is named."""
    stand = standing([case(1), case(2)])
    assert [r.case.id for r in stand.only([case(2).id]).cases] == [case(2).id]
    assert [c.id for s in stand.only([case(2).id]).sets for c in s.cases] == [case(2).id]
    with pytest.raises(CaseError) as caught:
        stand.only(["gone"])
    assert caught.value.values["name"] == "gone"


def test_a_case_that_waits_for_labels_is_asked_but_not_scored(tmp_path: Path, guide: Guide) -> None:
    """It is in the report to be looked at, and outside every number."""
    stand = standing([case(1), case(2)])
    waiting = Resolved(case(2), "relabel", (Change(label="24(3)", suggestion="24(3)"),))
    done = run(Oracle(guide, [case(1), case(2)]), stand._replace(cases=(stand.cases[0], waiting)), tmp_path, AT)
    assert [r.gated for r in done.results] == [True, False]
    assert done.results[1].scores == {}
    assert done.results[1].turns[0].answer is not None


def test_a_killed_run_is_gone_on_with(tmp_path: Path, guide: Guide) -> None:
    """After SIGKILL in the middle every finished case is there and only the others are asked."""
    program = f"""
import sys, time
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from evals.runs.run import run
from ingest.parse.guide import parse
from ingest.shipped import SHIPPED
from ingest.read.file import read
from tests.evals.stub import Oracle, case, standing
cases = [case(n) for n in range(30)]
class Slow(Oracle):
    def ask(self, question, history):
        time.sleep(0.05)
        return super().ask(question, history)
run(Slow(parse(read(SHIPPED), "2018-177"), cases), standing(cases), Path({str(tmp_path)!r}), datetime.now(UTC), workers=1)
"""
    process = subprocess.Popen([sys.executable, "-c", program])
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(len(f.results()) >= 5 for f in folders(tmp_path)):
            break
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    [folder] = folders(tmp_path)
    kept = {r.case.id for r in folder.results()}
    assert 5 <= len(kept) < 30
    assert not folder.done
    with pytest.raises(CaseError):
        load_run(folder.path.name, tmp_path)
    cases = [case(n) for n in range(30)]
    source = Oracle(guide, cases)
    done = run(source, standing(cases), tmp_path, AT)
    assert done.folder == folder.path
    assert len(source.asked) == 30 - len(kept)
    assert [r.case.id for r in done.results] == [c.id for c in cases]


def test_a_line_cut_in_two_is_redone(tmp_path: Path, guide: Guide) -> None:
    """The torn end of a killed write is dropped, not read."""
    cases = [case(1), case(2)]
    done = run(Oracle(guide, cases), standing(cases), tmp_path, AT)
    assert done.folder is not None
    (done.folder / "done.json").unlink()
    file = done.folder / "cases.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    source = Oracle(guide, cases)
    again = run(source, standing(cases), tmp_path, AT)
    assert source.asked == ["问题2"] or source.asked == ["问题1"]
    assert {r.case.id for r in again.results} == {"c-001", "c-002"}


def test_other_things_make_another_run(tmp_path: Path, guide: Guide) -> None:
    """A run is gone on with only if edition, models, cases and seed are the same, and not when ``fresh`` is said."""
    cases = [case(1)]
    first = run(Oracle(guide, cases), standing(cases), tmp_path, AT)
    assert first.folder is not None
    (first.folder / "done.json").unlink()
    ids = {
        run(Oracle(guide, cases), standing(cases), tmp_path, AT.replace(minute=1), seed=1).id,
        run(Oracle(guide, cases), standing(cases), tmp_path, AT.replace(minute=2), fresh=True).id,
        run(Oracle(guide, cases), standing(cases), tmp_path, AT.replace(minute=3)).id,
    }
    assert len(ids | {first.id}) == 3
    assert first.id in ids


def test_two_processes_do_not_write_one_run(tmp_path: Path, guide: Guide) -> None:
    """While a run is being worked on, a second worker is told so."""
    cases = [case(1)]
    done = run(Oracle(guide, cases), standing(cases), tmp_path, AT)
    assert done.folder is not None
    with Folder(done.folder).writing(), pytest.raises(Busy), Folder(done.folder).writing():
        pass


def test_no_cases_is_a_sentence(tmp_path: Path, guide: Guide) -> None:
    """An empty choice of sets is refused."""
    with pytest.raises(CaseError):
        run(Oracle(guide, []), standing([]), tmp_path, AT)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ('{"statements": 4, "supported": 3, "why": "x"}', 0.75),
        ('<think>{"statements": 4, "supported": 0}</think>```json\n{"statements": 4, "supported": 4}\n```', 1.0),
        ('{"statements": 2, "supported": 3}', None),
        ('{"statements": 0, "supported": 0}', None),
        ('{"supported": true, "statements": 1}', None),
        ("no idea", None),
    ],
)
def test_a_judges_reply_counts_only_if_it_makes_sense(reply: str, found: float | None) -> None:
    """Fences and thoughts are passed over; nonsense is no opinion."""
    assert share(reply, "supported", "statements") == found


def test_a_judge_adds_advisory_scores_and_costs_nothing_when_it_is_down(tmp_path: Path, guide: Guide) -> None:
    """Opinions appear beside the scores, with model and prompts on record; a judge that raises is left out."""
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage

    replies = iter([AIMessage('{"statements": 2, "supported": 1}'), AIMessage('{"points": 1, "covered": 1}')])
    judge = Judge(GenericFakeChatModel(messages=replies), "fake")
    cases = [case(1), case(2)]
    done = run(Oracle(guide, cases), standing(cases), tmp_path, AT, workers=1, judge=judge)
    assert (done.results[0].scores["judged_groundedness"], done.results[0].scores["judged_completeness"]) == (0.5, 1.0)
    assert "judged_groundedness" not in done.results[1].scores
    assert done.results[1].scores["correct"] == 1.0
    assert set(done.header.judge) == {"model", "judge_groundedness", "judge_completeness"}
