"""What people are told in Slack when the register changes, whatever surface changed it: stored with the change, delivered later.

Cards that were sent before are edited in place; reviewers get a card for each submission, owners hear of each decision in the
thread of the digest that asked for it, and whoever a slot is handed to gets it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from assistant.register.acts.delivery import line
from assistant.register.acts.reminding import REMINDED
from assistant.register.acts.service import RegisterService, Who
from assistant.register.facts.events import Event
from assistant.register.facts.happened import Submitted
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Person
from assistant.register.facts.slots import Entry
from assistant.register.ports import Reading, Workspace

CARDS = ("nudge", REMINDED, "drill", "handed", "missing", "edition", "review", "verdict")
"""Kinds whose message shows slots and is edited when they change."""
ROOTS = ("nudge", REMINDED, "drill", "handed", "missing", "edition")
"""Kinds in whose thread an owner hears of decisions."""
_SHOW = frozenset(
    ("submitted", "claimed_na", "accepted", "returned", "withdrawn", "reopened", "snoozed", "reassigned", "due_set", "carried")
)
_FEW = 20
_OLD = 40
_ALL = 500


def announce(tx: Reading, events: Sequence[Event], changed: Sequence[Entry]) -> Iterable[Message]:
    """The messages of one act (a ``journal.Announce``)."""
    workspace = tx.workspace()
    if workspace is None or (events and not any(e.kind in _SHOW for e in events)):
        return
    entries = {e.slot.key: e for e in changed}
    latest = events or list(tx.events(since=workspace.head_seq - 1))
    moment = max(e.at for e in latest)
    for event in events:
        entry = entries.get(event.slot)
        if entry is None:
            continue
        if entry.state.along in {e.slot for e in events}:
            continue  # told with the slot that it goes along with
        if event.kind in ("submitted", "claimed_na"):
            yield from _to_review(tx, workspace, event, entry)
        elif event.kind in ("accepted", "returned", "reopened"):
            yield from _decided(tx, workspace, event, entry)
        elif event.kind == "reassigned" and event.actor != entry.owner:
            yield from _handed(workspace, event, entry)
    if not events:
        yield from _new_reviewers(tx, workspace, changed)
    mark = str(workspace.head_seq)
    planned = any(e.kind == "planned" for e in latest)
    for card in [*_cards(tx, changed), *(_staged(tx) if planned else ())]:
        payload = {"target": card.id}
        yield Message(workspace.key, "edit", card.recipient, f"edit:{card.id}:{mark}", payload, created_at=moment)
    for person in list(dict.fromkeys([workspace.lead, *(e.owner for e in changed), *(e.reviewer for e in changed)]))[:_FEW]:
        yield Message(workspace.key, "home", person, f"home:{person}:{mark}", created_at=moment)


def reviewer_of(entry: Entry, lead: str, people: Iterable[Person]) -> str:
    """Who is to review: the reviewer, the lead or an admin, whoever has not handed it in; the lead when everybody has."""
    able = [entry.reviewer, lead, *(p.id for p in people if p.admin)]
    return next((p for p in able if p and p not in entry.state.submitters), lead)


def _to_review(tx: Reading, workspace: Workspace, event: Event, entry: Entry) -> Iterator[Message]:
    files = [(p.sha256 or "", p.name or "") for p in event.says.pieces if p.kind == "file"] if isinstance(event.says, Submitted) else []
    yield from _review(tx, workspace, entry, event, files)


def _review(tx: Reading, workspace: Workspace, entry: Entry, event: Event | None, files: Sequence[tuple[str, str]]) -> Iterator[Message]:
    state = entry.state
    added = event is not None and isinstance(event.says, Submitted) and event.says.adds
    reviewer = reviewer_of(entry, workspace.lead, tx.people().values())
    at = state.submitted_at
    day = at.date() if at else entry.planned_on
    card = Message(
        workspace=workspace.key,
        kind="review",
        recipient=reviewer,
        dedup=f"review:{entry.slot.key}:{state.version}:{reviewer}" + (f":{state.given[:12]}" if added else ""),
        payload={
            "slots": [line(entry, "review", day)],
            "version": state.version,
            "by": list(state.submitters),
            "at": at.isoformat() if at else "",
            "claim": state.reason if state.claim == "not_applicable" else "",
            "files": len(files),
            "else_lead": True,
        },
        slots=(entry.slot.key,),
        created_at=event.at if event else at,
    )
    yield card
    after = card.created_at + timedelta(milliseconds=1) if card.created_at else None
    for sha256, name in files:
        payload = {"card": card.id, "sha256": sha256, "name": name, "slot": entry.slot.id}
        yield Message(workspace.key, "file", reviewer, f"file:{card.id}:{sha256}", payload, created_at=after)


def _new_reviewers(tx: Reading, workspace: Workspace, changed: Sequence[Entry]) -> Iterator[Message]:
    """What waits for a review goes to whoever reviews it now; the dedup key keeps it from those who have it."""
    waiting = [e for e in changed if e.planned and e.state.name == "submitted"]
    for entry in waiting:
        given = [p for p in tx.pieces([entry.slot.key]) if p.version == entry.state.version and p.kind == "file"]
        yield from _review(tx, workspace, entry, None, [(p.sha256, p.name) for p in given])


def _decided(tx: Reading, workspace: Workspace, event: Event, entry: Entry) -> Iterator[Message]:
    claim = entry.state.claim == "not_applicable"
    name = "returned" if event.kind in ("returned", "reopened") else "claim_accepted" if claim else "accepted"
    for person in dict.fromkeys((entry.owner, *entry.state.submitters)):
        if person == event.actor:
            continue
        payload = {
            "slots": [line(entry, "verdict", event.at.date())],
            "verdict": name,
            "by": event.actor,
            "reason": getattr(event.says, "reason", None) or "",
            **thread_of(tx, entry.slot.key, person),
        }
        dedup = f"verdict:{entry.slot.key}:{event.seq}:{person}"
        yield Message(workspace.key, "verdict", person, dedup, payload, slots=(entry.slot.key,), created_at=event.at)


def _handed(workspace: Workspace, event: Event, entry: Entry) -> Iterator[Message]:
    payload = {
        "edition": workspace.edition,
        "enterprise": workspace.profile.get("enterprise", ""),
        "slots": [line(entry, "handed", event.at.date())],
        "by": event.actor,
        "else_lead": True,
    }
    dedup = f"handed:{entry.slot.key}:{event.seq}"
    yield Message(workspace.key, "handed", entry.owner, dedup, payload, slots=(entry.slot.key,), created_at=event.at)


def thread_of(tx: Reading, slot: str, person: str) -> dict[str, str]:
    """Where a person was last asked for a slot: channel and thread; nothing when they never were."""
    for message in tx.messages(slot=slot, recipient=person, limit=_OLD):
        if message.kind in ROOTS and message.state == "sent" and message.receipt.get("ts"):
            return {"channel": message.receipt["channel"], "thread": message.payload.get("thread") or message.receipt["ts"]}
    return {}


def commented(service: RegisterService, card: Message, text: str, who: Who) -> list[str]:
    """Tell those who handed in what a review card shows what its reviewer says of it; who they are."""
    with service.register.reading(service.workspace) as tx:
        entries = [e for s in card.payload["slots"] if (e := tx.entry(s["key"])) is not None]
    people = [p for p in dict.fromkeys(p for e in entries for p in (*e.state.submitters, e.owner)) if p != who.actor]
    for person in people:
        noted(service, [e.slot.key for e in entries], person, text, who)
    return people


def noted(service: RegisterService, slots: Sequence[str], person: str, text: str, who: Who) -> None:
    """Tell somebody what another says of some slots (keys), in the thread where they were last asked for the first."""
    with service.register.writing(service.workspace) as tx:
        entries = [e for key in slots if (e := tx.entry(key)) is not None]
        payload = {
            "slots": [line(e, "comment", service.day(who.at)) for e in entries],
            "by": who.actor,
            "text": text,
            **(thread_of(tx, entries[0].slot.key, person) if entries else {}),
        }
        dedup = f"comment:{who.event_id or who.at.isoformat()}:{person}"
        tx.enqueue(Message(service.workspace, "comment", person, dedup, payload, tuple(slots), created_at=who.at))


def _cards(tx: Reading, changed: Sequence[Entry]) -> list[Message]:
    """The cards that show any of these slots, each once."""
    if len(changed) <= _FEW:
        found = [m for e in changed for m in tx.messages(slot=e.slot.key, limit=_OLD)]
    else:
        keys = {e.slot.key for e in changed}
        found = [m for kind in CARDS for m in tx.messages(kind=kind, limit=_ALL) if keys & set(m.slots)]
    return list({m.id: m for m in found if m.kind in CARDS and m.state not in ("failed", "dropped")}.values())


def _staged(tx: Reading) -> list[Message]:
    """The cards of staged editions: another edition may be in force now."""
    return [m for m in tx.messages(kind="staged", limit=_FEW) if m.state not in ("failed", "dropped")]
