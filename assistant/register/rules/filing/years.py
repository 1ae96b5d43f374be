"""The years and days that a folder or file name says: 2023, 2023年度, 23年, FY2023, 2022-2024, 20230512, 2023.05, 二〇二三年."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.numerals import value

if TYPE_CHECKING:
    from assistant.register.facts.slots import Slot

_DIGIT = "[〇○零一二三四五六七八九]"
_TO = r"\s*(?:年度?)?\s*(?:-|—|–|~|至|到)+\s*"
_NOTICE = re.compile(r"[\[(〔]?(?:19|20)\d\d[\])〕]?\s*年?\s*第?\s*\d+\s*号")
_SPOKEN = re.compile(rf"(二{_DIGIT}{{3}})\s*年?度?")
_RANGE = re.compile(rf"(?<!\d)(20\d\d){_TO}(20\d\d)(?!\d)\s*(?:年度?)?|(?<!\d)(\d\d){_TO}(\d\d)\s*年度?")
_DAY = re.compile(
    r"(?<!\d)(?:(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"|(20\d\d)\s*[-_./年]\s*(0?[1-9]|1[0-2])\s*[-_./月]\s*(0?[1-9]|[12]\d|3[01])日?)(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:(?:0[1-9]|1[0-2])(?!\d)|(?!\d))\s*(?:年度?)?|(?<![\d.\-])(\d\d)\s*年度?")


@dataclass(frozen=True, slots=True)
class When:
    """A year, with the day where one is written. ``spans``: it is one of several that were named as a span."""

    year: int
    day: date | None = None
    spans: bool = False

    def fits(self, slot: Slot) -> bool:
        """Whether it lies in the period of a slot; a year that does not begin in January is told by days."""
        if self.day is not None and slot.opens is not None and slot.ends is not None and slot.opens < slot.ends:
            return slot.opens <= self.day <= slot.ends
        return slot.period[:4] == str(self.year)


def whens(name: str) -> list[When]:
    """Everything that a folded name says of time, each once, in order.

    >>> [w.year for w in whens("2022-2024年访客登记")], [w.year for w in whens("海关公告2018年第177号 培训 23年度")]
    ([2022, 2023, 2024], [2023])
    """
    text = _SPOKEN.sub(lambda m: f"{value(m[1])} ", _NOTICE.sub(" ", name))
    found: dict[int, When] = {}
    for when, start, end in (*_spans(text), *_days(text)):
        found.setdefault(when.year, when)
        text = text[:start] + " " * (end - start) + text[end:]
    for match in _YEAR.finditer(text):
        year = int(match[1] or f"20{match[2]}")
        found.setdefault(year, When(year))
    return sorted(found.values(), key=lambda w: w.year)


def without(name: str) -> str:
    """A folded name without its years and days, for reading its words."""
    text = _SPOKEN.sub(" ", name)
    for pattern in (_RANGE, _DAY, _YEAR):
        text = pattern.sub(" ", text)
    return text


def _spans(text: str) -> Iterator[tuple[When, int, int]]:
    for match in _RANGE.finditer(text):
        first, last = (int(m) if len(m) == 4 else 2000 + int(m) for m in match.groups() if m)
        for year in range(first, min(last, first + 20) + 1):
            yield When(year, spans=True), match.start(), match.end()


def _days(text: str) -> Iterator[tuple[When, int, int]]:
    for match in _DAY.finditer(text):
        numbers = [int(n) for n in match.groups() if n]
        try:
            yield When(numbers[0], date(*numbers)), match.start(), match.end()
        except ValueError:
            continue
