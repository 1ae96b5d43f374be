"""Numbers with their units, as people say them and as the guide bounds them: 2.8%, 三堂, 两年一次, 18 months ago; 每年参加2次以上.

Number grammar alone: what is measured is not read here. Lengths are in months, shares in percent, rates in times a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.numerals import CHINESE, IN_ENGLISH, value

Dimension = Literal["length", "count", "rate", "share", "ratio", "people", "metre", "piece"]
Side = Literal["least", "most", "within"]


class Quantity(NamedTuple):
    """A number of one dimension and where it stands in its text; ``ago``: so long before now."""

    dimension: Dimension
    value: float
    text: str
    start: int
    end: int
    ago: bool = False


class Bound(NamedTuple):
    """What a line asks of a quantity: at ``least``, at ``most``, or that something lies ``within`` it, looking back.

    ``denies``: the line says that nothing of the kind may lie within. ``window``: the months in which times are counted, for 1年内…不超过1次.
    """

    side: Side
    quantity: Quantity
    denies: bool = False
    window: float | None = None


_WIDE = {0xFF01 + i: 0x21 + i for i in range(94)}
"""Full-width signs and digits to plain ones: one character for one, so that places stay."""
_MONTHS = {"分钟": 1 / 43800, "小时": 1 / 730, "钟头": 1 / 730, "天": 12 / 365, "日": 12 / 365, "工作日": 12 / 365, "周": 84 / 365, "星期": 84 / 365, "礼拜": 84 / 365,
           "个月": 1.0, "月": 1.0, "季度": 3.0, "季": 3.0, "半年": 6.0, "年": 12.0, "周年": 12.0, "minute": 1 / 43800, "hour": 1 / 730, "day": 12 / 365,
           "week": 84 / 365, "month": 1.0, "quarter": 3.0, "year": 12.0}  # fmt: skip
_ENGLISH = {"zero": 0, **IN_ENGLISH, "a": 1, "an": 1, "half a": 0.5}
_N = rf"(?:\d{{1,12}}(?:\.\d{{1,12}})?|[{CHINESE}]{{1,8}}(?:点[{CHINESE}]{{1,8}})?|半)"
"""A number of a length that somebody writes: a run of thousands of digits holds nothing up."""
_TIMES = r"(?:次|回|遍|趟|堂|场|轮|節|节课?|课(?!时))"
_E = rf"(?:\d{{1,12}}(?:\.\d{{1,12}})?|{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})"
_SPAN = "分钟|小时|钟头|工作日|天|日|周年|周|星期|礼拜|个月|季度|年"
_OF = rf"(?P<n>{_N})?(?:个(?P<mid>半)?)?"
"""How many of a period: 18个, 一个半."""
_GAP = r"[^，。；,.;！!?？\d]{0,12}?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("every", re.compile(rf"(?P<other>每隔|隔|每){_OF}(?P<per>季度?|月|周|星期|天|日|年)(?P<half>半)?{_GAP}(?P<times>{_N}){_TIMES}")),
    ("in", re.compile(rf"(?:去年|今年|前年|上年度?|本年度?|全年|年度(?!报)|一年到头){_GAP}(?P<times>{_N}){_TIMES}")),
    ("each", re.compile(rf"(?<![第\d])(?P<n>{_N})(?:个(?P<mid>半)?)?(?P<per>季度|月|周|星期|天|年)(?P<half>半)?(?!前|以前|内?以来){_GAP}(?P<times>{_N}){_TIMES}")),
    ("every", re.compile(rf"(?P<other>每隔|隔|每)(?!一年(?!半)){_OF}(?P<per>季度?|月|周|星期|天|日|年)(?P<half>半)?(?!的|一年的)")),
    ("english", re.compile(rf"\b(?:(?P<times>once|twice|thrice|(?:{_E})\s+(?:times|(?!(?:year|month|week|day|hour)s?\b)[a-z]+))\s+(?:in\s+)?)?(?:(?:a|per|each|every)\s+(?P<n>other|{_E})?\s*(?P<per>year|quarter|month|week|day)s?"
                           r"|(?P<word>annually|yearly|quarterly|monthly|weekly|daily|biennially))\b")),
    ("among", re.compile(rf"(?P<of>{_N})\s*(?P<unit>票|单|份|张|批|次|个|条|人)[^，。；,;\d]{{0,6}}?(?:里面?|[当之其]?中)(?!国)[^，。；,;\d]{{0,4}}?(?P<n>{_N})\s*(?P=unit)|\b(?P<m>{_E})\s+(?:out\s+)?of\s+(?P<eof>{_E})\b")),
    ("share", re.compile(rf"(?P<n>{_N}|{_E})\s*(?:%|个百分?点|\bpercent\b|\bper cent\b)|百分之(?P<m>{_N})")),
    ("tenth", re.compile(rf"(?:千分之(?P<m>{_N})|(?P<n>{_N})\s*‰)")),
    ("tenths", re.compile(r"(?P<n>[一二两三四五六七八九1-9])成(?![立员为功本品交分果套年长绩熟])(?P<more>[一二三四五六七八九半])?")),
    ("ago", re.compile(rf"(?<![第\d])(?P<n>{_N})(?P<half>年半)?个?(?P<unit>{_SPAN})?多?(?:之|以)?前|\b(?P<m>{_E})[\s-]+(?P<eunit>minute|hour|day|week|month|year)s?\s+ago\b")),
    ("length", re.compile(rf"(?<![第\d月])(?P<n>{_N})(?P<half>年半)|(?<![第\d月])(?<!每)(?P<k>{_N})\s*(?P<unit>{_SPAN})(?!底|初|头|级|度)|\b(?P<m>{_E})[\s-]+(?P<eunit>minute|hour|day|week|month|year)s?\b")),
    ("count", re.compile(rf"(?<![第这那哪每上下近])(?P<n>{_N})\s*{_TIMES}|\b(?P<word>once|twice|thrice)\b|\b(?P<m>{_E})\s+times\b")),
    ("people", re.compile(rf"(?<![第哪每])(?P<n>{_N})\s*(?:名|人|位)|\b(?P<m>{_E})\s+(?:people|persons?|guards?)\b")),
    ("metre", re.compile(rf"(?P<n>{_N})\s*(?:米|公尺|m\b)|\b(?P<m>{_E})\s+met(?:re|er)s?\b")),
    ("piece", re.compile(rf"(?<![第哪每])(?P<n>{_N})\s*(?:份|票|张|台|套)|\b(?P<m>{_E})\s+(?:samples?|copies|sheets?)\b")),
    ("ratio", re.compile(rf"(?<![\d.])(?P<n>0\.\d+|[零〇]点[{CHINESE}]+)(?![\d%])")),
)  # fmt: skip
_WORDS = {"annually": 1.0, "yearly": 1.0, "quarterly": 4.0, "monthly": 12.0, "weekly": 52.0, "daily": 365.0, "biennially": 0.5}
_COUNTS = {"once": 1.0, "twice": 2.0, "thrice": 3.0}


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of ``text`` in order; dates, clause numbers and ordinals are none.

    Kept for the latest texts, as ``bounds`` are: the guide's lines are the same for every question.
    """
    flat = text.translate(_WIDE).lower()
    taken = [False] * len(flat)
    found: list[Quantity] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(flat):
            start, end = match.span()
            read = None if any(taken[start:end]) else _read(name, match)
            if read is not None:
                taken[start:end] = [True] * (end - start)
                dimension, number = read
                found.append(Quantity(dimension, number, text[start:end], start, end, name == "ago"))
    return tuple(sorted(found, key=lambda q: q.start))


@lru_cache(maxsize=4096)
def bounds(line: str, sentence: bool = False) -> tuple[Bound, ...]:
    """What ``line`` asks of quantities. ``sentence``: it is a clause's own, in which 每年 alone asks for once a year."""
    found = tuple(_bounds(line, quantities(line), sentence))
    limits = tuple(bound for bound in found if bound.side != "within")
    return limits or found  # years beside a limit are the period that it counts in


def _bounds(line: str, found: Sequence[Quantity], sentence: bool) -> Iterator[Bound]:
    window: Quantity | None = None
    for q in found:
        before, after = line[max(0, q.start - 5) : q.start], line[q.end : q.end + 3]
        if after.startswith(("以上", "以来")) or re.search(r"(不|不得)少于$|不低于$|至少$", before):
            yield Bound("least", q)
        elif after.startswith(("以内", "以下", "之内")) or re.search(r"不(得|能)?超过$|不多于$|不高于$", before):
            yield Bound("most", _yearly(q, window), window=window.value if window and q.dimension == "count" else None)
        elif q.dimension == "length" and after.startswith("内"):
            window = q
            follows = line[q.end : q.end + 9]
            yield Bound("within", q, denies=re.search(r"无|未|没有", follows) is not None)
        elif q.dimension == "rate" and sentence and not re.search(r"[次回]", q.text):
            yield Bound("least", q)


def _yearly(q: Quantity, window: Quantity | None) -> Quantity:
    """A count within a period is a rate: 1年内…次数不超过1次."""
    return q._replace(dimension="rate", value=q.value * 12 / window.value) if window and q.dimension == "count" else q


def _read(name: str, match: re.Match[str]) -> tuple[Dimension, float] | None:
    given = match.groupdict()
    if name in ("every", "in", "each"):
        times = _number(given.get("times") or "1")
        every = (
            12.0
            if name == "in"
            else ((_number(given["n"] or "1") or 1.0) + 0.5 * bool(given.get("half") or given.get("mid")))
            * _MONTHS[given["per"]]
            * (2 if given.get("other") in ("隔", "每隔") and given["n"] in (None, "一", "1") else 1)
        )
        return ("rate", times * 12 / every) if times and every < 1000 else None
    if name == "english":
        times = _COUNTS.get(given["times"] or "once") or _number(str(given["times"]).split()[0])
        if given["word"]:
            return "rate", times * _WORDS[given["word"]]
        every = (2.0 if given["n"] == "other" else _number(given["n"] or "1")) * _MONTHS[given["per"]]
        return "rate", times * 12 / every
    number = _COUNTS.get(given.get("word") or "") or _number(given.get("n") or given.get("m") or given.get("k") or "")
    if name in ("length", "ago"):
        unit = "年" if given.get("half") else given.get("unit") or given.get("eunit")
        if unit is None or (unit == "年" and number >= 100):
            return None
        return "length", (number + 0.5 * bool(given.get("half"))) * _MONTHS[unit]
    if name == "among":
        of = _number(given["of"] or given["eof"])
        return ("share", 100 * number / of) if 0 < number <= of else None
    if name == "tenth":
        return "share", number / 10
    if name == "tenths":
        return "share", 10 * number + (_number(given["more"]) * (10 if given["more"] == "半" else 1) if given["more"] else 0)
    dimension: Dimension = name  # type: ignore[assignment]
    return dimension, number


def _number(text: str) -> float:
    if text in ("半", "half a"):
        return 0.5
    if text in _ENGLISH:
        return float(_ENGLISH[text])
    whole, point, rest = text.partition("点")
    if point:  # 三点零五: digit by digit behind the point
        return float(value(whole) or 0) + float("0." + "".join(str(value(digit) or 0) for digit in rest))
    try:
        return float(text)
    except ValueError:
        return float(value(text) or 0)
