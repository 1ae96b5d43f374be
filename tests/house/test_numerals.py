"""Numbers are read in one place, in every way that people and guides write them."""

from __future__ import annotations

import pytest

from assistant.answers.reply.check.quantities import quantities
from assistant.answers.reply.deciding.quantities import quantities as told
from assistant.numerals import ENCLOSED, IN_ENGLISH, day, unenclosed, value


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("24", 24),
        ("２４", 24),
        ("二十四", 24),
        ("贰拾肆", 24),
        ("廿四", 24),
        ("二四", 24),
        ("十", 10),
        ("一百零三", 103),
        ("⑫", 12),
        ("㈢", 3),
        ("两", 2),
    ],
)
def test_a_numeral_in_any_writing(written: str, means: int) -> None:
    """Digits of any width, Chinese numerals plain and of banks, and enclosed numbers."""
    assert value(written) == means


@pytest.mark.parametrize("written", ["", "项", "二项", "3a", "-"])
def test_what_is_no_numeral(written: str) -> None:
    """Anything else has no value, and is not guessed."""
    assert value(written) is None


def test_enclosed_numbers_keep_apart_from_their_neighbours() -> None:
    """24③ is 24(3), and not 243, which is what the normal form of Unicode makes of it."""
    assert unenclosed("24③") == "24(3)"
    assert all(unenclosed(c) == f"({n})" for row in ENCLOSED for n, c in enumerate(row, 1))


def test_days_as_people_write_them() -> None:
    """Chinese, slashes, points, full width, eight digits; never the American order, a serial number or a day that there is not."""
    for text in ("2026-01-05", "2026-1-5", "2026/1/5", "2026.1.5", "2026年1月5日", "2026 年 1 月 5 号", "２０２６／１／５", "20260105"):
        assert str(day(text)) == "2026-01-05", text
    assert str(day("2026/1/5 0:00", timed=True)) == "2026-01-05"
    assert [t for t in ("2026/1/5 0:00", "1/5/2026", "46027", "2026年2月30日", "2026-1", "下周一", "") if day(t) is not None] == []


def test_english_words_are_read_in_one_place() -> None:
    """One to a hundred, for places of the guide, claims of a model and what people tell alike."""
    assert [IN_ENGLISH[word] for word in ("one", "eleven", "nineteen", "twenty-four", "ninety", "hundred")] == [1, 11, 19, 24, 90, 100]
    assert {(24.0, "month"), (2.0, "year")} == quantities("twenty-four months") == quantities("二十四个月")
    assert [q.value for q in told("kept for twenty-five years")] == [300]
