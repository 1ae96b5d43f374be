"""People, places and days that a message of the register's conversation names."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation.meaning.dates import span_in, years_in
from assistant.conversation.meaning.whom import people_in
from assistant.register.facts.people import Person

PEOPLE = {
    p.id: p
    for p in (
        Person("王芳"),
        Person("王芳芳"),
        Person("孙会计"),
        Person("li@example.cn", "李强", address={"slack": "U0LI", "email": "li@example.cn"}),
        Person("a@example.cn", "陈静"),
        Person("b@example.cn", "陈静"),
    )
}
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("王芳还缺什么", ["王芳"]), ("王芳芳呢", ["王芳芳"]), ("孫會計還欠什麼", ["孙会计"]), ("<@U0LI>还有几个没审", ["li@example.cn"]),
        ("what does Wang Fang still owe", ["王芳"]), ("has wangfang submitted", ["王芳"]), ("李強和王芳", ["li@example.cn", "王芳"]),
        ("li@example.cn 呢", ["li@example.cn"]), ("believe it", []), ("陈静交了吗", []), ("谁还没交", []),
    ],
)  # fmt: skip
def test_who_is_named(text: str, named: list[str]) -> None:
    """By name, id, address and chat id, in any script; the longer of two names; a name that two people share names neither."""
    assert people_in(text, PEOPLE) == named


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("这个月要交啥", (11, 1), (11, 30)), ("下个月到期的", (12, 1), (12, 31)), ("这周", (11, 30), (12, 6)), ("下周要交哪些", (12, 7), (12, 13)),
        ("月底前", (11, 30), (11, 30)), ("年底前", (11, 30), (12, 31)), ("三天内", (11, 30), (12, 3)), ("due next week", (12, 7), (12, 13)),
        ("12月要交什么", (12, 1), (12, 31)), ("今天要交什么", (11, 30), (11, 30)),
    ],
)  # fmt: skip
def test_which_days_are_named(text: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    """A week from Monday, a month, or from today to a day."""
    assert span_in(text, TODAY) == (date(2026, *first), date(2026, *last))


def test_which_years_are_named() -> None:
    """As numbers, and from today."""
    assert years_in("2024年的和去年的，编号120251", TODAY) == ("2024", "2025")
    assert span_in("还缺什么", TODAY) is None
