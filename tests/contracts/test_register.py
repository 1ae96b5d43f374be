"""What every store behind the register promises."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.guide import Guide
from assistant.register.acts.log.history import differences
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.events import Draft, check
from assistant.register.facts.handed_in import WHOLE, Piece
from assistant.register.facts.happened import DueSet
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.notices.reviewing import Comment
from assistant.register.facts.notices.stored import read
from assistant.register.facts.outbox import Arrived, Message, MessageState
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.profile import Scope
from assistant.register.ports import WITH_WITHDRAWN, Filter, Register, Workspace
from assistant.register.rules.evidence.telling import tell
from tests.register.company import LINK, RENEWAL, SHANGHAI, START, Postbox, company, courier, part_of, who

pytestmark = pytest.mark.thorough

TODAY = START.date()


@pytest.fixture
def busy(guide: Guide, register: Register) -> RegisterService:
    """A company with something of everything."""
    rows = [
        Assignment("item", "24", owner="王五", reviewer="li", deputy="deng", deputy_from=date(2026, 7, 1)),
        Assignment("part", "一", owner="zhang"),
    ]
    service = company(part_of(guide, "1", "14", "24", "28"), register=register, owners=rows)
    service.submit(
        "24(3)/records/1@2024", [LINK, Piece("note", text="说明 'x' \" ; -- %"), replace(LINK, valid_until=date(2026, 6, 20))], who("王五")
    )
    service.accept("24(3)/records/1@2024", who("li"), seen=WHOLE)
    service.submit("24(3)/records/2@2024", [LINK], who("王五"))
    service.give_back("24(3)/records/2@2024", "缺", who("li"))
    service.claim_na("24(3)/records/3@2024", "无", who("王五"))
    service.accept("24(3)/records/3@2024", who("li"), seen=WHOLE)
    service.submit("14/documents/1", [LINK], who("lead"))
    service.snooze("1(1)/situation", date(2026, 6, 9), who("zhang"))
    Owners(service).away(Absence("zhang", date(2026, 6, 1), date(2026, 6, 3)), who())
    service.sync(part_of(guide, "1", "14", "24"), RENEWAL, who())
    return service


def test_round_trip(guide: Guide, busy: RegisterService, register: Register) -> None:
    """What is stored comes back the same, and the same acts leave the same entries in every store."""
    twin = company(part_of(guide, "24"))
    with busy.register.reading(busy.workspace) as tx:
        entries = tx.entries(TODAY, WITH_WITHDRAWN)
        assert [e for e in entries if not e.planned]
        by_id = {e.slot.id: e for e in entries}
        assert by_id["24(3)/records/1@2024"].state.expires_on == date(2026, 6, 20)
        assert by_id["14/documents/1"].state.name == "submitted"
        assert by_id["24(1)/situation"].slot == twin.entry("24(1)/situation").slot or by_id["24(1)/situation"].slot.position
        assert tx.entry("24(3)/records/1@2024") == tx.entry(by_id["24(3)/records/1@2024"].slot.key)
        assert tx.entry("nothing") is None
        [first, note, last] = tx.pieces([by_id["24(3)/records/1@2024"].slot.key])
        assert (first.at, note.text, last.valid_until) == (START, "说明 'x' \" ; -- %", date(2026, 6, 20))
        assert {p.id for p in tx.people().values()} == {"王五", "lead"}
        assert tx.people(["王五", "nobody"]) == {"王五": tx.people()["王五"]}
        assert [a.owner for a in tx.assignments()] == ["王五", "zhang"]
        assert tx.absences() == [Absence("zhang", date(2026, 6, 1), date(2026, 6, 3))]
    with busy.register.writing(busy.workspace) as tx:
        tx.save(entries)
        assert tx.entries(TODAY, WITH_WITHDRAWN) == entries


def test_filters(busy: RegisterService) -> None:
    """A filter finds in the store exactly what it fits in Python, whatever is combined."""
    choices = {
        "part": ("一",),
        "item": ("24",),
        "clause": ("24(3)",),
        "kind": ("records",),
        "owner": ("王五",),
        "reviewer": ("li",),
        "state": ("missing", "accepted", "returned", "expired", "not_applicable", "submitted"),
        "period": ("2024", "-"),
        "due_by": (date(2026, 6, 1),),
        "overdue": (True,),
        "applicable": (True, False),
        "withdrawn": (True,),
    }
    single = [{name: value} for name, values in choices.items() for value in values]
    pairs = [{**a, **b} for a, b in itertools.combinations(single, 2)]
    with busy.register.reading(busy.workspace) as tx:
        everything = tx.entries(TODAY, WITH_WITHDRAWN)
        for day, filters in ((TODAY, [*single, *pairs]), (date(2026, 7, 1), single)):
            for wanted in filters:
                where = Filter(**wanted)  # type: ignore[arg-type]
                assert tx.entries(day, where) == [e for e in everything if where.fits(e, day)], wanted
        keys = tuple(e.slot.key for e in everything[3:9])
        assert {e.slot.key for e in tx.entries(TODAY, Filter(keys=keys, withdrawn=True))} == set(keys)


def test_log(busy: RegisterService, register: Register) -> None:
    """The log is numbered without gaps, chained, and tells every stored state."""
    with register.reading(busy.workspace) as tx:
        events = list(tx.events())
        workspace = tx.workspace()
        assert workspace is not None
        assert [e.seq for e in events] == list(range(1, len(events) + 1))
        chain = check(events, workspace.head_seq, workspace.head)
        assert (chain.intact, chain.events) == (True, len(events))
        assert differences(tx, tx.entries(TODAY, WITH_WITHDRAWN), tell(events, SHANGHAI), SHANGHAI) == []
        key = busy.entry("24(3)/records/2@2024").slot.key
        assert [e.kind for e in tx.events(key)] == ["submitted", "returned"]
        assert [e.seq for e in tx.events(since=3)] == [e.seq for e in events[3:]]
        assert list(tx.events(until=START - timedelta(days=1))) == []


def test_all_or_nothing(busy: RegisterService, register: Register) -> None:
    """A transaction that fails leaves nothing behind."""
    before = busy.history(), busy.entries(START)

    def fails() -> None:
        with register.writing(busy.workspace) as tx:
            tx.save_people([Person("ghost")])
            tx.save([replace(e, owner="ghost") for e in tx.entries(TODAY)])
            tx.enqueue(Message(busy.workspace, Nudge(), "ghost", "d", created_at=START))
            assert tx.first_time("slack", "Ev1", START)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert (busy.history(), busy.entries(START)) == before
    with register.writing(busy.workspace) as tx:
        assert tx.first_time("slack", "Ev1", START)
        assert not tx.first_time("slack", "Ev1", START)
        assert "ghost" not in tx.people()


def test_workspaces_never_mix(guide: Guide, busy: RegisterService, register: Register) -> None:
    """Two enterprises in one store see nothing of each other: slots, log, people, messages, inbound events."""
    other = company(part_of(guide, "24"), RENEWAL.model_copy(update={"enterprise": "另一家"}), register=register)
    assert not [e for e in other.entries(START) if e.state.name != "missing"]
    assert [e.kind for e in other.history()] == ["planned"]
    assert other.pieces() == []
    other.submit("24(1)/situation", [LINK], who("zhao"))
    assert busy.entry("24(1)/situation").state.name == "missing"
    message = Message(other.workspace, Nudge(), "zhao", "same", created_at=START)
    with register.writing(other.workspace) as tx:
        assert tx.enqueue(message)
        assert tx.first_time("slack", "Ev9", START)
        assert list(tx.people()) == ["zhao"]
    with register.writing(busy.workspace) as tx:
        assert tx.enqueue(replace(message, workspace=busy.workspace))
        assert tx.first_time("slack", "Ev9", START)
        assert tx.message(message.id) is None
    assert [w.key for w in register.workspaces()] == sorted([busy.workspace, other.workspace])
    assert {w.head_seq for w in register.workspaces()} == {len(busy.history()), 2}


def test_counts(guide: Guide, busy: RegisterService, register: Register) -> None:
    """Counting in the store gives what counting the entries gives, for one workspace and for all."""
    from assistant.register.papers.reports.coverage import counted, total

    def key(c: object) -> str:
        return repr(c)

    for day in (TODAY, date(2026, 7, 1), date(2027, 2, 1)):
        with register.reading(busy.workspace) as tx:
            assert sorted(register.counts(day, busy.workspace), key=key) == sorted(counted(tx.entries(day), day), key=key)
    company(part_of(guide, "24"), RENEWAL.model_copy(update={"enterprise": "另一家"}), register=register)
    one, both = total(register.counts(TODAY, busy.workspace)), total(register.counts(TODAY))
    assert both.owed > one.owed > 0


def test_due(busy: RegisterService, register: Register) -> None:
    """What is due in the store is what the rules say of the entries; piles name the same owners."""
    from assistant.register.rules.people.nudges import due_of

    for day in ("2026-06-02", "2026-06-25", "2027-02-03"):
        moment = datetime.fromisoformat(f"{day}T02:00+00:00")
        with register.reading(busy.workspace) as tx:
            wanted = [d for e in tx.entries(moment.date()) for d in due_of(e, busy.workspace, moment, moment.date())]
            found = tx.due(moment)
            assert sorted(found, key=repr) == sorted(wanted, key=repr)
            assert tx.due(moment, ["zhang"]) == [d for d in found if d.owner == "zhang"]
        assert dict(register.due(moment)) == {busy.workspace: found}
        piles = register.piles(moment)
        assert sum(p.slots for p in piles) == len(found)
        assert {(p.owner, p.held) for p in piles} == {(d.owner, d.held) for d in found}


def test_outbox(busy: RegisterService, register: Register) -> None:
    """A dedup key is taken once; a message waits until ripe, is taken by one worker, and again only after the lease."""
    now = datetime(2026, 6, 1, 2, tzinfo=UTC)
    message = Message(busy.workspace, Comment(text="文"), "wang", "comment:1", ("k1", "k2"), not_before=now, created_at=now)
    with register.writing(busy.workspace) as tx:
        assert tx.enqueue(message)
        assert not tx.enqueue(replace(message, says=Comment()))
        assert [m.says for m in tx.messages(slot="k2")] == [Comment(text="文")]
        assert tx.messages(slot="k3") == tx.messages(recipient="li") == tx.messages(kind="nudge") == []
        assert set(tx.messages(recipient="wang")[0].slots) == {"k1", "k2"}
    assert register.waiting(now - timedelta(seconds=1)) == []
    [ripe] = register.waiting(now)
    taken = register.take(ripe, "a", now, now + timedelta(seconds=60))
    assert taken is not None
    assert (taken.state, taken.claimed_by, taken.attempts) == ("claimed", "a", 1)
    assert register.take(ripe, "b", now, now + timedelta(seconds=60)) is None
    assert register.waiting(now + timedelta(seconds=59)) == []
    [left] = register.waiting(now + timedelta(seconds=60))
    again = register.take(left, "b", now + timedelta(seconds=60), now + timedelta(seconds=120))
    assert again is not None
    assert again.attempts == 2
    with register.writing(busy.workspace) as tx:
        tx.mark(replace(again, state="sent", sent_at=now, receipt=Arrived(ts="1"), lease_until=None))
        found = tx.message(message.id)
        assert found is not None
        assert (found.state, found.sent_at, found.receipt) == ("sent", now, Arrived(ts="1"))
    assert register.waiting(now + timedelta(days=9)) == []


def test_what_did_not_arrive(busy: RegisterService, register: Register) -> None:
    """Found by its state, however much was stored later; never what only brings something up to date, nor what was forgotten."""
    now = datetime(2026, 6, 1, 2, tzinfo=UTC)
    states: list[tuple[str, MessageState, str]] = [
        ("nudge", "failed", "user_disabled"), ("nudge", "failed", ""), ("verdict", "pending", "ratelimited"), ("review", "ambiguous", "timeout"),
        ("nudge", "failed", "forgotten"), ("nudge", "pending", ""), ("nudge", "sent", "needless"), ("edit", "failed", "x"), ("home", "pending", "x"),
    ]  # fmt: skip
    with register.writing(busy.workspace) as tx:
        for number, (kind, state, detail) in enumerate(states):
            at = now - timedelta(seconds=number)
            tx.enqueue(Message(busy.workspace, read(kind, {}), "wang", f"s:{number}", state=state, detail=detail, created_at=at))
        for number in range(310):
            tx.enqueue(Message(busy.workspace, Nudge(), "wang", f"new:{number}", state="sent", created_at=now + timedelta(seconds=1)))
    with register.reading(busy.workspace) as tx:
        found = tx.messages(limit=300, stuck=True)
    assert [(m.kind, m.state, m.detail) for m in found] == states[:4]
    assert all(m.stuck for m in found)


def test_run_and_preview_agree(busy: RegisterService) -> None:
    """A run asks exactly whom the preview named, for the same slots in the same order."""
    moment = START + timedelta(days=1)
    wanted = {d.recipient: [s.id for s in d.slots] for d in busy.preview(moment).digests}
    assert {m.recipient: list(m.slots) for m in courier(busy, Postbox()).foreseen(moment)} == {
        d.recipient: [s.key for s in d.slots] for d in busy.preview(moment).digests
    }
    told = courier(busy, Postbox()).run(moment)
    assert {t.recipient: list(t.slots) for t in told} == wanted
    assert list(wanted) == ["王五"]  # zhang is away
    assert courier(busy, Postbox()).run(moment) == []
    assert busy.preview(moment).digests == ()


def test_settings_of_a_workspace(register: Register) -> None:
    """A workspace that was never planned is none; its log's end is not for callers to set."""
    with register.writing("w") as tx:
        assert tx.workspace() is None
        tx.save_workspace(Workspace("w", "lead", "Asia/Shanghai", "2018-177", {"a": "文"}, "f", date(2026, 12, 31), 99, "x"))
    with register.reading("w") as tx:
        found = tx.workspace()
        assert found is not None
        assert (found.head_seq, found.profile, found.holds_until) == (0, {"a": "文"}, date(2026, 12, 31))


def test_files_are_known(busy: RegisterService, register: Register) -> None:
    """The store knows which files were handed in, in any workspace."""
    assert not register.knows_file("ab")
    busy.submit("24(1)/situation", [Piece("file", sha256="ab", name="x.pdf")], who("王五"))
    assert register.knows_file("ab")


def test_scope_change_keeps_everything(guide: Guide, register: Register) -> None:
    """Re-planning with another profile and back loses no submission, in any store."""
    small = part_of(guide, "28")
    boxes = RENEWAL.model_copy(update={"scope": Scope(containers=True)})
    service = company(small, boxes, register=register)
    service.submit("28/documents/1", [LINK], who("wang"))
    shorter = boxes.model_copy(update={"certified_on": date(2026, 1, 1)})
    for profile in (RENEWAL, shorter, boxes):
        service.sync(small, profile, who())
    assert service.entry("28/documents/1").state.name == "submitted"
    assert len(service.pieces()) == 1
    assert service.verify()[1] == []


def test_log_read_while_writing(busy: RegisterService, register: Register) -> None:
    """The log can be read, in full or in part, in the middle of a transaction that then goes on writing."""
    with register.writing(busy.workspace) as tx:
        first = next(iter(tx.events()))
        count = sum(1 for _ in tx.events())
        tx.append([Draft(DueSet(due=date(2026, 9, 1)), "lead", START, slot="k")])
        assert tx.first_time("x", "y", START)
        assert (first.seq, sum(1 for _ in tx.events())) == (1, count + 1)
