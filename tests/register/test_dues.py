"""Many due dates at once, undone, and as calendars."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.in_bulk.dues import set_dues, undo_dues
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment, Person
from assistant.register.papers.reports.calendar import calendar, days
from tests.connectors.test_cli import aeo
from tests.register.company import LINK, RENEWAL, START, company, part_of, who

NEW = date(2026, 9, 1)


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """Item 24: 24(3) is zhang's, the rest wang's."""
    return company(part_of(guide, "24"), owners=[Assignment("all", "*", "wang", reviewer="li"), Assignment("clause", "24(3)", "zhang")])


def dates(service: RegisterService) -> dict[str, date | None]:
    return {e.slot.key: e.due for e in service.entries(START)}


def test_all_or_none_and_undone(service: RegisterService) -> None:
    """One act on many: every date moves or none; undone, each has the date that it had, set by hand or by the rules."""
    keys = [e.slot.key for e in service.entries(START) if e.owner == "zhang"]
    service.set_due(keys[0], date(2026, 8, 8), who(moment=START))
    before = dates(service)
    later = START + timedelta(hours=1)
    set_dues(service, dict.fromkeys(keys, NEW), who(moment=later))
    assert {dates(service)[k] for k in keys} == {NEW}
    with pytest.raises(RegisterError):
        set_dues(service, {keys[0]: NEW, keys[1]: date(2020, 1, 1)}, who(moment=later))
    with pytest.raises(RegisterError, match="负责人"):
        set_dues(service, {keys[0]: NEW}, who("zhang"))
    undo_dues(service, who(moment=later + timedelta(hours=1)))
    assert dates(service) == before
    with pytest.raises(RegisterError) as once:
        undo_dues(service, who(moment=later + timedelta(hours=2)))
    assert (once.value.key, dates(service)) == ("register.due_undone", before)
    set_dues(service, dict.fromkeys(keys, NEW), who(moment=later + timedelta(hours=3)))
    undo_dues(service, who(moment=later + timedelta(hours=4)))
    assert dates(service) == before
    assert service.verify()[1] == []


def test_nothing_to_undo(service: RegisterService) -> None:
    """A sentence."""
    with pytest.raises(RegisterError) as nothing:
        undo_dues(service, who())
    assert nothing.value.key == "register.no_due_act"


def read(content: bytes) -> list[dict[str, Any]]:
    events = Calendar.from_ical(content).walk("VEVENT")
    return [
        {"uid": str(e["uid"]), "on": e.decoded("dtstart"), "summary": str(e["summary"]), "alarms": len(e.walk("VALARM"))} for e in events
    ]


def test_a_calendar_a_person(service: RegisterService) -> None:
    """Every open line on its day with all its years, whole days, a reminder a week before; the lead's names everybody; what moves keeps its id."""
    people = {"zhang": Person("zhang", "张三")}
    visit = RENEWAL.model_copy(update={"visit_on": date(2027, 3, 15)})
    wanted = days(service.entries(START), START.date())
    mine = read(calendar(wanted, visit, people, START, "zh", "zhang"))
    whole = read(calendar(wanted, visit, people, START, "zh"))
    assert {e["on"] for e in mine} == {date(2026, 7, 1), date(2027, 1, 31)}
    assert all(e["alarms"] == 1 for e in mine)
    [old] = [e for e in mine if "记录（1）" in e["summary"] and e["on"] == date(2026, 7, 1)]
    assert "2022–2025 年" in old["summary"]
    assert "/records/" not in str(mine)
    assert "@20" not in str([e["summary"] for e in mine])
    assert {e["uid"] for e in mine} < {e["uid"] for e in whole}
    assert any("（张三）" in e["summary"] for e in whole)
    assert [e["on"] for e in whole[-2:]] == [date(2027, 3, 1), date(2027, 3, 15)], "when everything is wanted, and the visit"
    assert calendar(wanted, visit, people, START, "zh") == calendar(wanted, visit, people, START, "zh")
    keys = [e.slot.key for e in service.entries(START) if e.owner == "zhang" and e.due == date(2026, 7, 1)]
    set_dues(service, dict.fromkeys(keys, NEW), who())
    moved = read(calendar(days(service.entries(START), START.date()), visit, people, START, "zh", "zhang"))
    assert {e["uid"] for e in moved} == {e["uid"] for e in mine}
    assert NEW in {e["on"] for e in moved}


def test_what_is_there_is_not_in_the_calendar(service: RegisterService) -> None:
    """Accepted things leave it, and come back on the day on which they end."""
    slot = "24(3)/records/1@2024"
    key = service.entry(slot).slot.key
    service.submit(slot, [LINK], who("zhang"))
    service.accept(slot, who("li"), seen=WHOLE)
    assert key not in {e.slot.key for d in days(service.entries(START), START.date()) for e in d.entries}
    from dataclasses import replace

    service.submit(slot, [replace(LINK, valid_until=date(2026, 12, 1))], who("zhang"), again=True)
    service.accept(slot, who("li"), seen=WHOLE)
    [renewal] = [d for d in days(service.entries(START), START.date()) if key in {e.slot.key for e in d.entries}]
    assert (renewal.on, renewal.renew) == (date(2026, 12, 1), True)


def test_on_the_command_line(tmp_path: Path) -> None:
    """Many are shown first and changed with --confirm; said how to undo; wrong uses are one sentence; calendars overwrite only when told to."""
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\nlead: zhao\n", encoding="utf-8")
    base: dict[str, Any] = {"home": tmp_path, "actor": "zhao", "clock": lambda: START}
    aeo("evidence", "plan", **base)
    aeo("evidence", "assign", "24", "--owner", "王芳", **base)
    seen = aeo("evidence", "due", "--item", "24", "--on", "2026-09-01", **base)
    assert (seen.returncode, "还没有改动" in seen.stdout, "--undo" in seen.stdout) == (0, True, True)
    assert "2026-09-01" not in aeo("evidence", "list", "--item", "24", "--json", **base).stdout
    done = aeo("evidence", "due", "--item", "24", "--kind", "records", "--owner", "王 芳", "--on", "2026-09-01", "--confirm", **base)
    assert "aeo evidence due --undo" in done.stdout
    back = aeo("evidence", "due", "--undo", **base)
    assert ("2026-09-01 → " in back.stdout, "--confirm" in back.stdout) == (True, True)
    assert "2026-09-01" in aeo("evidence", "list", "--item", "24", "--json", **base).stdout
    assert "不能再撤回" in aeo("evidence", "due", "--undo", "--confirm", **base).stdout
    assert "已经恢复过" in aeo("evidence", "due", "--undo", "--confirm", **base).stderr
    assert "2026-09-01" not in aeo("evidence", "list", "--item", "24", "--json", **base).stdout
    for words in (("--item", "99", "--on", "2026-09-01"), ("--kind", "x", "--on", "2026-09-01"), ("--on", "2026-09-01"), ("--item", "24"),
                  ("--item", "24", "--on", "2020-01-01"), ("--owner", "无此人", "--on", "2026-09-01")):  # fmt: skip
        wrong = aeo("evidence", "due", *words, **base)
        assert (wrong.returncode, len(wrong.stderr.strip().splitlines())) == (2, 1), words
    out = tmp_path / "日历"
    unknown = aeo("evidence", "calendar", "--out", str(out), "--owner", "无此人", **base)
    assert (unknown.returncode, "王芳" in unknown.stderr, out.exists()) == (2, True, False)
    assert aeo("evidence", "calendar", "--out", str(out), **base).returncode == 0
    assert sorted(p.name for p in out.iterdir()) == ["AEO-zhao.ics", "AEO-全部.ics", "AEO-王芳.ics"]
    again = aeo("evidence", "calendar", "--out", str(out), **base)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert aeo("evidence", "calendar", "--out", str(out), "--force", "--owner", "王芳", **base).returncode == 0
    assert "exported" in aeo("evidence", "history", "--json", **base).stdout
