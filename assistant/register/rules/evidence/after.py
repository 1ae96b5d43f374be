"""What each event makes of a slot: its state after it, the slots that it concerns, what it handed in. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.register.facts.handed_in import Piece, Seen
from assistant.register.facts.happened import (
    Accepted,
    Asked,
    Carried,
    ClaimedNa,
    DueSet,
    Reassigned,
    Reopened,
    Returned,
    Snoozed,
    Submitted,
    Undelivered,
    Withdrawn,
)
from assistant.register.facts.naming import tidy
from assistant.register.facts.slots import State, StateName

if TYPE_CHECKING:
    from assistant.register.facts.events import Event


def pieces_of(event: Event, says: Submitted) -> tuple[Piece, ...]:
    """What a ``submitted`` event handed in."""
    return tuple(given.piece(says.version, event.actor, event.at, event.slot) for given in says.pieces)


def concerned(event: Event) -> tuple[str, ...]:
    """The slot keys that an event concerns: its own, or those that a reminder listed."""
    if event.slot:
        return (event.slot,)
    match event.says:
        case Asked(slots=slots, escalated=escalated):
            return tuple(dict.fromkeys((*slots, *escalated)))
        case Undelivered(slots=told):
            return tuple(told)
    return ()


def after(state: State, event: Event, key: str = "") -> State:
    """The state of a slot after an event; ``key`` is needed for events that concern several slots."""
    moment = event.at
    match event.says:
        case Submitted() as said:
            submitters = (*(state.submitters if said.adds else ()), tidy(event.actor), tidy(event.hand))
            return replace(
                _quiet(state),
                name="submitted",
                claim="evidence",
                version=said.version,
                given=_given(state.given if said.adds else "", event),
                submitters=tuple(dict.fromkeys(submitters)),
                submitted_at=moment,
                reason="",
                expires_on=said.expires_on,
                counted=(state.counted if said.adds else state.kept) + (said.count or 0),
                covers=tuple(dict.fromkeys((*(state.covers if said.adds else state.kept_covers), *(said.covers or ())))),
                lacking=(),
                along=said.along or "",
                confirms=said.confirms or 0,
            )
        case ClaimedNa() as said:
            return replace(
                _quiet(state),
                name="submitted",
                claim="not_applicable",
                version=said.version,
                given=_given("", event),
                submitters=tuple(dict.fromkeys((tidy(event.actor), tidy(event.hand)))),
                submitted_at=moment,
                reason=said.reason,
                expires_on=None,
            )
        case Accepted(version=version, partial=more) as said:
            evidence = state.claim == "evidence"
            state = with_seen(state, Seen(said.count or 0, said.covers or ()))
            return replace(
                _quiet(state) if more else state,
                name="missing" if more else "accepted" if evidence else "not_applicable",
                kept=state.counted if more else 0,
                kept_covers=state.covers if more and not said.whole else (),
                **_reviewed(event),
                accepted_version=version if evidence else 0,
                expires_on=(until := said.expires_on or state.expires_on),
                accepted_until=until if evidence else None,
            )
        case Returned(reason=reason, lacking=lacking):
            return replace(
                state,
                name="returned",
                **_reviewed(event),
                reason=reason,
                expires_on=None,
                counted=state.kept,
                covers=state.kept_covers,
                lacking=lacking or (),
            )
        case Withdrawn(expires_on=until):
            name: StateName = "accepted" if state.accepted_version and not state.in_part else "missing"
            before = replace(_quiet(state), name=name, claim="evidence", submitters=(), submitted_at=None, reason="")
            before = replace(before, expires_on=until or (state.accepted_until if name == "accepted" else None))
            return replace(before, counted=state.kept, covers=state.kept_covers)
        case Reopened(reason=reason):
            back = replace(_quiet(state), name="returned", reason=reason, **_reviewed(event))
            return replace(back, accepted_version=0, expires_on=None, counted=0, covers=(), kept=0, kept_covers=())
        case Snoozed(until=until):
            return replace(state, snoozed_until=until)
        case Reassigned(owner=owner, dated=counts):
            return replace(_quiet(state), owner=owner, given_at=moment if counts else None)
        case DueSet(due=due):
            return replace(state, due=due)
        case Asked() as said:
            return _asked(state, said, key, moment)
        case Undelivered(slots=told) if key in told:
            return replace(state, escalate_at=moment)
        case Carried(state=carried):
            return carried if carried.given or not carried.version else replace(carried, given=_given("", event))
    return state


def with_seen(state: State, seen: Seen) -> State:
    """What a submission counts and covers, with what its reviewer saw in it: their count goes before its own."""
    counted = state.kept + seen.count if seen.count else state.counted
    return replace(state, counted=counted, covers=tuple(dict.fromkeys((*state.covers, *seen.covers))))


def _reviewed(event: Event) -> dict[str, Any]:
    """Who decided, through whom where another acted in their name, and when."""
    through = "" if event.hand == event.actor else tidy(event.hand)
    return {"reviewed_by": tidy(event.actor), "reviewed_through": through, "reviewed_at": event.at}


def _given(before: str, event: Event) -> str:
    """The digest of what is in a version: of all events that handed it in, as they were sealed."""
    return hashlib.sha256(f"{before}\n{event.digest}".encode()).hexdigest()


def _asked(state: State, said: Asked, key: str, moment: datetime) -> State:
    if key in said.slots:
        times = said.slots[key]
        escalate = times.escalate or state.escalate_at
        state = replace(state, asks=state.asks + 1, asked_at=moment, ask_next=times.next, escalate_at=escalate)
    if key in said.escalated:
        state = replace(state, escalate_at=said.escalated[key])
    return state


def _quiet(state: State) -> State:
    """The chase starts afresh."""
    return replace(state, asks=0, asked_at=None, ask_next=None, escalate_at=None, snoozed_until=None)
