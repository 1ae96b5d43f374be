"""Run case sets against something that answers: in parallel, with progress, and again from where a killed run stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path

from assistant.answers.answer import Turn
from assistant.errors import AeoError, CaseError
from evals.cases.case import Case, Expected
from evals.cases.labels import Labels
from evals.cases.named_sets import Standing
from evals.cases.nearness import shipped_bank
from evals.cases.relabel import Resolved
from evals.runs.judge import Judge
from evals.runs.record import Folder, Header, Result, Run, SetUsed, TurnResult, folders, load_run, runs_folder
from evals.runs.scorers import failed, line_of, lives_on, score, whole
from evals.runs.source import AnswerSource

Step = Callable[[str, int, int], None]


def run(
    source: AnswerSource,
    standing: Standing,
    home: Path,
    at: datetime,
    *,
    workers: int = 2,
    seed: int = 0,
    judge: Judge | None = None,
    fresh: bool = False,
    reuse: bool = False,
    empty: bool = False,
    step: Step = lambda stage, done, total: None,
) -> Run:
    """Ask every case and score what comes back.

    Args:
        source: what answers.
        standing: the cases, in ids of the source's edition.
        home: ``AEO_HOME``; the run is kept below it.
        at: the moment, for the run's id.
        workers: how many cases are asked at a time.
        seed: recorded, and used by whatever draws samples from this run.
        judge: a chat model that adds advisory scores.
        fresh: do not go on with a killed run of the same things.
        reuse: a finished run of the very same things, in which nothing failed from outside, is taken as it is.
        empty: no cases at all are no mistake: a family of guides that nobody wrote cases for yet.
        step: told ("eval", cases done, cases in all).

    Raises:
        CaseError: there are no cases. Busy: another process works on the same run.
    """
    if not standing.cases and not empty:
        raise CaseError("evals.no_cases")
    made_of = _made_of(source, standing, seed, judge)
    if reuse and (done := _finished(home, made_of)) is not None:
        return done
    folder = None if fresh else next((f for f in reversed(folders(home)) if not f.done and f.header().made_of == made_of), None)
    if folder is None:
        name = f"{at:%Y%m%dT%H%M%S}-{made_of[:8]}"
        folder = Folder(runs_folder(home) / name)
        folder.begin(_header(name, made_of, source, standing, at, workers, seed, judge))
    labels = Labels(source.guide)
    with folder.writing() as append:
        finished = {r.case.id: r for r in folder.results()}
        left = [r for r in standing.cases if r.case.id not in finished]
        step("eval", len(finished), len(standing.cases))
        for result in _asked(left, source, labels, judge, workers):
            append(result)
            finished[result.case.id] = result
            step("eval", len(finished), len(standing.cases))
        folder.finish(at.isoformat())
    header = folder.header()
    return Run(header=header, results=tuple(finished[i] for i in header.order), folder=folder.path)


def _finished(home: Path, made_of: str) -> Run | None:
    """The newest finished run of the same things, unless an answer in it failed."""
    for folder in reversed(folders(home)):
        if folder.done and folder.header().made_of == made_of:
            found = load_run(str(folder.path), home)
            return found if not any(t.error for r in found.results for t in r.turns) else None
    return None


def _asked(cases: Sequence[Resolved], source: AnswerSource, labels: Labels, judge: Judge | None, workers: int) -> Iterator[Result]:
    """Results as they are finished. At most a few cases are in flight, so that an interrupt is felt at once."""
    waiting = iter(cases)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running: set[Future[Result]] = set()
        try:
            while True:
                while len(running) < 2 * workers and (case := next(waiting, None)) is not None:
                    running.add(pool.submit(answered, case, source, labels, judge))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def answered(resolved: Resolved, source: AnswerSource, labels: Labels, judge: Judge | None = None) -> Result:
    """One case: its questions in turn, each after the answers before it; after one that failed none is asked."""
    case, counts = resolved.case, resolved.state != "relabel"
    history: list[Turn] = []
    turns: list[TurnResult] = []
    held: list[bool] = []
    broken = ""
    for expected, question in zip(case.asked, resolved.questions or [e.question for e in case.asked], strict=True):
        gated = counts and not expected.context
        try:
            answer = None if broken else source.ask(question, tuple(history))
        except AeoError as error:
            answer, broken = None, error.sentence()
        if answer is None:
            held.append(False)
            turns.append(TurnResult(question=question, error=broken, scores=failed(expected) if gated else {}))
            continue
        scores = score(expected, answer, labels) if gated else {}
        if judge is not None and gated and answer.answered:
            scores |= judge.scores(expected.question, answer, _words(expected, labels))
        lines = tuple(line_of(c, labels) or c.clause for c in answer.citations)
        if not counts and not expected.context:
            held.append(lives_on(expected, answer, resolved.successors or {}))
        turns.append(TurnResult(question=question, answer=answer, lines=lines, scores=scores))
        history.append(Turn(question=question, answer=answer))
    texts = {i: words for e in case.asked for i, words in _words(e, labels).items()} if counts else {}
    clauses = [c for e in case.asked for c in e.clauses] if counts else []
    return Result(
        case=case,
        state=resolved.state,
        changes=resolved.changes,
        items=tuple(dict.fromkeys(labels.item(c) for c in clauses)),
        kinds=tuple(dict.fromkeys(labels.passages[i].kind for i in texts)),
        home=resolved.home,
        provisional=None if counts or (resolved.successors is None and resolved.home) else float(all(held)),
        near=max((shipped_bank().nearest(e.question) for e in case.asked if e.refuse), default=None),
        texts=texts,
        turns=tuple(turns),
        scores=whole([t.scores for t in turns]) if counts else {},
    )


def _header(
    name: str, made_of: str, source: AnswerSource, standing: Standing, at: datetime, workers: int, seed: int, judge: Judge | None
) -> Header:
    return Header(
        run=name,
        made_of=made_of,
        started=at.isoformat(),
        identity=source.identity,
        sets=tuple(SetUsed(name=s.name, fingerprint=s.fingerprint, cases=len(s.cases)) for s in standing.sets),
        items={number: item.title for number, item in source.guide.items.items()},
        order=tuple(r.case.id for r in standing.cases),
        workers=workers,
        seed=seed,
        judge=judge.identity if judge else {},
    )


def _made_of(source: AnswerSource, standing: Standing, seed: int, judge: Judge | None) -> str:
    """Everything that a result depends on, as one hash: an unfinished run with the same is gone on with."""
    cases: list[Case] = [r.case for r in standing.cases]
    parts = [source.identity.model_dump(), [c.document() for c in cases], seed, judge.identity if judge else {}]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _words(expected: Expected, labels: Labels) -> dict[str, str]:
    """Words of the lines that a complete answer quotes."""
    return {i: labels.passages[i].wording for i in expected.lines or expected.clauses if i in labels.passages}
