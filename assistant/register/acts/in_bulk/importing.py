"""What exists brought in: confirmed files handed in slot by slot. Said twice, or killed halfway and said again, nothing comes twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

from assistant.errors import AeoError, RegisterError, reason
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.acts.telling.announce import noted
from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece, hash_of
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader
from assistant.register.rules.people.in_charge import reviewer_of
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.register.acts.service import RegisterService

Source = Callable[[], IO[bytes]] | Piece
"""A file that can be opened, or something that is no file (a link, a note, a place)."""
Progress = Callable[[int, int], None]
MOST_CARDS = 8
"""Slots of one import for each of which the reviewer gets a card of its own."""
_CARDS = ("review", "file", "home")
_HELD = ("submitted", "accepted", "returned", "to_confirm", "expired")


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that could not be handed in, for which slot, and why."""

    path: str
    slot: str
    error: AeoError


@dataclass(slots=True)
class Brought:
    """What became of an import, by slot: files handed in, files that were there before, files for what is settled (and stays so).

    Besides them what failed, and the slots whose reviewer handed in themselves or for the owner (``own``: somebody else must review).
    """

    submitted: dict[str, list[str]] = field(default_factory=dict)
    already: dict[str, list[str]] = field(default_factory=dict)
    settled: dict[str, list[str]] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)
    own: list[str] = field(default_factory=list)


def bring(
    service: RegisterService,
    wanted: Iterable[tuple[str, Sequence[Entry]]],
    sources: Mapping[str, Source],
    who: Who,
    progress: Progress = lambda done, total: None,
    lang: str = "zh",
    for_owners: bool = False,
    home: bool = True,
) -> Brought:
    """Hand in what was confirmed: one submission a slot with all of its files, each in a transaction of its own.

    Args:
        service: the register.
        wanted: path and slots, in any order; a path may come several times.
        sources: path -> its bytes, or the thing itself.
        who: who hands in.
        progress: told after each slot how many are done, and of how many.
        lang: of the message that reviewers get.
        home: whether reviewers have a page where everything waits: few slots then have a card each; without one, several are one letter.
        for_owners: each slot is handed in in its owner's name, by somebody who may act for others and then reviews none of it.

    Raises:
        RegisterError: ``for_owners``, and the actor may not.
    """
    if for_owners:
        service.require("assign", who)
    slots: dict[str, tuple[Entry, list[str]]] = {}
    for path, entries in wanted:
        for entry in entries:
            paths = slots.setdefault(entry.slot.key, (entry, []))[1]
            if path not in paths:
                paths.append(path)
    taken: dict[str, Piece | AeoError] = {}
    now = {e.slot.key: e for e in service.entries(who.at)}
    there = _there(service, now)
    done = Brought()
    with service.register.reading(service.workspace) as tx:
        people, lead = tuple(tx.people().values()), service.lead_of(tx)
    in_order = sorted(slots.values(), key=lambda pair: pair[0].slot.position)
    many = len(in_order) > (MOST_CARDS if home else 1) and service.rules.announce is not None
    desk = _quieter(service) if many else service
    waiting: dict[str, list[str]] = {}
    try:
        for number, (entry, paths) in enumerate(in_order, 1):
            entry = now.get(entry.slot.key, entry)
            lent = for_owners and entry.owner not in ("", who.actor)
            me = replace(who, actor=entry.owner, by=who.by or who.actor) if lent else who
            after = _one(desk, entry, paths, sources, me, taken, there.get(entry.slot.key, set()), done)
            if after is not None:
                waiting.setdefault(reviewer_of(after, lead, people), []).append(after.slot.key)
            progress(number, len(in_order))
    finally:
        for reviewer, keys in waiting.items() if many else ():
            if reviewer != who.actor:
                noted(service, keys, reviewer, say("evidence_slack.brought" if home else "letter.brought", lang, count=len(keys)), who)
    return done


def _quieter(service: RegisterService) -> RegisterService:
    """The same register, whose reviewers get no card for each slot: what waits for them is on their Home, and one message says so."""
    announce, quieter = service.rules.announce, copy(service)

    def fewer(tx: RegisterReader, events: Sequence[Event], changed: Sequence[Entry]) -> Iterable[Message]:
        return (m for m in announce(tx, events, changed) if m.kind not in _CARDS) if announce else ()

    quieter.rules = replace(service.rules, announce=fewer)
    return quieter


def _one(
    service: RegisterService,
    entry: Entry,
    paths: Sequence[str],
    sources: Mapping[str, Source],
    who: Who,
    taken: dict[str, Piece | AeoError],
    there: set[tuple[str, str]],
    done: Brought,
) -> Entry | None:
    """One slot: what is new is handed in together; how it stands then, None where nothing was."""
    name = entry.slot.id
    pieces: list[Piece] = []
    names: list[str] = []
    settled = entry.shown(service.day(who.at)) in ("accepted", "not_applicable")
    for path in paths:
        if path not in taken and not settled:
            taken[path] = _take(service, path, sources[path])
        piece = taken[path] if path in taken else _seen(path, sources[path])
        if isinstance(piece, AeoError):
            done.failed.append(Failed(path, name, piece))
        elif _essence(piece) in there:
            done.already.setdefault(name, []).append(path)
        else:
            there.add(_essence(piece))
            pieces.append(piece)
            names.append(path)
    if not pieces:
        return None
    if settled:
        done.settled[name] = names
        return None
    act = f"{entry.slot.key}\n{entry.state.version}\n" + "\n".join(sorted(p.sha256 or p.shown for p in pieces))
    try:  # two that import the same at once: the slot as both saw it takes these things once
        once = replace(who, event_id=hashlib.sha256(act.encode()).hexdigest()[:32])
        after = service.submit(entry.slot.key, pieces, once)
    except Repeated:
        done.already.setdefault(name, []).extend(names)
        return None
    except AeoError as error:
        done.failed += [Failed(path, name, error) for path in names]
        return None
    done.submitted[name] = names
    if after.reviewer in after.state.submitters:
        done.own.append(name)
    return after


def _take(service: RegisterService, path: str, source: Source) -> Piece | AeoError:
    if isinstance(source, Piece):
        return source
    try:
        with source() as content:
            return service.take_file(content, path.rpartition("/")[2])
    except OSError as error:
        return RegisterError("register.file_unread", where=path, what=reason(error))
    except AeoError as error:
        return error


def _seen(path: str, source: Source) -> Piece | AeoError:
    """A file for a slot that takes nothing more: looked at, and not stored."""
    if isinstance(source, Piece):
        return source
    try:
        with source() as content:
            digest = hash_of(content)
    except OSError as error:
        return RegisterError("register.file_unread", where=path, what=reason(error))
    return Piece("file", sha256=digest, name=path.rpartition("/")[2])


def _there(service: RegisterService, entries: Mapping[str, Entry]) -> dict[str, set[tuple[str, str]]]:
    """What each slot holds that stands: what is in review, accepted, or was returned (and need not come again as it was)."""
    found: dict[str, set[tuple[str, str]]] = {}
    for piece in service.pieces():
        state = entries[piece.slot].state if piece.slot in entries else None
        if state and piece.version in {state.accepted_version, state.version if state.name in _HELD else -1}:
            found.setdefault(piece.slot, set()).add(_essence(piece))
    return found


def _essence(piece: Piece) -> tuple[str, str]:
    """What makes two pieces the same: the bytes of a file, the words of anything else."""
    return (piece.kind, piece.sha256 or piece.shown)
