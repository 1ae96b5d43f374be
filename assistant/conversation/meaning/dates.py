"""Days in a message: 下周三, 月底, 12月1日, in 3 days, 2026-12-01. Number grammar only; the day that is meant comes back."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_DAYS = "一二三四五六日天"
_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ISO = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_MONTH_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_NUMBER = r"(\d{1,2}|[一两二三四五六七八九十])"
_IN = re.compile(rf"{_NUMBER}\s*(?:个)?(天|日|周|星期|月|days?|weeks?|months?)")
_WEEKDAY = re.compile(rf"(下+|本|这|)(?:个)?(?:周|星期|礼拜)([{_DAYS}])")
_IN_MONTH = re.compile(r"(下个?月|这个?月|本月|)(\d{1,2})[号日]")
_THIS_WEEK = re.compile(r"(?:这|本)(?:个)?(?:周|星期|礼拜)|this week")
_STEPS = {"大后天": 3, "后天": 2, "明天": 1, "tomorrow": 1, "下周": 7, "下星期": 7, "下礼拜": 7, "next week": 7, "过几天": 3, "几天": 3}


def day_in(text: str, today: date) -> date | None:
    """The first day that a message names, on or after today; None when it names none."""
    said = text.casefold()
    found = _ISO.search(said) or _MONTH_DAY.search(said)
    if found:
        return _day(found.groups(), today)
    weekday = _WEEKDAY.search(said)
    if weekday:
        ahead = (7 * len(weekday.group(1)) if "下" in weekday.group(1) else 0) - today.weekday() + min(_DAYS.index(weekday.group(2)), 6)
        return today + timedelta(days=ahead if ahead > 0 else ahead + 7)
    named = next((n for n, name in enumerate(_EN) if name in said), None)
    if named is not None:
        return today + timedelta(days=(named - today.weekday() - 1) % 7 + 1)
    numbered = _IN_MONTH.search(said)
    if numbered:
        later = "下" in numbered.group(1) or int(numbered.group(2)) < today.day
        month = today.replace(day=1) + timedelta(days=32) if later else today
        return _day((str(month.year), str(month.month), numbered.group(2)), today)
    if "月底" in said or "end of the month" in said:
        month = today.replace(day=1) + timedelta(days=32) if "下" in said.partition("月底")[0][-2:] else today
        return month.replace(day=monthrange(month.year, month.month)[1])
    if "下个月" in said or "下月" in said or "next month" in said:
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    if "年底" in said or "end of the year" in said:
        return date(today.year, 12, 31)
    if _THIS_WEEK.search(said):
        return today + timedelta(days=(4 if today.weekday() < 4 else 6) - today.weekday())
    step = _IN.search(said)
    if step:
        count = _NUMBERS.get(step.group(1)) or int(step.group(1))
        unit = step.group(2)
        return today + timedelta(days=count * (1 if unit[0] in "天日d" else 7 if unit[0] in "周星w" else 30))
    return next((today + timedelta(days=n) for name, n in _STEPS.items() if name in said), None)


def _day(parts: tuple[str, ...], today: date) -> date | None:
    *year, month, day = (int(p) for p in parts)
    try:
        found = date(year[0] if year else today.year, month, day)
    except ValueError:
        return None
    return found.replace(year=found.year + 1) if not year and found < today else found


_LENGTH = re.compile(
    rf"(?<!in )(?<!within )(?<![下这本上]){_NUMBER}\s*(?:more )?(?:个?(天|周|星期|礼拜)|个(月)|(days?|weeks?|months?))(?!之?内|以内|以?后)"
)
_SOONER = ("提前", "earlier", "sooner")


def length_in(text: str, today: date) -> int | None:
    """Days by which a message moves what is due (宽限一周, 提前三天: less than none); None where it names a day, or no length."""
    said = text.casefold()
    found = _LENGTH.search(said)
    if found is None or day_in(_LENGTH.sub(" ", said), today) is not None:
        return None
    count, unit = found.group(1), next(u for u in found.groups()[1:] if u)
    days = (_NUMBERS.get(count) or int(count)) * (1 if unit[0] in "天d" else 30 if unit[0] in "月m" else 7)
    return -days if any(word in said for word in _SOONER) else days


_WEEK = re.compile(r"(下+|本|这个|这|next|this) ?(?:个)?(?:周|星期|礼拜|week)(?![一二三四五六日天末])")
_MONTH = re.compile(r"(下|本|这个|这|next|this) ?(?:个)?(?:月|month)(?!底)")
_NAMED_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月(?!\d|底)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "this year": 0, "last year": -1}


def years_in(text: str, today: date) -> tuple[str, ...]:
    """The years that a message names."""
    said = text.casefold()
    return tuple(dict.fromkeys([*_YEAR.findall(said), *(str(today.year + n) for name, n in _YEARS.items() if name in said)]))


def span_in(text: str, today: date) -> tuple[date, date] | None:
    """First and last day of what a message names: a week, a month, or from today to a day; None when it names none."""
    said = text.casefold()
    week, month, named = _WEEK.search(said), _MONTH.search(said), _NAMED_MONTH.search(said)
    if week:
        ahead = len(week.group(1)) if "下" in week.group(1) else int(week.group(1) == "next")
        start = today - timedelta(days=today.weekday()) + timedelta(days=7 * ahead)
        return start, start + timedelta(days=6)
    if month or named:
        later = month is not None and month.group(1) in ("下", "next")
        start = today.replace(day=1) + timedelta(days=32) if later else today
        if named and not month:
            wanted = int(named.group(1))
            start = date(today.year + (wanted < today.month), wanted, 1)
        return start.replace(day=1), start.replace(day=monthrange(start.year, start.month)[1])
    if "年底" in said or "this year" in said or "今年" in said:
        return today, date(today.year, 12, 31)
    last = today if "今天" in said or "today" in said else day_in(text, today)
    return (today, last) if last else None
