"""Run case sets against something that answers: in parallel, with progress, and again from where a killed run stopped."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from assistant.errors import CaseError
from evals.cases.carried.resolved import Resolved
from evals.cases.case import Case
from evals.cases.labels import Labels
from evals.cases.named_sets import Standing
from evals.runs.asking import answered
from evals.runs.record import Folder, Header, Result, Run, SetUsed, folders, load_run, runs_folder
from evals.runs.scoring.judge import Judge
from evals.runs.source import AnswerSource

Step = Callable[[str, int, int], None]
log = logging.getLogger("aeo.evals")


class Elsewhere(Protocol):
    """Answers cases in the place of this process (``evals.runs.processes``), ``count`` at a time."""

    count: int

    def submit(self, edition: str, case: Resolved) -> Future[Result]:
        """One case, answered from an edition.

        Raises:
            BrokenExecutor: it died.
        """


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
    elsewhere: Elsewhere | None = None,
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
        elsewhere: who answers the cases instead; the rest is asked here if it dies. Without a judge only.
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
        here = partial(answered, source=source, labels=labels, judge=judge)
        for result in _asked(left, source.identity.edition, here, workers, elsewhere if judge is None else None):
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


def _asked(
    cases: Sequence[Resolved], edition: str, here: Callable[[Resolved], Result], workers: int, elsewhere: Elsewhere | None
) -> Iterator[Result]:
    """Results as they are finished."""
    left = {r.case.id: r for r in cases}
    if elsewhere is not None:
        try:
            for result in _in_flight(cases, partial(elsewhere.submit, edition), elsewhere.count):
                del left[result.case.id]
                yield result
        except BrokenExecutor as error:
            log.warning("a process that answered cases died (%s): %d cases are asked here", error, len(left))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            yield from _in_flight([*left.values()], lambda case: pool.submit(here, case), workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_flight(cases: Sequence[Resolved], submit: Callable[[Resolved], Future[Result]], workers: int) -> Iterator[Result]:
    """At most a few cases are in flight, so that an interrupt is felt at once."""
    waiting = iter(cases)
    running: set[Future[Result]] = set()
    while True:
        while len(running) < 2 * workers and (case := next(waiting, None)) is not None:
            running.add(submit(case))
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


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
