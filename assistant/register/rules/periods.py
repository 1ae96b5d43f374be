"""Which periods a records line is owed for, read from the guide's own words about periods.

「重新认证企业，自成为认证企业或者最近一次重新认证后每一年的…」 makes one slot a year for an enterprise that renews; 「每一年年末」
one per year end; 「3年以来」 one rolling window for everybody. Where the guide names no period there is one slot without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.errors import RegisterError
from assistant.register.facts.profile import Profile

YEARLY = re.compile(r"自成为.{0,30}每一年")
YEAR_END = re.compile(r"每一年年末")
ROLLING = re.compile(r"(?<!\d)(\d+)年以来")
FOR_INITIAL = re.compile(r"^\W*(首次|新)申请认证")
FOR_RENEWAL = re.compile(r"^\W*重新认证")
GRACE = timedelta(days=31)
"""A year's records are due this long after the year."""
FRESH = timedelta(days=366)
"""What covers a rolling window must be renewed this long after it was handed in."""

_GIVEN = re.compile(r"^(\d{4})(?:-\d{2}){0,2}(?:\.\.(\d{4})(?:-\d{2}){0,2})?$")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a slot: ``2024``, ``2024-12-31`` (a year end), ``3y`` (the last three years) or none."""

    key: str = ""
    why: str = "evidence"
    opens: date | None = None
    due: date | None = None
    rolling: bool = False


def concerns(text: str, profile: Profile) -> bool:
    """Whether a line about one kind of applicant (新申请, 重新认证) speaks of this enterprise."""
    other = FOR_RENEWAL if profile.certification == "initial" else FOR_INITIAL
    return other.match(text) is None


def periods_of(text: str, rules: Iterable[str], profile: Profile, today: date) -> tuple[Period, ...]:
    """The periods of one records line, given the period rules that govern it."""
    window = ROLLING.search(text)
    if window:
        return (Period(f"{window.group(1)}y", "rolling", rolling=True),)
    spoken = [rule for rule in rules if YEARLY.search(rule)]
    if profile.certification == "renewal" and spoken and profile.certified_on is not None:
        at_end = any(YEAR_END.search(rule) for rule in spoken)
        years = range(profile.certified_on.year, today.year + 1)
        return tuple(p for year in years for p in _year(year, at_end, today))
    rolling = any(FOR_INITIAL.match(rule) for rule in rules) and profile.certification == "initial"
    return (Period("", "initial" if rolling else "evidence"),)


def _year(year: int, at_end: bool, today: date) -> Iterable[Period]:
    end = date(year, 12, 31)
    if at_end and end > today:
        return
    yield Period(end.isoformat() if at_end else str(year), "year_end" if at_end else "yearly", end, end + GRACE)


def holds_until(today: date) -> date:
    """The next day on which a plan may change by itself: a year end, then a new year."""
    end = date(today.year, 12, 31)
    return end if today < end else end + timedelta(days=1)


def given_period(text: str, slot_id: str, wanted: str) -> str:
    """A period that somebody names for a submission (``2024``, ``2024-03``, ``2024-01..2024-06``), checked.

    Raises:
        RegisterError: it is no period, or lies outside the slot's year.
    """
    stripped = text.strip()
    match = _GIVEN.match(stripped)
    if not match:
        raise RegisterError("register.period_form", period=text)
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    if first > last or (wanted[:4].isdigit() and not first <= int(wanted[:4]) <= last):
        raise RegisterError("register.period_other", period=text, slot=slot_id, wanted=wanted or "—")
    return stripped
