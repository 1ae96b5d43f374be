"""The lease on what one worker at a time works on: one body for messages and jobs, in memory and in each database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.register import make_engine, open_register
from assistant.conversation.ports import Job, Store
from assistant.register.facts.notices.reviewing import Comment
from assistant.register.facts.outbox import Message
from assistant.register.ports import Register
from tests.contracts.conftest import new_database, new_file
from tests.twins.conversation import MemoryStore
from tests.twins.register import MemoryRegister

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
HELD = timedelta(seconds=30)


class Held(NamedTuple):
    """A thing that waits, as two workers see it."""

    take: Callable[[str, datetime], bool]
    give_back: Callable[[datetime], None]
    settle: Callable[[], None]


def a_message(register: Register) -> Held:
    """A message of the outbox."""
    message = Message("w", Comment(), "wang", "d", not_before=NOW, created_at=NOW)
    with register.writing("w") as tx:
        tx.enqueue(message)

    def take(worker: str, at: datetime) -> bool:
        return any(register.take(m, worker, at, at + HELD) is not None for m in register.waiting(at))

    def mark(**values: object) -> None:
        with register.writing("w") as tx:
            known = tx.message(message.id)
            assert known is not None
            tx.mark(Message(**{**{f: getattr(known, f) for f in Message.__slots__}, "lease_until": None, **values}))

    return Held(take, lambda at: mark(state="pending", not_before=at), lambda: mark(state="sent"))


def a_job(store: Store) -> Held:
    """A job of the chat, that the worker who kept it let go of."""
    job = Job("T1", "k", "post", {}, "", 1, NOW)
    store.add(job, "", NOW)

    def take(worker: str, at: datetime) -> bool:
        return bool(store.take(worker, at, at + HELD))

    return Held(take, lambda at: store.put_off(job, at), lambda: store.finish(job, "done"))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where it is kept; empty: in memory."""
    if request.param == "memory":
        return ""
    return new_file(tmp_path) if request.param == "sqlite" else new_database(request.getfixturevalue("postgres"))


@pytest.fixture(params=["message", "job"])
def held(request: pytest.FixtureRequest, address: str) -> Held:
    """One thing that waits."""
    if request.param == "job":
        return a_job(SqlStore(make_engine(address)) if address else MemoryStore())
    return a_message(open_register(address) if address else MemoryRegister())


def test_one_worker_at_a_time(held: Held) -> None:
    """Taken by one; by another only when the lease is over, and then again by one."""
    assert held.take("a", NOW)
    assert not held.take("b", NOW)
    assert not held.take("b", NOW + HELD - timedelta(seconds=1))
    assert held.take("b", NOW + HELD)
    assert not held.take("a", NOW + HELD)


def test_given_back(held: Held) -> None:
    """What its worker puts off is anybody's from then on, not before."""
    assert held.take("a", NOW)
    held.give_back(NOW + timedelta(seconds=5))
    assert not held.take("b", NOW + timedelta(seconds=4))
    assert held.take("b", NOW + timedelta(seconds=5))


def test_settled(held: Held) -> None:
    """What is over is nobody's any more."""
    assert held.take("a", NOW)
    held.settle()
    assert not held.take("b", NOW + HELD)
