"""The parts of a message and the clauses for each: tried as one and as several, and what each piece finds decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answers.question.classifier import Heads
from assistant.answers.question.joints import sides
from assistant.answers.question.reading import Reading
from assistant.answers.search.searcher import Found, Searcher
from assistant.answers.search.units import Unit, candidates, set_features

TAKEN, BOTH = 0.35, 0.2
"""Least probability of a clause to belong to the answer of a message that is cut, and of one that joins two things: these are seldom
equally likely. On the sets that may be looked at, recall across clauses: .88 at .25, .85 at .35; a story's precision: .83, .87."""
ONE, CERTAIN = 0.7, 0.2
"""A message is not cut when it is one question at this probability, and the guide's silence less probable than that.

On the sets that may be looked at, single questions: precision .924 at (.9, .05), .942 here, .950 at (.5, .5); messages of several, all
clauses found: .794, .765, .750.
"""
ASKS, SILENT = 0.8, 0.8
"""Least probability that a piece asks something, and that the guide is silent on it, to say so beside the other parts."""
OVERRULES = 0.4
"""Least probability of a clause that overrules the guide's silence on the message as a whole."""
_HALF = 0.5


@dataclass(frozen=True)
class Part:
    """One question of a message: its words, what they found, and the clauses of its answer, likeliest first; none when the guide is silent."""

    text: str
    found: Found
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a message found: as a whole, and part by part (one part: the message itself).

    ``whole`` takes the dialogue into account, ``alone`` the message only.
    """

    whole: Found
    parts: tuple[Part, ...]
    refused: bool
    alone: Found


def find_parts(reading: Reading, whole: Found, searcher: Searcher, heads: Heads) -> Finding:
    """What a message asks, tried as one (``whole``) and as several: in its pieces, and in the things that its sentences join."""
    silent = whole.refuse > searcher.ranker.refuse_above
    alone = Finding(whole, (Part(reading.text, whole),), silent, whole)
    one = reading.makeup.get("one", 0.0)
    if one >= _HALF and silent:
        return alone
    units = units_of(reading, searcher, heads, whole=one >= ONE and whole.refuse < CERTAIN)
    if not units:
        return alone
    clauses = candidates(whole, units)
    logits = set_features(whole, units, reading.makeup, reading.shapes, clauses) @ np.array(heads.clause_set, dtype=np.float32)
    likely = {c: float(1 / (1 + np.exp(-z))) for c, z in zip(clauses, logits, strict=True)}
    pieces = [u for u in units if not u.side]
    together = not pieces or (len(pieces) < len(units) and reading.makeup.get("several", 0.0) < _HALF)
    taken = tuple(sorted((c for c in clauses if likely[c] >= (BOTH if together else TAKEN)), key=lambda c: -likely[c]))
    asked = [u for u in pieces if u.asks >= _HALF]
    refused = silent and all(u.found.refuse > searcher.ranker.refuse_above for u in asked)
    if silent and likely[max(clauses, key=lambda c: likely[c])] < OVERRULES:
        refused = True  # the whole says that the guide is silent, and no piece is sure of the contrary
    if refused or not taken:
        return replace(alone, refused=refused or silent)
    if together:
        return Finding(whole, (Part(reading.text, whole, taken),), False, whole)
    return Finding(whole, _arranged(reading, whole, pieces, taken), False, whole)


def units_of(reading: Reading, searcher: Searcher, heads: Heads, whole: bool = False) -> list[Unit]:
    """What the pieces of a message find, and the things that it joins; ``whole``: its pieces are left together."""
    found: list[Unit] = []
    for piece in () if whole else reading.pieces.all:
        if piece != reading.text:
            found.append(Unit(piece, searcher.find(piece), heads.read("role", piece, searcher.vector(piece))["question"]))
    if reading.makeup.get("background", 0.0) < _HALF:
        found += [Unit(side, searcher.find(side), 1.0, side=True) for side in sides(reading.text, heads)]
    return found


def _arranged(reading: Reading, whole: Found, units: Sequence[Unit], taken: Sequence[str]) -> tuple[Part, ...]:
    """Each clause to the piece that found it best; the parts in the order of the message, the silent ones among them."""
    by_text = {u.text: u for u in units}
    if len(reading.pieces.sentences) == 1:
        by_text.setdefault(reading.pieces.sentences[0], Unit(reading.text, whole, 1.0))
    parts: list[Part] = []
    left = list(taken)
    for sentence, inner in zip(reading.pieces.sentences, reading.pieces.within, strict=True):
        members = [by_text[t] for t in (*inner, sentence) if t in by_text]
        mine = [c for c in left if _best(c, units) in members]
        pieces = [by_text[t] for t in inner if t in by_text]
        homes = {c: _best(c, pieces) for c in mine} if pieces else {}
        divided = len(pieces) > 1 and len({h.text for h in homes.values() if h.asks >= _HALF}) > 1
        for unit in pieces if divided else members[-1:]:
            here = tuple(c for c in mine if not divided or homes[c] is unit)
            if here:
                parts.append(Part(unit.text, unit.found, here))
            elif _silent(unit) and not (divided and by_text.get(sentence) and not _silent(by_text[sentence])):
                parts.append(Part(unit.text, unit.found))
        left = [c for c in left if c not in mine]
    if left:
        parts.insert(0, Part(reading.text, whole, tuple(left)))
    answered = [p for p in parts if p.clauses]
    if len(answered) == 1 and len(parts) == 1:
        background = reading.makeup.get("background", 0.0) >= _HALF
        return (Part(reading.text, answered[0].found if background else whole, answered[0].clauses),)
    return tuple(parts)


def _best(clause: str, units: Sequence[Unit]) -> Unit:
    return max(units, key=lambda u: u.strength(clause))


def _silent(unit: Unit) -> bool:
    return unit.asks >= ASKS and unit.found.refuse >= SILENT
