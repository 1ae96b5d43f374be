"""What is owed and what became of it: a slot (fixed by guide and profile), its state, and both with the people in charge."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, cast

from pydantic import TypeAdapter

from assistant.guide import Kind
from assistant.register.facts.slot_ids import SlotId, SlotKey

StateName = Literal["missing", "submitted", "accepted", "returned", "to_confirm", "not_applicable", "expired"]
STATES: tuple[StateName, ...] = ("missing", "returned", "to_confirm", "expired", "submitted", "accepted", "not_applicable")
TO_DO: tuple[StateName, ...] = STATES[:4]
"""States in which something is still to be handed in."""
Owing = Literal["paper", "duty", "event", "sample", "form", "derived"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One piece of evidence that the enterprise owes: a requirement line (or a whole section) and a period.

    ``key`` is what identifies it across editions and re-planning: lineage key, then ``@`` and period. ``id`` is what
    people see, for example ``24(3)/records/1@2024``. ``why`` names the rule that made it (a text under ``evidence.why``).

    ``owing`` is the kind of thing owed and so what settles it: a *paper*; a *duty* done ``count`` times in the period (0: the guide
    names no number; ``own_count``: nor does it here, the number is the firm's own); an *event*, its record or one nil statement; a
    *sample* of a bulk: index, place and ``sets`` sets; a *form*, briefing or walk-through; something *derived*, here from the clause
    ``follows`` (which ``feeds`` it).
    Texts are verbatim: ``measure`` is what sets a number or a window, ``elements`` are what the line demands, ``any_of`` the proofs
    of which one is enough, ``forms`` what counts as a record, ``suggested`` what is best brought along, ``link_reason`` why one
    paper may serve all lines of ``link`` (``link_with``: the ids of the others; ``joined``: the lead confirmed it).
    ``condition``: it counts only in a case that it names itself and that nobody declared.
    ``undeclared`` names the profile's open questions on which it hangs, ``was`` the keys whose submissions it takes over, ``steps``
    the days by which the count should have grown by one; ``valid_days`` says how long what is accepted serves, ``confirm_on`` from when
    it must have been handed in to serve the visit; ``dated``: counted from the proof's own date, which its owner is asked for;
    ``latest`` is the day by which everything is wanted for the visit, ``not_before`` the first on which it can be there at all: the
    report of a year only once that is over.
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
    any_of: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    standard: str = ""
    owing: Owing = "paper"
    subject: str = ""
    person: str = ""
    measure: str = ""
    count: int = 0
    own_count: bool = False
    sets: int = 0
    elements: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    forms: str = ""
    suggested: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    link: str = ""
    link_reason: str = ""
    link_with: tuple[str, ...] = ()
    joined: bool = False
    follows: str = ""
    feeds: str = ""
    was: tuple[str, ...] = ()
    ends: date | None = None
    steps: tuple[date, ...] = ()
    valid_days: int = 0
    dated: bool = False
    confirm_on: date | None = None
    latest: date | None = None
    not_before: date | None = None

    @property
    def ticks(self) -> tuple[str, ...]:
        """What is ticked off one by one: the elements of a line, the points of a briefing or walk-through."""
        return self.elements or (self.checklist if self.owing == "form" else ())

    @property
    def renewable(self) -> bool:
        """Whether a word is enough that what was accepted serves on: it must be current, and counts from no date of its own."""
        return self.valid_days > 0 and not self.dated

    @property
    def begins(self) -> date | None:
        """From when on it counts towards readiness; None: always."""
        return self.not_before or self.opens

    @property
    def line_key(self) -> str:
        """What all periods and rows of one line share."""
        return SlotKey.of(self.key).line

    @property
    def line_id(self) -> str:
        """The id of its line."""
        return SlotId.of(self.id).line

    @property
    def row_id(self) -> str:
        """The same with its row, without its period."""
        return SlotId.of(self.id).row_id

    @property
    def family(self) -> str:
        """The family of guides it comes from; empty for the only one."""
        return self.clause.rpartition(":")[0]

    @property
    def spoken(self) -> str:
        """The period as people name it: a year that ends in the next one by both of them (``2022-2023``), any other as it is kept."""
        crosses = self.ends is not None and self.period == str(self.ends.year - 1)
        return f"{self.period}-{self.ends.year}" if self.ends is not None and crosses else self.period

    def within(self, first: int, last: int) -> bool:
        """Whether any of these years, both included, lies in its period; a certification year lies in two of them."""
        own = int(self.period[:4])
        return first <= (self.ends.year if self.ends is not None else own) and own <= last

    def runs(self, day: date) -> bool:
        """Whether that day lies in its period, of calendar or certification; without one, any day does."""
        return self.opens is None or self.ends is None or self.opens <= day <= self.ends

    def wanted_on(self, counted: int) -> date | None:
        """The day by which the next of a counted duty should be there; else the slot's own due date."""
        return self.steps[counted] if counted < len(self.steps) else self.due


@dataclass(frozen=True, slots=True)
class State:
    """What became of a slot, folded from its events. ``claim`` says what a submission asserts.

    ``given`` is the digest of exactly what is in this version: it changes with everything that is handed in or added.
    ``counted`` is how often, and ``covers`` which elements, the submission names (0 and none: it did not say), what was accepted
    before (``kept``) included; ``lacking`` are the elements that a return named, ``along`` the slot that it was handed in with.
    ``confirms`` is the version of which the present one only says that it still serves, 0 when something new was handed in.
    ``given_at`` is when ``owner`` got this very slot; ``reviewed_through`` is who decided in the name of ``reviewed_by``;
    ``accepted_until`` is when what was accepted last expires, while something newer is in review.
    """

    name: StateName = "missing"
    version: int = 0
    given: str = ""
    claim: Literal["evidence", "not_applicable"] = "evidence"
    submitters: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    reviewed_by: str = ""
    reviewed_through: str = ""
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
    confirms: int = 0
    counted: int = 0
    covers: tuple[str, ...] = ()
    kept: int = 0
    kept_covers: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    along: str = ""
    given_at: datetime | None = field(default=None, compare=False)
    accepted_until: date | None = field(default=None, compare=False)

    @property
    def in_part(self) -> bool:
        """Whether a part of it is accepted (one of two trainings, three of eight pieces) and the rest is still to come."""
        return self.accepted_version > 0 and bool(self.kept or self.kept_covers)


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

    ``planned`` is false for a slot that the plan no longer holds (it is kept, and returns with its state); ``settled_by`` names the
    clause of whose accepted papers this one came; ``next_ask`` is when its owner may be asked next, None when there is nothing to ask.
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
    def applies(self) -> bool:
        """Whether it applies; in registers of earlier versions ``settled_by`` may name the slot of an alternative that made it needless."""
        return self.slot.applicable and "/" not in self.settled_by

    @property
    def counts(self) -> bool:
        """Whether it counts towards readiness: planned and applying, what came of another clause's papers (13 of 12) included."""
        return self.planned and self.applies

    @property
    def owed(self) -> bool:
        """Whether something must be handed in: it counts, and did not come of other accepted papers."""
        return self.counts and not self.settled_by

    @property
    def expires_on(self) -> date | None:
        """The last day on which what was accepted serves: as was said of it, and as its line wants it now (a term, a visit set since)."""
        state, slot, ends = self.state, self.slot, [end for end in (self.state.expires_on,) if end is not None]
        if (moment := state.submitted_at or state.reviewed_at) is not None:  # withdrawn, it goes by its review
            given = moment.date()
            if slot.valid_days and not ends:
                ends.append(given + timedelta(days=slot.valid_days))
            if slot.confirm_on is not None and given < slot.confirm_on:
                ends.append(slot.confirm_on)
        return min(ends, default=None)

    def renews(self, today: date, days: int) -> bool:
        """Whether what was accepted has expired, or does within so many days; what the visit wants current is not asked for before."""
        if self.state.name != "accepted" or (ends := self.expires_on) is None:
            return False
        return today > ends if ends == self.slot.confirm_on else ends - timedelta(days=days) <= today

    def shown(self, today: date) -> StateName:
        """The state as people see it on a day: validity that has passed, what came of other papers, and what the profile rules out."""
        if self.state.name == "accepted" and self.expires_on is not None and self.expires_on < today:
            return "expired"
        if self.state.name == "missing" and not self.owed:
            return "accepted" if self.counts else "not_applicable"
        return self.state.name

    def open(self, today: date) -> bool:
        """Whether it can be there by now, so that it counts towards readiness: a running year does, its report and its end not yet."""
        return self.slot.begins is None or self.slot.begins <= today


def slots_digest(slots: Iterable[Slot]) -> str:
    """Changes whenever a slot appears, goes, or changes in anything; in the order of their keys."""
    rows = (_SLOT.dump_json(slot, exclude_defaults=True) for slot in sorted(slots, key=lambda s: s.key))
    return hashlib.sha256(b"\n".join(rows)).hexdigest()


_SLOT = TypeAdapter(Slot)
_STATE = TypeAdapter(State)


def state_document(state: State) -> dict[str, Any]:
    """A state as plain JSON values; what is as at the beginning is left out."""
    return cast(dict[str, Any], _STATE.dump_python(state, mode="json", exclude_defaults=True))


def state_of(document: dict[str, Any]) -> State:
    """The state that ``state_document`` wrote."""
    return _STATE.validate_python(document)


def slot_document(slot: Slot) -> dict[str, Any]:
    """A slot as plain JSON values."""
    return cast(dict[str, Any], _SLOT.dump_python(slot, mode="json"))


def slot_of(document: dict[str, Any]) -> Slot:
    """The slot that ``slot_document`` wrote, of this version or an earlier one."""
    return _SLOT.validate_python(document)
