"""A follow-up: searched alone, beside the title it may hang on, and after the question before it; learned which of them it means.

Each likely clause gets the probability that it belongs to the answer, from a logistic regression fitted at packing
(``ingest.learn.reading.follow_up``). Where no clause is likely the guide does not answer it, whatever was talked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.asked_number import asked_unit
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.reading import HANGS, Reading
from assistant.answers.question.words import words
from assistant.answers.search.features import log_odds
from assistant.answers.search.found import NEAREST, Found, MessageFound, MessagePart
from assistant.answers.search.parts import STAYS

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

_LEAST = 1e-4  # keeps logarithms finite
_CANDIDATES = 4  # clauses of each search that are looked at; chosen, not measured


def turn_candidates(before: Sequence[str], alone: Found, about: Found, joined: Found) -> list[str]:
    """The clauses talked about, and those likely by each of the three searches."""
    found = [*before]
    for search in (alone, about, joined):
        found += [c for c, _ in search.clauses[:_CANDIDATES]]
    return list(dict.fromkeys(found))


def turn_features(
    before: Sequence[str],
    alone: Found,
    about: Found,
    joined: Found,
    how: Mapping[str, float],
    kinds: Mapping[str, float],
    beyond: float,
    clauses: Sequence[str],
    searcher: Searcher,
) -> Floats:
    """Features per clause, shape (len(clauses), 48).

    Args:
        before: the clauses shown last.
        alone: what the message found by itself.
        about: what it found beside the title of the item that was talked about.
        joined: what it found after the question before it.
        how: how likely the message stays, begins anew, corrects, returns.
        kinds: what kind of line it asks for.
        beyond: log odds that the message asks for what the guide does not say, by its words alone.
        clauses: the candidates.
        searcher: the search of the edition, for the lines of the candidates.
    """
    guide = searcher.guide
    shares = [dict(search.clauses) for search in (alone, about, joined)]
    items = {guide.places[c].item.number for c in before}
    stays, new = how.get("stays", 0.0), how.get("new", 0.0) + how.get("returns", 0.0)
    corrects = how.get("corrects", 0.0)
    unit = asked_unit(alone.question)
    near = {c: searcher.nearness(alone, c) for c in clauses}
    closest = max(dense for dense, _ in near.values())
    held_words = searcher.ranker.coverage(alone.question)
    silent_words, column = float(held_words[-1]), {c: i for i, c in enumerate(searcher.ranker.labels)}
    rows: list[list[float]] = []
    for clause in clauses:
        dense, lexical = near[clause]
        held = searcher.holds(clause)
        asked = sum(p for kind, p in kinds.items() if kind in held)
        lacking = sum(p for kind, p in kinds.items() if kind not in held and kind != "none")
        covered = float(held_words[column[clause]])
        stated = unit is not None and unit in searcher.stated(clause)
        a, b, j = (s.get(clause, 0.0) for s in shares)
        here = float(clause in before)
        first = float(bool(before) and clause == before[0])
        beside = float(not here and guide.places[clause].item.number in items)
        away = float(not here and not beside)
        rows.append(
            [
                1.0,
                float(np.log(a + _LEAST)),
                float(np.log(b + _LEAST)),
                float(np.log(j + _LEAST)),
                alone.refuse,
                about.refuse,
                joined.refuse,
                here,
                first,
                beside,
                here * stays,
                here * new,
                here * corrects,
                away * stays,
                away * new,
                a * (1 - alone.refuse),
                b * (1 - about.refuse),
                j * (1 - joined.refuse),
                here * (1 - about.refuse),
                away * a * (1 - alone.refuse) * new,
                float(alone.clauses[0][0] == clause),
                float(about.clauses[0][0] == clause),
                here * asked,
                here * lacking,
                here * kinds.get("none", 0.0),
                here * dense,
                here * lexical,
                here * (closest - dense),
                here * float(stated),
                here * float(unit is not None and not stated),
                dense,
                lexical,
                stays * float(np.log(a + _LEAST)),
                stays * float(np.log(b + _LEAST)),
                stays * float(np.log(j + _LEAST)),
                new * float(np.log(a + _LEAST)),
                corrects * float(np.log(a + _LEAST)),
                here * stays * (asked + kinds.get("none", 0.0)),
                covered,
                silent_words,
                here * covered,
                here * silent_words,
                here * stays * covered,
                here * float(alone.words < _SAYS),
                here * alone.refuse,
                beyond,
                here * beyond,
                stays * beyond,
            ]
        )
    return np.array(rows, dtype=np.float32)


MEANT = 0.3
"""Least probability of a clause to answer a follow-up. On the bank of dialogues, four folds by what was asked before: at .25 those with an
answer find it in .957 and those without one are refused in .704, at .35 in .937 and .747, at .5 in .911 and .784. Of the 49 cases of follow_up
and dialogues 44 are right at .2, 43 at .3, 41 at .4 (``python -m tests.bench.neighbours``)."""
_BESIDE, _SAYS = 0.5, 4
"""Share of the likeliest clause's probability that a further clause must have."""


_SURE = 0.95
"""Probability of what a message finds alone at which it names a matter of its own, however much it seems to ask on; chosen, not measured."""
_ITS_OWN = 0.9
"""The same for a message that would be refused beside what was talked about. Chosen; of 89 short questions of the seen sets put behind another
matter 3 were lost without it, 2 with it, and no case of the dialogue sets changed."""
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
    if len(words(asked)) < _SAYS:  # a bare number says nothing to a search
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
    return clause if away and alone.evidence >= _ITS_OWN else None


def odds(probability: float) -> float:
    """Log odds that a message asks beyond the guide, within seven of even."""
    return log_odds(probability, 7)


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
