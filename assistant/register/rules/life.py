"""The life of a slot: which acts its state allows, and what each event makes of it. Pure; every refusal is a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from assistant.errors import RegisterError
from assistant.register.facts.events import Draft, Event
from assistant.register.facts.slots import Entry, Piece, State, state_of
from assistant.texts import say

ASKABLE = ("missing", "returned", "expired")


class StateError(RegisterError):
    """An act that the slot's state does not allow; the state is named in the reader's language."""

    def sentence(self, lang: str = "zh") -> str:
        """The error as one sentence in ``lang``."""
        return say(self.key, lang, **{**self.values, "state": say(f"evidence.state.{self.values['state']}", lang)})


def submit(entry: Entry, pieces: Sequence[Piece], actor: str, at: datetime, again: bool = False, origin: str = "cli") -> Draft:
    """Hand something in. While a review is pending, more is added to the same version; ``again`` replaces what was accepted.

    Raises:
        RegisterError: nothing given, the slot is not owed, it is accepted already, or a validity date has passed.
    """
    today, state = at.date(), entry.state
    _owed(entry)
    if not pieces:
        raise RegisterError("register.nothing", slot=entry.slot.id)
    for piece in pieces:
        if piece.valid_until is not None and piece.valid_until < today:
            raise RegisterError("register.valid_passed", slot=entry.slot.id, date=piece.valid_until.isoformat())
    if (entry.shown(today) == "accepted" or state.name == "not_applicable") and not again:
        raise StateError("register.closed", slot=entry.slot.id, state=state.name)
    adds = state.name == "submitted" and state.claim == "evidence"
    ends = [p.valid_until for p in pieces if p.valid_until is not None]
    if adds and state.expires_on is not None:
        ends.append(state.expires_on)
    if not ends and entry.slot.valid_days:
        ends.append(today + timedelta(days=entry.slot.valid_days))
    if entry.slot.confirm_on is not None and today < entry.slot.confirm_on:
        ends.append(entry.slot.confirm_on)
    payload: dict[str, Any] = {
        "version": state.version if adds else state.version + 1,
        "adds": adds,
        "pieces": [_plain(p) for p in pieces],
        "expires_on": min(ends).isoformat() if ends else None,
    }
    return Draft("submitted", actor, at, origin, entry.slot.key, payload)


def claim_na(entry: Entry, reason: str, actor: str, at: datetime, origin: str = "cli") -> Draft:
    """Say that the slot does not apply here; a reviewer decides.

    Raises:
        RegisterError: no reason, not owed, or something else is pending or accepted.
    """
    _owed(entry)
    if entry.shown(at.date()) not in ASKABLE:
        raise StateError("register.wrong_state", slot=entry.slot.id, state=entry.shown(at.date()))
    return Draft("claimed_na", actor, at, origin, entry.slot.key, {"version": entry.state.version + 1, "reason": reasoned(reason)})


def review(
    entry: Entry,
    verdict: Literal["accepted", "returned"],
    actor: str,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    origin: str = "cli",
) -> Draft:
    """Accept what was handed in, or return it with a reason.

    Args:
        entry: the slot.
        verdict: ``accepted`` or ``returned``.
        actor: the reviewer; never one of those who handed it in.
        at: the moment.
        reason: why it is returned.
        version: the version that the reviewer looked at; refused when it is no longer the pending one.
        origin: where the act came from.

    Raises:
        RegisterError: nothing to review, one's own submission, another version, or no reason for a return.
    """
    state = entry.state
    if state.name != "submitted":
        raise StateError("register.nothing_pending", slot=entry.slot.id, state=entry.shown(at.date()), by=state.reviewed_by or "—")
    if actor in state.submitters:
        raise RegisterError("register.own", slot=entry.slot.id, actor=actor)
    if version is not None and version != state.version:
        raise RegisterError("register.other_version", slot=entry.slot.id, seen=version, version=state.version)
    payload: dict[str, Any] = {"version": state.version}
    if verdict == "returned" or reason.strip():
        payload["reason"] = reasoned(reason)
    return Draft(verdict, actor, at, origin, entry.slot.key, payload)


def snooze(entry: Entry, until: date, actor: str, at: datetime, longest: int, reason: str = "", origin: str = "cli") -> Draft:
    """Be asked later: no reminders for this slot before ``until``, at most ``longest`` days ahead.

    Raises:
        RegisterError: nothing is asked here, or the date is not within the days allowed.
    """
    _owed(entry)
    if entry.shown(at.date()) not in ASKABLE:
        raise StateError("register.wrong_state", slot=entry.slot.id, state=entry.shown(at.date()))
    latest = at.date() + timedelta(days=longest)
    if not at.date() < until <= latest:
        raise RegisterError("register.snooze_range", date=until.isoformat(), latest=latest.isoformat())
    return Draft("snoozed", actor, at, origin, entry.slot.key, {"until": until.isoformat(), "reason": clean(reason)})


def reassign(entry: Entry, to: str, actor: str, at: datetime, origin: str = "cli") -> Draft:
    """Give this one slot to somebody else.

    Raises:
        RegisterError: nobody named, or it is theirs already.
    """
    person = clean(to, 120)
    if not person:
        raise RegisterError("register.nobody", slot=entry.slot.id)
    if person == entry.owner:
        raise RegisterError("register.same_owner", slot=entry.slot.id, owner=person)
    return Draft("reassigned", actor, at, origin, entry.slot.key, {"owner": person, "before": entry.owner})


def set_due(entry: Entry, due: date, actor: str, at: datetime, origin: str = "cli") -> Draft:
    """Set another due date for this slot."""
    return Draft("due_set", actor, at, origin, entry.slot.key, {"due": due.isoformat()})


def clean(text: str, limit: int = 4000) -> str:
    """Words as data: control characters and lone surrogates out, edges trimmed, length bounded."""
    kept = "".join(c for c in text if c in "\n\t" or (c.isprintable() or c == "　"))
    return kept.encode("utf-8", "replace").decode("utf-8").strip()[:limit]


def reasoned(reason: str) -> str:
    """A reason that says something.

    Raises:
        RegisterError: there is none.
    """
    said = clean(reason)
    if not any(c.isalnum() for c in said):
        raise RegisterError("register.reason")
    return said


def _owed(entry: Entry) -> None:
    if not entry.planned:
        raise RegisterError("register.not_planned", slot=entry.slot.id)
    if not entry.slot.applicable:
        raise RegisterError("register.not_applicable", slot=entry.slot.id)


def _plain(piece: Piece) -> dict[str, Any]:
    values = {k: v for k, v in asdict(piece).items() if v not in ("", 0, None) and k not in ("version", "by", "at", "slot")}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def pieces_of(event: Event) -> tuple[Piece, ...]:
    """What a ``submitted`` event handed in."""
    return tuple(
        Piece(
            **{**p, "valid_until": date.fromisoformat(p["valid_until"]) if "valid_until" in p else None},
            version=event.payload["version"],
            by=event.actor,
            at=event.at,
            slot=event.slot,
        )
        for p in event.payload["pieces"]
    )


def concerned(event: Event) -> tuple[str, ...]:
    """The slot keys that an event concerns: its own, or those that a reminder listed."""
    if event.slot:
        return (event.slot,)
    return tuple(dict.fromkeys((*event.payload.get("slots", {}), *event.payload.get("escalated", {}))))


def after(state: State, event: Event, key: str = "") -> State:
    """The state of a slot after an event; ``key`` is needed for events that concern several slots."""
    p, moment = event.payload, event.at
    match event.kind:
        case "submitted":
            submitters = (*state.submitters, event.actor) if p["adds"] else (event.actor,)
            return replace(
                _quiet(state),
                name="submitted",
                claim="evidence",
                version=p["version"],
                submitters=tuple(dict.fromkeys(submitters)),
                submitted_at=moment,
                reason="",
                expires_on=_day(p["expires_on"]),
            )
        case "claimed_na":
            return replace(
                _quiet(state),
                name="submitted",
                claim="not_applicable",
                version=p["version"],
                submitters=(event.actor,),
                submitted_at=moment,
                reason=p["reason"],
                expires_on=None,
            )
        case "accepted":
            evidence = state.claim == "evidence"
            return replace(
                state,
                name="accepted" if evidence else "not_applicable",
                reviewed_by=event.actor,
                reviewed_at=moment,
                accepted_version=p["version"] if evidence else 0,
            )
        case "returned":
            return replace(state, name="returned", reviewed_by=event.actor, reviewed_at=moment, reason=p["reason"], expires_on=None)
        case "snoozed":
            return replace(state, snoozed_until=_day(p["until"]))
        case "reassigned":
            return replace(_quiet(state), owner=p["owner"])
        case "due_set":
            return replace(state, due=_day(p["due"]))
        case "asked":
            return _asked(state, p, key, moment)
        case "undelivered":
            return replace(state, escalate_at=moment) if key in p.get("slots", {}) else state
        case "carried":
            return state_of(p["state"])
        case _:
            return state


def _asked(state: State, payload: dict[str, Any], key: str, moment: datetime) -> State:
    if key in payload.get("slots", {}):
        times = payload["slots"][key]
        state = replace(
            state,
            asks=state.asks + 1,
            asked_at=moment,
            ask_next=_moment(times["next"]),
            escalate_at=_moment(times["escalate"]) if times["escalate"] else state.escalate_at,
        )
    if key in payload.get("escalated", {}):
        state = replace(state, escalate_at=_moment(payload["escalated"][key]))
    return state


def _quiet(state: State) -> State:
    """The chase starts afresh."""
    return replace(state, asks=0, asked_at=None, ask_next=None, escalate_at=None, snoozed_until=None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
