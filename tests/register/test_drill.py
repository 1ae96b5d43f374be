"""The spot-check drill, and the seam to a new edition."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.files import open_files
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.in_bulk.drill import Drills, draw
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.notices.asking import Drilled
from assistant.register.facts.notices.leading import DrillOver
from assistant.register.facts.people import Assignment, Person
from assistant.register.papers.reports.letter import Addressees, letter
from assistant.register.papers.said.messages import message_text
from assistant.register.ports import Filter
from tests.register.company import LINK, START, Postbox, company, courier, part_of, who


def test_draw_is_reproducible(guide: Guide) -> None:
    """The same seed draws the same slots, another seed others; the order is the guide's; every slot can be drawn."""
    entries = [e for e in company(guide).entries(START) if e.slot.kind == "records"]
    first = draw(entries, "seed", 10)
    assert draw(list(reversed(entries)), "seed", 10) == first
    assert draw(entries, "other", 10) != first
    assert [e.slot.position for e in first] == sorted(e.slot.position for e in first)
    drawn = {e.slot.key for n in range(200) for e in draw(entries, str(n), 10)}
    assert drawn == {e.slot.key for e in entries}


def test_drill(guide: Guide, tmp_path: Path) -> None:
    """Owners are asked with a deadline; on file and produced, handed in, too late and never: found, found, late, missing."""
    rows = [Assignment("item", "24", owner="wang"), Assignment("item", "31", owner="sun")]
    service = company(part_of(guide, "24", "31"), files=open_files(None, tmp_path), owners=rows)
    service.submit("24(2)/records/1@2022", [service.take_file(io.BytesIO(b"%PDF-1"), "a.pdf")], who("wang"))
    drills = Drills(service)
    drill = drills.start(200, 4, "s", who(), Filter(item="24"))
    assert {d.owner for d in drill.drawn} == {"wang"}
    assert any("@2026" in d.slot for d in drill.drawn)
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(START)
    [asked] = postbox.got
    assert isinstance(asked.says, Drilled)
    assert (asked.kind, asked.recipient, asked.says.hours, asked.says.seed) == ("drill", "wang", "4", "s")
    assert asked.says.deadline == START + timedelta(hours=4)
    assert f"{drill.deadline.astimezone(service.rules.zone):%Y-%m-%d %H:%M} UTC+08:00" in message_text(postbox.got[0], "zh")
    assert drill.count("waiting") == len(drill.drawn)
    assert drills.answer(drill.id, "24(2)/records/1@2022", who("wang", START + timedelta(hours=1))) == "found"
    service.submit("24(3)/records/1@2023", [LINK], who("wang", START + timedelta(hours=4)))
    service.submit("24(3)/records/1@2024", [LINK], who("wang", START + timedelta(hours=5)))
    report = drills.report(drill.id, START + timedelta(hours=6))
    results = {d.slot: d.result for d in report.drawn}
    assert (results["24(2)/records/1@2022"], results["24(3)/records/1@2023"], results["24(3)/records/1@2024"]) == ("found", "found", "late")
    assert (report.count("found"), report.count("late"), report.count("missing")) == (2, 1, len(report.drawn) - 3)
    with pytest.raises(RegisterError):
        drills.answer(drill.id, "24(2)/records/1@2023", who("wang"))
    with pytest.raises(RegisterError):
        drills.answer(drill.id, "31(1)/records/1@2023", who("sun"))
    second = drills.start(3, 2.5, "t", who(), Filter(owner="sun"))
    assert (second.id, {d.owner for d in second.drawn}) == ("2026-06-01-2", {"sun"})
    for bad in (
        lambda: drills.start(0, 1, "s", who()),
        lambda: drills.start(5, 1, "s", who(), Filter(owner="x")),
        lambda: drills.report("x", START),
    ):
        with pytest.raises(RegisterError):
            bad()


def test_answer_needs_the_bytes(guide: Guide, tmp_path: Path) -> None:
    """A record whose file is gone cannot be produced."""
    service = company(part_of(guide, "24"), files=open_files(None, tmp_path))
    piece = service.take_file(io.BytesIO(b"%PDF-1"), "a.pdf")
    service.submit("24(2)/records/1@2022", [piece], who("wang"))
    drill = Drills(service).start(200, 4, "s", who())
    (tmp_path / "files/content" / piece.sha256[:2] / piece.sha256).unlink()
    with pytest.raises(RegisterError, match=r"a\.pdf"):
        Drills(service).answer(drill.id, "24(2)/records/1@2022", who("wang"))


def test_its_result_is_told(guide: Guide) -> None:
    """Not before it is over; then once, to the lead and to whoever started it, in any language and as a letter."""
    service = company(part_of(guide, "24"), owners=[Assignment("item", "24", owner="wang")])
    Owners(service).know(Person("boss", admin=True), who())
    drills = Drills(service)
    drill = drills.start(4, 4, "s", who("boss"))
    assert drills.conclude(START + timedelta(hours=1)) == []
    service.submit(drill.drawn[0].slot, [LINK], who("wang", START + timedelta(hours=2)))
    late = START + timedelta(hours=5)
    assert [drills.conclude(late), drills.conclude(late)] == [[drill.id], []]
    told = service.messages(kind="drilled")
    assert {m.recipient for m in told} == {"lead", "boss"}
    assert isinstance(told[0].says, DrillOver)
    assert told[0].says.counts == {"found": 1, "late": 0, "missing": 3, "waiting": 0}
    for text in (message_text(told[0], "zh"), letter(told[0], Addressees({}, "lead"), "zh").text):
        assert "按时提供 1 份" in text
        assert text.count("（wang）：未提供") == 3
    assert "1 produced in time" in message_text(told[0], "en")


def test_all_found_is_told_at_once(guide: Guide) -> None:
    """When the last one was produced there is nothing to wait for."""
    service = company(part_of(guide, "24"), owners=[Assignment("item", "24", owner="wang")])
    drills = Drills(service)
    drill = drills.start(1, 4, "s", who())
    service.submit(drill.drawn[0].slot, [LINK], who("wang", START + timedelta(minutes=5)))
    assert drills.conclude(START + timedelta(minutes=6)) == [drill.id]
