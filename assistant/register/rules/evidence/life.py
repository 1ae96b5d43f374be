"""The life of a slot: which acts its state allows. Pure; every refusal is a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from assistant.errors import RegisterError
from assistant.register.facts.events import Draft
from assistant.register.facts.handed_in import NOTHING, UNSEEN, Piece, Said, Seen
from assistant.register.facts.happened import (
    Accepted,
    ClaimedNa,
    Commented,
    DueSet,
    Given,
    Happening,
    Reassigned,
    Reopened,
    Returned,
    Snoozed,
    Submitted,
    Withdrawn,
)
from assistant.register.facts.slots import TO_DO, Entry, Slot, State
from assistant.register.rules.evidence.after import with_seen
from assistant.register.rules.evidence.shortfall import enumerated, left_out, partial, unsaid
from assistant.texts import say


class StateError(RegisterError):
    """An act that the slot's state does not allow; the state is named in the reader's language."""

    def sentence(self, lang: str = "zh") -> str:
        """The error as one sentence in ``lang``."""
        return say(self.key, lang, **{**self.values, "state": say(f"evidence.state.{self.values['state']}", lang)})


class AddedSince(RegisterError):
    """Something was added after the reviewer looked; it is shown first."""


class NotTicked(RegisterError):
    """Neither who handed something in nor who reviews it says what of the line it covers, how often, or of which date it is."""


def submit(
    entry: Entry,
    pieces: Sequence[Piece],
    actor: str,
    at: datetime,
    again: bool = False,
    origin: str = "cli",
    said: Said = NOTHING,
    along: str = "",
) -> Draft:
    """Hand something in. While a review is pending, more is added to the same version; ``again`` replaces what was accepted.

    ``said`` is what it says of itself, ``along`` the slot that it is handed in with.

    Raises:
        RegisterError: nothing given, the slot is not owed, it comes of other papers, it is accepted already, a validity date has passed,
            or it is said that nothing happened where no event is owed.
    """
    today, state = at.date(), entry.state
    _owed(entry)
    if entry.slot.follows:
        raise RegisterError("register.follows", slot=entry.slot.id, clause=entry.slot.follows)
    if not pieces:
        raise RegisterError("register.nothing", slot=entry.slot.id)
    if entry.slot.owing != "event" and any(p.kind == "nil" for p in pieces):
        raise RegisterError("register.nil_no_event", slot=entry.slot.id)
    for piece in pieces:
        if piece.valid_until is not None and piece.valid_until < today:
            raise RegisterError("register.valid_passed", slot=entry.slot.id, date=piece.valid_until.isoformat())
    if (entry.shown(today) == "accepted" or state.name == "not_applicable") and not again:
        raise StateError("register.closed", slot=entry.slot.id, state=state.name)
    adds = state.name == "submitted" and state.claim == "evidence"
    ends = [p.valid_until for p in pieces if p.valid_until is not None]
    if adds and state.expires_on is not None:
        ends.append(state.expires_on)
    if entry.slot.valid_days and (entry.slot.dated or not ends):  # no proof serves longer than one of today
        ends.append(today + timedelta(days=entry.slot.valid_days))
    if entry.slot.confirm_on is not None and today < entry.slot.confirm_on:
        ends.append(entry.slot.confirm_on)
    says = Submitted(
        version=state.version if adds else state.version + 1,
        adds=adds,
        pieces=tuple(Given.of(p) for p in pieces),
        expires_on=min(ends) if ends else None,
        count=said.count or None,
        covers=said.of(entry.slot) or None,
        along=along or None,
    )
    return Draft(says, actor, at, origin, entry.slot.key)


def completes(entry: Entry, pieces: Sequence[Piece]) -> bool:
    """Whether what is handed in only adds figures to a report that is accepted already: it stays, with its figures."""
    return entry.state.name == "accepted" and bool(pieces) and all(p.kind == "figure" and p.name in entry.slot.figures for p in pieces)


def claim_na(entry: Entry, reason: str, actor: str, at: datetime, origin: str = "cli") -> Draft:
    """Say that the slot does not apply here; a reviewer decides.

    Raises:
        RegisterError: no reason, not owed, or something else is pending or accepted.
    """
    _owed(entry)
    if entry.shown(at.date()) not in TO_DO:
        raise StateError("register.wrong_state", slot=entry.slot.id, state=entry.shown(at.date()))
    return Draft(ClaimedNa(version=entry.state.version + 1, reason=reasoned(reason)), actor, at, origin, entry.slot.key)


def review(
    entry: Entry,
    verdict: Literal["accepted", "returned"],
    actor: str,
    at: datetime,
    reason: str = "",
    version: int | None = None,
    origin: str = "cli",
    given: str = "",
    lacking: Sequence[str] | None = None,
    by: str = "",
    pieces: Sequence[Piece] = (),
    seen: Seen = UNSEEN,
    along: bool = False,
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
        given: the digest of what the reviewer looked at (its beginning is enough); refused when something was added since.
        lacking: the elements of the line that a return misses; None: those that the submission left out of what it said it covers.
        by: who really decides in the actor's name; they may not have handed it in either.
        pieces: what was handed in.
        seen: what the reviewer saw in it, where they say so.
        along: it was handed in with another one, whose review is this one's too.

    Raises:
        NotTicked: neither the submission nor the reviewer says what it covers, or how often.
        RegisterError: nothing to review, one's own submission, another version, something was added, or no reason for a return.
    """
    state = entry.state
    if state.name != "submitted":
        raise _none_pending(entry, at)
    own = next((one for one in (actor, by) if one and one in state.submitters), "")
    if own:
        raise RegisterError("register.own", slot=entry.slot.id, actor=own)
    if version is not None and version != state.version:
        raise RegisterError("register.other_version", slot=entry.slot.id, seen=version, version=state.version)
    if given and not state.given.startswith(given):
        raise AddedSince("register.added_since", slot=entry.slot.id, pieces="—")
    says: Happening
    if verdict == "returned":
        missed = left_out(entry.slot, state) if lacking is None else tuple(e for e in entry.slot.ticks if e in lacking)
        says = Returned(version=state.version, reason=reasoned(reason or enumerated(missed)), lacking=missed or None)
    else:
        remark = reasoned(reason) if reason.strip() else None
        says = Accepted(version=state.version, reason=remark, given=state.given or None)
        if state.claim == "evidence":
            says = says.model_copy(update=_seen(entry.slot, state, pieces, seen, along))
    return Draft(says, actor, at, origin, entry.slot.key)


def _seen(slot: Slot, state: State, pieces: Sequence[Piece], seen: Seen, along: bool) -> dict[str, Any]:
    """What an acceptance says of what its reviewer saw, and whether more is wanted.

    Raises:
        NotTicked: nobody says what the submission covers, how often, or from which date it counts.
    """
    if seen.until is None and any(s.name == "undated" for s in unsaid(slot, state, pieces)):
        raise NotTicked("register.undated", slot=slot.id)
    until = {"expires_on": seen.until}
    if seen.whole:  # one of two trainings stays one, however whole its record is
        if not seen.count and state.counted == state.kept:  # nobody said how often: as often as the line asks for
            seen = replace(seen, count=max(slot.sets, slot.count if slot.count > 1 else 0, state.kept) - state.kept)
        more = 0 < with_seen(state, seen).counted < slot.count
        asked = slot.ticks != () or slot.count > 1 or slot.owing == "sample"
        return {"whole": asked or None, "count": seen.count or None, "covers": slot.ticks or None, "partial": more or None, **until}
    seen = replace(seen, covers=tuple(e for e in slot.ticks if e in seen.covers))
    known = with_seen(state, seen)
    open_ = [s for s in unsaid(slot, known, pieces) if s.name != "undated"]
    if open_ and not along:
        key = "unsampled" if slot.owing == "sample" else open_[-1].name
        raise NotTicked(f"register.{key}", slot=slot.id, elements=open_[-1].elements, count=open_[-1].wanted)
    more = bool(open_) or partial(slot, known)
    return {"count": seen.count or None, "covers": seen.covers or None, "partial": more or None, **until}


def withdraw(entry: Entry, pieces: Sequence[Piece], actor: str, at: datetime, origin: str = "cli") -> Draft:
    """Take back what is in review; what was accepted before (its ``pieces`` say until when it is valid) stands again.

    Raises:
        RegisterError: nothing is in review, or somebody else handed it in.
    """
    state = entry.state
    if state.name != "submitted":
        raise _none_pending(entry, at)
    if actor not in state.submitters:
        raise RegisterError("register.not_yours", slot=entry.slot.id, by=tuple(state.submitters))
    ends = [p.valid_until for p in pieces if p.version == state.accepted_version and p.valid_until is not None]
    return Draft(Withdrawn(version=state.version, expires_on=min(ends, default=None)), actor, at, origin, entry.slot.key)


def reopen(entry: Entry, reason: str, actor: str, at: datetime, origin: str = "cli") -> Draft:
    """Take an acceptance back, also that of a part, with a reason; it counts as returned from then on.

    Raises:
        RegisterError: nothing is accepted there, or no reason.
    """
    state = entry.state
    if state.name not in ("accepted", "not_applicable") and not (state.name == "missing" and state.in_part):
        raise StateError("register.wrong_state", slot=entry.slot.id, state=entry.shown(at.date()))
    return Draft(Reopened(version=state.version, reason=reasoned(reason)), actor, at, origin, entry.slot.key)


def comment(entry: Entry, text: str, actor: str, at: datetime, origin: str = "cli") -> Draft:
    """A word on a slot.

    Raises:
        RegisterError: it says nothing.
    """
    return Draft(Commented(text=reasoned(text, "register.no_words")), actor, at, origin, entry.slot.key)


def snooze(entry: Entry, until: date, actor: str, at: datetime, longest: int, reason: str = "", origin: str = "cli") -> Draft:
    """Be asked later: no reminders for this slot before ``until``, at most ``longest`` days ahead.

    Raises:
        RegisterError: nothing is asked here, or the date is not within the days allowed.
    """
    _owed(entry)
    if entry.shown(at.date()) not in TO_DO:
        raise StateError("register.wrong_state", slot=entry.slot.id, state=entry.shown(at.date()))
    latest = at.date() + timedelta(days=longest)
    if not at.date() < until <= latest:
        raise RegisterError("register.snooze_range", date=until.isoformat(), latest=latest.isoformat())
    return Draft(Snoozed(until=until, reason=clean(reason) or None), actor, at, origin, entry.slot.key)


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
    return Draft(Reassigned(owner=person, before=entry.owner, dated=True), actor, at, origin, entry.slot.key)


def set_due(entry: Entry, due: date | None, actor: str, at: datetime, origin: str = "cli", undoes: bool = False) -> Draft:
    """Set another due date for this slot; None: the one that follows from the rules. ``undoes``: the one before the last act.

    Raises:
        RegisterError: that day has passed.
    """
    if due is not None and due < at.date():
        raise RegisterError("register.due_passed", date=due.isoformat())
    return Draft(DueSet(due=due, undoes=undoes or None), actor, at, origin, entry.slot.key)


def clean(text: str, limit: int = 4000) -> str:
    """Words as data: control characters and lone surrogates out, edges trimmed, length bounded."""
    kept = "".join(c for c in text if c in "\n\t" or (c.isprintable() or c == "　"))
    return kept.encode("utf-8", "replace").decode("utf-8").strip()[:limit]


def reasoned(reason: str, missing: str = "register.reason") -> str:
    """A reason (or other words: ``missing`` is what is said without them) that says something.

    Raises:
        RegisterError: there is none.
    """
    said = clean(reason)
    if not any(c.isalnum() for c in said):
        raise RegisterError(missing)
    return said


def _none_pending(entry: Entry, at: datetime) -> StateError:
    return StateError("register.nothing_pending", slot=entry.slot.id, state=entry.shown(at.date()))


def _owed(entry: Entry) -> None:
    if not entry.planned:
        raise RegisterError("register.not_planned", slot=entry.slot.id)
    if not entry.slot.applicable:
        raise RegisterError("register.not_applicable", slot=entry.slot.id)
