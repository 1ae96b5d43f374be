"""Messages for the lead: a week, a drill that is over, an edition that waits."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from assistant.register.facts.notices.common import Instant, Mention, Notice


class Week(Notice):
    """How things stand, for the lead, and where the log ends."""

    named = "week"
    edition: str = ""
    enterprise: str = ""
    owed: int = 0
    accepted: int = 0
    waiting: int = 0
    overdue: int = 0
    undelivered: int = 0
    events: int = 0
    head: str = ""


class Produced(Mention):
    """A slot that a drill asked for, and what became of it (``drill.Result``)."""

    result: str


class DrillOver(Notice):
    """What came of a drill: how many of each result, and each slot."""

    named = "drilled"
    drill: str = ""
    deadline: Instant = None
    counts: Mapping[str, int] = {}
    slots: tuple[Produced, ...] = ()


class WorstCase(BaseModel):
    """A case as a lead reads it: the question, the clauses or lines expected, those that came."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str
    expected: tuple[str, ...] = ()
    got: tuple[str, ...] = ()


class Staged(Notice):
    """An edition that waits for its lead's word: verdict, failing gates and worst cases, what would change; ``active`` is in force now."""

    named = "staged"
    edition: str = ""
    active: str = ""
    build: str = ""
    run: str = ""
    report: str = ""
    link: str = ""
    passed: bool = False
    cases: int = 0
    relabel: int = 0
    failures: int = 0
    gates: tuple[str, ...] = ()
    worst: tuple[WorstCase, ...] = ()
    changes: Mapping[str, Mapping[str, int]] = {}
    renumbered: tuple[Mapping[str, str], ...] = ()
    retitled: tuple[Mapping[str, str], ...] = ()
    in_register: Mapping[str, int] = Field(default={}, alias="register")
    declined_by: str = ""
