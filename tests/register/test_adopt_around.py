"""What stands around a line changes: its criterion, its clause; nothing that changed is silent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.guide import Guide
from assistant.register.facts.people import Assignment
from assistant.register.papers.reports.letter import Addressees, letter
from assistant.register.papers.said.messages import message_text
from ingest.parse.guide import parse
from ingest.read.file import read
from tests.register.company import LINK, START, Postbox, company, courier, part_of, who
from tests.register.test_adopt import LATER, OWNERS, TEXT, adopted, edition, hand_in, names

pytestmark = pytest.mark.thorough
RECORD = "24(3)/records/1@2024"


@pytest.fixture
def before(tmp_path: Path) -> Guide:
    """The edition that the register begins with."""
    return edition(tmp_path, "2018-177")


def test_a_changed_criterion_is_confirmed(before: Guide, tmp_path: Path) -> None:
    """How a record is judged changed: what was accepted waits for its owner with both wordings, its history as it was, nothing overdue."""
    service = company(before, owners=OWNERS)
    for slot in (RECORD, "24(2)/records/1@2024"):
        hand_in(service, slot)
    criterion = ("企业员工访客登记管理情况应与企业制度规定相符，", "企业员工访客登记管理情况应与企业制度规定完全一致，")
    done = adopted(service, before, edition(tmp_path, "next", criterion))
    states = names(service)
    assert (states[RECORD], states["24(2)/records/1@2024"]) == ("to_confirm", "accepted")
    [fate] = [f for f in done.fates if f.slot.id == RECORD]
    assert "规定相符" in fate.before
    assert "规定完全一致" in fate.after
    waiting = service.entry(RECORD)
    assert (waiting.state.reviewed_by, waiting.state.reason) == ("li", "")  # by the edition, no person's return
    assert [e.kind for e in service.history(RECORD)][:2] == ["submitted", "accepted"]
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(LATER + timedelta(days=1))
    text = message_text(next(m for m in postbox.got if m.recipient == "wang"), "zh")
    assert "完全一致" in text
    assert "逾期" not in text


def test_a_condition_that_an_edition_sets_is_asked_and_told(before: Guide, tmp_path: Path) -> None:
    """A clause is only for some from now on: its slots hang on the question, and whoever owns them hears of the change."""
    service = company(before, owners=OWNERS)
    hand_in(service, RECORD)
    after = edition(
        tmp_path,
        "next",
        (
            "\t1．建立以下书面文件并有效落实：\n对访客登记管理的",
            "\t没有自有仓库的企业，不适用本项标准。\n1．建立以下书面文件并有效落实：\n对访客登记管理的",
        ),
    )
    done = adopted(service, before, after)
    hanging = [e for e in service.entries(START) if e.slot.clause == "24(3)"]
    assert hanging
    assert all("conditions.自有仓库" in e.slot.undeclared for e in hanging)
    assert {f.slot.clause for f in done.fates if f.told} == {"24(3)"}
    assert names(service)[RECORD] in ("accepted", "to_confirm")
    back = adopted(service, after, before, "edition_back", days=2)
    assert back.counts()["archived"] == 0
    assert names(service)[RECORD] == "accepted"


def test_a_line_that_moved_is_told_to_both(before: Guide, tmp_path: Path) -> None:
    """Its evidence goes with it; the owner that it leaves and the one that it comes to both hear."""
    service = company(before, owners=OWNERS)
    service.submit("24(3)/records/3@2024", [LINK], who("wang"))
    line = "（3）企业访客车辆的登记记录。应包含车辆号码、来访时间、离开时间等信息。"
    taken = (
        "企业记录员工身份标识的发放、更换、补发、回收记录。\n",
        f"（1）企业记录员工身份标识的发放、更换、补发、回收记录。\n（2）{line[3:]}\n",
    )
    after = edition(tmp_path, "next", (f"{line}\n", ""), taken)
    adopted(service, before, after)
    moved = next(e for e in service.entries(START) if e.slot.text.startswith("企业访客车辆") and e.slot.period == "2024")
    assert moved.slot.clause == "24(2)"
    assert moved.state.version == 1
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(LATER + timedelta(days=1))
    assert {m.recipient for m in postbox.got} == {"wang", "zhao"}


def test_the_lead_hears_of_clauses_for_which_nothing_is_owed(guide: Guide, tmp_path: Path) -> None:
    """A threshold is another one: nobody owns anything there, so whoever leads hears of it, and that it came back."""
    path = tmp_path / "next.txt"
    path.write_text(TEXT.replace("滞纳税款报关单率不超过3%", "滞纳税款报关单率不超过2%"), encoding="utf-8")
    old, new = part_of(guide, "20"), part_of(parse(read(path), "next"), "20")
    service = company(old, owners=OWNERS)
    done = adopted(service, old, new)
    assert [(c.news, c.before.count("3%"), c.after.count("2%")) for c in done.unowed] == [(("20(2)",), 1, 1)]
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(LATER + timedelta(hours=1))
    adopted(service, new, old, "edition_back", days=2)
    courier(service, postbox).deliver_waiting(LATER + timedelta(days=2))
    assert [(m.recipient, m.says.topic) for m in postbox.got] == [("lead", "edition"), ("lead", "edition_back")]
    came, back = (message_text(m, "zh") for m in postbox.got)
    assert "20(2) 条款正文" in came
    assert "原：" in came
    assert "不超过2%" in came
    assert "20(2) 条款正文" in back
    page = letter(postbox.got[0], Addressees({}, "lead"), "zh").text
    assert "20(2) 条款正文" in page
    assert "核对企业是否仍然达标" in page
    assert "不超过3%" in page


def test_a_briefing_that_was_joined_and_is_parted_again_tells_its_owner_both(guide: Guide, tmp_path: Path) -> None:
    """25(1) and 25(2) become one clause: whoever owns them hears of it, and that it was taken back."""
    joined = TEXT.replace(
        "建立员工入职、离职停职等管理制度并有效执行。", "建立员工入职、离职停职等管理制度并有效执行，实行员工档案管理，具有动态的员工清单。"
    )
    a, b = joined.index("\t（2）实行员工档案管理"), joined.index("2．人员安全情况：", joined.index("\t（2）实行员工档案管理"))
    path = tmp_path / "next.txt"
    path.write_text(joined[:a].rstrip("\t\n ") + "\n" + joined[b + len("2．人员安全情况：\n") :], encoding="utf-8")
    old, new = part_of(guide, "25"), part_of(parse(read(path), "next"), "25")
    service = company(old, owners=[Assignment("item", "25", owner="wang", reviewer="li")])
    adopted(service, old, new)
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(LATER + timedelta(hours=1))
    adopted(service, new, old, "edition_back", days=2)
    courier(service, postbox).deliver_waiting(LATER + timedelta(days=2))
    assert [m.says.topic for m in postbox.got if m.recipient == "wang"] == ["edition", "edition_back"]
    assert "aeo" not in message_text(postbox.got[-1], "zh")
