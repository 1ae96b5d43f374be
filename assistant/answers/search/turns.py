"""A follow-up in a dialogue: which clauses it means, by what ``after`` has learned; where none is likely the guide does not answer it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.reading import HANGS, Reading
from assistant.answers.question.words import words
from assistant.answers.search.after import ITS_OWN, MEANT, SAYS, STAYS, odds, turn_candidates, turn_features
from assistant.answers.search.found import NEAREST, Found, MessageFound, MessagePart

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

_BESIDE = 0.5
"""Share of the likeliest clause's probability that a further clause must have."""
_SURE = 0.95
"""Probability of what a message finds alone at which it names a matter of its own, however much it seems to ask on; chosen, not measured."""
_ELSEWHERE = 0.1
"""Share below which a message by itself does not mean a clause that concerns only some."""
_KNOWN = 0.1
"""Most probability of a refusal, beside the title talked about, at which a section that is asked for needs no more to be meant."""


class TurnSearches(NamedTuple):
    """A follow-up searched beside the title that it may hang on and after the question before it, and the clauses it may mean."""

    about: Found
    clauses: list[str]
    features: Floats


def turn_searches(reading: Reading, alone: Found, beyond: float, searcher: Searcher) -> TurnSearches:
    """Search a follow-up in its dialogue; ``alone`` is what it found by itself, ``beyond`` as in ``turn_features``."""
    before = reading.dialogue.about
    about = searcher.find(f"{searcher.guide.places[before[0]].item.title} {reading.text}")
    asked = reading.dialogue.question
    if len(words(asked)) < SAYS:  # a bare number says nothing to a search
        asked = searcher.guide.clauses[before[0]].text
    joined = searcher.find(f"{asked} {reading.text}")
    clauses = turn_candidates(before, alone, about, joined)
    if reading.how.get("stays", 0.0) >= STAYS:
        items = {searcher.guide.places[c].item.number for c in before}
        sure = _sure_both_ways(alone, about)
        clauses = [c for c in clauses if c == sure or searcher.guide.places[c].item.number in items]
    return TurnSearches(about, clauses, turn_features(before, alone, about, joined, reading.how, reading.asked, beyond, clauses, searcher))


def _sure_both_ways(alone: Found, about: Found) -> str | None:
    """The clause that a message surely finds alone and beside the title talked about: 要演练吗 after a question on plans names its matter."""
    clause = alone.clauses[0][0]
    return clause if alone.evidence >= _SURE and about.clauses[0][0] == clause else None


def _of_its_own(reading: Reading, alone: Found, searcher: Searcher) -> str | None:
    """The clause of another item that a message surely finds by itself: 滞纳率上限多少, whatever was talked about, is no question on that."""
    clause = alone.clauses[0][0]
    items = {searcher.guide.places[c].item.number for c in reading.dialogue.about}
    away = searcher.guide.places[clause].item.number not in items
    return clause if away and alone.evidence >= ITS_OWN else None


def _of_others(reading: Reading, alone: Found, searcher: Searcher) -> str | None:
    """The clause that a message surely finds beside one of its item that concerns only some: 特殊物品…, then 普通单证呢."""
    before = reading.dialogue.about[:1]
    clause = alone.clauses[0][0]
    limited = any(p.role == "applicability" for c in before for p in searcher.groups[c])
    stays = any(c == clause or dict(alone.clauses).get(c, 0.0) >= _ELSEWHERE for c in before)
    beside = {c.id for b in before for c in searcher.guide.places[b].item.clauses}
    return clause if limited and not stays and clause in beside and alone.evidence >= _BESIDE else None


def _of_a_section(reading: Reading, alone: Found, about: Found, searcher: Searcher) -> str | None:
    """The clause talked about, where a message asks on for a section that it has and names nothing else that is surely found.

    The search beside its title knows it.
    """
    here = next(iter(reading.dialogue.last), None)
    if here is None or not (reading.hangs or reading.how.get("stays", 0.0) >= HANGS) or alone.evidence >= _BESIDE:
        return None
    return here if about.refuse <= _KNOWN and any(p.kind in reading.kinds for p in searcher.groups[here]) else None


def find_turn(reading: Reading, alone: Found, searcher: Searcher, heads: Heads) -> MessageFound:
    """The clauses that a follow-up means, or a refusal; the lines are those that the search it came from makes likely."""
    asked = heads.read("beyond", unnumbered(reading.text), reading.vector)
    about, clauses, features = turn_searches(reading, alone, odds(asked["beyond"]), searcher)
    likely = 1 / (1 + np.exp(-(features @ heads.follow_up)))
    if elsewhere := _of_others(reading, alone, searcher):
        return MessageFound(alone, (MessagePart(reading.text, alone, (elsewhere,)),), False, alone)
    order = np.argsort(-likely)
    best = float(likely[order[0]])
    section = _of_a_section(reading, alone, about, searcher)
    taken = (section,) if section else tuple(clauses[i] for i in order if likely[i] >= max(MEANT, _BESIDE * best))
    if not taken and (own := _of_its_own(reading, alone, searcher)):
        return MessageFound(alone, (MessagePart(reading.text, alone, (own,)),), False, alone)
    ordered = tuple((clauses[i], float(likely[i])) for i in order)
    nearest = tuple(dict.fromkeys([*(c for c, _ in ordered), *alone.nearest]))[:NEAREST]
    found = replace(alone, clauses=ordered, refuse=1 - best, nearest=nearest)
    lines = about if taken and taken[0] in reading.dialogue.about else alone
    return MessageFound(found, (MessagePart(reading.text, lines, taken),), not taken, alone)
