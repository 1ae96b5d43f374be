"""Questions that name places by number are asked with the numbers of the edition that answers."""

from __future__ import annotations

import pytest

from assistant.answers.question.places.renumber import names, renumbered

NUMBERS = {"24(3)": "25(3)", "24": "25", "8(1)": "8(2)"}


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("24(3)要什么记录", "25(3)要什么记录"),
        ("24③要什么", "25③要什么"),
        ("第二十四项（三），行吗？", "第25项（三），行吗？"),
        ("24项第三条？", "25项第三条？"),
        ("２４（３）要什么", "25（３）要什么"),
        ("third clause of item 24", "third clause of item 25"),
        ("24(1)、(3)要什么", "25(1)、(3)要什么"),
        ("24项四款当中，哪款不抽查？", "25项四款当中，哪款不抽查？"),
        ("24项最后一条", "25项最后一条"),
        ("第八項（1）？", "8(2)？"),
        ("第24项有哪些条款", "第25项有哪些条款"),
        ("24(9)有吗", "25(9)有吗"),
        ("8(1)和24(3)", "8(2)和25(3)"),
        ("第26项要什么", "第26项要什么"),
        ("24小时内要报告吗", "24小时内要报告吗"),
        ("门卫要记什么", "门卫要记什么"),
    ],
)
def test_numbers_that_changed_are_written_anew(question: str, now: str) -> None:
    """In whatever form they were written; what is no place of the guide stays, and an unchanged question stays letter for letter."""
    assert renumbered(question, NUMBERS) == now


def test_a_place_is_named_by_its_number() -> None:
    """A number that did not exist may exist in another edition."""
    assert names("24(5)写了什么", "24(5)")
    assert not names("24(5)写了什么", "24(4)")
