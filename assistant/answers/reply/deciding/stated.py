"""How many, how often, how long: the deciding words of the lines, where their number measures what was asked; or that none is set.

A line's numbers measure different things: how long something is kept, how often it is done, how far back is looked, since when a record
is shown. A question asks for one of these, and a number that measures another is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from assistant.answers.blocks import Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.asked_number import asked_unit, unit_named
from assistant.answers.question.pieces import pieces
from assistant.answers.question.words import fold
from assistant.answers.reply.deciding.compared import YEARLY
from assistant.answers.reply.deciding.quantities import bounds, quantities
from assistant.answers.reply.deciding.quoting import around, bound_only, fact, said, shared
from assistant.texts import say

Measure = Literal["kept", "often", "back", "since", "limit"]
"""So long kept; so often; so far back something counts; since so long shown, every year of it; any other bound."""
_SOME = re.compile(r"[这那好前十和]几|后几(?![天日年个月]{1,2}内)")
"""Here 几 asks for no number: 老板和几个高管要备哪些材料."""
_HOW = r"(?:多久|多长|几|多少)"
_ASKED: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    ("often", re.compile(rf"{_HOW}[^，。]{{0,6}}?[次回遍趟]|频[率次]|周期|多久(?:[^\s，。？?！!吗呢啊呀的要内之以前后能得可应须没未就才不算也还都])|\bhow often\b|\btimes\b|\bfrequen|\btrainings? per\b")),
    ("back", re.compile(rf"{_HOW}[年月天日个]*(?:之|以)?[内前]|\bhow far back\b|\byears? back\b|\bwithin how\b")),
    ("kept", re.compile(rf"(?:存|保管|保留|留|归档)[^，。？?]{{0,6}}?{_HOW}|(?:保存|存档|保管|留存)(?:期限|年限|时间)|\bke(?:ep|pt)\b|\bretain|\bretention\b|\bstor(?:e|ed|age)\b")),
    ("since", re.compile(rf"{_HOW}[年月]?的|哪几年|\byears? of\b")),
)  # fmt: skip
"""By the grammar of the number asked for: 存多久 and 多久存 measure different things."""
_MANY = re.compile(r"\bhow many (?:more |other )?([a-z]+)")
_ANSWERS: dict[Measure | None, tuple[Measure, ...]] = {
    "kept": ("kept", "since"), "often": ("often",), "back": ("back", "since"), "since": ("since", "kept", "back"),
    "limit": ("limit", "kept", "often"), None: ("limit", "kept", "since", "back", "often"),
}  # fmt: skip
"""What each is answered with; a question that does not say what it measures is answered with any."""
_KEPT = re.compile(r"存|保管")
_LIMIT = re.compile(
    r"(?:到|是|超过|低于|要)?多少[呢啊呀]?[\s？?。]*$|\bwhat(?:'s| is) the\b.*\b(?:limit|ratio|rate|threshold|maximum|minimum)\b"
)
"""Asks for a bound of whatever unit."""
VAGUE = re.compile(r"定期|期限|时限|周期|频次|次数|及时|年限")
"""How the guide names a measure without a number."""
_LEFT: dict[Measure | None, re.Pattern[str]] = {
    "kept": re.compile(r"期限|年限|时限"), "often": re.compile(r"定期|周期|频次|次数|时限|及时(?!性)"), "back": re.compile(r"时限|期限|年限|及时"),
    "since": re.compile(r"期限|年限"), None: VAGUE,
}  # fmt: skip
"""The same, of each measure."""
_REGULARLY = "定期"
"""How a clause's own sentence says how often: before a line that only names the frequency (培训频次)."""
_EVERY: dict[str, str] = {"year": "每一年", "long": YEARLY.pattern, "time": "每年"}
"""How the guide answers how many years back and how often without a number."""
_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "day": ("length",), "hour": ("length",), "year": ("length",), "long": ("length", "rate"), "time": ("rate", "count"),
    "percent": ("share",), "head": ("people",), "metre": ("metre",), "limit": ("share", "ratio"),
}  # fmt: skip
_RANGE = {"hour": (0.0, 0.05), "day": (0.02, 11.9), "year": (2.9, 1200.0)}
"""Which lengths, in months, answer a question for hours, days or years."""


_UNSET = {"time": "direct.open_times", "head": "direct.open_people"}
"""What is said not to be set, by the unit asked for."""

_NO_NUMBER = {"year": "refused_years", "head": "refused_people"}
"""What is said instead of a number that the guide does not set, by the unit that was asked for."""


class _Number(NamedTuple):
    """What a number of a line measures, in which dimension, how much, and where it stands."""

    measure: Measure
    dimension: str
    value: float
    start: int
    end: int


def asked_units(question: str) -> list[str]:
    """What is asked how many, how often or how long for: in every sentence its own, that none is called open for another's sake."""
    text = fold(question)
    if _SOME.search(text):
        return []
    asked = [_unit(fold(part)) for part in (question, *pieces(question).sentences)]
    if _LIMIT.search(text):
        asked = ["limit" if unit in (None, "piece") else unit for unit in asked]
    return [unit for unit in dict.fromkeys(asked) if unit in _DIMENSIONS]


def unsaid(question: str, lang: str) -> str:
    """That the guide does not say what a question asks, or sets no such number."""
    units = asked_units(question)
    return say(f"answers.{_NO_NUMBER.get(units[0], 'refused_number') if len(units) == 1 else 'refused'}", lang)


def _unit(text: str) -> str | None:
    """The unit of a number that is asked for; of how many it is the next word that says which."""
    many = _MANY.search(text)
    return (unit_named(many[1]) if many else None) or asked_unit(text)


def asked_measure(question: str) -> Measure | None:
    """What the number that is asked for measures, by the grammar of the question; None where it does not say."""
    text = fold(question)
    return next((measure for measure, pattern in _ASKED if pattern.search(text)), None)


def stated(unit: str, question: str, shown: Sequence[Passage], lines: Sequence[Passage], lang: str) -> Verdict | None:
    """The deciding words for how many, how often, how long; or that the guide sets no number; None where neither is certain.

    Args:
        unit: as ``asked_units`` gives it.
        question: one question.
        shown: the passages of a clause that the answer quotes.
        lines: all its passages.
        lang: language of the words around the guide's.
    """
    text, asked = fold(question), asked_measure(question)
    lengths = unit in ("year", "long", "time", "day")
    wanted = _ANSWERS[asked if lengths else "limit"]
    low, high = (0.0, float("inf")) if asked == "often" else _RANGE.get(unit, (0.0, float("inf")))
    dimensions = ("rate",) if asked == "often" and unit != "time" else _DIMENSIONS[unit]
    only: Verdict | None = None
    for p in (*shown, *(lines if asked == "kept" else ())):
        numbers = [
            n for n in _numbers(p, p.kind != shown[0].kind) if n.measure in wanted and n.dimension in dimensions and low <= n.value <= high
        ]
        for n in sorted(numbers, key=lambda n: (n.measure == "often", *_apart(text, p.text, n))):
            if who := bound_only(text, p.text):
                only = only or said(lang, "open", say("direct.others", lang, who=who), words=around(p.text, n.start, n.end, who))
            elif asked != "kept" or _concerns(text, p if n.measure == "since" else None, lines):
                return fact(p.text, n.start, n.end, text)
            elif n.measure == "kept":
                return None  # of something else, or the same in other words
    return only or (_every(unit, asked, text, shown, lang) if lengths else None) or _left_open(unit, asked, text, shown, lang)


def _numbers(p: Passage, apart: bool) -> Iterator[_Number]:
    """The numbers of a line by what they measure; ``apart``: of a section that does not lead, where 近一年来 only tells what a talk is about."""
    found = bounds(p.text, p.kind == "clause")
    for b in found:
        q = b.quantity
        if b.side == "within":
            yield _Number("back", q.dimension, q.value, q.start, q.end)
        elif p.text[q.end :].startswith("以来"):
            yield _Number("since", q.dimension, q.value, q.start, q.end)
        else:
            kept = q.dimension == "length" and _KEPT.search(around(p.text, q.start, q.end))
            yield _Number(
                "kept" if kept else "often" if q.dimension in ("rate", "count") else "limit", q.dimension, q.value, q.start, q.end
            )
    for q in quantities(p.text):
        if q.dimension != "count" and q.start not in {b.quantity.start for b in found} and not (apart and p.text[: q.start].endswith("近")):
            yield _Number(
                "often" if q.dimension == "rate" else "limit" if q.dimension != "length" else "back", q.dimension, q.value, q.start, q.end
            )


def _apart(text: str, line: str, number: _Number) -> tuple[int, int]:
    """How little of a question stands in the sentence and in the piece around a number; the less, the sooner it is another's."""
    start = max(line.rfind(mark, 0, number.start) for mark in "。；") + 1
    sentence = re.split("[。；]", line[start:])[0]
    return -shared(text, sentence), -shared(text, around(line, number.start, number.end))


def _concerns(text: str, line: Passage | None, lines: Sequence[Passage]) -> bool:
    """Whether a question names something of a line, of a clause if there is none; of a question in another language words cannot tell."""
    if text.isascii():
        return line is None
    asked = re.sub(rf"保存|存储|存档|留存|保管|保留|{_HOW}", "\n", text)
    return any(shared(asked, p.wording) for p in ([line] if line else lines))


def _every(unit: str, asked: Measure | None, text: str, shown: Sequence[Passage], lang: str) -> Verdict | None:
    """每一年 and 每年, which hold no number: of which years and how often, and no answer to how long something is kept."""
    if asked == "since":
        for p in shown:
            every = re.search(_EVERY["year"], p.text)
            if every and (text.isascii() or shared(re.sub(rf"{_HOW}[年月]?的?", "\n", text), p.text)):
                who = bound_only(text, p.text)
                words = around(p.text, *every.span(), who or "")
                return said(lang, "open", say("direct.others", lang, who=who), words=words) if who else fact(p.text, *every.span(), text)
    if asked == "kept" or not shown:
        return None
    every = re.search(_EVERY["time" if asked == "often" else unit], shown[0].text) if unit in _EVERY else None
    return fact(shown[0].text, *every.span(), text) if every else None


def _left_open(unit: str, asked: Measure | None, text: str, shown: Sequence[Passage], lang: str) -> Verdict | None:
    """That no number is set, with what is said instead; None where it may be set in other words."""
    if unit == "limit" and not (text.isascii() and any("率" in p.text for p in shown)):
        return None
    terms = _LEFT["since"]
    if unit == "year" and asked != "kept" and any(YEARLY.search(p.text) for p in shown) and not any(terms.search(p.text) for p in shown):
        return None
    years = unit in ("year", "long") and asked in ("kept", None)
    regular_first = sorted(shown, key=lambda p: not (p.kind == "clause" and _REGULARLY in p.text))
    for p in regular_first if {"length", "rate"} & set(_DIMENSIONS[unit]) else ():
        if vague := _LEFT[asked if asked in _LEFT else None].search(p.text):
            term = years and (asked == "kept" or terms.fullmatch(vague.group()))
            return said(lang, "open", say("direct.open_years" if term else "direct.open", lang), words=around(p.text, *vague.span(), text))
    instead = _instead(unit, asked, shown)
    head = "direct.open_years" if asked == "kept" and years else _UNSET.get(unit, "direct.open")
    return said(lang, "open", say(head, lang), words=around(instead[0], *instead[1], text) if instead else "")


def _instead(unit: str, asked: Measure | None, shown: Sequence[Passage]) -> tuple[str, tuple[int, int]] | None:
    """What a clause sets where it sets no such number: 每一年 for how long, a share for how many times; its line, and where in it."""
    if asked == "kept":
        return next(((p.text, m.span()) for p in shown if p.kind != "clause" and (m := YEARLY.search(p.text))), None)
    sentence = next((p.text for p in shown if p.kind == "clause"), "") if unit == "time" else ""
    return next(((sentence, (b.quantity.start, b.quantity.end)) for b in bounds(sentence) if b.quantity.dimension == "share"), None)


def left_open(question: str, shown: Sequence[Passage], lang: str) -> Verdict:
    """That no number is set for what a yes/no question tells a length or a rate of."""
    found = _left_open("long", asked_measure(question), fold(question), shown, lang)
    return found or said(lang, "open", say("direct.open", lang))
