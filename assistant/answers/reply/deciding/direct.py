"""The direct answer, before anything else, where the guide's own structure makes it certain; else nothing, and the lines speak.

What is computed: a number of the question against a bound of the line, how many or how often or how long, that no number is set,
what happens to those whom a clause does not concern, any one of several. What takes understanding of the words is learned
(``assistant.answers.reply.deciding.verdicts``) and handed in, where it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answers.blocks import Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.interrogative import asks_what
from assistant.answers.question.words import fold
from assistant.answers.reply.deciding.condition import not_concerned
from assistant.answers.reply.deciding.quantities import bounds, quantities
from assistant.answers.reply.deciding.quoting import fact, pairs, said
from assistant.answers.reply.deciding.reach import case_of, one_of_two, reaches
from assistant.answers.reply.deciding.stated import VAGUE, asked_units, left_open, stated
from assistant.answers.reply.deciding.verdicts import Ruling
from assistant.answers.reply.deciding.weighed import (
    Weighed,
    comparable,
    tells_two_years,
    told_as_rule,
    told_limit,
    unweighed,
    weigh,
    weighed_verdict,
)
from assistant.answers.reply.deciding.yes_no import CLOSING, THEN, WANTS, polar, weighing
from assistant.guide import Clause
from assistant.texts import say

_LACKS = re.compile(r"[不没未]|\bnot\b|n't\b|\bwithout\b")
_STORY = 90
"""Longest question, in characters (a Latin letter counts half), whose numbers are held against a bound: in longer ones they tell a story."""
_LEANS = 0.5
"""Probability of a verdict that is not sure enough, from which the matter is not said to be open either."""
_MUST = 0.8
"""Probability from which a message asks whether something must be. At .7 and .9 none of the 66 cases of verdict and threshold changes
(``python -m tests.bench.neighbours``)."""


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
    compares = asks and bool(quantities(text)) and not WANTS.search(THEN.sub("", text))  # 至少每年一次可以吗 asks for no number
    if not compares and (units := asked_units(question)):
        told = [stated(unit, question, shown, lines, lang) for unit in units]
        number = next((v for v in told if v and v.outcome != "open"), told[0])
        return _elsewhere(number, clause, shown, lang) if number and number.outcome == "open" else number
    short = _length(text) <= _STORY
    if short and not asks:
        presumed = told_as_rule(text, weigh(text, lines, True), lang, True)
        if presumed is not None:
            return presumed
    weighed = weigh(text, lines) if short and asks else []
    premise = told_as_rule(text, weighed, lang)
    if premise is not None:
        return premise
    if any(w.holds is None for w in weighed) or (weighed and tells_two_years(text) and all(w.holds for w in weighed)):
        return fact(weighed[0].line, weighed[0].bound.quantity.start, weighed[0].bound.quantity.end, text)
    unconcerned = not_concerned(text, lines, lang)
    asks = any(map(polar, re.split("[，,。；;]", text))) or not asks_what(text)  # 应如何建立 asks no yes or no
    decided = decide() if decide and short and asks and (searched or (unconcerned and polar(text))) else None
    if decided is not None and not reaches(text, decided.outcome, decided.words, lines):
        decided = None
    if weighed:
        verdict = weighed_verdict(text, weighed, lines, lang)
        if verdict.outcome == "fact" and weighed[0].bound.side != "within" and unweighed(text, weighed):
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
    return _any_one(text, clause, shown, lang) if not (polar(text) and _LACKS.search(CLOSING.sub("", text))) else None


def _told(text: str, decided: Ruling, weighed: Sequence[Weighed], lines: Sequence[Passage], lang: str) -> Verdict:
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
        limit = told_limit(denied.quantity, lang)
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


def _unbounded(text: str, lines: Sequence[Passage]) -> bool:
    """Whether the question tells a length or rate, and the clause speaks of such a measure without bounding any."""
    told = {q.dimension for q in quantities(text) if not q.ago} & {"length", "rate"}
    named = any(VAGUE.search(p.text) for p in lines)
    return bool(told) and named and not any(bounds(p.text, p.kind == "clause") for p in lines)


def _bounded(text: str, lines: Sequence[Passage]) -> bool:
    """Whether any of ``lines`` bounds a quantity that the question tells."""
    return any(comparable(q, b) for p in lines for b in bounds(p.text, p.kind == "clause") for q in quantities(text))


def _length(text: str) -> float:
    return sum(0.5 if c.isascii() else 1 for c in text)


def _any_one(text: str, clause: Clause, shown: Sequence[Passage], lang: str) -> Verdict | None:
    """That any one of the lines is enough, where one leads or is spoken of.

    Whether what the asker has is one of them, words alone cannot say: no verdict.
    """
    ids = {r.id for s in clause.sections if s.any_one for r in s.requirements}
    offered = [p for p in shown if p.id in ids]
    spoken = {pair for p in offered for pair in pairs(p.text)} - pairs(clause.text)
    if not offered or not (shown[0].id in ids or spoken & pairs(text)):
        return None
    return said(lang, "fact", say("direct.any_one", lang))
