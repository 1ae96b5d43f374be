"""Numbers of the edition before are understood, and told."""

from __future__ import annotations

import pytest

from assistant.answers.question.places.earlier import Earlier, Now, in_todays_numbers
from assistant.guide import Guide
from ingest.compare.earlier import earlier

BEFORE = Earlier(edition="2018-177", numbers={"24(3)": ("25(4)",), "24": ("25",), "8(9)": ("8(1)", "8(2)"), "33": ("31",)})
MOVED = Now("24(3)", ("25(4)",))


@pytest.mark.parametrize(
    ("question", "read", "told"),
    [
        ("旧版24(3)要什么记录", "25(4)要什么记录", (MOVED,)),
        ("旧版的 24③ 要什么记录", "25(4) 要什么记录", (MOVED,)),
        ("上一版第24项有哪些条款", "第25项有哪些条款", (Now("24", ("25",)),)),
        ("2018-177版的24(3)要什么", "25(4)要什么", (MOVED,)),
        ("What did the old edition's 24(3) ask for?", "What did the 25(4) ask for?", (MOVED,)),
        ("24(3)要什么记录", "24(3)要什么记录", (MOVED,)),
        ("8(9)写了什么", "8(1)写了什么", (Now("8(9)", ("8(1)", "8(2)")),)),
        ("第33项要什么", "第31项要什么", (Now("33", ("31",)),)),
        ("24(1)要什么记录", "24(1)要什么记录", ()),
        ("访客登记要留哪些记录", "访客登记要留哪些记录", ()),
        ("旧版的登记簿还能用吗", "旧版的登记簿还能用吗", ()),
    ],
)
def test_old_numbers(guide: Guide, question: str, read: str, told: tuple[Now, ...]) -> None:
    """Said to be old, or gone today: read as today's number. Any other is today's. Either way it is told what the old one is now."""
    assert in_todays_numbers(question, BEFORE, guide) == (read, told)


def test_nothing_is_renumbered_without_an_edition_before(guide: Guide) -> None:
    """The same guide has no old numbers, and then a question stands as it is."""
    assert earlier(guide, guide).numbers == {}
    assert in_todays_numbers("旧版24(3)要什么", earlier(guide, guide), guide) == ("旧版24(3)要什么", ())
