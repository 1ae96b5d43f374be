"""The tables of conversations, beside those of the register; every one carries the workspace (``team``).

What must be known of a table elsewhere stands in its ``info``: ``person`` is the column that says whose row it is (erasing), ``term``
the column from which its age counts when what is only kept for a while is forgotten, ``open`` the state in which a row is still at work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.adapters.sql.tables import Base


class JobRow(Base):
    """What came from Slack, by Slack's id of it. An open one is held by ``worker`` until ``lease_until``."""

    __tablename__ = "slack_jobs"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    team: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    lane: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(8))
    worker: Mapped[str]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    at: Mapped[datetime]
    __table_args__ = (
        Index("slack_jobs_key", "team", "key", unique=True),
        Index("slack_jobs_open", "state", "lease_until"),
        Index("slack_jobs_lane", "team", "lane", "state"),
        {"info": {"term": "at", "open": "open"}},
    )


class ThreadRow(Base):
    """A thread in which the app takes part."""

    __tablename__ = "slack_threads"
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    ts: Mapped[str] = mapped_column(String(40), primary_key=True)
    asker: Mapped[str] = mapped_column(String(40))
    stopped: Mapped[bool]
    at: Mapped[datetime]
    __table_args__ = {"info": {"person": "asker", "term": "at"}}  # noqa: RUF012  SQLAlchemy reads it so


class ExchangeRow(Base):
    """A question and its answer."""

    __tablename__ = "slack_exchanges"
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    thread: Mapped[str] = mapped_column(String(40))
    asker: Mapped[str] = mapped_column(String(40))
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    __table_args__ = (Index("slack_exchanges_of_thread", "team", "channel", "thread", "at"), {"info": {"person": "asker", "term": "at"}})


class PostRow(Base):
    """A post that was begun, and where it stands once that is known."""

    __tablename__ = "slack_posts"
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40))
    ts: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    __table_args__ = {"info": {"term": "at"}}  # noqa: RUF012  SQLAlchemy reads it so


class EnquiryRow(Base):
    """A question handed on to the compliance lead."""

    __tablename__ = "slack_enquiries"
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    asker: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    thread: Mapped[str] = mapped_column(String(40))
    question: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str]
    answered_by: Mapped[str] = mapped_column(String(40))
    answered_at: Mapped[datetime | None]
    __table_args__ = {"info": {"person": "asker", "term": "at"}}  # noqa: RUF012  SQLAlchemy reads it so


class DirectRow(Base):
    """The newest message seen in a direct message channel."""

    __tablename__ = "slack_directs"
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    ts: Mapped[str] = mapped_column(String(40))


class KeptRow(Base):
    """A small thing kept by key for one person (Slack's id of them); without ``at`` it is never forgotten."""

    __tablename__ = "slack_kept"
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    person: Mapped[str] = mapped_column(String(40))
    value: Mapped[dict[str, Any]]
    at: Mapped[datetime | None]
    __table_args__ = {"info": {"person": "person", "term": "at"}}  # noqa: RUF012  SQLAlchemy reads it so


class LeftRow(Base):
    """Something said to a person who was not there; gone once they heard it."""

    __tablename__ = "slack_left"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    team: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(320))
    key: Mapped[str] = mapped_column(String(200))
    saying: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    __table_args__ = (Index("slack_left_key", "team", "person", "key", unique=True), {"info": {"person": "person", "term": "at"}})
