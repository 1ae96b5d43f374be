"""The register's tables, for SQLite and PostgreSQL alike; every one carries the workspace, so that enterprises never mix."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, String, Text, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

WAITING_SQL = "state IN ('pending', 'claimed', 'ambiguous')"


class Moment(TypeDecorator[datetime]):
    """A moment, kept in UTC: with its zone in PostgreSQL, as text that sorts in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; a moment without a zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy calls it so
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the register."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[str]: JSON, str: Text}  # noqa: RUF012  SQLAlchemy reads it so


class WorkspaceRow(Base):
    """One enterprise; the row that its writers lock. A blank edition: not planned yet."""

    __tablename__ = "workspaces"
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    lead: Mapped[str]
    zone: Mapped[str]
    edition: Mapped[str]
    profile: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    holds_until: Mapped[date | None]
    head_seq: Mapped[int]
    head: Mapped[str]


class SlotRow(Base):
    """One slot as it stands: what is owed (``slot``), what became of it (``state_doc``), and what queries need of both."""

    __tablename__ = "slots"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    id: Mapped[str]
    position: Mapped[int]
    part: Mapped[str]
    item: Mapped[str]
    clause: Mapped[str]
    kind: Mapped[str]
    period: Mapped[str]
    opens: Mapped[date | None]
    applicable: Mapped[bool]
    owed: Mapped[bool]
    planned: Mapped[bool]
    planned_on: Mapped[date | None]
    due: Mapped[date | None]
    owner: Mapped[str]
    reviewer: Mapped[str]
    held_owner: Mapped[str]
    held_reviewer: Mapped[str]
    deputy: Mapped[str]
    deputy_from: Mapped[date | None]
    deputy_until: Mapped[date | None]
    settled_by: Mapped[str]
    state: Mapped[str]
    expires_on: Mapped[date | None]
    asks: Mapped[int]
    next_ask: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]
    slot: Mapped[dict[str, Any]]
    state_doc: Mapped[dict[str, Any]]
    __table_args__ = (
        Index("slots_by_id", "workspace", "id"),
        Index("slots_by_clause", "workspace", "clause"),
        Index("slots_to_ask", "next_ask", sqlite_where=text("next_ask IS NOT NULL"), postgresql_where=text("next_ask IS NOT NULL")),
        Index(
            "slots_to_tell", "escalate_at", sqlite_where=text("escalate_at IS NOT NULL"), postgresql_where=text("escalate_at IS NOT NULL")
        ),
        Index("slots_of_owner", "workspace", "owner", "next_ask"),
    )


class EventRow(Base):
    """The log. Triggers refuse every change and every removal."""

    __tablename__ = "events"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    slot: Mapped[str] = mapped_column(String(80))
    actor: Mapped[str]
    origin: Mapped[str] = mapped_column(String(24))
    payload: Mapped[dict[str, Any]]
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("events_of_slot", "workspace", "slot", "seq"),)


class EventSlotRow(Base):
    """Which slots an event lists that concerns several."""

    __tablename__ = "event_slots"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    slot: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PieceRow(Base):
    """What was handed in; files by their hash."""

    __tablename__ = "pieces"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace: Mapped[str] = mapped_column(String(160))
    slot: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    size: Mapped[int]
    type: Mapped[str] = mapped_column(String(16))
    period: Mapped[str]
    valid_until: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (Index("pieces_of_slot", "workspace", "slot"), Index("pieces_by_hash", "sha256"))


class PersonRow(Base):
    """Somebody whom the register asks."""

    __tablename__ = "people"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    name: Mapped[str]
    zone: Mapped[str]
    admin: Mapped[bool]
    address: Mapped[dict[str, Any]]
    nudged_at: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]
    known_as: Mapped[list[str]]
    __table_args__ = {"info": {"person": "id"}}  # noqa: RUF012  SQLAlchemy reads it so


class AssignmentRow(Base):
    """Who is in charge of what."""

    __tablename__ = "assignments"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    level: Mapped[str] = mapped_column(String(10), primary_key=True)
    target: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str]
    deputy: Mapped[str]
    deputy_from: Mapped[date | None]
    deputy_until: Mapped[date | None]
    reviewer: Mapped[str]
    since: Mapped[date | None]


class AbsenceRow(Base):
    """Days on which somebody is not asked."""

    __tablename__ = "absences"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    person: Mapped[str] = mapped_column(String(160), primary_key=True)
    start: Mapped[date] = mapped_column(primary_key=True)
    end: Mapped[date]
    deputy: Mapped[str]
    __table_args__ = {"info": {"person": "person"}}  # noqa: RUF012  SQLAlchemy reads it so


class OutboxRow(Base):
    """Messages to people, until it is known what became of them, and after."""

    __tablename__ = "outbox"
    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(160))
    dedup: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    not_before: Mapped[datetime | None]
    claimed_by: Mapped[str]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any]]
    detail: Mapped[str]
    __table_args__ = (
        Index("outbox_dedup", "workspace", "dedup", unique=True),
        Index("outbox_of_person", "workspace", "recipient", "kind", "created_at"),
        Index("outbox_waiting", "created_at", sqlite_where=text(WAITING_SQL), postgresql_where=text(WAITING_SQL)),
    )


class OutboxSlotRow(Base):
    """Which slots a message speaks of."""

    __tablename__ = "outbox_slots"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    slot: Mapped[str] = mapped_column(String(80), primary_key=True)
    message: Mapped[str] = mapped_column(String(24), primary_key=True)
    __table_args__ = (Index("outbox_slots_of_message", "message"),)


class InboundRow(Base):
    """Events from outside (clicks, posts) that were seen, so that each is acted on once."""

    __tablename__ = "inbound"
    workspace: Mapped[str] = mapped_column(String(160), primary_key=True)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]
