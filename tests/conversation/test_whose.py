"""The register asked about somebody, some line or some days, at a terminal: answered for that, and never for the whole enterprise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.guide import Guide
from tests.contracts.test_chat import SLOT, Terminal
from tests.register.company import LINK
from tests.slack.evidence.bureau import LEAD, LI, WANG

pytestmark = pytest.mark.thorough


@pytest.fixture
def lead(guide: Guide, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """The lead at a terminal of an enterprise where 王芳 owns item 24, 李雷 reviews it, and all else is the lead's own."""
    terminal = Terminal(guide, tmp_path / "home", capsys)
    terminal.session.close()
    terminal.session = terminal._session(LEAD)
    yield terminal
    terminal.session.close()


@pytest.mark.parametrize("text", ["王芳还缺什么", "王芳還欠什麼", "what does Wang Fang still owe", "wang 还差哪些没交", "王芳手上还差多少"])
def test_what_somebody_misses(lead: Terminal, text: str) -> None:
    """Only theirs, in the asker's language."""
    said = lead.says(text)
    assert "24(3)" in said
    assert "1(1)" not in said
    assert ("not submitted" in said) == text.isascii()


def test_what_waits_for_a_reviewer(lead: Terminal) -> None:
    """Nothing at first; what was handed in stands there, for the named reviewer and for all."""
    assert "目前没有等李雷审核的材料" in lead.says("李雷还有几个没审")
    lead.session.opened.service.submit(SLOT, [LINK], lead.session.ctx.who(lead.session.team, WANG))
    assert "等李雷审核的有 1 项" in lead.says("李雷还有几个没审")
    assert "李雷：待审核 1 项" in lead.says("待审核的有哪些")
    assert "目前没有等王芳审核的材料" in lead.says("王芳还有几个没审")


def test_who_is_in_charge(lead: Terminal) -> None:
    """The reviewer stands in what is said of a place; of somebody without a deputy that is said."""
    assert "审核人李雷" in lead.says("谁审核24(3)").replace("：", "")
    assert "没有为王芳登记代理人" in lead.says("王芳请假了谁代")


def test_lines_by_their_words_and_days(lead: Terminal) -> None:
    """A line is found by words of its own, with its year; days narrow what is due."""
    said = lead.says("2024年的访客登记交了吗")
    assert "24(3) 访客登记 2024" in said
    assert "2023" not in said
    assert "24(3)" in lead.says("訪客登記還缺哪幾年")
    assert "截止" in lead.says("王芳年底前要交什么") or "没有到期" in lead.says("王芳年底前要交什么")
    assert "王芳：未提交" in lead.says("誰還沒交")


def test_a_reminder_that_reaches_nobody_says_so(lead: Terminal) -> None:
    """Without Slack and mail nothing is sent or noted: said before, said after, with words to pass on."""
    assert "提醒发不出去" in lead.says("提醒王芳交材料")
    said = lead.presses("提醒王芳")
    assert "没有发出，王芳还没有收到" in said
    assert "王芳，您好" in said
    with lead.session.opened.register.reading(lead.session.team) as tx:
        assert [m for m in tx.messages(recipient=WANG) if m.says.named == "reminder"] == []


def test_how_to_hand_in_is_told_as_it_is_done_here(lead: Terminal) -> None:
    """By paths at a terminal; nothing of Slack's screens."""
    said = lead.says("怎么交材料")
    assert "路径" in said
    assert "私信" not in said
    assert "主页" not in said
    assert LI not in said


@pytest.mark.parametrize("text", ["24项还缺什么", "二十四项还缺哪些", "第24项还缺什么"])
def test_an_item_that_is_asked_about_first(lead: Terminal, text: str) -> None:
    """24项 at the beginning is the item, not how many."""
    said = lead.says(text)
    assert "24(3)" in said
    assert "1(1)" not in said


def test_a_matter_that_no_line_is_called(lead: Terminal) -> None:
    """What stands in no line goes to the clause that its words mean, and where there is none it is said how to ask; never to "the register"."""
    said = lead.says("门卫交接班记录交了没")
    assert "没有哪一项就叫“门卫交接班" in said
    assert "最接近的是 24(3) 进入安全" in said
    assert "负责人王芳" in said
    assert "登记簿里没有哪一项写到“盘点”" in lead.says("盘点记录交了没有")
    assert "24(3)" in lead.says("交上来没有")


def test_what_was_returned(lead: Terminal) -> None:
    """哪些被退回了: with the reason, the lead's of everybody, else one's own; nothing where nothing was."""
    assert "没有退回待补的材料" in lead.says("哪些被退回了")
    service, ctx, team = lead.session.opened.service, lead.session.ctx, lead.session.team
    service.submit(SLOT, [LINK], ctx.who(team, WANG))
    service.give_back(SLOT, "缺 3 月的", ctx.who(team, LI))
    for text in ("哪些被退回了", "退回的有哪些", "王芳的材料被退了吗"):
        assert "缺 3 月的" in lead.says(text), text


def test_a_lead_hands_over_what_they_name(lead: Terminal) -> None:
    """24(3)这个不归我管 of a lead is what its owner has there; whoever is named next gets it after a press."""
    assert "要转交给谁" in lead.says("24(3)这个不归我管")
    assert "转交给李雷" in lead.says("转给李雷")
    assert "李雷" in lead.presses("全部转交")
