"""What people are told in Slack when the register changes, whatever surface changed it: stored with the change, delivered later.

Cards that were sent before are edited in place; reviewers get a card for each hand-in, owners hear of each decision in the thread of
the digest that asked for it (``review_notes``), and whoever a slot is handed to gets it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.register.acts.mentions import mention
from assistant.register.acts.slots.review_notes import card_of, card_with_files, decided, new_reviewers, thread_of, to_review
from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.asking import Handed
from assistant.register.facts.notices.reviewing import Comment
from assistant.register.facts.notices.screens import CardEdit, HomeEdit
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader, Workspace

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService

CARDS = ("nudge", "reminded", "drill", "handed", "missing", "edition", "review", "verdict")
"""Kinds whose message shows slots and is edited when they change."""
_SHOW = frozenset((
    "submitted", "claimed_na", "accepted", "returned", "withdrawn", "reopened", "snoozed", "reassigned", "due_set", "carried",
    "drill_answered",
))  # fmt: skip
_FEW = 20  # changed slots whose cards are looked up one by one; chosen, not measured
_OLD = 40  # messages of a slot that are looked through
_ALL = 500  # messages of a kind that are looked through where many slots changed


def announce(tx: RegisterReader, events: Sequence[Event], changed: Sequence[Entry]) -> Iterable[Message]:
    """The messages of one act (a ``journal.Announce``)."""
    workspace = tx.workspace()
    if workspace is None or (events and not any(e.kind in _SHOW for e in events)):
        return
    entries = {e.slot.key: e for e in changed}
    latest = events or list(tx.events(since=workspace.head_seq - 1))
    moment = max(e.at for e in latest)
    acted = {e.slot for e in events}
    told = [e for e in events if e.slot in entries and entries[e.slot].state.along not in acted]  # the others go along with these
    yield from to_review(tx, workspace, [e for e in told if e.kind in ("submitted", "claimed_na")], entries)
    yield from decided(tx, workspace, [e for e in events if e.slot in entries and e.kind in ("accepted", "returned", "reopened")], entries)
    yield from _handed(workspace, [e for e in told if e.kind == "reassigned" and e.hand != entries[e.slot].owner], entries)
    if not events:
        yield from new_reviewers(tx, workspace, changed)
    mark = str(workspace.head_seq)
    planned = any(e.kind == "planned" for e in latest)
    for card in [*_cards(tx, changed), *(_staged(tx) if planned else ())]:
        yield Message(workspace.key, CardEdit(target=card.id), card.recipient, f"edit:{card.id}:{mark}", created_at=moment)
    for person in list(dict.fromkeys([workspace.lead, *(e.owner for e in changed), *(e.reviewer for e in changed)]))[:_FEW]:
        yield Message(workspace.key, HomeEdit(), person, f"home:{person}:{mark}", created_at=moment)


def _handed(workspace: Workspace, events: Sequence[Event], entries: dict[str, Entry]) -> Iterator[Message]:
    """One message for each new owner, however many slots an act handed to them."""
    groups: dict[tuple[str, str, str], list[Event]] = {}
    for event in events:
        groups.setdefault((entries[event.slot].owner, event.actor, event.says.by or ""), []).append(event)
    for (owner, by, through), group in groups.items():
        given = [entries[e.slot] for e in group]
        says = Handed(
            edition=workspace.edition,
            enterprise=workspace.profile.get("enterprise", ""),
            slots=tuple(mention(e, "handed", group[0].at.date()) for e in given),
            by=by,
            through=through,
            else_lead=True,
        )
        dedup, keys = f"handed:{given[0].slot.key}:{group[0].seq}", tuple(e.slot.key for e in given)
        yield Message(workspace.key, says, owner, dedup, keys, created_at=group[0].at)


def commented(service: RegisterService, card: Message, text: str, who: Who) -> list[str]:
    """Tell those who handed in what a review card shows what its reviewer says of it; who they are."""
    with service.register.reading(service.workspace) as tx:
        entries = [e for s in card.says.slots if (e := tx.entry(s.key)) is not None]
    people = [p for p in dict.fromkeys(p for e in entries for p in (*e.state.submitters, e.owner)) if p != who.actor]
    for person in people:
        noted(service, [e.slot.key for e in entries], person, text, who)
    return people


def noted(service: RegisterService, slots: Sequence[str], person: str, text: str, who: Who) -> None:
    """Tell somebody what another says of some slots (keys), in the thread where they were last asked for the first."""
    with service.register.writing(service.workspace) as tx:
        entries = [e for key in slots if (e := tx.entry(key)) is not None]
        told = tuple(mention(e, "comment", service.day(who.at)) for e in entries)
        place = thread_of(tx, entries[0].slot.key, person) if entries else {}
        says = Comment(slots=told, by=who.actor, text=text, **place)
        dedup = f"comment:{who.event_id or who.at.isoformat()}:{person}"
        tx.enqueue(Message(service.workspace, says, person, dedup, tuple(slots), created_at=who.at))


def to_reader(service: RegisterService, entry: Entry, pieces: Sequence[Piece], who: Who) -> bool:
    """Put what waits for a review before somebody who looks at it, with its files, once; False when they have it."""
    with service.register.writing(service.workspace) as tx:
        workspace = tx.workspace()
        if workspace is None or card_of(tx, entry, who.actor) is not None:
            return False
        files = list({(p.sha256, p.name): None for p in pieces if p.kind == "file"})
        for message in card_with_files(tx, workspace, [entry], who.actor, None, files):
            tx.enqueue(message)
    return True


def _cards(tx: RegisterReader, changed: Sequence[Entry]) -> list[Message]:
    """The cards that show any of these slots, each once."""
    if len(changed) <= _FEW:
        found = [m for e in changed for m in tx.messages(slot=e.slot.key, limit=_OLD)]
    else:
        keys = {e.slot.key for e in changed}
        found = [m for kind in CARDS for m in tx.messages(kind=kind, limit=_ALL) if keys & set(m.slots)]
    return list({m.id: m for m in found if m.kind in CARDS and m.state not in ("failed", "dropped")}.values())


def _staged(tx: RegisterReader) -> list[Message]:
    """The cards of staged editions: another edition may be in force now."""
    return [m for m in tx.messages(kind="staged", limit=_FEW) if m.state not in ("failed", "dropped")]
