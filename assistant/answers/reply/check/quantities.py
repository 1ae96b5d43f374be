"""Numbers with their units, as Chinese and English write them: 两年, 2 年, two years and 24 个月 are one and the same.

Only number grammar is written down here. 一 in 这一项, 第一次 or 一名 is no number, and neither is a count of what a list
holds (六样, 6条): that is a matter of meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

from assistant.numerals import IN_ENGLISH, value

Unit = str


class CountedNumber(NamedTuple):
    """A number and what it counts: ``year``, ``month``, ``day``, …; an empty unit is a bare number."""

    number: float
    unit: Unit


_UNITS: dict[Unit, str] = {
    "month": r"个月|個月|months?",
    "year": r"年|周年|years?|yrs?",
    "week": r"周|週|星期|weeks?",
    "day": r"日|天|days?",
    "hour": r"个?小时|個?小時|hours?",
    "minute": r"分钟|分鐘|minutes?",
    "time": r"次|回|遍|times?|trainings|audits|listings?",
    "percent": r"%|percent|per cent",
    "permille": r"‰|per mille",
    "person": r"名|人|位|persons?|people|staff|employees|managers",
}
_COUNTED = r"个|個|件|份|套|家|票|岁|级|級|米|things?|people|copies"
_LISTED = r"样|樣|种|種|类|類|项|項|条|條|款|点|點|方面|环节|環節|items?|kinds?|ways?|lines?|roles?|parts?|clauses?|sections?"
_CHINESE = "零〇一二三四五六七八九十百两兩"  # not those of banks, which stand in words: 队伍人数
_REFERENCES = re.compile(
    r"第?\s*\d{1,2}\s*\(\s*\d{1,2}\s*\)(?:/\w+/n?\d+)?|第\s*[\d一二三四五六七八九十]+\s*(?:项|項|条|條|分项|款|次|部分|类|位|名|个|個|点|步)?"
    r"|\b(?:items?|clauses?|parts?)\s*\d+(?:\(\d+\))?|\b\d{4}-\d{2,3}\b|[(\[【]\d+[)\]】]"
)
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_NUMBER = re.compile(
    rf"(?:(?P<of>百分之|千分之)\s*)?(?:(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)|(?P<chinese>(?<![{_CHINESE}])[{_CHINESE}]+)"
    rf"|(?P<half>半)(?=年|个月|天)|\b(?P<word>{'|'.join(sorted(IN_ENGLISH, key=len, reverse=True))})\b)"
    rf"(?:(?:\s*(?:or more|or less|full|calendar|working|internal|整|多)){{0,3}}\s*(?:{_UNIT}|(?P<counted>{_COUNTED})|(?P<listed>{_LISTED})))?",
    re.I,
)
_FULL = re.compile(r"[个個]?整(?=[个個]?[年月天日周週])")
_TIMES = re.compile(
    r"\b(once|twice|thrice)\b(?=\s+(?:a|per|each|every|in)\b)|(?<=at least )\b(once|twice|thrice)\b|(?<=more than )\b(once|twice)\b", re.I
)
_NO_NUMBER_BEFORE = re.compile(
    r"(?:[第这這那哪每某任另同上下前后後头頭统統单單唯惟专專]|多久|多[少长長]\w{0,2}|[几幾]\w{1,2})\s*$"
)  # 多久一次 counts nothing
_LATEST = re.compile(r"(?:最近|近|上)\s*$")
_NO_NUMBER_AFTER = re.compile(r"\s*(?:性|并|起|致|般|些|旦|律|直|切|定|样|種|种)")


def quantities(text: str) -> set[CountedNumber]:
    """All quantities of a text; a year is also told as twelve months and the other way round."""
    return {q for quantity, _, _ in counted(plain(text)) for q in (quantity, *_same(quantity))}


def plain(text: str) -> str:
    """``text`` in plain signs, without clause numbers and ordinals; 三个整年 is 三年."""
    return _FULL.sub("", _REFERENCES.sub(" ¦ ", unicodedata.normalize("NFKC", text)))


def counted(wide: str) -> Iterator[tuple[CountedNumber, int, int]]:
    """Every quantity with where it begins and ends."""
    for match in _NUMBER.finditer(wide):
        quantity = _quantity(match, wide)
        if quantity is not None:
            yield quantity, match.start(), match.end()
    for match in _TIMES.finditer(wide):
        yield CountedNumber({"once": 1.0, "twice": 2.0, "thrice": 3.0}[match.group(0).lower()], "time"), match.start(), match.end()


_LEAST_BEFORE = re.compile(
    r"(?:不(?:得|能|应|應)?(?:少|低|短)[于於]|至少|最少|最低|起码|起碼|at least|no(?:t)? (?:less|fewer|shorter|lower) than|minimum(?: of)?)\s*$",
    re.I,
)
_MOST_BEFORE = re.compile(
    r"(?:不(?:得|能|应|應)?(?:超[过過]|(?:多|高|大|长|長)[于於])|至多|最多|最高|[顶頂]多|at most|no(?:t)? (?:more|longer|higher|greater) than"
    r"|not exceed(?:ing)?|maximum(?: of)?)\s*$",
    re.I,
)
_LEAST_AFTER = re.compile(r"\s*(?:以上|or (?:more|longer|higher)\b)", re.I)
_MOST_AFTER = re.compile(r"\s*(?:以下|以[内內]|or (?:less|fewer|lower)\b)", re.I)
_SIDES: tuple[tuple[Literal["least", "most"], re.Pattern[str], re.Pattern[str]], ...] = (
    ("least", _LEAST_BEFORE, _LEAST_AFTER),
    ("most", _MOST_BEFORE, _MOST_AFTER),
)
_NEGATES = re.compile(r"[不未无無没沒非否]|\b(?:no|not|never|fails?|without)\b|n't\b", re.I)


def turned(text: str, source: str) -> str:
    """A number that a text bounds from the other side than its source does (每年不超过2次 for 2次以上); empty when there is none.

    A text that denies something beside its bounds (90%以下不符合) may well turn them, and is left to the check by meaning.
    """
    said, rest = _sides(text)
    if not said or _NEGATES.search(rest):
        return ""
    told, _ = _sides(source)
    for quantity, side in sorted(said):
        sides = {s for q, s in told if q == quantity}
        if sides and side not in sides:
            return f"{quantity.number:g} {quantity.unit} is the {'least' if 'least' in sides else 'most'} in what it cites, not the {side}"
    return ""


def _sides(text: str) -> tuple[set[tuple[CountedNumber, Literal["least", "most"]]], str]:
    """The numbers that are bounded from below or above, and the text without the words that bound them."""
    wide = plain(text)
    found: set[tuple[CountedNumber, Literal["least", "most"]]] = set()
    cut: list[tuple[int, int]] = []
    for quantity, start, end in counted(wide):
        for side, before, after in _SIDES:
            ahead, behind = before.search(wide, 0, start), after.match(wide, end)
            if ahead or behind:
                found |= {(q, side) for q in (quantity, *_same(quantity))}
                cut.append((ahead.start() if ahead else start, end))
    for start, end in sorted(cut, reverse=True):
        wide = wide[:start] + wide[end:]
    return found, wide


def _quantity(match: re.Match[str], text: str) -> CountedNumber | None:
    unit = next((name for name in _UNITS if match[name]), "")
    if match["of"]:
        unit = "percent" if match["of"] == "百分之" else "permille"
    if match["half"]:
        return CountedNumber(0.5, unit) if unit else None
    if match["digits"]:
        written = float(match["digits"].replace(",", ""))
        return None if match["listed"] or (match["counted"] and written == 1) else CountedNumber(written, unit)
    number = IN_ENGLISH[match["word"].lower()] if match["word"] else value(match["chinese"])
    if number is None or not unit:  # a word that counts a list, or is no number at all
        return None
    if number == 1 and (unit == "person" or _NO_NUMBER_BEFORE.search(text[: match.start()]) or _NO_NUMBER_AFTER.match(text, match.end())):
        return None
    return None if number == 1 and unit == "time" and _LATEST.search(text[: match.start()]) else CountedNumber(float(number), unit)


def _same(quantity: CountedNumber) -> set[CountedNumber]:
    if quantity.unit == "year":
        return {CountedNumber(quantity.number * 12, "month")}
    if quantity.unit == "month":
        return {CountedNumber(quantity.number / 12, "year")}
    return set()


_OFTEN = {
    "year": (
        r"每[一1]?\s*个?年|年年|\b(?:annual(?:ly)?(?! leave)|yearly)\b|\b(?:every|each|per|a) year\b",
        r"每一?年|年度|年末|1年内|每年",
    ),
    "half": (r"每半年|every (?:six|6) months|half-yearly", r"每半年"),
    "quarter": (r"每个?季度?|\bquarterly\b|\b(?:every|each|per|a) quarter\b", r"每个?季"),
    "month": (r"每[一1]?个?月|月月|\bmonthly\b|\b(?:every|each|per|a) month\b", r"每个?月"),
    "week": (r"每[一1]?[周週]|周周|每[一1]?个?星期|\bweekly\b|\b(?:every|each|per|a) week\b", r"每周"),
    "day": (
        r"每[一1]?[日天]|天天|\bdaily\b(?! (?:business|operation|management|work|activit|life|routine))|\b(?:every|each|per|a) day\b",
        r"每[日天]|日常|当日",
    ),
}


def frequencies(text: str, source: bool = False) -> set[str]:
    """How often a text says that something happens: ``year``, ``month``, …; of a source, more words are taken to say it."""
    wide = unicodedata.normalize("NFKC", text).lower()
    return {name for name, (said, meant) in _OFTEN.items() if re.search(said, wide) or (source and re.search(meant, wide))}
