"""The past: what happened to a slot, the whole register as it stood at any moment, and whether the tables agree with the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.register.acts.log.ledger import ledger_of
from assistant.register.acts.log.rights import unlike
from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.happened import Carried, Delivered
from assistant.register.facts.outbox import SILENT, OutboxLine
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Entry, State, slots_digest
from assistant.register.ports import Register, RegisterReader, Workspace
from assistant.register.rules.demands.periods import holds_until
from assistant.register.rules.evidence.telling import ToldRegister
from assistant.register.rules.people.due import RULE, charged_on, due_on
from assistant.register.rules.people.in_charge import held_by

Table = Literal[
    "states",
    "pieces",
    "due",
    "owners",
    "accepted",
    "assignments",
    "people",
    "absences",
    "lead",
    "plan",
    "file",
    "altered",
    "bytes",
    "workspace",
    "outbox",
]


class Divergence(NamedTuple):
    """Something that stands otherwise in a table than the log tells it: which table, and what in it."""

    table: Table
    where: str


def life_of(events: Callable[..., Iterable[Event]], key: str, until: datetime | None = None) -> list[Event]:
    """What happened to a slot, and before an edition gave it this key, to the slots from which its state came; in order."""
    found: dict[int, Event] = {}
    open_ = [key]
    seen: set[str] = set()
    while open_:
        one = open_.pop()
        seen.add(one)
        for event in events(one, until=until):
            found[event.seq] = event
            if isinstance(event.says, Carried):
                open_ += [k for k in (event.says.source, *event.says.also) if k not in seen]
    return [found[seq] for seq in sorted(found)]


def standing(entries: Iterable[Entry], told: ToldRegister) -> list[Entry]:
    """The entries as a log (up to a moment) leaves them; slots not planned by then are left out."""
    return [
        replace(e, state=told.states.get(e.slot.key, State()), planned=True, settled_by="", next_ask=None, escalate_at=None)
        for e in entries
        if e.slot.key in told.planned
    ]


def differences(
    tx: RegisterReader, entries: Sequence[Entry], told: ToldRegister, zone: ZoneInfo, now: datetime | None = None
) -> list[Divergence]:
    """What the tables say otherwise than the log (there should be nothing)."""
    workspace = tx.workspace()
    lead = workspace.lead if workspace else ""
    found = list(_slots(entries, told, lead, zone))
    found += [Divergence("pieces", key) for key in _pieces(tx.pieces(), told)]
    ids = {e.slot.key: e.slot.id for e in entries}
    found = [d._replace(where=ids.get(d.where, d.where)) for d in found]
    named = {d.where for d in found if d.table == "states"}
    found += [Divergence("states", slot) for slot in tx.crooked() if slot not in named]
    if told.lead and told.lead != lead:
        found.append(Divergence("lead", lead))
    if workspace is not None and told.profile:
        pairs = (("edition", workspace.edition, told.edition), ("profile", workspace.profile, told.profile))
        found += [Divergence("workspace", name) for name, here, there in pairs if here != there]
        found += [Divergence("workspace", "holds_until")] if now is not None and _held_back(workspace, told, now.astimezone(zone)) else []
    if told.slots is not None and told.slots != slots_digest(e.slot for e in entries if e.planned):
        found.append(Divergence("plan", workspace.edition if workspace else ""))
    if told.places_known:
        stored = {(a.level, a.target): a for a in tx.assignments()}
        found += [Divergence("assignments", f"{level} {target}") for level, target in _unlike(stored, told.assignments)]
    absences = {(a.person, a.start): a for a in tx.absences()}
    found += [Divergence("absences", f"{person} {start}") for person, start in _unlike(absences, told.absences)]
    found += [Divergence("people", who) for who in _people(tx.people(), told)]
    found += [Divergence("outbox", called) for called in _untold(tx.outbox(), told)]
    return found


def _held_back(workspace: Workspace, told: ToldRegister, now: datetime) -> bool:
    """Whether the plan would be looked at again only after the next day on which it may change."""
    until = workspace.holds_until
    return until is not None and until > holds_until(now.date(), Profile.model_validate(told.profile))


def alike(stored: State, told: State) -> bool:
    """Whether a stored state is what the log tells, people in any spelling."""

    def essence(state: State) -> tuple[object, ...]:
        submission = (state.version, state.given, state.claim, state.submitted_at, state.expires_on)
        return (state.name, *submission, state.accepted_version, state.due)

    return essence(stored) == essence(told)


def as_told(entries: Iterable[Entry], told: ToldRegister, zone: ZoneInfo) -> list[Entry]:
    """The entries with the states that the log tells now; with people in charge and due dates too, unless an early version wrote it."""
    assignments = list(told.assignments.values())
    return [_as_told(e, told, assignments, told.lead, zone) for e in entries]


def readably_told(register: Register, tx: RegisterReader, entries: Iterable[Entry], zone: ZoneInfo) -> list[Entry]:
    """Entries as the log tells them; as they are stored where it cannot be read (``verify`` says so)."""
    found = list(entries)
    try:
        return as_told(found, ledger_of(register).told(tx, zone), zone)
    except RegisterError:
        return found


def _as_told(e: Entry, told: ToldRegister, assignments: Sequence[Assignment], lead: str, zone: ZoneInfo) -> Entry:
    """``lead``: who has what nobody else has; empty for a log that does not say."""
    rightly = replace(e, state=told.states.get(e.slot.key, State()))
    if e.slot.key not in told.planned:
        return rightly
    if told.places_known and lead:
        rightly = held_by(rightly, assignments, lead)
    if told.due_days is None or told.due_rule != RULE:
        return rightly
    since = charged_on(rightly, told.first.get(e.slot.key, e.planned_on or date.min), assignments, zone)
    return replace(rightly, due=due_on(rightly, since, told.due_days))


def disagreeing(entries: Iterable[Entry], told: ToldRegister) -> set[str]:
    """Keys of the slots whose state, or whose acceptance, is not what the log tells: no paper may use them."""
    return {e.slot.key for e in entries if e.state != told.states.get(e.slot.key, State())} | set(told.unseen)


def _slots(entries: Iterable[Entry], told: ToldRegister, lead: str, zone: ZoneInfo) -> Iterator[Divergence]:
    assignments = list(told.assignments.values())
    for e in entries:
        key = e.slot.key
        if e.state != told.states.get(key, State()) or e.planned != (key in told.planned):
            yield Divergence("states", key)
        if key in told.unseen:
            yield Divergence("accepted", key)
        rightly = _as_told(e, told, assignments, lead, zone)
        if e.planned and e.due != rightly.due:
            yield Divergence("due", key)
        if e.planned and (rightly.owner, rightly.reviewer, rightly.held) != (e.owner, e.reviewer, e.held):
            yield Divergence("owners", key)


def _pieces(stored: Iterable[Piece], told: ToldRegister) -> list[str]:
    by_slot: dict[str, list[Piece]] = {}
    for piece in stored:
        by_slot.setdefault(piece.slot, []).append(piece)
    return [key for key in by_slot | told.pieces if by_slot.get(key, []) != told.pieces.get(key, [])]


def _unlike(stored: dict[Any, Any], told: dict[Any, Any]) -> list[Any]:
    return [key for key in stored | told if stored.get(key) != told.get(key)]


def _people(stored: dict[str, Person], told: ToldRegister) -> Iterator[str]:
    for who in stored | told.people:
        if unlike(stored.get(who, Person(who)), told):
            yield who


def _untold(stored: Iterable[OutboxLine], told: ToldRegister) -> Iterator[str]:
    """Messages that were told otherwise than the log has it, or of which it knows nothing, and those that are gone."""
    gone = {i: f"{said.recipient} {i[:8]}" for i, said in told.messages.items() if said.words}
    for line in stored:
        gone.pop(line.id, None)
        said = told.messages.get(line.id)
        if line.kind not in SILENT and not (_unsent(line, told) if said is None else _as_said(line, said, told.erased)):
            yield line.called
    yield from gone.values()


def _unsent(line: OutboxLine, told: ToldRegister) -> bool:
    """Whether a message that the log does not tell of waits or was given up, and a reminder was decided on."""
    return line.state not in ("sent", "failed") and (line.kind != "nudge" or line.id in told.reminders)


def _as_said(line: OutboxLine, said: Delivered, erased: Set[str]) -> bool:
    """Whether a message stands as it was told, but for who was taken out of it; one that could not be delivered may be tried again."""
    same = (line.kind, line.recipient, line.state == "sent") == (said.kind, said.recipient, said.named == "delivered")
    kept = not said.words or not line.says or line.words == said.words or any(token in line.says for token in erased)
    return same and kept
