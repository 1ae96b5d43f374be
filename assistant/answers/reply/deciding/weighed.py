"""The numbers of a question, each held against the one bound of the guide that it can be held against, and what that decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.answers.blocks import Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.words import fold
from assistant.answers.reply.deciding.compared import ComparedQuantity, compared, only_named
from assistant.answers.reply.deciding.quantities import Bound, Quantity, bounds, quantities
from assistant.answers.reply.deciding.quoting import around, bound_only, pairs, said, shared
from assistant.answers.reply.deciding.yes_no import CLOSING, DENIAL, polar
from assistant.texts import say

_DUTY = re.compile(r"[应须需]|要(?!求)|\bmust\b|\bha(?:ve|s) to\b|\bneeds?\b|\bshould\b|\brequired?\b")
"""The number is told as what the guide asks, and not as what is done."""
_CONFIRMED = re.compile(r"(?:对吗|对不对|对么|对吧|是吧|是吗|是不是|没错吧|吧|\bright|\bcorrect)[\s？?。]*$")
"""The question ends by asking to confirm what it says."""
_RULE = re.compile(r"要求|规定|应|须|必须|需要|得(?=[一-鿿]{0,3}$)|是[\s要得]*$|\brequire|\brule\b|\bmust\b")
"""Before a number that is to be confirmed: it is told as what the guide asks."""
_WE = re.compile(r"[我咱]|\b(?:we|our|us)\b")
_PERIOD = re.compile(r"前年|去年|今年|明年|后年|往年|[上下]一?年(?!度?报)|\b(?:last|this|next) year\b")


_RATE = re.compile(r"([一-鿿]{2,8})(?<![这那哪]个)率")
"""A share by the name of what it measures: 差错率, 滞纳税款报关单率."""
_ASKED = re.compile(r"[了过]?(?:吗|么|嘛|吧|没有?|呢)?[\s？?。]*$")
"""After a number: nothing but the end of a question."""
_SPAN_BEFORE, _SPAN_AFTER = re.compile(r"(?:过去|最?近|\b(?:past|last)\s)$"), re.compile(r"[以之]?[里内]|以来")
"""Around a length: in which something happens, and not how long it takes."""


class Weighed(NamedTuple):
    """A quantity of the question, the bound it is held against, the line of that bound, and whether it keeps it (None: not to be said)."""

    said: ComparedQuantity
    bound: Bound
    line: str
    holds: bool | None

    @property
    def even(self) -> bool:
        """Whether both are the same number."""
        return abs(self.said.quantity.value - self.bound.quantity.value) < 1e-9


def limited(question: str, lines: Iterable[tuple[str, bool]]) -> bool:
    """Whether a yes/no question tells a quantity that one of these lines bounds; ``lines``: text, and whether it is a clause's own."""
    text = fold(question)
    told = quantities(text) if polar(text) else []
    return any(comparable(q, b) for line, own in (lines if told else ()) for b in bounds(line, own) for q in told)


def weigh(text: str, lines: Sequence[Passage], presumed: bool = False) -> list[Weighed]:
    """Every quantity of the question with the one bound that it can be held against; nothing where two could be meant.

    ``presumed``: the question takes what it tells for the rule (为什么每年要做4次), and asks for something else.
    """
    asked = [(bound, p.text) for p in lines for bound in bounds(p.text, p.kind == "clause")]
    found: list[Weighed] = []
    rule = (presumed or _CONFIRMED.search(text)) and not _WE.search(text)
    for q in quantities(text):
        if q.dimension == "length" and (_SPAN_BEFORE.search(text[: q.start]) or _SPAN_AFTER.match(text[q.end :])):
            continue
        if rule and q.dimension == "count" and (presumed or _RULE.search(text[: q.start])):
            q = q._replace(dimension="rate")
        counted = next((b.window for b, _ in asked if b.window), None) if q.dimension == "count" else None
        if counted:
            q = q._replace(dimension="rate", value=q.value * 12 / counted)
        told = compared(text, q)
        if told is None or (q.dimension == "rate" and only_named(text, q) and not (presumed and _RULE.match(text[q.end :].lstrip("的 ")))):
            continue
        fitting = [(b, line) for b, line in asked if comparable(q, b) and not _another_rate(text, q, line)]
        if len({(b.side, b.quantity.value) for b, _ in fitting}) == 1 and not bound_only(text, fitting[0][1]):
            bound, line = max(fitting, key=lambda f: shared(text, around(f[1], f[0].quantity.start, f[0].quantity.end)))
            if not (counted and told.keeps(bound)):  # so many times may be too many, and never are enough to say more
                found.append(Weighed(told, bound, line, told.keeps(bound)))
    return [w for w in found if not _names_the_bound(text, w, found)]


def _another_rate(text: str, q: Quantity, line: str) -> bool:
    """Whether a question names its share by what it measures, and the line measures something else: 差错率 is no 滞纳税款报关单率."""
    named = {pair for name in _RATE.findall(text) for pair in pairs(name)} if q.dimension == "share" else set()
    measured = {pair for name in _RATE.findall(line) for pair in pairs(name)}
    return bool(named and measured) and not named & measured


def _names_the_bound(text: str, w: Weighed, beside: Sequence[Weighed]) -> bool:
    """Whether a number is none that is told, but the bound with which another is compared: 2.8%超过3%了吗, 有2.8%，低于3%."""
    if not w.even or w.said.comparison in ("=", "about", "unclear"):
        return False
    told = [o.said for o in beside if o.bound == w.bound and not o.even and o.said.comparison == "="]
    above = w.said.comparison in (">", ">=")
    asked = _ASKED.match(text[w.said.quantity.end :]) is not None
    return any(asked or (t.quantity.value > w.bound.quantity.value) == above for t in told)


def told_as_rule(text: str, weighed: Sequence[Weighed], lang: str, presumed: bool = False) -> Verdict | None:
    """Whether a number that is told as the guide's own is: 培训要求每年4次对吗. What we do (我们每年做四次，对吧) is no premise.

    ``presumed``: it is not asked to be confirmed, so it is named only where it is false.
    """
    if len(weighed) != 1 or weighed[0].bound.side == "within" or _WE.search(text) or not (presumed or _CONFIRMED.search(text)):
        return None
    (w,) = weighed
    told = CLOSING.sub("", re.split(r"[，。；,;]", text[: w.said.quantity.start])[-1] + w.said.quantity.text)
    if not (_RULE.search(told) or (presumed and (_DUTY.search(told) or w.said.comparison in ("<=", ">=")))):
        return None
    true = w.even and w.holds is not False and w.said.comparison in ("=", *((">=", ">") if w.bound.side == "least" else ("<=", "<")))
    if presumed and (w.even or _PERIOD.search(text)):
        return None
    limit = say(f"direct.rule.{w.bound.side}", lang, limit=told_limit(w.bound.quantity, lang))
    facts = say(f"direct.rule.{'true' if true else 'false'}", lang, said=w.said.text.strip(), limit=limit)
    words = around(w.line, w.bound.quantity.start, w.bound.quantity.end, text)
    return said(lang, "yes" if true else "no", say("direct.the_rule" if true else "direct.not_the_rule", lang), facts, words)


def unweighed(text: str, weighed: Sequence[Weighed]) -> bool:
    """Whether a question tells a number of times that was held against nothing: 列了两次，加起来10天."""
    return any(q.dimension == "count" for q in quantities(text) if q.start not in {w.said.quantity.start for w in weighed})


def tells_two_years(text: str) -> bool:
    """Whether two years are told apart, one of them with a denial: 今年做了两次，明年不做."""
    return len({m.group() for m in _PERIOD.finditer(text)}) > 1 and DENIAL.search(CLOSING.sub("", text)) is not None


def comparable(said: Quantity, bound: Bound) -> bool:
    """Whether a quantity can be held against a bound: both measure the same, and look back or not."""
    if said.dimension != bound.quantity.dimension:
        return False
    return said.ago == (bound.side == "within")


def weighed_verdict(text: str, weighed: Sequence[Weighed], lines: Sequence[Passage], lang: str) -> Verdict:
    """The verdict that the weighed numbers give, each beside the guide's own; a fact where more than numbers decides."""
    outcome = _outcome(text, weighed, lines)
    told = [w for w in weighed if _bad(w)] if outcome == "no" and any(map(_bad, weighed)) else weighed
    join = "；" if lang == "zh" else "; "
    facts = join.join(_against(w, lang) for w in told)
    rule = outcome == "no" and not any(map(_bad, weighed))
    head = say("direct.not_the_rule" if rule else f"direct.{outcome}", lang)
    words = "，".join(dict.fromkeys(around(w.line, w.bound.quantity.start, w.bound.quantity.end, text) for w in told))
    return said(lang, outcome, head, facts, words)


def _against(w: Weighed, lang: str) -> str:
    """The number told beside the guide's; where they are the same number, what is asked of it."""
    limit = told_limit(w.bound.quantity, lang)
    if (
        w.even
        and (w.said.comparison != "=" or (w.bound.quantity.dimension == "rate" and w.bound.side == "least"))
        and w.bound.side != "within"
    ):
        limit = say(f"direct.rule.{w.bound.side}", lang, limit=limit)
        return say("direct.rule.asks", lang, said=w.said.text.strip(), limit=limit)
    return say(f"direct.{w.bound.side}.{'holds' if w.holds else 'fails'}", lang, said=w.said.text.strip(), limit=limit)


def _outcome(text: str, weighed: Sequence[Weighed], lines: Sequence[Passage]) -> str:
    if any(map(_bad, weighed)):
        return "no"
    if any(w.bound.denies and w.holds for w in weighed):
        return "fact"  # it lies within the years that count; whether it is what the clause means is not for numbers to say
    bound = {(b.side, b.quantity.dimension) for p in lines if p.kind == "clause" for b in bounds(p.text, True) if b.side != "within"}
    if bound - {(w.bound.side, w.bound.quantity.dimension) for w in weighed}:
        return "fact"
    if _DUTY.search(text) and not all(w.even for w in weighed):
        return "no"
    return "yes"


def _bad(w: Weighed) -> bool:
    return not w.holds and not w.bound.denies


def told_limit(quantity: Quantity, lang: str) -> str:
    """A bound's number in the reader's language."""
    if lang == "zh":
        return quantity.text if quantity.dimension != "rate" or "次" in quantity.text else say("direct.once", lang, every=quantity.text)
    number: float = quantity.value
    unit: str = quantity.dimension
    if unit == "length":
        number, unit = (number / 12, "years") if number >= 12 else (number, "months") if number >= 1 else (number * 365 / 12, "days")
    return say(f"direct.unit.{unit}", lang, number=f"{number:.3g}")
