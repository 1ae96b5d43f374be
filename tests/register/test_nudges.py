"""Who is asked when: working days, working hours, gaps, caps, escalation, quiet times, on a simulated clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.adapters.lead_files import read_policy
from assistant.errors import CaseError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE, Said
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.policy import Policy, Quiet
from assistant.register.rules.demands.periods import ready_by
from assistant.register.rules.people.nudges import Staff, held_back, held_until
from assistant.register.rules.people.workdays import Window, WorkCalendar
from tests.register.company import LINK, RENEWAL, SHANGHAI, Clock, Postbox, at, company, courier, part_of, who

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
CALENDAR = WorkCalendar()


def simulate(
    service: RegisterService, start: datetime, end: datetime, step: timedelta = timedelta(minutes=30)
) -> list[tuple[datetime, str, tuple[str, ...], str]]:
    """Run a worker every half hour between two moments: (moment, recipient, slots, reason) of everything sent."""
    found = []
    postbox, clock = Postbox(), Clock(start.astimezone(UTC))
    worker = courier(service, postbox, clock)
    moment = start.astimezone(UTC)
    while moment < end:
        clock.now = moment
        if any(p.slots for p in service.register.piles(moment)):
            found += [(moment, t.recipient, t.slots, t.reason) for t in worker.run(moment) if t.sent]
        moment += step
    return found


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # a Saturday made a working day before Spring Festival
        ("2026-02-15", False),
        ("2026-02-20", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-09-20", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2027-01-01", False),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    """Holidays and moved weekends as announced."""
    assert CALENDAR.works(date.fromisoformat(day)) is works


def test_estimated() -> None:
    """A year whose arrangement is not announced is marked as estimated."""
    assert not CALENDAR.estimated(date(2026, 5, 1))
    assert CALENDAR.estimated(date(2035, 5, 1))


@pytest.mark.parametrize(
    ("start", "end", "first"),
    [
        ("2026-02-14T18:00", "2026-02-26T00:00", "2026-02-24"),  # Spring Festival
        ("2026-09-30T18:00", "2026-10-10T00:00", "2026-10-08"),  # National Day
        ("2026-12-31T18:00", "2027-01-08T00:00", "2027-01-04"),  # year end and New Year
    ],
)
def test_holidays(guide: Guide, start: str, end: str, first: str) -> None:
    """Nobody is asked in the holidays; on the first working day after, at nine, everybody due is, once."""
    service = company(part_of(guide, "24", "31"), moment=at("2026-01-05"), owners=[Assignment("item", "24", owner="wang")])
    sent = simulate(service, at(start), at(end))
    assert sent[0][0].astimezone(SHANGHAI) == at(f"{first}T09:00")
    assert {moment.astimezone(SHANGHAI).date() >= date.fromisoformat(first) for moment, *_ in sent} == {True}
    assert all(CALENDAR.works(moment.astimezone(SHANGHAI).date()) for moment, *_ in sent)
    assert all(time(9) <= moment.astimezone(SHANGHAI).time() < time(18) for moment, *_ in sent)
    assert max(Counter((who_, m.astimezone(SHANGHAI).date()) for m, who_, *_ in sent).values()) == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("zone", "start", "change"), [("Europe/Berlin", "2026-10-19", date(2026, 10, 25)), ("America/New_York", "2026-03-02", date(2026, 3, 8))]
)
def test_daylight_saving(guide: Guide, zone: str, start: str, change: date) -> None:
    """A foreign owner who is asked for a line every day is asked at nine of their own clock, before and after their clock changes."""
    owners = [Assignment("all", "*", owner="otto")]
    service = company(part_of(guide, "24", "25", "31"), policy=Policy(cap=1), moment=at("2026-01-05"), owners=owners)
    Owners(service).know(Person("otto", zone=zone), who())
    sent = simulate(service, at(start), at(start) + timedelta(days=14), timedelta(minutes=30))
    local = [moment.astimezone(ZoneInfo(zone)) for moment, *_ in sent]
    assert [m.time() for m in local] == [time(9)] * len(local)
    offsets = {m.utcoffset() for m in local}
    assert len(offsets) == 2
    assert any(m.date() < change for m in local)
    assert any(m.date() > change for m in local)
    assert all(CALENDAR.works(m.date()) for m in local)


def test_widening_then_escalation(guide: Guide) -> None:
    """First ask, then after 7, 14 and 28 days; after three unanswered asks the lead hears of it, once a widest gap."""
    service = company(part_of(guide, "24"), moment=at("2026-03-02"), owners=[Assignment("all", "*", owner="wang")])
    for e in service.entries(at("2026-03-02")):
        if e.slot.id != "24(1)/situation":
            service.submit(e.slot.id, [LINK], who("wang", at("2026-03-02")))
    sent = simulate(service, at("2026-03-03T00:00"), at("2026-07-20"), timedelta(hours=1))
    days = {name: [(m.astimezone(SHANGHAI).date() - date(2026, 3, 3)).days for m, r, *_ in sent if r == name] for name in ("wang", "lead")}
    assert days["wang"][:4] == [0, 7, 21, 49]
    assert 49 <= days["lead"][0] <= 52
    assert all(b - a >= 28 for a, b in zip(days["lead"], days["lead"][1:], strict=False))
    assert {reason for _, r, _, reason in sent if r == "lead"} == {"escalation"}
    assert next(reason for _, r, _, reason in sent if r == "wang") == "first"
    service.submit("24(1)/situation", [LINK], who("wang", at("2026-07-20")))
    assert simulate(service, at("2026-07-21"), at("2026-09-20"), timedelta(hours=3)) == []


def test_ten_most_urgent(guide: Guide) -> None:
    """One message an owner, ten lines at most, each with all its years; the next day the next ten; none is asked for twice in a week."""
    service = company(guide, moment=at("2026-03-02"), owners=[Assignment("all", "*", owner="wang")])
    sent = simulate(service, at("2026-03-03T08:00"), at("2026-03-09T20:00"), timedelta(hours=1))
    messages = [[(slot.partition("@")[0], slot.partition("@")[2][5:]) for slot in s] for _, _, s, _ in sent]
    assert [len(set(lines)) for lines in messages] == [10] * 5
    listed = [slot for _, _, s, _ in sent for slot in s]
    assert len(set(listed)) == len(listed)
    assert all(lines == sorted(lines, key=lines.index) for lines in messages), "years of one line stand together"
    assert len({line for lines in messages for line in lines}) == 50, "no line is cut in two"
    assert len(listed) > 50


@pytest.mark.parametrize(("visit", "days"), [(date(2026, 3, 20), 3), (date(2026, 3, 18), 1), (date(2026, 3, 10), 1)])
def test_a_visit_that_is_near(guide: Guide, visit: date, days: int) -> None:
    """Where the days are too few for ten lines a day, a message holds more: all is asked for before it is wanted, two weeks ahead of the visit."""
    profile = RENEWAL.model_copy(update={"visit_on": visit})
    service = company(guide, profile, moment=at("2026-03-02"), owners=[Assignment("all", "*", owner="wang")])
    owed = {e.slot.line_key for e in service.entries(at("2026-03-02")) if e.next_ask is not None and e.open(date(2026, 3, 2))}
    assert len(owed) > 45
    sent = simulate(service, at("2026-03-03T08:00"), at(f"{max(ready_by(visit), date(2026, 3, 4))}T08:00"), timedelta(hours=1))
    assert len(sent) == days
    assert {service.entry(slot).slot.line_key for _, _, s, _ in sent for slot in s} >= owed


def test_counted_through_the_year(guide: Guide) -> None:
    """Of two trainings a year the first is asked for a month before the end of May, the second before the end of October, not in January."""
    service = company(part_of(guide, "1", "6"), moment=at("2026-01-05"))
    slot = "1(2)/records/1@2026#关务负责人"
    assert (service.entry(slot).next_ask, service.entry(slot).due) == (at("2026-05-02T00:00"), date(2026, 6, 1))
    assert service.entry("6(2)/records/1@2026").next_ask == at("2026-10-01T00:00")
    service.submit(slot, [LINK], who("wang", at("2026-05-10")), said=Said(1))
    done = service.accept(slot, who(moment=at("2026-05-11")), seen=WHOLE)
    assert (done.state.counted, done.next_ask, done.due) == (1, at("2026-10-01T00:00"), date(2026, 10, 31))
    sooner = service.set_due(slot, date(2026, 8, 1), who(moment=at("2026-05-12")))
    assert sooner.next_ask == at("2026-07-02T00:00"), "what the lead set is asked for in time too"


def test_down_for_a_month(guide: Guide) -> None:
    """A worker that was down catches up once: one message, and the next ask counts from there."""
    service = company(part_of(guide, "2"), moment=at("2026-03-02"), owners=[Assignment("all", "*", owner="wang")])
    postbox = Postbox()
    for moment in ("2026-03-03", "2026-05-06", "2026-05-06T11:00", "2026-05-07", "2026-05-11"):
        courier(service, postbox).run(at(moment))
    assert [m.created_at for m in postbox.got] == [at("2026-03-03"), at("2026-05-06")]
    assert {e.state.ask_next for e in service.entries(at("2026-05-12"))} == {at("2026-05-20")}


def test_quiet_times(guide: Guide) -> None:
    """Quiet while in review, while snoozed, right after a submission, during an absence, and in the policy's quiet days."""
    policy = Policy(quiet=(Quiet(start=date(2026, 6, 15), end=date(2026, 6, 16)),))
    service = company(part_of(guide, "24"), policy=policy, owners=[Assignment("all", "*", owner="wang")])
    day = at("2026-06-02")
    service.submit("24(1)/situation", [LINK], who("wang", day))
    service.snooze("24(2)/situation", date(2026, 6, 10), who("wang", day))
    assert service.preview(day + timedelta(hours=3)).held == {"wang": "quiet"}

    def asked(moment: datetime) -> set[str]:
        found = [s.id for d in service.preview(moment).digests for s in d.slots]
        return set(found)

    wide = Policy(cap=10, hours=(time(0), time(23)))
    service.window = Window(wide.model_copy(update={"cap": 1000}), CALENDAR)
    assert "24(1)/situation" not in asked(at("2026-06-03"))
    assert "24(2)/situation" not in asked(at("2026-06-09"))
    assert "24(2)/situation" in asked(at("2026-06-10"))
    service.window = Window(policy, CALENDAR)
    assert service.preview(at("2026-06-15")).held == {"wang": "closed"}
    Owners(service).away(Absence("wang", date(2026, 6, 17), date(2026, 6, 18)), who())
    assert service.preview(at("2026-06-17")).held == {"wang": "absent"}
    Owners(service).away(Absence("wang", date(2026, 6, 17), date(2026, 6, 18), "deng"), who())
    assert [d.recipient for d in service.preview(at("2026-06-17")).digests] == ["deng"]
    assert [d.recipient for d in service.preview(at("2026-06-22")).digests] == ["wang"]


def test_running_year_and_renewal(guide: Guide) -> None:
    """A running year is not asked for before it ends; accepted evidence is asked for again before it expires."""
    service = company(part_of(guide, "24"), owners=[Assignment("all", "*", owner="wang")])
    entry = service.entry("24(3)/records/1@2026")
    assert entry.next_ask == at("2026-12-31T00:00") + timedelta(days=1)
    assert entry.due == date(2027, 1, 31)
    from dataclasses import replace

    service.submit("24(1)/documents/1", [replace(LINK, valid_until=date(2027, 3, 31))], who("wang"))
    done = service.accept("24(1)/documents/1", who(), seen=WHOLE)
    assert done.next_ask == at("2027-03-01T00:00")


def test_returned_is_asked_again(guide: Guide) -> None:
    """A return is asked for a day later, with the reviewer's reason in the message."""
    service = company(part_of(guide, "2"), owners=[Assignment("all", "*", owner="wang")])
    service.submit("2(1)/onsite", [LINK], who("wang"))
    service.give_back("2(1)/onsite", "缺签字", who())
    postbox = Postbox()
    courier(service, postbox).run(at("2026-06-02"))
    line = next(s for s in postbox.got[0].says.slots if s.slot == "2(1)/onsite")
    assert (line.reason, line.returned) == ("returned", "缺签字")


def test_year_turns(guide: Guide) -> None:
    """When a year ends, the new year's slots appear by themselves in a register that nobody planned again."""
    from assistant.register.acts.plans.planning import refresh

    service = company(part_of(guide, "25"), moment=at("2026-06-01"))
    assert refresh(service.register, part_of(guide, "25"), service.policy, at("2026-12-30")) == []
    assert refresh(service.register, part_of(guide, "25"), service.policy, at("2026-12-31")) == [service.workspace]
    assert service.entry("25(2)/records/1@2026-12-31").planned
    assert refresh(service.register, part_of(guide, "25"), service.policy, at("2027-01-01")) == [service.workspace]
    assert service.entry("25(3)/records/1@2027").planned


def test_policy_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A policy names only what differs; mistakes are all named; without a file the defaults hold."""
    folder = tmp_path_factory.mktemp("policy")
    path = folder / "policy.yaml"
    assert read_policy(path) == read_policy(None) == Policy()
    path.write_text("gaps_days: [3, 5]\nhours: ['08:30', '17:30']\nquiet: [{start: 2026-12-24, end: 2027-01-03}]\n", encoding="utf-8")
    policy = read_policy(path)
    assert (policy.gap(1), policy.gap(2), policy.gap(9), policy.hours[0]) == (3, 5, 5, time(8, 30))
    path.write_text("gaps_days: [9, 5]\ncap: 50\nworking: 1\n", encoding="utf-8")
    with pytest.raises(CaseError) as wrong:
        read_policy(path)
    assert all(word in str(wrong.value) for word in ("cap", "working"))
    path.write_text("hours: ['18:00', '09:00']\n", encoding="utf-8")
    with pytest.raises(CaseError, match="hours"):
        read_policy(path)


def test_next_open_is_the_first_open_moment() -> None:
    """``next_open`` is open itself, and every half hour before it is not."""
    window = Window(Policy(), CALENDAR)
    for zone in (SHANGHAI, BERLIN, NEW_YORK):
        for start in (at("2026-02-14T17:59"), at("2026-09-30T19:00"), at("2026-10-24T08:00"), at("2027-01-01T00:00")):
            opens = window.next_open(start, zone)
            assert window.open(opens, zone)
            moment = start
            while moment < opens:
                assert not window.open(moment, zone)
                moment += timedelta(minutes=30)


@pytest.mark.parametrize("known", [{"quiet_until": at("2026-06-03T15:30")}, {"nudged_at": at("2026-06-03T11:30")}])
def test_who_is_held_back_is_told_until_when(known: dict[str, datetime]) -> None:
    """The moment that is told is the first at which they may be asked: after what holds them, in working hours."""
    window, now = Window(Policy(), CALENDAR), at("2026-06-03T11:35")
    wang = Person("wang", **known)  # type: ignore[arg-type]
    desk = Staff("w", "lead", SHANGHAI, {"wang": wang}, {})
    why = held_back("wang", desk, window, now)
    assert why in ("quiet", "asked")
    opens = window.next_open(held_until(why, wang, window, now, SHANGHAI), SHANGHAI)
    assert held_back("wang", desk, window, opens) is None
    moment = now
    while moment < opens:
        assert held_back("wang", desk, window, moment) is not None
        moment += timedelta(minutes=30)


def test_changed_policy_holds_at_once(guide: Guide) -> None:
    """A changed policy moves the schedule of what is stored at the next planning."""
    small = part_of(guide, "24")
    service = company(small, owners=[Assignment("all", "*", owner="wang")])
    other = company(small, register=service.register, policy=Policy(first_ask_days=10), moment=at("2026-06-02"))
    assert other.entry("24(3)/records/1@2026").next_ask == at("2027-01-21T00:00")
    assert other.entry("24(3)/records/1@2026").owner == "wang"
