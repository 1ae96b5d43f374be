"""A listing is a query on the structure: where, what must be there, what must not; its heading says so and counts exactly."""

from __future__ import annotations

import pytest

from assistant.answers.answer import Turn
from assistant.answers.question.learned.listing import Wanted
from assistant.app import Assistant
from assistant.guide import Guide

FILTERS = [
    ("哪些条款提到目录清单", ["4(5)"], "提到“目录清单”的条款共 1 条"),
    ("备份这个词在哪几条出现", ["10"], "“备份”"),
    ("所有跟保金保函有关的条款", ["21(8)"], "“保金保函”"),
    ("第四部分里没有实地查看的条款有哪些", None, "没有实地查看"),
    ("24项里哪几条有实地查看", ["24(2)", "24(3)"], "24 中"),
    ("除了第24项，哪些条款提到身份标识", ["25(4)"], "除 24 外"),
    ("提到演练但没有书面文件的条款", [], "没有书面文件"),
    ("which clauses mention business partners?", ["26", "27"], "商业伙伴"),
    ("哪些條款提到責任追究", ["3", "8(1)", "8(2)", "11(3)"], "“责任追究”"),
    ("哪些条款需要演练", ["31(3)"], "提到“演练”的条款共 1 条"),
    ("哪些条款要求保存3年", ["4(3)", "4(4)", "10"], "提到“3年”的条款共 3 条"),
    ("哪些条款要求保存3年以上", ["10"], "“3年以上”"),
]


@pytest.mark.parametrize(("question", "clauses", "said"), FILTERS)
def test_the_filter_is_said_and_carried_out(assistant: Assistant, question: str, clauses: list[str] | None, said: str) -> None:
    """Phrases in any line, kinds, places and what is left out; the head names them with the exact count."""
    answer = assistant.ask(question)
    assert answer.mode == "lookup"
    assert said in answer.blocks[0].text
    assert clauses is None or list(answer.clauses) == clauses
    assert f"{len(answer.clauses)} " in answer.blocks[0].text


@pytest.mark.parametrize(
    "question", ["哪些条款有数字要求", "有明确数字要求的条款有哪些", "哪些條款有具體數字", "which clauses set a number"]
)
def test_clauses_that_set_a_number(assistant: Assistant, guide: Guide, question: str) -> None:
    """In digits, as the guide prints them; 每一年 and 最近一次 set none."""
    shown = assistant.ask(question).clauses
    assert {"1(2)", "4(2)", "6(2)", "10", "14", "15", "17", "20(2)", "22"} <= set(shown)
    assert not {"23(2)", "24(3)", "30(1)"} & set(shown)
    assert all(any(c.isdigit() for c in guide.clauses[clause].model_dump_json()) for clause in shown)


@pytest.mark.parametrize("question", ["人事部要负责哪些条款", "人力资源部要管哪些条款"])
def test_a_department_that_the_guide_does_not_name_gets_the_nearest_item(assistant: Assistant, question: str) -> None:
    """That the guide does not name it is said, and nothing is counted."""
    answer = assistant.ask(question)
    assert "指南没有写" in answer.blocks[0].text
    assert "共" not in answer.blocks[0].text
    assert {"25(1)", "25(2)", "25(3)", "25(4)"} <= set(answer.clauses)


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("采购部要负责哪些条款", {"26"}),
        ("保安部负责哪些条款", {"23(1)", "23(2)"}),
        ("哪些条款归采购部管", {"26"}),
        ("哪些条款要仓储部负责", {"27"}),
        ("which clauses belong to HR", {"25(1)", "25(2)", "25(3)", "25(4)"}),
    ],
)
def test_the_guide_gives_no_clause_to_a_department(assistant: Assistant, question: str, clauses: set[str]) -> None:
    """That is said, with the clauses of the nearest item; a department that has nothing to do with it is refused."""
    answer = assistant.ask(question)
    assert clauses <= set(answer.clauses)
    assert answer.answer.startswith(("指南没有写哪些条款由", "The guide does not say which clauses are for"))
    assert not assistant.ask("食堂负责哪些条款").answered


def test_a_number_is_never_left_out_of_what_is_looked_for(assistant: Assistant) -> None:
    """保存3年 is not looked for as 保存年."""
    structure = assistant.edition().searcher.structure
    for asked in ("保存3年", "存储5年", "参加4次"):
        sought = structure._sought(Wanted("phrase", asked))
        assert sought is None or any(c.isdigit() for c in "".join(sought.parts))


def test_every_line_counts_whatever_its_role(assistant: Assistant, guide: Guide) -> None:
    """A format line, a period, a condition hold a phrase as an evidence line does."""
    for phrase in ("系统记录", "每一年末", "年末", "简体中文译本", "否则不适用本项标准"):
        holding = [c.id for c in guide.clauses.values() if phrase in c.model_dump_json()]
        assert list(assistant.ask(f"哪些条款提到“{phrase}”").clauses) == holding or not holding


def test_a_phrase_is_never_shortened_silently(assistant: Assistant) -> None:
    """What does not stand in the guide as it was written is looked for in parts, and the answer says so."""
    answer = assistant.ask("提到防火防盗设施的条款有哪些")
    assert "4(1)" in answer.clauses
    assert "没有原样出现“防火防盗设施”" in answer.answer


@pytest.mark.parametrize("question", ["哪些条款提到区块链", "列出所有跟碳排放有关的条款", "which clauses mention blockchain?"])
def test_what_the_guide_has_no_words_for_is_no_listing(assistant: Assistant, question: str) -> None:
    """Such a message goes the way of every question; here it is refused."""
    assert not assistant.ask(question).answered


@pytest.mark.parametrize(
    ("question", "count"),
    [("人员安全分几个分项", 4), ("第24项一共几条", 4), ("第14到22项一共多少条", 20), ("how many clauses does item 21 have?", 11)],
)
def test_counts(assistant: Assistant, question: str, count: int) -> None:
    """How many clauses stand somewhere is counted."""
    answer = assistant.ask(question)
    assert f"{count} " in answer.answer.splitlines()[0]


def test_all_records_of_what_is_talked_about_are_no_listing(assistant: Assistant) -> None:
    """In a dialogue 所有记录 means those of the clause that was shown."""
    before = Turn(question="24(3)", answer=assistant.ask("24(3)"))
    assert assistant.ask("所有记录", (before,)).clauses == ("24(3)",)


def test_an_item_that_is_asked_for_by_its_clauses_is_shown_whole(assistant: Assistant) -> None:
    """人员安全有哪些条款 names a place and nothing else."""
    assert assistant.ask("人员安全有哪些条款？").clauses == ("25(1)", "25(2)", "25(3)", "25(4)")


def test_a_kind_of_lines_in_an_item_is_asked_for_in_english(assistant: Assistant) -> None:
    """Both words count, in any order."""
    assert assistant.ask("Which clauses need on-site check in item 24?").clauses == ("24(2)", "24(3)")


@pytest.mark.parametrize(
    ("question", "head", "clauses"),
    [
        ("哪些项只有一条", "有 1 条的项共 18 项", 18),
        ("哪些项有三条", "有 3 条的项共 4 项", 12),
        ("items with 11 clauses", "1 item with 11 clauses", 11),
    ],
)
def test_items_are_listed_by_how_many_clauses_they_have(assistant: Assistant, question: str, head: str, clauses: int) -> None:
    """Counted over the structure, with the clauses."""
    answer = assistant.ask(question)
    assert answer.answer.startswith(head)
    assert len(answer.clauses) == clauses


def test_what_may_be_a_listing_and_names_unknown_words_is_searched(assistant: Assistant) -> None:
    """Where it is not sure to be one, nothing of it is left out in silence."""
    answer = assistant.ask("关务那边几个人、归谁管、平时做哪些业务，老师要摸这个底，是哪一条里写的")
    assert answer.mode != "lookup"
