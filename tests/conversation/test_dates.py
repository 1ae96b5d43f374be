"""Days in a message."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation.meaning.dates import day_in

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
