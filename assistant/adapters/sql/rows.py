"""Between the register's words and the rows of its tables."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping

from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.stored import read
from assistant.register.facts.outbox import Arrived, Message
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.slots import Entry, Held, slot_document, slot_of, state_document, state_of
from assistant.register.ports import Workspace

Row = RowMapping


def entry_row(workspace: str, entry: Entry) -> dict[str, Any]:
    """An entry as a row of ``slots``."""
    slot, state, held = entry.slot, entry.state, entry.held
    return {
        "workspace": workspace,
        "key": slot.key,
        "id": slot.id,
        "position": slot.position,
        "part": slot.part,
        "item": slot.item,
        "clause": slot.clause,
        "kind": slot.kind,
        "period": slot.period,
        "opens": slot.begins,
        "applicable": slot.applicable,
        "owed": entry.owed,
        "planned": entry.planned,
        "planned_on": entry.planned_on,
        "due": entry.due,
        "owner": entry.owner,
        "reviewer": entry.reviewer,
        "held_owner": held.owner,
        "held_reviewer": held.reviewer,
        "deputy": held.deputy,
        "deputy_from": held.deputy_from,
        "deputy_until": held.deputy_until,
        "settled_by": entry.settled_by,
        "state": state.name,
        "expires_on": entry.expires_on,
        "asks": state.asks,
        "next_ask": entry.next_ask,
        "escalate_at": entry.escalate_at,
        "slot": slot_document(slot),
        "state_doc": state_document(state),
    }


def entry(row: Row) -> Entry:
    """A row of ``slots`` as an entry."""
    return Entry(
        slot=slot_of(row["slot"]),
        state=state_of(row["state_doc"]),
        held=held(row),
        owner=row["owner"],
        reviewer=row["reviewer"],
        planned=row["planned"],
        planned_on=row["planned_on"],
        due=row["due"],
        settled_by=row["settled_by"],
        next_ask=row["next_ask"],
        escalate_at=row["escalate_at"],
    )


def held(row: Row) -> Held:
    """The people in charge in a row of ``slots``."""
    return Held(row["held_owner"], row["deputy"], row["deputy_from"], row["deputy_until"], row["held_reviewer"])


def event_row(event: Event) -> dict[str, Any]:
    """An event as a row."""
    return {("payload" if f.name == "body" else f.name): getattr(event, f.name) for f in fields(Event)}


def event(row: Row) -> Event:
    """A row as an event."""
    return Event(**{f.name: row["payload" if f.name == "body" else f.name] for f in fields(Event)})


def piece_row(workspace: str, piece: Piece) -> dict[str, Any]:
    """Something handed in, as a row."""
    return {"workspace": workspace, **asdict(piece)}


def piece(row: Row) -> Piece:
    """A row as something handed in."""
    return Piece(**{f.name: row[f.name] for f in fields(Piece)})


def person(row: Row) -> Person:
    """A row as a person."""
    return Person(**{f.name: row[f.name] for f in fields(Person) if f.name != "known_as"}, known_as=tuple(row["known_as"]))


def assignment(row: Row) -> Assignment:
    """A row as an assignment."""
    return Assignment(**{f.name: row[f.name] for f in fields(Assignment)})


def absence(row: Row) -> Absence:
    """A row as an absence."""
    return Absence(**{f.name: row[f.name] for f in fields(Absence)})


def workspace(row: Row) -> Workspace:
    """A row as a workspace."""
    return Workspace(**{f.name: row[f.name] for f in fields(Workspace)})


def message_row(message: Message) -> dict[str, Any]:
    """A message as a row of ``outbox``; its slots have a table of their own."""
    values = {f.name: getattr(message, f.name) for f in fields(Message) if f.name not in ("slots", "says")}
    values["receipt"] = message.receipt.model_dump(exclude_defaults=True)
    return {**values, "id": message.id, "kind": message.kind, "payload": message.says.body()}


def message(row: Row, slots: tuple[str, ...]) -> Message:
    """A row of ``outbox`` with its slots as a message."""
    values = {f.name: row[f.name] for f in fields(Message) if f.name not in ("slots", "says")}
    values["receipt"] = Arrived.model_validate(row["receipt"])
    return Message(**values, says=read(row["kind"], row["payload"]), slots=slots)
