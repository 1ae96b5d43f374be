"""Numbers with units, as people say them and as the guide bounds them."""

from __future__ import annotations

import pytest

from assistant.answers.reply.deciding.quantities import bounds, quantities


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("占2.8%", "share", 2.8), ("100票里有4票", "share", 4), ("3 out of 50", "share", 6), ("百分之三点零五", "share", 3.05), ("三点二%", "share", 3.2), ("千分之五", "share", 0.5), ("九成五", "share", 95),
        ("每18个月做一次", "rate", 2 / 3), ("每13个月", "rate", 12 / 13), ("每一年半一次", "rate", 2 / 3), ("每隔一年一次", "rate", 0.5), ("零点二八", "ratio", 0.28), ("百分之三", "share", 3), ("保留30个月", "length", 30), ("two-year line", "length", 24),
        ("2年半", "length", 30), ("24小时", "length", 24 / 730), ("10 分钟", "length", 10 / 43800), ("两年搞一回", "rate", 0.5),
        ("半年一次", "rate", 2), ("隔年才做一次", "rate", 0.5), ("每季度一次", "rate", 4), ("去年只上了1次", "rate", 1),
        ("今年一共听了三堂", "rate", 3), ("twice every six months", "rate", 4), ("every other year", "rate", 0.5), ("2 名保安", "people", 2),
        ("围墙2 米", "metre", 2), ("吻合度0.28", "ratio", 0.28), ("吻合度０．２８", "ratio", 0.28), ("抽20票", "piece", 20), ("做了两次", "count", 2),
    ],
)  # fmt: skip
def test_a_quantity_is_read(text: str, dimension: str, value: float) -> None:
    """Digits, Chinese and English numerals with their units; lengths in months, rates in times a year."""
    (found,) = quantities(text)
    assert found.dimension == dimension
    assert found.value == pytest.approx(value)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("text", ["第3条", "2018年", "6月30日", "24(3)", "最近一次", "每一年的记录", "第二次", "三方面"])
def test_dates_numbers_of_clauses_and_ordinals_are_no_quantities(text: str) -> None:
    """What only looks like a quantity is none."""
    assert not quantities(text)


def test_how_long_ago() -> None:
    """五年前 looks back from now, 留五年 does not."""
    assert [(q.value, q.ago) for q in quantities("五年前判过，记录留五年，18 months ago")] == [(60, True), (60, False), (18, True)]


@pytest.mark.parametrize(
    ("line", "side", "value"),
    [
        ("应当每年参加2次以上海关法律法规的内部培训", "least", 2), ("相关记录保存期限不少于2年。", "least", 24), ("报关单率不超过3%。", "most", 3),
        ("2年内有进出口活动", "within", 24), ("企业3年以来的单证。", "least", 36), ("吻合度在0．3以上的", "least", 0.3),
    ],
)  # fmt: skip
def test_a_bound_is_read(line: str, side: str, value: float) -> None:
    """What a line asks of a quantity, and from which side."""
    (found,) = bounds(line)
    assert (found.side, found.quantity.value) == (side, pytest.approx(value))


def test_a_count_within_a_period_is_a_rate() -> None:
    """The period beside a limit is what it counts in, and a limit is not measured against it."""
    found = bounds("1年内被海关列入信用信息异常企业名录次数不超过1次，且不超过30日。", sentence=True)
    assert [(b.side, b.quantity.dimension, round(b.quantity.value, 2)) for b in found] == [("most", "rate", 1), ("most", "length", 0.99)]


def test_nothing_within_is_told_from_something_within() -> None:
    """2年内无… forbids, 2年内有… asks for."""
    assert [bounds(t)[0].denies for t in ("2年内无向海关人员行贿的行为。", "2年内有进出口活动。", "2年内未因故意犯罪受过刑事处罚。")] == [
        True,
        False,
        True,
    ]
