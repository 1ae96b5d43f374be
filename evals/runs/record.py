"""What a run leaves behind: a folder with who answered, and one line per finished case, written as soon as it is finished.

``AEO_HOME/evals/runs/<run id>/``: ``run.json`` first, ``cases.jsonl`` while it runs, ``done.json`` last. A killed run
lacks ``done.json``; the next run of the same things goes on where it stopped, and a line cut in two by the kill is redone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from assistant.adapters.durable import write_durably
from assistant.answers.answer import Answer
from assistant.errors import Busy, CaseError
from assistant.guide import Frozen
from evals.cases.carried.resolved import Change, State
from evals.cases.case import Case
from evals.runs.identity import Identity
from evals.runs.scoring.scorers import Scores


class SetUsed(Frozen):
    """A case set as it was when the run started."""

    name: str
    fingerprint: str
    cases: int


class Header(Frozen):
    """What a run is: who answered which sets, when, and everything its numbers depend on."""

    run: str
    made_of: str
    started: str
    identity: Identity
    sets: tuple[SetUsed, ...]
    items: dict[str, str]
    order: tuple[str, ...]
    workers: int
    seed: int
    judge: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    format: int = 1


class TurnResult(Frozen):
    """One question: what came back, or the error in its place, and its scores. ``lines`` are the ids that its citations quote."""

    question: str
    answer: Answer | None = None
    lines: tuple[str, ...] = ()
    error: str | None = None
    scores: Scores = {}  # noqa: RUF012 - pydantic copies it


class Result(Frozen):
    """One finished case. ``texts`` holds the expected lines' words; a case that must be labelled again has no scores.

    ``near`` is how near its refused questions are to the question banks, 0 to 1; None where nothing must be refused. ``home`` are the
    clauses it names in its own edition. ``provisional`` is 1 for a case that waits for labels and yet is answered from what its clauses
    became, else 0; None where nobody can tell.
    """

    case: Case
    state: State
    changes: tuple[Change, ...] = ()
    items: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    near: float | None = None
    home: tuple[str, ...] = ()
    provisional: float | None = None
    texts: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    turns: tuple[TurnResult, ...] = ()
    scores: Scores = {}  # noqa: RUF012 - pydantic copies it

    @property
    def gated(self) -> bool:
        """Whether its scores count: not while it waits for new labels."""
        return self.state != "relabel"


class Run(Frozen):
    """A finished run: its header and its results in the order of the sets."""

    header: Header
    results: tuple[Result, ...]
    folder: Path | None = None

    @property
    def id(self) -> str:
        """The run's id: moment and fingerprint."""
        return self.header.run

    @cached_property
    def by_id(self) -> dict[str, Result]:
        """Case id -> result."""
        return {r.case.id: r for r in self.results}

    @property
    def gated(self) -> tuple[Result, ...]:
        """Results that count."""
        return tuple(r for r in self.results if r.gated)


def answering(result: Result) -> tuple[str, ...]:
    """The clauses that a case was answered from where a refusal was expected."""
    told = (t.answer for e, t in zip(result.case.asked, result.turns, strict=True) if e.refuse and t.answer is not None)
    return tuple(dict.fromkeys(c for answer in told for c in answer.clauses))


class Folder:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._cases = path / "cases.jsonl"

    @property
    def done(self) -> bool:
        """Whether the run was finished."""
        return (self.path / "done.json").exists()

    def begin(self, header: Header) -> None:
        """Write who answers."""
        write_durably(self.path / "run.json", header.model_dump_json(indent=1))

    def header(self) -> Header:
        """Who answered.

        Raises:
            CaseError: the file is gone or damaged.
        """
        try:
            return Header.model_validate_json((self.path / "run.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise CaseError("evals.broken_run", name=self.path.name, what=type(error).__name__) from error

    def results(self) -> list[Result]:
        """Finished cases so far; a last line that was cut in two is removed."""
        try:
            data = self._cases.read_bytes()
        except FileNotFoundError:
            return []
        whole, _, rest = data.rpartition(b"\n")
        if rest:
            with self._cases.open("r+b") as file:
                file.truncate(len(whole) + 1 if whole else 0)
        try:
            return [Result.model_validate_json(line) for line in whole.split(b"\n") if line.strip()]
        except ValidationError as error:
            raise CaseError("evals.broken_run", name=self.path.name, what=type(error).__name__) from error

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A function that appends one result durably, while no other process works on this run.

        Raises:
            Busy: another one does.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "lock", blocking=False), self._cases.open("ab") as file:

                def append(result: Result) -> None:
                    file.write(result.model_dump_json(exclude_defaults=True).encode() + b"\n")
                    file.flush()
                    os.fsync(file.fileno())

                yield append
        except Timeout as error:
            raise Busy("evals.run_busy", name=self.path.name) from error

    def finish(self, finished: str) -> None:
        """Mark the run as complete."""
        write_durably(self.path / "done.json", json.dumps({"finished": finished}))


def runs_folder(home: Path) -> Path:
    """Where the runs of a home are kept."""
    return home / "evals" / "runs"


def folders(home: Path) -> list[Folder]:
    """All runs of a home, oldest first."""
    return [Folder(p.parent) for p in sorted(runs_folder(home).glob("*/run.json"))]


def load_run(name: str, home: Path) -> Run:
    """A finished run by id, by the start of its id, by ``latest``, or by its folder.

    Raises:
        CaseError: there is none, more than one, or it was not finished.
    """
    if Path(name).is_dir() and (Path(name) / "run.json").exists():
        return _loaded(Folder(Path(name)))
    known = folders(home)
    if name == "latest":
        chosen = [f for f in known if f.done][-1:]
    else:
        chosen = [f for f in known if f.path.name == name] or [f for f in known if name and f.path.name.startswith(name)]
    if len(chosen) != 1:
        raise CaseError("evals.no_run", name=name)
    return _loaded(chosen[0])


def _loaded(folder: Folder) -> Run:
    if not folder.done:
        raise CaseError("evals.unfinished_run", name=folder.path.name)
    header = folder.header()
    results = {r.case.id: r for r in folder.results()}
    return Run(header=header, results=tuple(results[i] for i in header.order if i in results), folder=folder.path)
