"""Explicit references are looked up; what merely looks like one is not."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers.question.learned.classifier import shipped
from assistant.answers.question.learned.extent import called_whole
from assistant.answers.question.places.references import bare, by_title, references, titled
from assistant.answers.question.titles import translated
from assistant.app import Assistant
from assistant.guide import Guide

FOUND = [
    ("24(3)要留哪些记录", ["24(3)"]),
    ("24（3）", ["24(3)"]),
    ("２４（３）", ["24(3)"]),
    ("24.3 怎么准备", ["24(3)"]),
    ("24-3要什么", ["24(3)"]),
    ("第二十四项第三分项", ["24(3)"]),
    ("二十四（三）讲什么", ["24(3)"]),
    ("第24项(3)", ["24(3)"]),
    ("24项第3款", ["24(3)"]),
    ("第24项的第（3）分项", ["24(3)"]),
    ("第24項第3分項", ["24(3)"]),
    ("item 24 clause 3", ["24(3)"]),
    ("Item 24, clause (3) please", ["24(3)"]),
    ("clause 24(3)", ["24(3)"]),
    ("第5项和第12项", ["5", "12"]),
    ("24(1)、(2)和(3)", ["24(1)", "24(2)", "24(3)"]),
    ("7的抽查记录", ["7"]),
    ("no. 16 - is it checked on site?", ["16"]),
    ("第24项第9分项", ["24(9)"]),
    ("第32项要什么", ["32"]),
    ("28项实地看什么", ["28"]),
    ("第7项第3部分抽查记录都有哪些", ["7"]),
    ("那29呢", ["29"]),
    ("24③要准备啥", ["24(3)"]),
    ("24款3", ["24(3)"]),
    ("24之3", ["24(3)"]),
    ("二十四之三", ["24(3)"]),
    ("标准24第(3)分项", ["24(3)"]),
    ("没有集装箱就不用准备28项了吧", ["28"]),
    ("24下面第三条", ["24(3)"]),
    ("24里面第三个要什么", ["24(3)"]),
    ("进入安全（3）", ["24(3)"]),
    ("进入安全第三分项", ["24(3)"]),
    ("第拾肆項給證明", ["14"]),
    ("第廿四项", ["24"]),
    ("二十一项的第⑨小点", ["21(9)"]),
    ("回到第4项，其中第三条适用谁", ["4(3)"]),
    ("item 24, third clause", ["24(3)"]),
    ("the third clause of item 24", ["24(3)"]),
    ("item 25 sub 4", ["25(4)"]),
    ("11（1）～（3）这三个", ["11(1)", "11(2)", "11(3)"]),
    ("24(1)(2)分别要什么", ["24(1)", "24(2)"]),
    ("24项(2)到(4)", ["24(2)", "24(3)", "24(4)"]),
    ("第5到8项", ["5", "6", "7", "8"]),
    ("第5、8项", ["5", "8"]),
    ("24项一共几条？", ["24"]),
    ("20项两款是啥", ["20"]),
    ("30项三款列出来", ["30"]),
    ("23项那两条拿出来", ["23"]),
    ("说一下第29项", ["29"]),
    ("看一下24项第三条", ["24(3)"]),
    ("万一第3项缺了怎么办", ["3"]),
    ("28谁适用", ["28"]),
    ("24项证据", ["24"]),
    ("#24 evidence?", ["24"]),
    ("no. 24 records please", ["24"]),
    ("evidence #24", ["24"]),
    ("26材料呢", ["26"]),
    ("and for 26?", ["26"]),
    ("换成26呢", ["26"]),
    ("26和27呢", ["26", "27"]),
    ("26也一样吗", ["26"]),
    ("29项负责人要写谁", ["29"]),
    ("我想看26", ["26"]),
    ("24的三", ["24(3)"]),
    ("第24项之3", ["24(3)"]),
    ("第24款第3项", ["24(3)"]),
    ("24（3", ["24(3)"]),
    ("24 (third)", ["24(3)"]),
    ("24 no 3", ["24(3)"]),
    ("item 24 no. 3", ["24(3)"]),
    ("Item 24.3", ["24(3)"]),
    ("24(1)、25(2)、26", ["24(1)", "25(2)", "26"]),
    ("二十八、二十九项", ["28", "29"]),
    ("4项单证保管分哪几款", ["4"]),
    ("24/3要什么", ["24(3)"]),
    ("24 3 要什么", ["24(3)"]),
    ("二十四点三要什么", ["24(3)"]),
    ("item 24-3", ["24(3)"]),
    ("24 (iii)", ["24(3)"]),
    ("item 24, clause three", ["24(3)"]),
    ("the last clause of item 24", ["24(4)"]),
    ("24项最后一条要什么", ["24(4)"]),
    ("24项最后两条", ["24(3)", "24(4)"]),
    ("24(c)要什么", ["24(3)"]),
    ("24c", ["24(3)"]),
    ("24(a)-(c)", ["24(1)", "24(2)", "24(3)"]),
    ("item 24 (b)", ["24(2)"]),
    ("24 third clause", ["24(3)"]),
    ("24th item, 3rd clause", ["24(3)"]),
    ("third clause of the 24th item", ["24(3)"]),
    ("24的第一条到第三条", ["24(1)", "24(2)", "24(3)"]),
    ("第24项第1到第3款", ["24(1)", "24(2)", "24(3)"]),
    ("24(1-3)", ["24(1)", "24(2)", "24(3)"]),
    ("24.1-24.3", ["24(1)", "24(2)", "24(3)"]),
    ("24的3 要什么", ["24(3)"]),
    ("24里面那个3", ["24(3)"]),
    ("24 part 3", ["24(3)"]),
    ("24 iii", ["24(3)"]),
    ("21十一", ["21(11)"]),
    ("进入安全第3条和第4条", ["24(3)", "24(4)"]),
    ("24项倒数第二条要什么", ["24(3)"]),
    ("人员安全最后一条", ["25(4)"]),
    ("人员安全第2和第3分项", ["25(2)", "25(3)"]),
    ("24项1、3款要什么", ["24(1)", "24(3)"]),
    ("24(1,3)要什么", ["24(1)", "24(3)"]),
    ("第24-3条", ["24(3)"]),
    ("三十一项二款", ["31(2)"]),
    ("items 4, 6 and 8", ["4", "6", "8"]),
    ("items 4-6", ["4", "5", "6"]),
    ("the 24th item", ["24"]),
    ("31项列给我", ["31"]),
]
NOT_FOUND = [
    "三分之一的员工要培训吗",
    "百分之三怎么算",
    "分两条路走",
    "10之后怎么办",
    "公告2026年第34号什么时候生效",
    "一共31项吗",
    "记录要保存3年吗",
    "吻合度在0.3以上怎么理解",
    "及时率90%怎么算",
    "2-3年的记录够不够",
    "2026-11-23 的培训算今年吗",
    "每年2次培训",
    "我们有24个人",
    "24小时值班要记录吗",
    "24/7值班要记录吗",
    "比例3、5怎么看",
    "1/2的员工要培训吗",
    "12:30开会",
    "5点3刻",
    "4-6月的记录",
    "1-3年",
    "9点到6点上班",
]


ROWS = [
    ("28、29", ["28", "29"]),
    ("28到30", ["28", "29", "30"]),
    ("28-29", ["28", "29"]),
    ("28 and 29", ["28", "29"]),
    ("三十一", ["31"]),
    ("第31", ["31"]),
    ("标准24", ["24"]),
    ("看下31", ["31"]),
    ("24倒数第二条", ["24(3)"]),
    ("24项第1、3条", ["24(1)", "24(3)"]),
    ("24项第一、第三条", ["24(1)", "24(3)"]),
    ("24的1和3", ["24(1)", "24(3)"]),
    ("24项1到3", ["24(1)", "24(2)", "24(3)"]),
    ("24项头两条", ["24(1)", "24(2)"]),
    ("第24项、第3款", ["24(3)"]),
    ("24项3条", ["24(3)"]),
    ("24大项3小项", ["24(3)"]),
    ("24〔3〕", ["24(3)"]),
    ("24里面的3", ["24(3)"]),
    ("item 24's third clause", ["24(3)"]),
    ("the 24th item's third clause", ["24(3)"]),
    ("fifth item", ["5"]),
]


@pytest.mark.parametrize(("question", "expected"), [*FOUND, *ROWS])
def test_a_reference_in_any_writing_is_found(guide: Guide, question: str, expected: list[str]) -> None:
    """Full-width, half-width, dotted, Chinese numerals, English and enumerations all mean the same clauses."""
    assert [r.text for r in references(question, guide)] == expected


@pytest.mark.parametrize("question", NOT_FOUND)
def test_other_numbers_are_no_references(guide: Guide, question: str) -> None:
    """Announcement numbers, counts, periods, percentages and dates are not clause numbers."""
    assert references(question, guide) == []


def test_every_clause_of_the_guide_is_found_by_its_id(guide: Guide) -> None:
    """By number there is no miss: all 64 ids, and all item numbers in words."""
    for clause in guide.clauses.values():
        wanted = clause.id if clause.number else f"第{clause.id}项"
        assert [c for r in references(f"{wanted}要准备什么材料", guide) for c in r.clauses] == [clause.id]


def test_a_missing_number_has_no_clauses(guide: Guide) -> None:
    """A well-formed number that does not exist is kept, so that the answer can say so."""
    (reference,) = references("24(9)要求什么", guide)
    assert (reference.text, reference.clauses) == ("24(9)", ())


@given(question=st.text(max_size=80))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_without_failing(guide: Guide, question: str) -> None:
    """References of arbitrary text are always well-formed."""
    for reference in references(question, guide):
        assert reference.item.isdigit()
        assert all(c in guide.clauses for c in reference.clauses)


def test_a_title_names_its_item_unless_it_is_an_everyday_phrase(guide: Guide) -> None:
    """危机管理 names item 30; 管理要求 stands in dozens of lines, and names item 21 only when called an item."""
    assert [r.item for r in titled("危机管理总共查什么", guide)] == ["30"]
    assert titled("员工的车和访客的车进厂，管理要求分别是什么", guide) == []
    assert [r.item for r in titled("“管理要求”这一项总共几条", guide)] == ["21"]


@pytest.mark.parametrize(
    ("question", "items"),
    [("进入安全", ["24"]), ("《危机管理》？", ["30"]), ("Access security", ["24"]), ("信息系统控制", ["9", "10", "11"]), ("（六）遵守法律法规", ["14", "15"]), ("管理要求", []), ("进入", []), ("？", [])],
)  # fmt: skip
def test_nothing_but_a_title_is_looked_up(guide: Guide, question: str, items: list[str]) -> None:
    """An item or all of a category, in either language; a phrase that the guide uses all over may mean anything."""
    assert [r.item for r in by_title(question, guide)] == items
    assert bare(question, guide) or not items


@pytest.mark.parametrize(
    "question", ["贸易安全标准", "第四部分", "第4大部分？", "四、贸易安全标准", "第四部分 贸易安全标准", "Trade security"]
)
def test_the_heading_of_a_part_lists_it(assistant: Assistant, guide: Guide, question: str) -> None:
    """As printed, by its title or by its number: all its clauses, whatever else a search would find near those words."""
    answer = assistant.ask(question)
    assert answer.clauses == tuple(c.id for c in guide.clauses.values() if guide.places[c.id].part.number == "四")
    assert bare(question, guide)


def test_a_title_asks_nothing_that_could_be_decided(assistant: Assistant) -> None:
    """任选其一 is said of one clause where it is asked about, not above a category that it stands in."""
    assert [b for b in assistant.ask("遵守法律法规").blocks if b.block == "verdict"] == []


@pytest.mark.parametrize(
    ("question", "item"),
    [
        ("信息安全有哪些要求", "11"),
        ("场所安全要管哪些", "23"),
        ("税款缴纳海关看什么", "20"),
        ("人员安全这块要准备啥", "25"),
        ("改进机制整体要做些什么", "8"),
        ("what does customs look at for premises security", "23"),
        ("who is responsible for information security", None),
        ("信息安全培训有哪些要求", None),
        ("内审制度谁负责", None),
        ("单证保管要几年", None),
        ("集装箱安全看什么", None),
    ],
)
def test_whoever_calls_an_item_and_nothing_else_asks_about_all_of_it(guide: Guide, question: str, item: str | None) -> None:
    """A further matter, and a question about one thing, leave it to the search; so does an item of one clause."""
    called = called_whole(question, guide, shipped(), translated)
    assert (called.number if called else None) == item
