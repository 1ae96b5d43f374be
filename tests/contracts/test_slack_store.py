"""What the Slack app remembers: one body for the memory twin, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.register import make_engine
from assistant.adapters.sql.tables import Base
from assistant.answers.answer import Answer, Citation
from assistant.conversation.chat import Button, ChatItem, ChatQuote, Choice, Member, Option, Saying
from assistant.conversation.ports import Enquiry, Exchange, Job, Sent, Store, Thread
from tests.contracts.conftest import new_database, new_file
from tests.twins.conversation import MemoryStore

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LEASE = NOW + timedelta(seconds=30)
T = "T1"


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty memory of each kind."""
    made: MemoryStore | SqlStore
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = SqlStore(make_engine(new_file(tmp_path)))
    else:
        made = SqlStore(make_engine(new_database(request.getfixturevalue("postgres"))))
    yield made
    made.close()


def job(key: str, team: str = T, lane: str = "", at: datetime = NOW) -> Job:
    return Job(team, key, "post", {"text": "问"}, lane, 1, at)


def test_a_job_is_kept_once(store: Store) -> None:
    """The same key is one job, in its own workspace only, also after it is over."""
    assert store.add(job("a"), "w1", LEASE)
    assert not store.add(job("a"), "w2", LEASE)
    assert store.add(job("a", team="T2"), "w1", LEASE)
    assert (store.known(T, "a"), store.known(T, "b")) == (True, False)
    store.finish(job("a"), "done")
    assert not store.add(job("a"), "w1", LEASE)


def test_a_dead_workers_job_is_taken_once(store: Store) -> None:
    """Nobody takes a job within its lease; after it one worker does, with one attempt more and the whole payload."""
    store.add(job("a"), "w1", LEASE)
    assert store.take("w2", NOW + timedelta(seconds=29), LEASE) == []
    later = LEASE + timedelta(seconds=1)
    (taken,) = store.take("w2", later, later + timedelta(seconds=30))
    assert taken == replace(job("a"), attempts=2)
    assert store.take("w3", later, later + timedelta(seconds=30)) == []


def test_a_living_worker_keeps_its_jobs(store: Store) -> None:
    """A renewed lease holds; a job that another worker took over is not renewed by the first."""
    store.add(job("a"), "w1", LEASE)
    store.renew([job("a")], "w1", LEASE + timedelta(seconds=30))
    assert store.take("w2", LEASE + timedelta(seconds=1), LEASE) == []
    assert len(store.take("w2", LEASE + timedelta(seconds=31), LEASE + timedelta(seconds=60))) == 1
    store.renew([job("a")], "w1", LEASE + timedelta(days=1))
    assert len(store.take("w3", LEASE + timedelta(seconds=61), LEASE + timedelta(days=2))) == 1


def test_a_job_put_off_comes_back_with_its_attempts(store: Store) -> None:
    """Putting off is no attempt; what is over never comes back, and its payload is gone."""
    store.add(job("a"), "w1", LEASE)
    store.put_off(replace(job("a"), attempts=3), NOW + timedelta(seconds=5))
    assert store.take("w1", NOW + timedelta(seconds=4), LEASE) == []
    (taken,) = store.take("w1", NOW + timedelta(seconds=6), LEASE)
    assert taken.attempts == 3
    store.finish(taken, "done")
    assert store.take("w1", NOW + timedelta(days=9), NOW + timedelta(days=10)) == []


def test_a_lane_knows_what_comes_before(store: Store) -> None:
    """A job waits for the open ones of its lane that came earlier, in its workspace."""
    for key, team, lane in (("a", T, "x"), ("b", T, "x"), ("c", T, "y"), ("d", "T2", "x")):
        store.add(job(key, team, lane), "w1", LEASE)
    assert [store.before(job(k, t, lane)) for k, t, lane in (("a", T, "x"), ("b", T, "x"), ("c", T, "y"), ("d", "T2", "x"))] == [
        False, True, False, False,
    ]  # fmt: skip
    store.finish(job("a", lane="x"), "done")
    assert not store.before(job("b", lane="x"))
    assert store.open_jobs() == (3, NOW)


def test_a_click_is_seen_for_the_first_time_once(store: Store) -> None:
    """In each workspace."""
    assert store.first_time(T, "trigger:1", NOW)
    assert not store.first_time(T, "trigger:1", NOW)
    assert store.first_time("T2", "trigger:1", NOW)
    assert store.open_jobs() == (0, None)


def exchange(number: int, team: str = T, thread: str = "1.0") -> Exchange:
    citation = Citation(clause="24(3)", line="24(3)/records/1", kind="records", quote="（1）企业访客出入登记记录。")
    answer = Answer(question=f"问{number}", answered=True, answer="**24(3)**", mode="lookup", edition="2018-177", citations=(citation,))
    return Exchange(team, f"e{number}", "C1", thread, "U1", answer, NOW + timedelta(seconds=number))


def test_a_conversation_is_remembered(store: Store) -> None:
    """The last exchanges of a thread in order, whole; no other thread's and no other workspace's."""
    for number in range(8):
        store.save_exchange(exchange(number))
    store.save_exchange(exchange(20, thread="2.0"))
    store.save_exchange(exchange(3, team="T2"))
    assert store.exchanges(T, "C1", "1.0") == [exchange(n) for n in range(2, 8)]
    assert store.exchanges("T2", "C1", "1.0") == [exchange(3, team="T2")]
    store.save_exchange(replace(exchange(3), asker="U2"))
    assert store.exchange(T, "e3") == replace(exchange(3), asker="U2")
    assert store.exchange("T3", "e3") is None
    assert exchange(3).turn.question == "问3"


def test_threads_are_joined_and_left(store: Store) -> None:
    """A thread's newest word counts; activity is found by channel and time."""
    thread = Thread(T, "C1", "1.0", "U1")
    assert store.thread(T, "C1", "1.0") is None
    store.save_thread(thread, NOW)
    store.save_thread(replace(thread, stopped=True), NOW + timedelta(hours=1))
    assert store.thread(T, "C1", "1.0") == replace(thread, stopped=True)
    assert store.thread("T2", "C1", "1.0") is None
    assert store.threads(T, "C1", NOW) == [replace(thread, stopped=True)]
    assert store.threads(T, "C1", NOW + timedelta(hours=2)) == []


def test_a_post_is_begun_and_ended(store: Store) -> None:
    """Whoever begins second learns what the first one knew."""
    assert store.begin_post(T, "k", "C1", NOW) is None
    assert store.begin_post(T, "k", "C1", NOW) == Sent("C1")
    store.end_post(T, "k", "5.0")
    assert store.begin_post(T, "k", "C1", NOW) == Sent("C1", "5.0")
    assert store.begin_post("T2", "k", "C1", NOW) is None


def test_enquiries_and_direct_messages(store: Store) -> None:
    """A question to the lead keeps its answer; of a direct message channel the newest ts is kept, whatever the order."""
    asked = Enquiry(T, "q1", "U1", "C1", "1.0", "费用多少？", NOW)
    store.save_enquiry(asked)
    later = replace(asked, id="q0", at=NOW + timedelta(seconds=1))
    store.save_enquiry(later)
    store.save_enquiry(replace(asked, team="T2", id="q3"))
    assert store.open_enquiries(T) == [asked, later]
    answered = replace(asked, answer="免费", answered_by="U2", answered_at=NOW)
    store.save_enquiry(answered)
    assert (store.enquiry(T, "q1"), store.enquiry("T2", "q1")) == (answered, None)
    assert store.open_enquiries(T) == [later]
    for channel, ts in (("D1", "1700000002.000100"), ("D1", "1700000001.000100"), ("D2", "1700000003.000100")):
        store.saw(T, channel, ts)
    assert list(store.direct_messages(T).items()) == [("D2", "1700000003.000100"), ("D1", "1700000002.000100")]
    assert store.direct_messages("T2") == {}


def test_small_things_are_kept_by_key(store: Store) -> None:
    """The newest value of a key, in its own workspace only; one with a moment is forgotten in time, one without never is."""
    assert store.kept(T, "home:U1") is None
    store.keep(T, "home:U1", "U1", {"t": "mine"})
    store.keep(T, "home:U1", "U1", {"t": "lead", "p": 2})
    store.keep(T, "pick:1", "U1", {"note": "全年"}, NOW)
    assert (store.kept(T, "home:U1"), store.kept("T2", "home:U1")) == ({"t": "lead", "p": 2}, None)
    assert store.prune(NOW) == 0
    assert store.kept(T, "pick:1") == {"note": "全年"}
    assert store.prune(NOW + timedelta(days=1)) == 1
    assert (store.kept(T, "pick:1"), store.kept(T, "home:U1")) == (None, {"t": "lead", "p": 2})


def test_what_is_left_for_a_person_is_heard_once(store: Store) -> None:
    """Once per key, in its order, whole as it was said, by that person only; heard, it waits no more."""
    option, other = Option("s1", "24(3) 抽查记录（1）", "第24项"), Option("s2", "25(1)")
    said = Saying(
        head=("要紧：", Member("U2")), parts=(("甲", Member("U1")), ChatQuote("原话"), ChatItem(("一项", Member("U3")))), title="一",
        clauses=("24(3)",), edition="x", choice=Choice("for", "哪一项", (option,), ("s1",), (other,)),
        buttons=(Button("a", "好", "v", "danger", "真的？"),), note="附注", bare=True, table=(("项", "数"), ("24", "3")),
    )  # fmt: skip
    for key in ("k2", "k1", "k2"):
        store.leave(T, "U1", key, said.document, NOW)
    store.leave(T, "U2", "k1", Saying().document, NOW)
    store.leave("T2", "U1", "k1", Saying().document, NOW)
    assert [(key, Saying.of(left)) for key, left in store.collect(T, "U1")] == [("k2", said), ("k1", said)]
    assert store.collect(T, "U1") == []
    assert [Saying.of(left) for _, left in store.collect(T, "U2")] == [Saying()]


def test_old_keys_are_forgotten(store: Store) -> None:
    """Finished jobs, clicks and posts from before a moment; never an open job."""
    store.add(job("open"), "w", LEASE)
    store.add(job("done"), "w", LEASE)
    store.finish(job("done"), "done")
    store.first_time(T, "trigger:1", NOW)
    store.begin_post(T, "k", "C1", NOW)
    assert store.prune(NOW) == 0
    assert store.prune(NOW + timedelta(days=1)) == 3
    assert store.known(T, "open")


def test_tables_are_what_the_migration_makes(tmp_path: Path) -> None:
    """Every column of every table, and nothing else."""
    engine = make_engine(new_file(tmp_path))
    there = [table for table in Base.metadata.sorted_tables if table.name.startswith("slack_")]
    assert len(there) > 6
    for table in there:
        made = {c["name"]: c["nullable"] for c in inspect(engine).get_columns(table.name)}
        assert made == {c.name: c.nullable for c in table.columns}
    engine.dispose()
