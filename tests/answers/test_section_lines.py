"""A line called by its section and number, and places joined by their units; read without any model."""

from __future__ import annotations

import pytest

from assistant.answers.question.learned.classifier import shipped
from assistant.answers.question.reading import Reader
from assistant.guide import Guide


@pytest.mark.parametrize(
    ("message", "places", "line"),
    [
        ("24(3)实地查看第2项", "24(3)", "24(3)/onsite/2"),
        ("24(3)第2条记录是什么", "24(3)", "24(3)/records/2"),
        ("6(1)情况介绍第（6）是什么", "6(1)", "6(1)/situation/6"),
        ("6(1)情况介绍(6)", "6(1)", "6(1)/situation/6"),
        ("二十四（三）现场查看第四项", "24(3)", "24(3)/onsite/4"),
        ("24(3)實地查看第三項", "24(3)", "24(3)/onsite/3"),
        ("进入安全（3）实地查看第1项", "24(3)", "24(3)/onsite/1"),
        ("24(3) on-site point 2", "24(3)", "24(3)/onsite/2"),
        ("24(3) records no. 3", "24(3)", "24(3)/records/3"),
        ("24(3)书面文件第9项", "24(3)", None),
        ("24项的抽查记录第2项", "24", None),
        ("第24项第3条抽查记录", "24(3)", None),
        ("24(3)的记录保存3年够吗", "24(3)", None),
        ("24(1)、24(3)实地查看", "24(1) 24(3)", None),
    ],
)
def test_a_line_is_called_by_section_and_number(guide: Guide, message: str, places: str, line: str | None) -> None:
    """Its number is no item of the guide; one that the section does not have leaves the section."""
    reading = Reader(guide, shipped().from_grams, lambda text: None).read(message)
    assert " ".join(r.text for r in reading.references) == places
    assert reading.line == line


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("第4条第2项和第10条的保存期限分别是多少", "4(2) 10"),
        ("第4条第2项和第3项", "4(2) 4(3)"),
        ("24条第3款和第4款", "24(3) 24(4)"),
        ("第24项第3条和第25项", "24(3) 25"),
        ("第4条第2项、第10条和第24条第3项", "4(2) 10 24(3)"),
        ("第5条和第6条第2项", "5 6(2)"),
        ("第24项第3条和第4条", "24(3) 24(4)"),
        ("第4條第2項與第10條", "4(2) 10"),
    ],
)
def test_a_joined_number_is_what_its_unit_says(guide: Guide, message: str, places: str) -> None:
    """By the unit of the item it is an item, by that of the clause a clause of the same item."""
    reading = Reader(guide, shipped().from_grams, lambda text: None).read(message)
    assert " ".join(r.text for r in reading.references) == places
