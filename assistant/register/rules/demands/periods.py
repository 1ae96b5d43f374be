"""Which periods a records line is owed for, read from the guide's own words about periods, in the years that the lead chose.

「重新认证企业，自成为认证企业或者最近一次重新认证后每一年的…」 makes one slot a year for an enterprise that renews; 「每一年年末」
one per year end; 「3年以来」 one rolling window for everybody; 「不少于2年」 the last two years of a new applicant. Where the guide
names no period there is one slot without. A year is asked for from its first day on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.errors import RegisterError
from assistant.numerals import CHINESE, value
from assistant.register.facts.profile import Profile
from assistant.register.facts.seasons import in_season
from assistant.register.facts.slots import Slot

YEARLY = re.compile(r"[每各](一|个)?年度?(?!.{0,6}次)|逐年")
LAST_YEARS = re.compile(rf"近([0-9{CHINESE}]{{1,3}})年")
YEAR_END = re.compile(r"(?<=年|度)(年?末|年?底|年终)")
ROLLING = re.compile(r"(?<!\d)(\d+)年以来")
KEPT = re.compile(r"保存期限不少于(\d+)年")
FOR_INITIAL = re.compile(r"^\W*(首次|新)申请认证")
FOR_RENEWAL = re.compile(r"^\W*重新认证")
GRACE = timedelta(days=31)
"""A year's records are due this long after the year."""
FRESH = 366
"""What covers a rolling window must be renewed this many days after it was handed in."""
VISIT_LEAD = timedelta(days=14)
"""What is shown at the visit is wanted this long before it."""
PACE = 10 / 12
"""A count that runs through a year should be complete this far into it (n of n; k of n at k/n of that): of two trainings the first
by the end of May, the second by the end of October, so that what is missing can still be held in the year."""

_PARTS = re.compile(r"(\d{4})(?:\s*[-年/.]\s*(\d{1,2}))?(?:\s*[-月/.]\s*(\d{1,2}))?\s*[年月日号]?度?")
_MONTH = re.compile(r"(\d{1,2})月")
_TO = re.compile(r"\s*(?:\.{2,}|[~—–]+|至|到)\s*|\s+-+\s+")
_DAYS = r"(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_GIVEN = re.compile(rf"^(\d{{4}}){_DAYS}(?:\.\.(\d{{4}}){_DAYS})?$")


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a slot: ``2024``, ``2024-12-31`` (a year end), ``3y`` (the last three years) or none."""

    key: str = ""
    why: str = "evidence"
    opens: date | None = None
    ends: date | None = None
    due: date | None = None
    steps: tuple[date, ...] = ()
    rolling: bool = False
    after_visit: bool = False
    """It can only be made after the year, and the visit comes before that year is over: nothing brings it forward."""
    not_before: date | None = None
    """The first day on which it can be there, where that is not its first: the report of a year is made after the year."""


def concerns(text: str, profile: Profile) -> bool:
    """Whether a line about one kind of applicant (新申请, 重新认证) speaks of this enterprise."""
    other = FOR_RENEWAL if profile.certification == "initial" else FOR_INITIAL
    return other.match(text) is None


def periods_of(
    text: str, rules: Iterable[str], profile: Profile, today: date, count: int = 0, advanced: bool = False, season: str = ""
) -> tuple[Period, ...]:
    """The periods of one records line.

    Args:
        text: the line.
        rules: the lines and paragraphs about periods and retention that govern it.
        profile: the enterprise.
        today: decides which years have begun.
        count: how often it is owed in a year; a count has a year even where the guide names none, the running one.
        advanced: whether years count from the first 高级 certification.
        season: the day by which each year's is wanted (see ``seasons.in_season``); empty: a month after the year.
    """
    window = ROLLING.search(text)
    if window:
        return (Period(f"{window.group(1)}y", "rolling", rolling=True),)
    spoken = list(rules)
    yearly = [rule for rule in spoken if YEARLY.search(rule)]
    if profile.certification == "renewal" and (yearly or count):
        at_end = any(YEAR_END.search(rule) for rule in yearly)
        last = next((value(m.group(1)) for rule in yearly if (m := LAST_YEARS.search(rule))), None)
        asked = [year for year in years(profile, today, advanced) if last is None or year[0] > today.year - last]
        return tuple(p for year in asked for p in _of_year(*year, at_end, count, profile, today, season))
    if count:
        running = (today.year, date(today.year, 1, 1), date(today.year, 12, 31))
        return tuple(_because(p, "this_year") for p in _of_year(*running, False, count, profile, today, season))
    kept = next((m for rule in spoken if (m := KEPT.search(rule))), None)
    if kept:
        return (Period(f"{kept.group(1)}y", "rolling", rolling=True),) if profile.certification == "initial" else (Period(),)
    initial = profile.certification == "initial" and any(FOR_INITIAL.match(rule) for rule in spoken)
    return (Period("", "initial" if initial else "evidence"),)


def years(profile: Profile, today: date, advanced: bool = False) -> Iterator[tuple[int, date, date]]:
    """Every year since certification that has begun: its number, first and last day. Certification years begin on its day."""
    since = profile.since(advanced)
    if since is None:
        return
    if profile.years == "certification":
        for year in range(since.year, today.year + 1):
            start = anniversary(since, year)
            if start <= today:
                yield year, start, anniversary(since, year + 1) - timedelta(days=1)
        return
    for year in range(since.year, today.year + 1):
        start, end = max(since, date(year, 1, 1)), date(year, 12, 31)
        if year > since.year or (end - start).days + 1 >= profile.first_year_least_days:
            yield year, start, end


def anniversary(since: date, year: int) -> date:
    """The day of that year on which a certification year begins (29 February: 1 March)."""
    try:
        return since.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _of_year(year: int, start: date, end: date, at_end: bool, count: int, profile: Profile, today: date, season: str) -> Iterable[Period]:
    wanted = in_season(season, start, end) or end + GRACE
    later = bool(season) and wanted > end and _renewal_within(end, profile, today)
    due = wanted if later else _before_visit(start, wanted, profile, today)
    if at_end:
        if end <= today:
            yield Period(end.isoformat(), "year_end", end, end, due)
        return
    within = end >= today and not (season and wanted > end)  # what is wanted after its year has no day within it
    steps = tuple(min(due, start + (end - start) * (PACE * (k + 1) / count)) for k in range(count)) if within else ()
    reported = end + timedelta(days=1) if season and wanted > end and profile.certification == "renewal" else None
    yield Period(str(year), "yearly", start, end, due, steps, after_visit=later, not_before=reported)


def _because(period: Period, why: str) -> Period:
    """The period with another reason."""
    return replace(period, why=why)


def _before_visit(start: date, due: date, profile: Profile, today: date) -> date:
    """The due date, brought forward to when everything is wanted for a visit that is still to come, but not before the year."""
    visit = profile.visit_on
    return due if visit is None or visit < max(start, today) else min(due, max(start, ready_by(visit)))


def _renewal_within(end: date, profile: Profile, today: date) -> bool:
    """Whether a renewing enterprise is still to be visited before that year is over."""
    return profile.certification == "renewal" and profile.visit_on is not None and today <= profile.visit_on <= end


def latest(profile: Profile, today: date) -> date | None:
    """The day by which everything is wanted for a visit that is still to come, None without one."""
    visit = profile.visit_on
    return ready_by(visit) if visit is not None and visit >= today else None


def ready_by(visit: date) -> date:
    """The day by which everything is wanted for a visit."""
    return visit - VISIT_LEAD


def holds_until(today: date, profile: Profile) -> date:
    """The next day on which a plan may change by itself: a year's end or start, the day of the certification, the visit."""
    ends = [date(today.year, 12, 31), date(today.year + 1, 1, 1)]
    since = [d for d in (profile.since(), profile.since(advanced=True)) if d is not None and profile.years == "certification"]
    ends += [anniversary(d, year) - timedelta(days=before) for d in since for year in (today.year, today.year + 1) for before in (0, 1)]
    if profile.visit_on is not None:
        ends += [profile.visit_on, profile.visit_on + timedelta(days=1)]
    return min(day for day in ends if day > today)


def _plain(end: str) -> str:
    """One end of a period as it is kept: 2024年3月, 2024/3, 2024.03 are 2024-03."""
    parts = _PARTS.fullmatch(end.strip())
    return "-".join(p.zfill(2) for p in parts.groups() if p) if parts else end


def given_period(text: str, slot: Slot) -> str:
    """A period that somebody names for a submission (``2024``, ``2024-03``, 2024年3月, ``2024-01..2024-06``), checked.

    Raises:
        RegisterError: it is no period, or lies outside the slot's year (or its two, of certification).
    """
    stripped = _TO.sub("..", unicodedata.normalize("NFKC", text).strip(), count=1)
    begins, *ends = stripped.split("..")
    ends = [f"{begins[:4]}-{month[1]}" if (month := _MONTH.fullmatch(end)) else end for end in ends]  # 2024年1月至6月
    stripped = "..".join(_plain(end) for end in (begins, *ends))
    match = _GIVEN.match(stripped)
    if not match:
        raise RegisterError("register.period_form", period=text)
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    if first > last or (slot.period[:4].isdigit() and not slot.within(first, last)):
        raise RegisterError("register.period_other", period=text, slot=slot.id, wanted=slot.spoken or "—")
    return stripped
