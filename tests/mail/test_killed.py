"""Workers that mail, killed with SIGKILL at every kind of moment over a server that fails: every letter is in its mailbox once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.adapters.journal import Journal
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailServer
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.guide import Guide
from assistant.register.acts.telling.delivery import Courier
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.settings import Settings
from tests.mail.office import mail_office
from tests.register.company import START, company, part_of
from tests.register.workers import Doomed, ended, forked

pytestmark = pytest.mark.thorough
RULES = Policy(cap=1, lease_seconds=60, attempts=50)  # every kill counts as an attempt
CLAUSES = ("24(1)", "24(2)", "24(3)", "24(4)")


def test_killed_over_a_server_that_fails(guide: Guide, tmp_path: Path) -> None:
    """Day after day, a fault in every third letter and a kill in most rounds; in the end nothing is lost and nothing is there twice."""
    chance = random.Random(3)
    register = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    rows = [Assignment("clause", clause, owner=f"o{n}@example.cn") for n, clause in enumerate(CLAUSES)]
    service = company(part_of(guide, "24"), register=register, policy=RULES, owners=rows)
    wall, day, killed = datetime(2026, 6, 1, tzinfo=UTC), START, 0
    with mail_office() as office:

        def round_(name: str, steps: int, moment: datetime, clock: datetime) -> bool:
            """One worker's round in a process of its own; whether it was killed."""

            def work() -> None:
                assert isinstance(register, SqlRegister)
                register.engine.dispose(close=False)
                found = MailServer.of(Settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{office.port}?from=aeo@example.cn")))
                assert found is not None
                way = MailNotifier(found, register, Journal(tmp_path / "mailed.txt"), lambda: RULES, "zh")
                left = [steps]
                ports = (Doomed(register, left), Doomed(way, left)) if steps else (register, way)
                Courier(*ports, RULES, lambda: clock, name).run(moment)

            return ended(forked(work))

        for _ in range(6):
            day += timedelta(days=1)
            for number in range(4):
                wall += timedelta(hours=2)
                office.faults = [chance.choice(("after", "before", "450"))] if chance.random() < 0.4 else []
                steps = chance.randint(1, 90) if number < 3 else 0
                killed += round_(f"w{wall.timestamp()}", steps, day, wall)
        office.faults = []
        for number in range(3):
            wall += timedelta(hours=2)
            round_(f"calm{number}", 0, day + timedelta(minutes=number), wall)
        with register.reading(service.workspace) as tx:
            stored = {m.id: m.state for m in tx.messages(limit=500)}
        arrived = [mark.strip("<>").partition("@")[0] for mark in office.arrived]
        assert set(stored.values()) <= {"sent", "dropped"}
        assert {m for m, state in stored.items() if state == "sent"} == set(arrived)
        assert len(arrived) == len(set(arrived))
        assert killed > 5
    assert service.verify()[1] == []
    register.close()
