"""How often a few words want something: 每年2次, 每半年一次, 按季度, 每两个月, 年度 -> times a year."""

from __future__ import annotations

import re

from assistant.numerals import CHINESE, value

_NUMBER = rf"[0-9{CHINESE}两]{{1,3}}"
_TIMES = re.compile(rf"({_NUMBER})\s*(?:次|份|期|回)")
_MONTHS = re.compile(rf"每({_NUMBER})个?月")
_YEARS = re.compile(rf"每({_NUMBER})年")
_UNITS = (
    (re.compile("半年"), 2),
    (re.compile("季"), 4),
    (re.compile("每个?月|月度|按月|逐月"), 12),
    (re.compile("每一?年|年度|逐年|按年|一年|年/次|次/年"), 1),
)


def times_in(text: str) -> int:
    """How often a year; 0 where no number follows from the words (持续, 实时, 每周, 每三年).

    >>> [times_in(said) for said in ("每年2次", "每半年一次", "季度", "每两个月", "年度", "每三年", "实时")]
    [2, 2, 4, 6, 1, 0, 0]
    """
    months, years = _MONTHS.search(text), _YEARS.search(text)
    if years and value(years.group(1)) not in (1, None):
        return 0
    said = _TIMES.search(text)
    times = (value(said.group(1)) if said else 1) or 1
    if months and (every := value(months.group(1))):
        return times * max(1, 12 // every)
    return next((times * unit for pattern, unit in _UNITS if pattern.search(text)), 0)
