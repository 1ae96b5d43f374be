"""What is owed and what became of it: a slot (fixed by guide and profile), its state, and both with the people in charge."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Literal

from assistant.guide import Kind

StateName = Literal["missing", "submitted", "accepted", "returned", "not_applicable", "expired"]
STATES: tuple[StateName, ...] = ("missing", "returned", "expired", "submitted", "accepted", "not_applicable")
PieceKind = Literal["file", "link", "note", "paper"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One piece of evidence that the enterprise owes: a requirement line (or a whole section) and a period.

    ``key`` is what identifies it across editions and re-planning: lineage key, then ``@`` and period. ``id`` is what
    people see, for example ``24(3)/records/1@2024``. ``why`` names the rule that made it (a text under ``evidence.why``).
    """

    key: str
    id: str
    position: int
    part: str
    category: str
    item: str
    clause: str
    kind: Kind
    requirement: str | None
    line: int
    text: str
    why: str
    period: str = ""
    opens: date | None = None
    due: date | None = None
    applicable: bool = True
    rolling: bool = False
    condition: bool = False
    alternatives: str = ""
    checklist: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing handed in: a file by its content's hash, a link, a note, or the place of a paper original."""

    kind: PieceKind
    text: str = ""
    sha256: str = ""
    name: str = ""
    size: int = 0
    type: str = ""
    period: str = ""
    valid_until: date | None = None
    version: int = 0
    by: str = ""
    at: datetime | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What became of a slot, folded from its events. ``claim`` says what a submission asserts."""

    name: StateName = "missing"
    version: int = 0
    claim: Literal["evidence", "not_applicable"] = "evidence"
    submitters: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    reason: str = ""
    accepted_version: int = 0
    expires_on: date | None = None
    snoozed_until: date | None = None
    owner: str = ""
    due: date | None = None
    asks: int = 0
    asked_at: datetime | None = None
    ask_next: datetime | None = None
    escalate_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Who is in charge of a slot; an empty owner or reviewer means the lead."""

    owner: str = ""
    deputy: str = ""
    deputy_from: date | None = None
    deputy_until: date | None = None
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot with its state and the people in charge, as the register keeps it.

    ``planned`` is false for a slot that the plan no longer holds (it is kept, and returns with its state);
    ``settled_by`` names the accepted alternative that makes this one needless; ``next_ask`` is when its owner may be
    asked next, None when there is nothing to ask.
    """

    slot: Slot
    state: State = field(default_factory=State)
    held: Held = field(default_factory=Held)
    owner: str = ""
    reviewer: str = ""
    planned: bool = True
    planned_on: date | None = None
    due: date | None = None
    settled_by: str = ""
    next_ask: datetime | None = None
    escalate_at: datetime | None = None

    @property
    def owed(self) -> bool:
        """Whether something must be handed in: planned, applicable, and no accepted alternative."""
        return self.planned and self.slot.applicable and not self.settled_by

    def shown(self, today: date) -> StateName:
        """The state as people see it on a day: validity that has passed, and what the profile rules out."""
        if self.state.name == "accepted" and self.state.expires_on is not None and self.state.expires_on < today:
            return "expired"
        if self.state.name == "missing" and not self.owed:
            return "not_applicable"
        return self.state.name

    def open(self, today: date) -> bool:
        """Whether its period has ended, so that it counts towards readiness (a running year does not yet)."""
        return self.slot.opens is None or self.slot.opens <= today


_DAYS = ("expires_on", "snoozed_until", "due")
_MOMENTS = ("submitted_at", "reviewed_at", "asked_at", "ask_next", "escalate_at")
_FRESH = {f.name: getattr(State(), f.name) for f in fields(State)}


def state_document(state: State) -> dict[str, Any]:
    """A state as plain JSON values; what is as at the beginning is left out."""
    changed = {k: v for k, v in asdict(state).items() if v != _FRESH[k]}
    return {k: v.isoformat() if isinstance(v, date) else list(v) if isinstance(v, tuple) else v for k, v in changed.items()}


def state_of(document: dict[str, Any]) -> State:
    """The state that ``state_document`` wrote."""
    values = dict(document)
    for name in _DAYS:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in _MOMENTS:
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    if "submitters" in values:
        values["submitters"] = tuple(values["submitters"])
    return State(**values)
