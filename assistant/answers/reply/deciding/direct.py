"""The direct answer, before anything else, where the guide's own structure makes it certain; else nothing, and the lines speak.

What is computed: a number of the question against a bound of the line, how many or how often or how long, that no number is set,
what happens to those whom a clause does not concern, any one of several. What takes understanding of the words is learned
(``assistant.answers.reply.deciding.verdicts``) and handed in, where it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from assistant.answers.blocks import Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.interrogative import asks_what
from assistant.answers.question.words import fold, tokens
from assistant.answers.reply.deciding.compared import ComparedQuantity, compared, only_named
from assistant.answers.reply.deciding.quantities import Bound, Quantity, bounds, quantities
from assistant.answers.reply.deciding.quoting import applies_first, around, bound_only, fact, pairs, said, shared
from assistant.answers.reply.deciding.reach import DENIAL, case_of, one_of_two, reaches
from assistant.answers.reply.deciding.stated import VAGUE, asked_units, left_open, stated
from assistant.answers.reply.deciding.verdicts import Ruling
from assistant.guide import Clause
from assistant.texts import say

ANY_ONE = "任一"
"""In a section's heading: its lines are alternatives."""
_POLAR = re.compile(
    r"([一-鿿])不\1|是否|能否|可否|会否|(?:[吗嘛吧否]|(?<![什怎])么)[呀啊呢]?[\s？?！!。.~）)]*$|(?<![要好])不[\s？?。~）)]*$|"
    r"(?:^|[.,;!?]\s*)(?:so\s+)?(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)\b|\b(?:right|ok|okay|acceptable|enough|allowed|correct)\s*\?"
)
"""Yes/no by grammar: A-not-A and final particles, inversion and tags."""
_DUTY = re.compile(r"[应须需]|要(?!求)|\bmust\b|\bha(?:ve|s) to\b|\bneeds?\b|\bshould\b|\brequired?\b")
"""The number is told as what the guide asks, and not as what is done."""
_LACKS = re.compile(r"[不没未]|\bnot\b|n't\b|\bwithout\b")
_ASKING = re.compile(r"([一-鿿])不\1|不[\s？?。~）)]*$")
_WANTS = re.compile(r"几|多|什么|何|\bhow\b|\bwhat\b")
_OWN = re.compile(r"^[^，。；,;]{0,6}(?:自己|自行|亲自)|^[^，。；,;]{0,20}\b(?:own|ourselves)\b")
"""After a denial: only that we do it ourselves is denied (不自己运输), and not that it is done."""
_STORY = 90
"""Longest question, in characters (a Latin letter counts half), whose numbers are held against a bound: in longer ones they tell a story."""
_LEANS = 0.5
"""Probability of a verdict that is not sure enough, from which the matter is not said to be open either."""
_MUST = 0.8
"""Probability from which a message asks whether something must be. At .7 and .9 none of the 66 cases of verdict and threshold changes
(``python -m tests.bench.neighbours``)."""
_NEAR = 9
"""Characters after a word of denial in which a word of the condition must stand."""
_CONFIRMED = re.compile(r"(?:对吗|对不对|对么|对吧|是吧|是吗|是不是|没错吧|吧|\bright|\bcorrect)[\s？?。]*$")
"""The question ends by asking to confirm what it says."""
_RULE = re.compile(r"要求|规定|应|须|必须|需要|得(?=[一-鿿]{0,3}$)|是[\s要得]*$|\brequire|\brule\b|\bmust\b")
"""Before a number that is to be confirmed: it is told as what the guide asks."""
_THEN = re.compile(r"呢[\s？?。!！]*$|^(?:and\s+)?(?:what|how) about\b")
"""A number with no more than this asks of it what was asked of another: 那2%呢."""
_WE = re.compile(r"[我咱]|\b(?:we|our|us)\b")
_PERIOD = re.compile(r"前年|去年|今年|明年|后年|往年|[上下]一?年(?!度?报)|\b(?:last|this|next) year\b")


_SPAN_BEFORE, _SPAN_AFTER = re.compile(r"(?:过去|最?近|\b(?:past|last)\s)$"), re.compile(r"[以之]?[里内]|以来")
"""Around a length: in which something happens, and not how long it takes."""


class _Weighed(NamedTuple):
    said: ComparedQuantity
    bound: Bound
    line: str
    holds: bool | None

    @property
    def even(self) -> bool:
        return abs(self.said.quantity.value - self.bound.quantity.value) < 1e-9


def direct(
    question: str,
    clause: Clause,
    lines: Sequence[Passage],
    shown: Sequence[Passage],
    lang: str,
    near: Sequence[Passage] = (),
    decide: Callable[[], Ruling | None] | None = None,
    searched: bool = True,
) -> Verdict | None:
    """What can be said for certain of ``clause`` to ``question``.

    Args:
        question: as it was read; one question.
        clause: the clause that answers.
        lines: all its passages.
        shown: those that the answer quotes.
        lang: language of the words around the guide's.
        near: passages of other clauses of the item that are likely too: what one of them bounds is not said to be open.
        decide: gives what words of the clause decide, as it was learned.
        searched: whether the question was searched; if not, that is asked only where it must be known.
    """
    text = fold(question)
    asks = weighing(text)
    compares = asks and bool(quantities(text)) and not _WANTS.search(_THEN.sub("", text))  # 至少每年一次可以吗 asks for no number
    if not compares and (units := asked_units(question)):
        told = [stated(unit, question, shown, lines, lang) for unit in units]
        number = next((v for v in told if v and v.outcome != "open"), told[0])
        return _elsewhere(number, clause, shown, lang) if number and number.outcome == "open" else number
    short = _length(text) <= _STORY
    if short and not asks:
        presumed = _premise(text, _weighed(text, lines, True), lang, True)
        if presumed is not None:
            return presumed
    weighed = _weighed(text, lines) if short and asks else []
    premise = _premise(text, weighed, lang)
    if premise is not None:
        return premise
    if any(w.holds is None for w in weighed) or (weighed and _two_years(text) and all(w.holds for w in weighed)):
        return fact(weighed[0].line, weighed[0].bound.quantity.start, weighed[0].bound.quantity.end, text)
    unconcerned = _not_concerned(text, lines, lang)
    asks = any(map(polar, re.split("[，,。；;]", text))) or not asks_what(text)  # 应如何建立 asks no yes or no
    decided = decide() if decide and short and asks and (searched or (unconcerned and polar(text))) else None
    if decided is not None and not reaches(text, decided.outcome, decided.words, lines):
        decided = None
    if weighed:
        verdict = _verdict(text, weighed, lines, lang)
        if verdict.outcome == "fact" and weighed[0].bound.side != "within" and _unweighed(text, weighed):
            return None
        if verdict.outcome != "fact" or decided is None or not decided.sure or weighed[0].bound.side != "within":
            return verdict
    if unconcerned is not None:
        applies_not = decided is not None and decided.asks == "must" and decided.likely >= _MUST
        return unconcerned.model_copy(update={"outcome": "no"}) if applies_not else unconcerned
    if decided is not None and decided.sure:
        return _told(text, decided, weighed, lines, lang)
    leans = decided is not None and decided.probability >= _LEANS
    if short and polar(text) and _unbounded(text, lines) and not _bounded(text, near) and not leans:
        return left_open(question, shown, lang)
    return _any_one(text, clause, shown, lang) if not (polar(text) and _LACKS.search(_ASKING.sub("", text))) else None


def _told(text: str, decided: Ruling, weighed: Sequence[_Weighed], lines: Sequence[Passage], lang: str) -> Verdict:
    """A learned verdict in words: the outcome, since when it counts, and what the guide says.

    What it asks in some cases only, or leaves a choice of, is quoted with these, without a yes or no.
    """
    if (decided.asks, decided.outcome) in (("must", "yes"), ("without", "no")):
        if case := case_of(text, decided.words, lines):
            return Verdict(text="，".join(case), outcome="fact", bold=((0, len(case[0])),))
        condition = any(decided.words in p.text for p in lines if p.role == "applicability")
        if decided.asks == "must" and not condition and one_of_two(text, decided.words):
            return Verdict(text=decided.words, outcome="fact", bold=((0, len(decided.words)),))
    denied = next((b for b in bounds(decided.words) if b.denies), None)
    head = say(f"direct.{'denied' if denied else decided.asks}_{decided.outcome}", lang)
    facts = ""
    if denied and decided.outcome == "no":
        limit = _limit(denied.quantity, lang)
        facts = (
            say("direct.within.holds", lang, said=weighed[0].said.text.strip(), limit=limit)
            if weighed
            else say("direct.since", lang, limit=limit)
        )
    return said(lang, decided.outcome, head, facts, decided.words)


def _elsewhere(left: Verdict, clause: Clause, shown: Sequence[Passage], lang: str) -> Verdict:
    """That no number is set, with the line that points to where one may be: 请按照…2019年第46号公告执行."""
    pointing = {r.line for r in clause.references if r.external}
    words = next((p.text for p in shown if p.line in pointing), "")
    return said(lang, "open", left.text, words=words.rstrip("。")) if words and all(end == len(left.text) for _, end in left.bold) else left


def limited(question: str, lines: Iterable[tuple[str, bool]]) -> bool:
    """Whether a yes/no question tells a quantity that one of these lines bounds; ``lines``: text, and whether it is a clause's own."""
    text = fold(question)
    told = quantities(text) if polar(text) else []
    return any(comparable(q, b) for line, own in (lines if told else ()) for b in bounds(line, own) for q in told)


def polar(question: str) -> bool:
    """Whether a question wants a yes or a no, by its grammar."""
    return _POLAR.search(fold(question)) is not None


def weighing(question: str) -> bool:
    """Whether the numbers of a question are to be held against the guide's: it wants a yes or a no, or puts another number (那2%呢)."""
    text = fold(question)
    rest, then = _THEN.subn("", text)
    return polar(text) or (bool(then) and bool(quantities(rest)) and not _WANTS.search(rest))


def _weighed(text: str, lines: Sequence[Passage], presumed: bool = False) -> list[_Weighed]:
    """Every quantity of the question with the one bound that it can be held against; nothing where two could be meant.

    ``presumed``: the question takes what it tells for the rule (为什么每年要做4次), and asks for something else.
    """
    asked = [(bound, p.text) for p in lines for bound in bounds(p.text, p.kind == "clause")]
    found: list[_Weighed] = []
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
        fitting = [(b, line) for b, line in asked if comparable(q, b)]
        if len({(b.side, b.quantity.value) for b, _ in fitting}) == 1 and not bound_only(text, fitting[0][1]):
            bound, line = max(fitting, key=lambda f: shared(text, around(f[1], f[0].quantity.start, f[0].quantity.end)))
            if not (counted and told.keeps(bound)):  # so many times may be too many, and never are enough to say more
                found.append(_Weighed(told, bound, line, told.keeps(bound)))
    return found


def _premise(text: str, weighed: Sequence[_Weighed], lang: str, presumed: bool = False) -> Verdict | None:
    """Whether a number that is told as the guide's own is: 培训要求每年4次对吗. What we do (我们每年做四次，对吧) is no premise.

    ``presumed``: it is not asked to be confirmed, so it is named only where it is false.
    """
    if len(weighed) != 1 or weighed[0].bound.side == "within" or _WE.search(text) or not (presumed or _CONFIRMED.search(text)):
        return None
    (w,) = weighed
    told = _ASKING.sub("", re.split(r"[，。；,;]", text[: w.said.quantity.start])[-1] + w.said.quantity.text)
    if not (_RULE.search(told) or (presumed and (_DUTY.search(told) or w.said.comparison in ("<=", ">=")))):
        return None
    true = w.even and w.holds is not False and w.said.comparison in ("=", *((">=", ">") if w.bound.side == "least" else ("<=", "<")))
    if presumed and (w.even or _PERIOD.search(text)):
        return None
    limit = say(f"direct.rule.{w.bound.side}", lang, limit=_limit(w.bound.quantity, lang))
    facts = say(f"direct.rule.{'true' if true else 'false'}", lang, said=w.said.text.strip(), limit=limit)
    words = around(w.line, w.bound.quantity.start, w.bound.quantity.end, text)
    return said(lang, "yes" if true else "no", say("direct.the_rule" if true else "direct.not_the_rule", lang), facts, words)


def _unweighed(text: str, weighed: Sequence[_Weighed]) -> bool:
    """Whether a question tells a number of times that was held against nothing: 列了两次，加起来10天."""
    return any(q.dimension == "count" for q in quantities(text) if q.start not in {w.said.quantity.start for w in weighed})


def _two_years(text: str) -> bool:
    """Whether two years are told apart, one of them with a denial: 今年做了两次，明年不做."""
    return len({m.group() for m in _PERIOD.finditer(text)}) > 1 and DENIAL.search(_ASKING.sub("", text)) is not None


def comparable(said: Quantity, bound: Bound) -> bool:
    """Whether a quantity can be held against a bound: both measure the same, and look back or not."""
    if said.dimension != bound.quantity.dimension:
        return False
    return said.ago == (bound.side == "within")


def _verdict(text: str, weighed: Sequence[_Weighed], lines: Sequence[Passage], lang: str) -> Verdict:
    outcome = _outcome(text, weighed, lines)
    told = [w for w in weighed if _bad(w)] if outcome == "no" and any(map(_bad, weighed)) else weighed
    join = "；" if lang == "zh" else "; "
    facts = join.join(_against(w, lang) for w in told)
    rule = outcome == "no" and not any(map(_bad, weighed))
    head = say("direct.not_the_rule" if rule else f"direct.{outcome}", lang)
    words = "，".join(dict.fromkeys(around(w.line, w.bound.quantity.start, w.bound.quantity.end, text) for w in told))
    return said(lang, outcome, head, facts, words)


def _against(w: _Weighed, lang: str) -> str:
    """The number told beside the guide's; where they are the same number, what is asked of it."""
    limit = _limit(w.bound.quantity, lang)
    if (
        w.even
        and (w.said.comparison != "=" or (w.bound.quantity.dimension == "rate" and w.bound.side == "least"))
        and w.bound.side != "within"
    ):
        limit = say(f"direct.rule.{w.bound.side}", lang, limit=limit)
        return say("direct.rule.asks", lang, said=w.said.text.strip(), limit=limit)
    return say(f"direct.{w.bound.side}.{'holds' if w.holds else 'fails'}", lang, said=w.said.text.strip(), limit=limit)


def _outcome(text: str, weighed: Sequence[_Weighed], lines: Sequence[Passage]) -> str:
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


def _bad(w: _Weighed) -> bool:
    return not w.holds and not w.bound.denies


def _unbounded(text: str, lines: Sequence[Passage]) -> bool:
    """Whether the question tells a length or rate, and the clause speaks of such a measure without bounding any."""
    told = {q.dimension for q in quantities(text) if not q.ago} & {"length", "rate"}
    named = any(VAGUE.search(p.text) for p in lines)
    return bool(told) and named and not any(bounds(p.text, p.kind == "clause") for p in lines)


def _bounded(text: str, lines: Sequence[Passage]) -> bool:
    """Whether any of ``lines`` bounds a quantity that the question tells."""
    return any(comparable(q, b) for p in lines for b in bounds(p.text, p.kind == "clause") for q in quantities(text))


def _not_concerned(text: str, lines: Sequence[Passage], lang: str) -> Verdict | None:
    """What becomes of those who do not meet a clause's condition: it does not apply, and what they hand in all the same."""
    condition = next((p for p in lines if p.role == "applicability"), None)
    if condition is None:
        return None
    once_more = "重新认证" in condition.text and applies_first(text)
    if not once_more and (not denied(text, condition) or any(_OWN.search(text[m.end() :]) for m in DENIAL.finditer(text))):
        return None
    statements = [p.text for p in lines if p.role == "statement"]
    head = say("direct.not_applicable", lang)
    return said(lang, "fact", head, say("direct.statement", lang) if statements else "", next(iter(statements), condition.text))


def denied(question: str, condition: Passage) -> bool:
    """Whether a question denies what a condition asks for: near a word of denial stands a word of the condition, or the clause is named."""
    text = _ASKING.sub("", fold(question))
    asked = pairs(condition.text)
    item = condition.clause.split("(")[0]
    return any(
        asked & set(tokens(text[m.start() : m.end() + _NEAR])) or re.search(rf"(?<!\d){item}(?!\d)", text) for m in DENIAL.finditer(text)
    )


def _length(text: str) -> float:
    return sum(0.5 if c.isascii() else 1 for c in text)


def _any_one(text: str, clause: Clause, shown: Sequence[Passage], lang: str) -> Verdict | None:
    """That any one of the lines is enough, where one leads or is spoken of.

    Whether what the asker has is one of them, words alone cannot say: no verdict.
    """
    ids = {r.id for s in clause.sections if s.heading and ANY_ONE in s.heading for r in s.requirements}
    offered = [p for p in shown if p.id in ids]
    spoken = {pair for p in offered for pair in pairs(p.text)} - pairs(clause.text)
    if not offered or not (shown[0].id in ids or spoken & pairs(text)):
        return None
    return said(lang, "fact", say("direct.any_one", lang))


def _limit(quantity: Quantity, lang: str) -> str:
    """A bound's number in the reader's language."""
    if lang == "zh":
        return quantity.text if quantity.dimension != "rate" or "次" in quantity.text else say("direct.once", lang, every=quantity.text)
    number: float = quantity.value
    unit: str = quantity.dimension
    if unit == "length":
        number, unit = (number / 12, "years") if number >= 12 else (number, "months") if number >= 1 else (number * 365 / 12, "days")
    return say(f"direct.unit.{unit}", lang, number=f"{number:.3g}")
