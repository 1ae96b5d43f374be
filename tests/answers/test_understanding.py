"""What is meant by a question: kinds of lines, whole topics, words written as they sound, follow-ups."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answers.answer import Turn
from assistant.answers.passages import passages
from assistant.answers.question.kinds import kinds_demanded
from assistant.answers.question.places.references import titled
from assistant.answers.question.words import fold
from assistant.answers.search.features import INTENTS
from assistant.answers.search.ranker import Ranker
from assistant.answers.search.spelling import Spelling
from assistant.app import Assistant
from assistant.guide import Guide


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("信息安全管理要口头说明的有哪些", ("situation",)),
        ("防闯入设施抽什么记录", ("records",)),
        ("到现场他们看什么", ("onsite",)),
        ("内审档案里要放什么", ("records",)),
        ("进出口单证归档要备哪些文件，会抽什么、实地看什么？", ("documents", "records", "onsite")),
        ("评估合作伙伴这块，先不管记录，书面上要有什么文件？", ("documents",)),
        ("围墙门窗这些防护设施，需要给海关介绍什么情况？不是问抽查", ("situation",)),
        ("多久内审一次", ()),
    ],
)
def test_kinds_that_are_asked_for(question: str, kinds: tuple[str, ...]) -> None:
    """Of several that are named each is asked for; one that is left out is not."""
    assert kinds_demanded(question) == kinds


@pytest.mark.parametrize(
    ("question", "writes"), [("帮我写一份内审报告", True), ("帮我看看内审要求", False), ("整套要备的给我拉个单子", False)]
)
def test_a_list_is_not_a_text_to_write(question: str, writes: bool) -> None:
    """Who wants to be shown the guide does not want something drafted."""
    pattern = dict(INTENTS)["write"]
    assert (pattern.search(fold(question)) is not None) == writes


def test_a_category_called_by_its_title(guide: Guide) -> None:
    """All its items are meant; the title alone, in another question, means nothing by itself."""
    assert [r.item for r in titled("信息系统控制这一大块，IT一共要写几份书面文件？", guide)] == ["9", "10", "11"]
    assert [r.item for r in titled("人员安全控制措施有哪些要求", guide)] == ["25"]
    assert titled("信息系统控制室要上锁吗", guide) == []


ASKED = [
    ("贸易安全标准里所有的实地查看", ["23(2)", "24(2)", "24(3)", "25(4)", "27", "31(2)", "31(3)"]),
    ("第四部分所有实地查看的内容", ["23(2)", "24(2)", "24(3)", "25(4)", "27", "31(2)", "31(3)"]),
    ("24项所有分项的抽查记录", ["24(1)", "24(2)", "24(3)", "24(4)"]),
    ("进入安全所有抽查记录", ["24(1)", "24(2)", "24(3)", "24(4)"]),
    ("人员安全整章要准备什么", ["25(1)", "25(2)", "25(3)", "25(4)"]),
    ("（十二）人员安全控制措施要什么", ["25(1)", "25(2)", "25(3)", "25(4)"]),
    ("第十二类要什么", ["25(1)", "25(2)", "25(3)", "25(4)"]),
    ("单证控制和单证保管的实地查看", ["3", "4(1)", "4(2)", "4(3)", "4(4)", "4(5)"]),
    ("集装箱和运输工具不涉及的话要交什么", ["28", "29"]),
    ("那31项呢", ["31(1)", "31(2)", "31(3)"]),
]


@pytest.mark.parametrize(("question", "clauses"), ASKED)
def test_parts_categories_items_and_pairs_are_looked_up(assistant: Assistant, question: str, clauses: list[str]) -> None:
    """By number or by title, no model is asked which clauses are meant."""
    answer = assistant.ask(question)
    assert (answer.mode, list(answer.clauses)) == ("lookup", clauses)


def test_a_part_alone_lists_its_clauses(assistant: Assistant, guide: Guide) -> None:
    """第四部分 is there, and what it holds is shown."""
    assert len(assistant.ask("第四部分有哪些内容").clauses) == sum(p.part.number == "四" for p in guide.places.values())


@pytest.mark.parametrize("question", ["第三类商品怎么申报", "人员安全培训和信息安全培训要留记录吗", "所有员工的信息安全培训要记录吗"])
def test_what_only_looks_like_a_title(guide: Guide, question: str) -> None:
    """Words around a title make it another thing."""
    assert titled(question, guide) == []


def test_all_records_of_what_is_talked_about(assistant: Assistant) -> None:
    """有哪些记录 after a clause means its records; with 条款 it means the guide's."""
    first = assistant.ask("24(3)")
    history = (Turn(question="24(3)", answer=first),)
    for question in ("有哪些记录", "所有记录", "哪些记录"):
        assert assistant.ask(question, history=history).clauses == ("24(3)",)
    assert len(assistant.ask("哪些条款有实地查看", history=history).clauses) > 10


def test_applicability_is_always_shown(assistant: Assistant, guide: Guide) -> None:
    """Whatever line of 28 is asked for, its condition comes along; who asks about not using containers sees what to hand in."""
    group = passages(guide)["28"]
    condition = next(p.text for p in group if p.role == "applicability")
    statement = next(p for p in group if p.role == "statement")
    assert condition in assistant.ask("28的书面文件").answer
    answer = assistant.ask("集装箱安全，我们不用集装箱要交什么")
    assert condition in answer.answer
    assert statement.text in [c.quote for c in answer.citations]


def test_a_kind_that_a_clause_lacks_is_not_made_up_from_others(assistant: Assistant) -> None:
    """6(1) has no records to sample: said, with its own sentence and notes only."""
    answer = assistant.ask("6(1)的抽查记录")
    assert {c.kind for c in answer.citations} <= {"clause", "note", None}


@pytest.mark.parametrize(
    "character", [*"\u200b\u200d\ufeff\u2060\u2067\u202e\u00ad\u034f\u3164\uffa0\ufe0f\x00\x1b\x7f", "\U000e0041", "\U000e0100"]
)
def test_characters_that_nobody_sees_change_nothing(assistant: Assistant, character: str) -> None:
    """Zero-width, direction, filler, variant, tag and control characters between all others: the same is cited as without."""
    for question in ("访客登记要留哪些记录？", "24(3)"):
        plain = assistant.ask(question)
        hidden = assistant.ask(character.join(question))
        assert [(c.clause, c.line) for c in hidden.citations] == [(c.clause, c.line) for c in plain.citations]


@pytest.fixture
def spelling(ingested: Path) -> Spelling:
    """From the ranker that the tests' edition was made with."""
    active = json.loads((ingested / "active.json").read_text(encoding="utf-8"))
    return Spelling.of(Ranker.load(ingested / "builds" / str(active["build"])).lexicon)


@pytest.mark.parametrize(
    ("written", "meant"), [("员工请单", "员工清单"), ("fangke登记", "访客登记"), ("集装厢", "集装箱"), ("访客登记", "访客登记")]
)
def test_words_written_as_they_sound(spelling: Spelling, written: str, meant: str) -> None:
    """A pair that nobody writes becomes the one that sounds the same; what is written right stays."""
    assert spelling.respelled(written) == meant


def test_what_is_known_is_never_changed(spelling: Spelling, guide: Guide) -> None:
    """The guide's own words are read as they stand, each of its clauses."""
    for clause in guide.clauses.values():
        assert spelling.respelled(clause.text) == fold(clause.text)


@pytest.mark.parametrize(
    ("first", "then", "clause"),
    [
        ("访客登记管理的制度文件要写哪些点？", "到现场他们看什么", "24(3)"),
        ("集装箱安全的书面文件写什么？", "档案里要放什么", "28"),
    ],
)
def test_a_follow_up_stays_with_its_item(assistant: Assistant, first: str, then: str, clause: str) -> None:
    """Words that other items use too do not lead away from what is being talked about."""
    before = assistant.ask(first)
    assert clause in before.clauses
    assert assistant.ask(then, history=(Turn(question=first, answer=before),)).clauses[0] == clause


@pytest.mark.parametrize("said", ["he's never in China", "老板基本不来公司"])
def test_what_is_told_after_an_answer_is_no_complaint(assistant: Assistant, said: str) -> None:
    """It goes on about the matter: it is answered or refused as a question."""
    asked = "Does the legal representative have to attend training?"
    assert assistant.ask(said, (Turn(question=asked, answer=assistant.ask(asked)),)).reason not in ("not_a_question", "register")


@pytest.mark.parametrize("message", ["我想问一下门卫的事", "I have a question about seals"])
def test_a_matter_that_is_brought_up_is_a_question(assistant: Assistant, message: str) -> None:
    """However little it asks: never the state of the register."""
    assert assistant.ask(message).reason != "register"


def test_what_goes_to_the_register_need_not_be_sure_which_of_both_it_is(assistant: Assistant) -> None:
    """An instruction or the state of something: neither is a question about the guide."""
    assert assistant.ask("提醒小李把内审报告交了").reason == "register"
