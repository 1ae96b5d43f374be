"""When things are due: days from assignment, in time for the visit, in the season of each year; typed holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.adapters.lead_files import read_policy, read_profile
from assistant.errors import CaseError, RegisterError
from assistant.guide import Guide
from assistant.line_ids import LineId
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.facts.seasons import in_season
from assistant.register.facts.slot_ids import SlotId, SlotKey
from assistant.register.papers.reports.letter import Addressees, letter
from assistant.register.ports import overdue
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.people.workdays import Window, WorkCalendar
from assistant.texts import LANGUAGES, texts
from tests.register.company import INITIAL, RENEWAL, START, Clock, Postbox, at, company, courier, part_of, who

OLD = "24(3)/records/1@2022"
SOON = date(2026, 7, 1)


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """Item 24, years since 2022."""
    return company(part_of(guide, "24"), owners=[Assignment("all", "*", owner="wang")])


def test_nothing_is_overdue_in_a_first_message(guide: Guide) -> None:
    """Years that passed long ago are due some days after the assignment, whatever is owed and whenever it begins."""
    for profile in (RENEWAL, INITIAL, RENEWAL.model_copy(update={"visit_on": date(2026, 6, 5)})):
        for moment in (at("2026-06-01"), at("2026-12-31")):
            made = company(guide, profile, moment=moment, owners=[Assignment("all", "*", owner="wang")])
            late = [e.slot.id for e in made.entries(moment) if overdue(e, moment.date())]
            assert late == [], (profile.certification, moment)
            assert made.verify()[1] == []
    box = Postbox()
    courier(company(guide, owners=[Assignment("all", "*", owner="wang")]), box).run(START)
    assert "逾期" not in letter(box.got[0], Addressees({}, "lead"), "zh").text


def test_days_count_from_the_assignment(service: RegisterService) -> None:
    """A new owner of the place, of the one slot, or of a leaver's work has the policy's days again; the same owner has not."""
    assert service.entry(OLD).due == SOON
    owners, later = Owners(service), START + timedelta(days=60)
    owners.assign([Assignment("all", "*", owner="wang", reviewer="li")], who(moment=later))
    assert service.entry(OLD).due == SOON
    owners.assign([Assignment("clause", "24(3)", owner="zhang")], who(moment=later))
    assert service.entry(OLD).due == date(2026, 8, 30)
    assert service.entry("24(2)/records/1@2022").due == SOON
    service.reassign("24(2)/records/1@2022", "qian", who(moment=later + timedelta(days=10)))
    assert service.entry("24(2)/records/1@2022").due == date(2026, 9, 9)
    owners.transfer("zhang", "sun", who(moment=later + timedelta(days=20)))
    assert service.entry(OLD).due == date(2026, 9, 19)
    assert service.verify()[1] == []


def test_what_somebody_set_stays(service: RegisterService) -> None:
    """A date set by the lead is nobody's rule; taken back, the rule holds again; a day that has passed is refused."""
    service.set_due(OLD, date(2026, 6, 20), who())
    Owners(service).assign([Assignment("all", "*", owner="zhang")], who(moment=START + timedelta(days=5)))
    assert service.entry(OLD).due == date(2026, 6, 20)
    service.set_due(OLD, None, who(moment=START + timedelta(days=6)))
    assert service.entry(OLD).due == date(2026, 7, 6)
    with pytest.raises(RegisterError) as passed:
        service.set_due(OLD, date(2026, 5, 31), who())
    assert passed.value.key == "register.due_passed"
    assert service.verify()[1] == []


def test_the_visit_is_what_everything_aims_at(guide: Guide) -> None:
    """Two weeks before it at the latest, also what has no period; when it has passed the rule without it holds."""
    visit = RENEWAL.model_copy(update={"visit_on": date(2026, 6, 30)})
    made = company(part_of(guide, "24"), visit, owners=[Assignment("all", "*", owner="wang")])
    assert {e.due for e in made.entries(START) if e.owed} == {date(2026, 6, 16)}
    made.sync(part_of(guide, "24"), visit, who(moment=at("2026-07-02")))
    assert made.entry(OLD).due == SOON
    assert made.verify()[1] == []


@pytest.mark.parametrize(
    ("season", "wanted"),
    [("11-30", "2026-11-30"), ("11月30日", "2026-11-30"), ("+06-30", "2027-06-30"), ("次年6月30日", "2027-06-30"), ("02-29", "2026-03-01")],
)
def test_a_season(season: str, wanted: str) -> None:
    """A day of the year or of the one after it, as people write it."""
    assert in_season(season, date(2026, 1, 1), date(2026, 12, 31)) == date.fromisoformat(wanted)


def test_years_with_their_season(guide: Guide, tmp_path: Path) -> None:
    """Audited accounts by the end of June after the year, trainings in the year; the profile says otherwise where the lead does."""
    found = {s.id: s.due for s in plan(guide, RENEWAL, START).slots}
    assert found["12/clause@2026"] == date(2027, 6, 30)
    assert found["31(1)/records/1@2026"] == date(2026, 11, 30)
    assert found["24(3)/records/1@2026"] == date(2027, 1, 31)
    path = tmp_path / "profile.yaml"
    path.write_text(
        "enterprise: 甲\ncertification: renewal\ncertified_on: 2022-03-15\nseasons:\n  31: 9-30\n  24（3）: 次年2月28日\n", "utf-8"
    )
    changed = {s.id: s.due for s in plan(guide, read_profile(path), START).slots}
    assert changed["31(1)/records/1@2026"] == date(2026, 9, 30)
    assert changed["24(3)/records/1@2026"] == date(2027, 2, 28)
    for lang in LANGUAGES:  # what the file and its page say of how a day is written is read as it says
        written = dict(re.findall(r"(\d+): (.+?)(?=（|、\d| \()", texts("profile", lang)["about.seasons"]))
        assert set(written) == {"12", "31"}
        path.write_text(f"enterprise: 甲\ncertification: renewal\ncertified_on: 2022-03-15\nseasons: {written}\n", "utf-8")
        told = {s.id: s.due for s in plan(guide, read_profile(path), START).slots}
        assert (told["12/clause@2026"], told["31(1)/records/1@2026"]) == (date(2027, 6, 30), date(2026, 9, 30))
    path.write_text("enterprise: 甲\ncertification: initial\nseasons:\n  31: 秋天\n", "utf-8")
    with pytest.raises(CaseError, match="11-30"):
        read_profile(path)


def test_one_day_off_stands_alone(tmp_path: Path) -> None:
    """A holiday of one day is typed as that day, however it is written."""
    path = tmp_path / "policy.yaml"
    path.write_text("holidays: [2027-02-05, 2027年2月8日, {start: 2027-02-15, end: 2027-02-16}]\n", "utf-8")
    days = [(h.start.isoformat(), h.end.isoformat()) for h in read_policy(path).holidays]
    assert days == [("2027-02-05", "2027-02-05"), ("2027-02-08", "2027-02-08"), ("2027-02-15", "2027-02-16")]


def test_typed_holidays(tmp_path: Path) -> None:
    """Spring Festival 2027 with its worked weekend as the lead types it in; a year that was typed in is no estimate."""
    path = tmp_path / "policy.yaml"
    path.write_text("holidays:\n  - {start: 2027-02-05, end: 2027-02-13}\nworkdays: [2027-02-14, 2027年2月20日]\n", "utf-8")
    window, plain = Window(read_policy(path), WorkCalendar()), Window(Policy(), WorkCalendar())
    off = [date(2027, 2, d) for d in range(5, 14)]
    assert not any(window.asking_day(d) for d in off)
    assert any(plain.asking_day(d) for d in off)
    assert window.asking_day(date(2027, 2, 14))
    assert window.asking_day(date(2027, 2, 20))
    assert (plain.estimated(off[0]), window.estimated(off[0])) == (True, False)
    path.write_text("holidays:\n  - {start: 2027-02-05, end: 2027-02-13}\nworkdays: [2027-02-07]\n", "utf-8")
    with pytest.raises(CaseError, match="上班"):
        read_policy(path)


def test_the_clock_of_a_message_is_the_policys(service: RegisterService) -> None:
    """On a day that was typed in as worked, people are asked; on one typed in as off, they are not."""
    sunday = at("2026-06-07")
    rules = Policy(workdays=(sunday.date(),))
    assert courier(service, Postbox(), Clock(), policy=rules).run(sunday)
    assert not courier(service, Postbox(), Clock()).run(sunday + timedelta(days=7))


def test_a_report_of_a_year_is_not_wanted_before_that_year_is_over(guide: Guide) -> None:
    """The audit report of the running year keeps its day after a visit in that year; earlier years' and what runs through it do not."""
    renewing = RENEWAL.model_copy(update={"visit_on": date(2026, 12, 15), "advanced_on": date(2024, 1, 1)})
    found = {s.id: s for s in plan(guide, renewing, at("2026-06-01")).slots}
    assert (found["12/clause@2026"].due, found["12/clause@2026"].latest) == (date(2027, 6, 30), None)
    assert (found["12/clause@2025"].latest, found["3/records/1@2026"].due) == (date(2026, 12, 1), date(2026, 12, 1))
    applying = renewing.model_copy(update={"certification": "initial"})
    assert next(s.due for s in plan(guide, applying, at("2026-06-01")).slots if s.clause == "12") == date(2026, 12, 1)


def test_ids_come_apart_as_they_were_made() -> None:
    """Line, period and row of an id, line, period and mark of a key; a row may be anything that a profile lists, an address too."""
    assert SlotId.of("1(2)/records/1@2024#李雷") == ("1(2)/records/1", "2024", "李雷")
    assert SlotId.of("1(2)/records/1#li@example.cn").row_id == "1(2)/records/1#li@example.cn"
    assert (SlotId.of("26").row_id, SlotId.of("26@2024").row_id) == ("26", "26")
    key = SlotKey.of("k@2024@a1b2")
    assert (key.line, key.rest, key.period, key.mark) == ("k", "2024@a1b2", "2024", "a1b2")
    assert (SlotKey.of("k").period, SlotKey.of("k@@a1b2").mark) == ("", "a1b2")
    assert LineId.of("24(3)/records/1") == ("24(3)", "records", "1")
    assert LineId.of("报关:4") == ("报关:4", "", "")
