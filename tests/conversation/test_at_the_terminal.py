"""Handing in by path and handing over in words at a terminal: an answer belongs to what was asked, and to nothing else silently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.guide import Guide
from tests.contracts.test_chat import Terminal
from tests.slack.evidence.bureau import LEAD, LI, WANG

pytestmark = pytest.mark.thorough
RECORDS = "24(3)/records/2@2023"


@pytest.fixture
def wang(guide: Guide, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """王芳, who owns item 24, at a terminal, with a file."""
    terminal = Terminal(guide, tmp_path / "home", capsys)
    (terminal.home / "a.txt").write_text("记录", encoding="utf-8")
    yield terminal
    terminal.session.close()


@pytest.mark.parametrize(
    "line",
    ["交 24(3)/records/2@2023 {}", "把 {} 交到24(3)抽查记录2的2023年", "{} 24（3）抽查记录（2）2023", "把{}交到24③ 抽查记录2 2023年"],
)
def test_everything_in_one_message(wang: Terminal, line: str) -> None:
    """The path and what it is for: handed in there, nothing asked back, and the words are no note."""
    assert "已接收 24(3) 抽查记录（2）（2023 年）" in wang.says(line.format(wang.home / "a.txt"))
    assert wang.entry(RECORDS).state.name == "submitted"


@pytest.mark.parametrize("answer", ["24(3)抽查记录2的2023年", "24(3) 抽查记录2 2023", "24（3）抽查记录（2）2023年", "24(3)/records/2@2023"])
def test_the_choice_is_answered_in_words(wang: Terminal, answer: str) -> None:
    """It is no question to the guide."""
    assert "这些文件交给哪一项" in wang.says(str(wang.home / "a.txt"))
    assert "已接收 24(3) 抽查记录（2）（2023 年）" in wang.says(answer)


def test_of_very_many_the_place_is_asked_for(wang: Terminal) -> None:
    """The lead, whose are all others: no list of a hundred lines; a place narrows it."""
    wang.session.close()
    wang.session = wang._session(LEAD)
    assert "请写明交给哪一项" in wang.says(str(wang.home / "a.txt"))
    assert "[" in wang.says("1(1) 抽查记录")
    assert "已接收 1(1)" in wang.says("第一个")


def test_several_fit(wang: Terminal) -> None:
    """They are asked about, and an ordinal counts what was shown last."""
    wang.says(str(wang.home / "a.txt"))
    assert "抽查记录（3）" in wang.says("24(3) 2023")
    assert "已接收 24(3) 抽查记录（2）（2023 年）" in wang.says("第二个")


def test_a_number_of_an_earlier_list_is_said_back(wang: Terminal) -> None:
    """Something else was shown since: what it would do is said first, and done when it is said again."""
    wang.says(f"交 24(3) 2023 {wang.home / 'a.txt'}")
    assert "24(1)" in wang.says("24(1)交了吗")
    number = str(next(n for n, label in wang.session.chat.labels.items() if "抽查记录（2）" in label))
    assert "24(3) 抽查记录（2）" in wang.says(number)
    assert wang.entry(RECORDS).state.name == "missing"
    assert "已接收" in wang.says(number)
    assert wang.entry(RECORDS).state.name == "submitted"


def test_a_question_stays_one(wang: Terminal) -> None:
    """While a choice is open the guide and the register still answer."""
    wang.says(str(wang.home / "a.txt"))
    assert "进入安全" in wang.says("24(3) 要什么记录？")
    assert "已齐备" in wang.says("24(3)交了吗")


@pytest.mark.parametrize("where", [r"\\nas\share\2025\a.pdf", "smb://nas/share/a.pdf", "file:///srv/a.pdf"])
def test_a_shared_drive_is_told_what_to_do(wang: Terminal, where: str) -> None:
    """It cannot be opened from here: one sentence says how it is handed in."""
    assert "请先把文件复制到本机" in wang.says(where)


def test_words_that_name_no_place_are_a_note(wang: Terminal) -> None:
    """They go with the file; a link is handed in as one."""
    assert "说明　只有上半年的" in wang.says(f"{wang.home / 'a.txt'} 只有上半年的")
    assert "链接　https://oa.example.cn/1" in wang.says("交 24(3) 2023 https://oa.example.cn/1")


def test_handing_over_in_two_messages(wang: Terminal) -> None:
    """The place of the first, the person of the second; done by the button."""
    assert "要转交给谁" in wang.says("24(3)这个不归我管")
    said = wang.says("转给李雷")
    assert "转交给李雷" in said
    assert "24(1)" not in said
    wang.presses("全部转交")
    assert wang.entry(RECORDS).owner == LI
    assert wang.entry("24(1)/documents/1").owner == WANG


def test_handing_over_in_one_message(wang: Terminal) -> None:
    """Place, year and person are kept; a year that is not theirs is said so."""
    said = wang.says("24(3)访客登记 2023 不归我管，应该是李雷")
    assert "转交给李雷" in said
    assert "2024" not in said
    assert "没有可以转交的" in wang.says("24(3) 2010年的不归我管，应该是李雷")
    assert wang.entry(RECORDS).owner == WANG
