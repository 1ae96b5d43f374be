"""Workers killed with SIGKILL at random points, and four at once: every owner due gets one message, none is lost."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.rules.people.workdays import Window, WorkCalendar
from tests.contracts.conftest import new_database
from tests.register.company import RENEWAL, SHANGHAI, company, part_of
from tests.register.workers import NOW, Slow, delivered, ended, forked, kill_after, run_doomed, run_worker

pytestmark = pytest.mark.thorough

ONE = Policy(cap=1, lease_seconds=60)
CLAUSES = ("24(1)", "24(2)", "24(3)", "24(4)")


def staffed(guide: Guide, address: str, enterprises: int = 1, owners: int = 4) -> list[RegisterService]:
    """Enterprises whose item 24 is spread over several owners, in one database."""
    register = open_register(address)
    rows = [Assignment("clause", c, owner=f"o{n % owners}") for n, c in enumerate(CLAUSES)]
    small = part_of(guide, "24")
    return [
        company(small, RENEWAL.model_copy(update={"enterprise": f"企业{n}"}), register, policy=ONE, owners=rows) for n in range(enterprises)
    ]


def campaign(guide: Guide, address: str, journal: Path, kills: int, seed: int) -> int:
    """Kill workers at random until ``kills`` were killed at work, day after working day; then check every promise."""
    random.seed(seed)
    services = staffed(guide, address)
    service, window = services[0], Window(ONE, WorkCalendar())
    register = service.register
    assert isinstance(register, SqlRegister)
    killed, day, wall, expected = 0, NOW + timedelta(hours=2), NOW, Counter[str]()
    while killed < kills:
        day += timedelta(days=1)
        if not window.open(day, SHANGHAI):
            continue
        wanted = {d.recipient for d in service.preview(day).digests}
        assert wanted
        doomed = True
        while True:
            wall += timedelta(seconds=61)
            name = f"w{wall.timestamp()}"
            if doomed and random.random() < 0.5:
                steps = random.randint(1, 150)
                died = ended(forked(lambda n=name, w=wall, s=steps, d=day: run_doomed(register, journal, ONE, d, n, w, s)))  # type: ignore[misc]
            else:
                child = forked(lambda n=name, w=wall, d=day: run_worker(register, journal, ONE, d, n, w))  # type: ignore[misc]
                died = kill_after(child, random.uniform(0.0, 0.05)) if doomed else ended(child)
            killed += died
            if not died and not doomed:
                break
            doomed = died and killed < kills
        expected.update(wanted)
    with service.register.reading(service.workspace) as tx:
        messages = tx.messages(limit=10_000)
        asked = [e for e in tx.events() if e.kind == "asked"]
        told = [e for e in tx.events() if e.kind == "delivered"]
    got = delivered(journal)
    assert set(got.values()) == {1}, "a message was delivered twice"
    assert {m.state for m in messages} == {"sent"}
    assert set(got) == {m.id for m in messages}
    per_day = Counter((m.recipient, m.dedup) for m in messages)
    assert set(per_day.values()) == {1}
    assert Counter(m.recipient for m in messages) == expected, "somebody due was not asked, or asked too often"
    assert [e.body["message"] for e in asked] == [e.body["message"] for e in sorted(asked, key=lambda e: e.seq)]
    assert Counter(e.body["message"] for e in told) == Counter(e.body["message"] for e in asked) == got
    chain, wrong = service.verify()
    assert chain.intact
    assert wrong == []
    return killed


def test_killed_ten_times(guide: Guide, tmp_path: Path) -> None:
    """SIGKILL at ten random moments and steps of real processes on SQLite (short form)."""
    assert campaign(guide, f"sqlite:///{tmp_path}/register.sqlite3", tmp_path / "journal", 10, seed=20260601) >= 10


@pytest.mark.slow
def test_killed_a_hundred_times(guide: Guide, tmp_path: Path) -> None:
    """The long form: a hundred times."""
    assert campaign(guide, f"sqlite:///{tmp_path}/register.sqlite3", tmp_path / "journal", 100, seed=20260601) >= 100


@pytest.mark.slow
def test_killed_a_thousand_times(guide: Guide, tmp_path: Path, postgres: str) -> None:
    """A thousand times on SQLite and three hundred on PostgreSQL."""
    assert campaign(guide, f"sqlite:///{tmp_path}/register.sqlite3", tmp_path / "journal", 1000, seed=1) >= 1000
    assert campaign(guide, new_database(postgres), tmp_path / "journal2", 300, seed=2) >= 300


def four_at_once(guide: Guide, address: str, journal: Path, enterprises: int, rounds: int, kills: bool) -> None:
    services = staffed(guide, address, enterprises)
    register = services[0].register
    assert isinstance(register, SqlRegister)
    day, wall = NOW + timedelta(hours=2), NOW

    def work(name: str) -> None:
        from assistant.register.acts.telling.delivery import Courier

        register.engine.dispose(close=False)
        Courier(register, Slow(journal), ONE, lambda: wall, name).run(day)

    total = 0
    for number in range(rounds):
        wanted = sum(len(s.preview(day).digests) for s in services)
        if kills:
            for child in [forked(lambda n=n: work(f"k{number}.{n}")) for n in range(4)]:  # type: ignore[misc]  # noqa: B023
                kill_after(child, random.uniform(0.0, 0.1))
            wall += timedelta(seconds=61)
        for child in [forked(lambda n=n: work(f"w{number}.{n}")) for n in range(4)]:  # type: ignore[misc]  # noqa: B023
            assert not ended(child)
        total += wanted
        wall += timedelta(seconds=61)
        day += timedelta(days=1)
    got = delivered(journal)
    assert set(got.values()) == {1}
    assert len(got) == total
    for service in services:
        assert service.verify()[0].intact
    assert register.waiting(wall + timedelta(days=1)) == []


def test_four_workers(guide: Guide, tmp_path: Path, postgres: str) -> None:
    """Four processes at once on one PostgreSQL, five enterprises, two days: each owner one message a day."""
    four_at_once(guide, new_database(postgres), tmp_path / "journal", 5, 2, kills=False)


def test_four_workers_killed(guide: Guide, tmp_path: Path, postgres: str) -> None:
    """The same with workers killed in between."""
    four_at_once(guide, new_database(postgres), tmp_path / "journal", 2, 2, kills=True)


def test_four_workers_sqlite(guide: Guide, tmp_path: Path) -> None:
    """Four processes at once on one SQLite file."""
    four_at_once(guide, f"sqlite:///{tmp_path}/register.sqlite3", tmp_path / "journal", 3, 1, kills=False)
