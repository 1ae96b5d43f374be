"""Verdicts from words: learned from a bank, given where a line decides, and none where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.passages import passages
from assistant.answers.reply.deciding.reach import reaches
from assistant.answers.reply.deciding.verdicts import SHIPPED_VERDICTS, Verdicts, shipped_verdicts
from assistant.app import Assistant
from assistant.guide import Guide
from ingest.learn.reading.verdicts import rows


@pytest.mark.parametrize(
    ("question", "outcome", "words"),
    [
        ("访客不戴牌子行不行", "no", "佩戴临时身份标识"),
        ("访客登记用电子系统登记可以吗", "yes", "电子文档"),
        ("认证档案必须有目录吗", "yes", "目录清单"),
        ("员工档案是纸质的可以吗", "yes", "纸本文档"),
        ("没有应急预案行不行", "no", "应急预案"),
        ("从来没有人向海关人员行贿，没问题吧", "yes", "行贿"),
        ("访客要登记吗", "yes", "实行访客登记管理"),
        ("内审要每年做吗", "yes", "每年实施1次以上"),
        ("要做演练吗", "yes", "模拟演练"),
        ("访客可以不戴临时证吗", "no", "佩戴临时身份标识"),
        ("离职员工没收工牌可以吗", "no", "及时收回工作证件"),
    ],
)
def test_what_a_line_decides_gets_yes_or_no_with_its_words(assistant: Assistant, question: str, outcome: str, words: str) -> None:
    """The verdict leads the answer, and the guide's words stand in it."""
    first = assistant.ask(question).blocks[0]
    assert first.block == "verdict"
    assert first.outcome == outcome
    assert words in first.text


@pytest.mark.parametrize(
    "question",
    [
        "工牌上要写血型吗",
        "访客身份证要复印留底吗",
        "访客登记要留哪些记录",
        "演练没有照片但有视频行吗",
        "去年配合了海关执法，行吗",
        "认证期间罚款没有交可以吗",
        "供应商去年被列入失信惩戒名单有影响吗",
        "工牌用指纹识别没有照片可以吗",
        "围墙必须用砖砌吗",
        "在职员工也要做违法记录调查吗",
        "数据要异地备份吗",
        "Must a badge show the name?",
        "Visitor logs are kept for six months here. Is that long enough?",
    ],
)
def test_what_no_line_decides_gets_none(assistant: Assistant, question: str) -> None:
    """Details that the guide does not know, and questions that want no yes or no."""
    assert not any(b.block == "verdict" and b.outcome in ("yes", "no") for b in assistant.ask(question).blocks)


@pytest.mark.parametrize("question", ["书面文件都要盖公章吗", "记录可以用电子的吗"])
def test_what_is_asked_of_no_one_clause_gets_none(assistant: Assistant, question: str) -> None:
    """The likeliest clause is one of many: its words decide for itself, not for all."""
    assert not [b for b in assistant.ask(question).blocks if b.block == "verdict" and b.outcome in ("yes", "no")]


@pytest.mark.parametrize(
    "question", ["Do we need a CCTV system?", "Do we need a firewall?", "Is a visitor map required?", "Do we need a metal detector?"]
)
def test_a_thing_that_no_row_speaks_of_gets_no_verdict(assistant: Assistant, question: str) -> None:
    """That a system or a policy must be does not say that a camera must."""
    assert not any(b.block == "verdict" and b.outcome in ("yes", "no") for b in assistant.ask(question).blocks)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("门卫可以不看证件只登记吗", "带有照片的身份证件"), ("Must the certification file have a table of contents?", "档案应当有目录清单"), ("档案室要防火吗", "防火"),
    ],
)  # fmt: skip
def test_the_quoted_words_hold_what_is_asked(assistant: Assistant, question: str, words: str) -> None:
    """Of all that decides alike, what the question is about is quoted."""
    assert words in assistant.ask(question).blocks[0].text


def test_a_bad_event_counts_within_the_years_that_the_line_names(assistant: Assistant) -> None:
    """With no time told, the verdict says for which years it holds."""
    first = assistant.ask("业务员给海关关员塞过红包，算不算不符合").blocks[0]
    assert first.text.startswith("不符合：指 2年内发生的")


def test_words_of_the_bank_are_the_guides_own(guide: Guide) -> None:
    """A row whose words no longer stand in the guide would be silent: none is."""
    texts = [p.wording for group in passages(guide).values() for p in group]
    texts += [s.heading for c in guide.clauses.values() for s in c.sections if s.heading]
    assert [r.words for r in rows() if not any(r.words in t for t in texts)] == []


def test_a_certain_day_is_something_that_no_words_allow() -> None:
    """The guide's words speak of years and their ends; whether the list of one day will do they do not say."""
    words = "每一年年末的员工清单"
    assert not reaches("交3月15日的清单可以吗", "yes", words)
    assert reaches("交年末的清单可以吗", "yes", words)


def test_words_without_a_length_say_nothing_to_one() -> None:
    """How long something is kept is told whatever follows; a length before 的 only names the thing."""
    words = "访客登记记录的保存情况"
    assert not reaches("Logs are kept for six months here. Is that enough?", "no", words)
    assert reaches("两年的访客登记要交吗", "yes", words)


def test_where_the_words_are_gone_the_bank_is_silent() -> None:
    """Another edition that words the line anew gets no verdict from old rows."""
    assert shipped_verdicts().rows(["访客进入厂区须佩戴通行证。"]) == []


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    """The bank in its order, and the same verdict from it."""
    shipped_verdicts().save(tmp_path / "v.npz")
    assert Verdicts.load(tmp_path / "v.npz").messages == Verdicts.load(SHIPPED_VERDICTS).messages
    assert shipped_verdicts().messages == tuple(r.message for r in rows())
