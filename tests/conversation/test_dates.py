"""Days in a message."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation.meaning.dates import day_in, length_in

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下周再交", "2026-12-01"), ("下周三给", "2026-12-02"), ("周五前", "2026-11-27"), ("这周一", "2026-11-30"), ("明天", "2026-11-25"), ("后天再说", "2026-11-26"),
        ("大后天", "2026-11-27"), ("月底才有", "2026-11-30"), ("12月1日", "2026-12-01"), ("1月5号", "2027-01-05"), ("2026-12-24 前", "2026-12-24"), ("三天后", "2026-11-27"),
        ("两周以后", "2026-12-08"), ("下个月", "2026-12-01"), ("in 3 days", "2026-11-27"), ("next week", "2026-12-01"), ("until friday", "2026-11-27"),
        ("现在没空", None), ("2月30日", None),
    ],
)  # fmt: skip
def test_a_day(text: str, day: str | None) -> None:
    """The day that is meant, never before today."""
    found = day_in(text, TUESDAY)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("24(3)宽限一周", 7), ("延后三天", 3), ("推迟两个月", 60), ("提前5天交", -5), ("give her 2 more weeks", 14), ("a week: 1 week earlier", -7),
        ("三天内交", None), ("两周后交", None), ("within 3 days", None), ("in 2 weeks", None), ("宽限三天到12月10日", None), ("改到12月31日", None),
        ("下一周", None), ("24(3)改到周五", None),
    ],
)  # fmt: skip
def test_a_length(text: str, days: int | None) -> None:
    """By how much something moves from where it stands; not from when to when."""
    assert length_in(text, TUESDAY) == days
