"""The log: what happened, in order, each event's hash covering the one before; nothing is ever changed or removed.

The chain runs over a digest of each event's body (actor, origin, payload, salted). A person's name and words are taken out of a
body by a recorded act (``erased``): it puts another body there, with a new salt, keeps digest and hash, and names the digest of what
stands there now in an event of its own. The old salt is gone, so the digest gives nothing away. One chain per workspace, numbered
from 1 without gaps.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from assistant.register.facts.handed_in import canonical
from assistant.register.facts.happened import Happening, read

START = "0" * 64
SKEW = timedelta(minutes=10)
"""How far the clocks of two workers may differ."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before the log has numbered and sealed it. ``slot`` is a slot key, empty for what concerns the register."""

    says: Happening
    actor: str
    at: datetime
    origin: str = "cli"
    slot: str = ""


@dataclass(frozen=True)
class Event:
    """One event in the log of a workspace; ``body`` is what was sealed, ``says`` the same, typed."""

    workspace: str
    seq: int
    at: datetime
    kind: str
    slot: str
    actor: str
    origin: str
    body: dict[str, Any]
    salt: str
    digest: str
    prev: str
    hash: str

    @property
    def hand(self) -> str:
        """Who really did it: the actor, or who acted in their name."""
        return self.says.by or self.actor

    @cached_property
    def says(self) -> Happening:
        """What happened.

        Raises:
            KeyError, ValueError: it was written by no version of this product, or changed by hand.
        """
        return read(self.kind, self.body)


@dataclass(frozen=True, slots=True)
class Chain:
    """What checking a chain found: how many events, the last hash, and the first number that does not fit (0: all fit).

    ``backwards`` are the numbers of events whose time lies before that of the one before them by more than clocks differ;
    ``ahead`` of those that lie in the future, where it was said when now is.
    """

    events: int
    head: str
    broken_at: int = 0
    backwards: tuple[int, ...] = ()
    ahead: tuple[int, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether every event fits the one before."""
        return self.broken_at == 0


def seal(draft: Draft, workspace: str, seq: int, prev: str, salt: str | None = None, by: str = "") -> Event:
    """The event that follows the one whose hash is ``prev``; ``by`` is who really acts, where that is not the draft's actor."""
    salt = secrets.token_hex(8) if salt is None else salt
    body = ({"by": by} if by and by != draft.actor else {}) | draft.says.body()
    digest = _digest(salt, draft.actor, draft.origin, body)
    at = draft.at.astimezone(UTC)
    return Event(
        workspace=workspace,
        seq=seq,
        at=at,
        kind=draft.says.named,
        slot=draft.slot,
        actor=draft.actor,
        origin=draft.origin,
        body=body,
        salt=salt,
        digest=digest,
        prev=prev,
        hash=_link(workspace, seq, at, draft.says.named, draft.slot, digest, prev),
    )


def check(events: Iterable[Event], head_seq: int | None = None, head: str | None = None, now: datetime | None = None) -> Chain:
    """Check a whole chain from its first event, and its end against what the register remembers of it.

    A body that is not the one that was sealed must be vouched for: by an ``erased`` event that is itself as it was sealed, or
    vouched for by a later one.
    """
    count, prev = 0, START
    last: datetime | None = None
    backwards: list[int] = []
    ahead: list[int] = []
    changed: dict[int, tuple[str, str]] = {}
    erasures: list[Event] = []
    for event in events:
        linked = _link(event.workspace, event.seq, event.at, event.kind, event.slot, event.digest, event.prev)
        if event.seq != count + 1 or event.prev != prev or event.hash != linked:
            break
        stands = body_digest(event)
        if stands != event.digest:
            changed[event.seq] = (stands, prev)
        if event.kind == "erased":
            erasures.append(event)
        if last is not None and event.at < last - SKEW:
            backwards.append(event.seq)
        if now is not None and event.at > now + SKEW:
            ahead.append(event.seq)
        count, prev, last = count + 1, event.hash, event.at
    else:
        bad = _unvouched(changed, erasures)
        if bad:
            return Chain(bad - 1, changed[bad][1], bad)
        if (head_seq is not None and head_seq != count) or (head is not None and head != prev):
            return Chain(count, prev, count + 1)
        return Chain(count, prev, backwards=tuple(backwards), ahead=tuple(ahead))
    bad = _unvouched(changed, erasures)
    return Chain(bad - 1, changed[bad][1], bad) if bad else Chain(count, prev, count + 1)


def _unvouched(changed: dict[int, tuple[str, str]], erasures: list[Event]) -> int:
    """The first event whose body was changed by no recorded act, 0 if there is none."""
    vouched: set[tuple[int, str]] = set()
    for event in reversed(erasures):
        if event.seq not in changed or (event.seq, changed[event.seq][0]) in vouched:
            vouched |= {(int(seq), digest) for seq, digest in event.body["bodies"].items()}
    return min((seq for seq, (stands, _) in changed.items() if (seq, stands) not in vouched), default=0)


def rewritten(event: Event, actor: str, body: dict[str, Any]) -> Event:
    """The event with another body, its place in the chain kept; an ``erased`` event must vouch for it."""
    return replace(event, actor=actor, body=body, salt=secrets.token_hex(8))


def body_digest(event: Event) -> str:
    """The digest of the body that stands there now."""
    return _digest(event.salt, event.actor, event.origin, event.body)


def _digest(salt: str, actor: str, origin: str, body: dict[str, Any]) -> str:
    return hashlib.sha256(canonical([salt, actor, origin, body])).hexdigest()


def _link(workspace: str, seq: int, at: datetime, kind: str, slot: str, digest: str, prev: str) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical([workspace, seq, moment, kind, slot, digest, prev])).hexdigest()
