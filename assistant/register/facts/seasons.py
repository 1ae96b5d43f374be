"""The day of each year by which something is wanted: ``11-30`` or 11月30日 in that year, ``+06-30`` or 次年6月30日 in the one after it."""

from __future__ import annotations

import re
from datetime import date, timedelta

_SEASON = re.compile(r"\s*(次年|\+)?\s*(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*日?\s*")


def in_season(season: str, start: date, end: date) -> date | None:
    """The day of a season for a year from ``start`` to ``end``, None where it has none (no season, or a first year that began after it).

    Raises:
        ValueError: it is no such day.
    """
    if not season:
        return None
    found = _SEASON.fullmatch(season)
    if found is None:
        raise ValueError(season)
    month, day = int(found.group(2)), int(found.group(3))
    date(2024, month, day)
    first = end + timedelta(days=1) if found.group(1) else start
    days = (_day_of(year, month, day) for year in (first.year, first.year + 1))
    wanted = next(d for d in days if d >= first)
    return wanted if found.group(1) or wanted <= end else None


def _day_of(year: int, month: int, day: int) -> date:
    """That day; 29 February is 1 March in most years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 3, 1)
