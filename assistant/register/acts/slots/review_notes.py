"""What reviewers and owners are told of a hand-in and of its review: one card for each hand-in, one word for each decision.

A card keeps what it shows: versions and digests, so that what is accepted is what was seen. What is added while it waits comes as a
card of its own in the thread of the first, whose buttons are gone then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from assistant.register.acts.mentions import mention
from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.happened import Accepted, Submitted
from assistant.register.facts.notices.reviewing import Attached, Decided, ToReview
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader, Workspace
from assistant.register.rules.people.in_charge import reviewer_of

ROOTS = ("nudge", "reminded", "drill", "handed", "missing", "edition")
"""Kinds in whose thread an owner hears of decisions."""
PER_CARD = 8
"""Slots on one card; more of one hand-in come on the next."""
DIGEST = 12
"""Characters of a digest that a card keeps."""
_OLD = 40  # messages of a slot that are looked through


class Shown(NamedTuple):
    """What a reviewer was shown of a slot: its key, the version (None: whichever waits), the digest of what is in it (or its beginning)."""

    slot: str
    version: int | None = None
    given: str = ""


def to_review(tx: RegisterReader, workspace: Workspace, events: Sequence[Event], entries: dict[str, Entry]) -> Iterator[Message]:
    """The cards for what an act handed in: one for each reviewer; additions go under the card that they add to."""
    people = list(tx.people().values())
    groups: dict[tuple[str, str], list[tuple[Event, Entry]]] = {}
    for event in events:
        entry = entries[event.slot]
        reviewer = reviewer_of(entry, workspace.lead, people)
        before = card_of(tx, entry, reviewer) if isinstance(event.says, Submitted) and event.says.adds else None
        groups.setdefault((reviewer, before.id if before else ""), []).append((event, entry))
    for (reviewer, before_id), group in groups.items():
        for part in (group[n : n + PER_CARD] for n in range(0, len(group), PER_CARD)):
            given = [p for event, _ in part if isinstance(event.says, Submitted) for p in event.says.pieces if p.kind == "file"]
            files = list({(p.sha256 or "", p.name or ""): None for p in given})
            under = tx.message(before_id) if before_id else None
            yield from card_with_files(tx, workspace, [entry for _, entry in part], reviewer, part[0][0], files, under)


def new_reviewers(tx: RegisterReader, workspace: Workspace, changed: Sequence[Entry]) -> Iterator[Message]:
    """What waits for a review goes to whoever reviews it now, unless they have it."""
    people = list(tx.people().values())
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in changed:
        if entry.planned and entry.state.name == "submitted" and not entry.state.along:
            reviewer = reviewer_of(entry, workspace.lead, people)
            if card_of(tx, entry, reviewer) is None:
                groups.setdefault((reviewer, entry.state.submitters, entry.state.submitted_at), []).append(entry)
    for (reviewer, *_), group in groups.items():
        for part in (group[n : n + PER_CARD] for n in range(0, len(group), PER_CARD)):
            versions = {e.slot.key: e.state.version for e in part}
            given = [p for p in tx.pieces(list(versions)) if p.version == versions[p.slot] and p.kind == "file"]
            yield from card_with_files(tx, workspace, part, reviewer, None, list({(p.sha256, p.name): None for p in given}))


def card_of(tx: RegisterReader, entry: Entry, reviewer: str) -> Message | None:
    """The newest card that a reviewer has of the present version of a slot."""
    for message in tx.messages(slot=entry.slot.key, recipient=reviewer, kind="review", limit=_OLD):
        shown = message.says.version_of(entry.slot.key) if isinstance(message.says, ToReview) else None
        if shown == entry.state.version and message.state not in ("failed", "dropped"):
            return message
    return None


def card_with_files(
    tx: RegisterReader,
    workspace: Workspace,
    entries: Sequence[Entry],
    reviewer: str,
    event: Event | None,
    files: Sequence[tuple[str, str]],
    under: Message | None = None,
) -> Iterator[Message]:
    """A card and its files. ``event`` is the hand-in, ``under`` the card that it adds to."""
    first = entries[0]
    at = first.state.submitted_at
    added = event is not None and isinstance(event.says, Submitted) and event.says.adds
    says = ToReview(
        slots=tuple(mention(e, "review", at.date() if at else e.planned_on or date.min, _of_version(tx, e)) for e in entries),
        version=first.state.version,
        versions={e.slot.key: e.state.version for e in entries},
        given={e.slot.key: e.state.given[:DIGEST] for e in entries},
        claims={e.slot.key: e.state.reason for e in entries if e.state.claim == "not_applicable"},
        by=tuple(dict.fromkeys([event.actor] if added and event else [p for e in entries for p in e.state.submitters])),
        at=event.at if event else at,
        files=len(files),
        adds=added,
        else_lead=True,
        **(place_of(under) if under is not None else {}),
    )
    dedup = f"review:{first.slot.key}:{first.state.version}:{reviewer}" + (f":{first.state.given[:DIGEST]}" if added else "")
    keys = tuple(e.slot.key for e in entries)
    card = Message(workspace.key, says, reviewer, dedup, keys, created_at=event.at if event else at)
    yield card
    after = card.created_at + timedelta(milliseconds=1) if card.created_at else None
    for sha256, name in files:
        given = Attached(card=card.id, sha256=sha256, name=name, slot=first.slot.id, ids=tuple(e.slot.id for e in entries))
        yield Message(workspace.key, given, reviewer, f"file:{card.id}:{sha256}", keys, created_at=after)


def _of_version(tx: RegisterReader, entry: Entry) -> Iterator[Piece]:
    """What waits for the review."""
    return (p for p in tx.pieces([entry.slot.key]) if p.version == entry.state.version)


def decided(tx: RegisterReader, workspace: Workspace, events: Sequence[Event], entries: dict[str, Entry]) -> Iterator[Message]:
    """What owners hear of decisions: those of one act with the same word and reason come as one message to each of them."""
    groups: dict[tuple[str, str, str, str, str], list[tuple[Event, Entry]]] = {}
    for event in events:
        entry = entries[event.slot]
        claim = entry.state.claim == "not_applicable"
        partly = isinstance(event.says, Accepted) and event.says.partial
        name = event.kind if event.kind in ("returned", "reopened") else "claim_accepted" if claim else "partly" if partly else "accepted"
        for person in dict.fromkeys((entry.owner, *entry.state.submitters)):
            if person != event.hand:
                reason = getattr(event.says, "reason", None) or ""
                groups.setdefault((person, name, event.actor, event.says.by or "", reason), []).append((event, entry))
    for (person, name, by, through, reason), group in groups.items():
        event, first = group[0]
        told = tuple(mention(entry, "verdict", event.at.date()) for _, entry in group)
        says = Decided(slots=told, verdict=name, by=by, through=through, reason=reason, **thread_of(tx, first.slot.key, person))
        dedup = f"verdict:{first.slot.key}:{event.seq}:{person}"
        yield Message(workspace.key, says, person, dedup, tuple(e.slot.key for _, e in group), created_at=event.at)


def thread_of(tx: RegisterReader, slot: str, person: str) -> dict[str, str]:
    """Where a person was last asked for a slot: channel and thread; nothing when they never were."""
    for message in tx.messages(slot=slot, recipient=person, limit=_OLD):
        if message.kind in ROOTS and message.state == "sent" and message.receipt.ts:
            return place_of(message)
    return {}


def place_of(message: Message) -> dict[str, str]:
    """The thread that a message began or went into: channel and thread; nothing where it was sent nowhere with threads."""
    if not message.receipt.ts:
        return {}
    return {"channel": message.receipt.channel, "thread": message.says.thread or message.receipt.ts}


def shown_by(card: Message, slots: Sequence[str] = ()) -> list[Shown]:
    """What a card showed, of these slots (keys) or of all."""
    says = card.says
    keys = [s.key for s in says.slots if not slots or s.key in slots]
    if not isinstance(says, ToReview):
        return [Shown(key) for key in keys]
    return [Shown(key, says.version_of(key), says.given.get(key, "")) for key in keys]
