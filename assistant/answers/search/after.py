"""What is asked after something else was asked, in a dialogue or in one message: how likely each clause answers it.

Each candidate gets the probability that it belongs to the answer, from a logistic regression fitted at packing
(``ingest.learn.reading.follow_up``), over what three searches found: the words alone, beside the title that was talked about, and after
the question before them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.asked_number import asked_unit
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.search.features import log_odds
from assistant.answers.search.found import Found

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

_LEAST = 1e-4  # keeps logarithms finite
_CANDIDATES = 4  # clauses of each search that are looked at; chosen, not measured
SAYS = 4
"""Words from which a text says enough to be searched for alone; by what the words mean, not measured."""
STAYS = 0.9
"""Probability of a sentence to ask on about the one before it from which it names no topic of its own, so that clauses of other items are
no candidates."""
ITS_OWN = 0.9
"""Probability of what a text finds alone from which it names a matter of its own, however much it seems to ask on. Chosen; of 89 short questions
of the seen sets put behind another matter 3 were lost without it, 2 with it, and no case of the dialogue sets changed."""
MEANT = 0.3
"""Least probability of a clause to answer a follow-up. On the bank of dialogues, four folds by what was asked before: at .25 those with an
answer find it in .957 and those without one are refused in .704, at .35 in .937 and .747, at .5 in .911 and .784. Of the 49 cases of follow_up
and dialogues 44 are right at .2, 43 at .3, 41 at .4 (``python -m tests.bench.neighbours``)."""


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
                here * float(alone.words < SAYS),
                here * alone.refuse,
                beyond,
                here * beyond,
                stays * beyond,
            ]
        )
    return np.array(rows, dtype=np.float32)


def odds(probability: float) -> float:
    """Log odds that a message asks beyond the guide, within seven of even."""
    return log_odds(probability, 7)


class Meaning(NamedTuple):
    """What a sentence means after the question before it."""

    clause: str | None
    """The clause that it means; None where none is likely."""
    stays: float
    """How likely it asks on about the same."""
    found: Found | None
    """What it finds after that question; None where the clause that it means is of another item, or is not what is found."""


def meant_after(asked: Found, alone: Found, searcher: Searcher, heads: Heads) -> Meaning:
    """What a sentence means that follows a question in one message.

    Args:
        asked: what the question before it found, which the guide answers.
        alone: what the sentence found by itself.
        searcher: the search of the edition.
        heads: the learned classifiers.
    """
    places = searcher.guide.places
    before = [c for c, p in asked.clauses if p >= asked.clauses[0][1] / 2]
    text, vector = unnumbered(alone.question), searcher.vector(alone.question)
    about = searcher.find(f"{places[before[0]].item.title} {alone.question}")
    joined = searcher.find(f"{asked.question} {alone.question}")
    how, kinds = heads.read("how", text, vector), heads.read("kind", text, vector)
    clauses = turn_candidates(before, alone, about, joined)
    beyond = odds(heads.read("beyond", text, vector)["beyond"])
    scores = turn_features(before, alone, about, joined, how, kinds, beyond, clauses, searcher) @ heads.follow_up
    if 1 / (1 + np.exp(-float(scores.max()))) < MEANT:
        return Meaning(None, how["stays"], joined)
    top = clauses[int(np.argmax(scores))]
    here = places[top].item.number in {places[c].item.number for c in before}
    return Meaning(top, how["stays"], next((f for f in (joined, about) if here and f.clauses[0][0] == top), None))
