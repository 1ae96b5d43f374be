"""What somebody with the database does to messages: a letter told otherwise than it went out, invented, or removed is named by verifying."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.adapters.sql.erase import forget
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.outbox import Receipt
from assistant.register.facts.people import Assignment
from tests.register.company import START, Clock, Postbox, company, courier, part_of

pytestmark = pytest.mark.thorough


@pytest.fixture
def service(guide: Guide, tmp_path: Path) -> Iterator[RegisterService]:
    """Wang was reminded of item 24; Li's reminder could not be delivered."""
    store = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    owners = [Assignment("all", "*", owner="wang"), Assignment("clause", "24(1)", owner="li")]
    made = company(part_of(guide, "24"), register=store, owners=owners)
    courier(made, Postbox([Receipt("failed", detail="user_disabled")])).run(START)
    assert made.verify() == (made.verify()[0], [])
    yield made
    store.close()


def by_hand(service: RegisterService, statement: str) -> None:
    """A change behind the product's back."""
    assert isinstance(service.register, SqlRegister)
    with service.register.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount, statement


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("other words", "UPDATE outbox SET payload = json_set(payload, '$.enterprise', '别的公司') WHERE state = 'sent'"),
        ("another reader", "UPDATE outbox SET recipient = 'mallory' WHERE state = 'sent'"),
        ("told, though it was not", "UPDATE outbox SET state = 'sent' WHERE state = 'failed'"),
        ("not told, though it was", "UPDATE outbox SET state = 'dropped' WHERE state = 'sent'"),
        ("told again", "UPDATE outbox SET state = 'pending' WHERE state = 'sent'"),
        ("removed", "DELETE FROM outbox WHERE state = 'sent'"),
        (
            "an invented reminder",
            "INSERT INTO outbox SELECT 'f' || substr(id, 2), workspace, kind, 'sun', dedup || 'x', payload, 'pending', 0, NULL, '', NULL, "
            "created_at, NULL, '{}', '' FROM outbox WHERE kind = 'nudge' AND state = 'sent'",
        ),
        ("an invented kind", "UPDATE outbox SET kind = 'nonsense' WHERE state = 'sent'"),
    ],
)
def test_a_message_changed_by_hand_is_found(service: RegisterService, what: str, statement: str) -> None:
    """Whom it went to, whether it arrived and what it told stand in the log."""
    by_hand(service, statement)
    assert {d.table for d in service.verify()[1]} == {"outbox"}, what


def test_what_the_product_does_to_messages_is_no_difference(service: RegisterService) -> None:
    """Tried again and delivered, its person taken out, its words forgotten after their term: all of it as the log has it."""
    by_hand(service, "UPDATE outbox SET state = 'pending', not_before = NULL, detail = '' WHERE state = 'failed'")
    assert service.verify()[1] == []
    later = START + timedelta(days=1)
    courier(service, Postbox(), Clock(later)).run(later)
    assert service.verify()[1] == []
    assert isinstance(service.register, SqlRegister)
    forget(service.register, later + timedelta(days=400))
    assert service.verify()[1] == []
