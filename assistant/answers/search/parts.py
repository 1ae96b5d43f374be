"""The parts of a message and the clauses for each: tried as one and as several, and what each piece finds decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.learned.joints import breaks, sides
from assistant.answers.question.pieces import Pieces
from assistant.answers.question.places.references import references
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.search.after import ITS_OWN, STAYS, meant_after
from assistant.answers.search.comma_list import find_listed
from assistant.answers.search.found import ASKS, SILENT, Found, MessageFound, MessagePart
from assistant.answers.search.units import MessageUnit, candidates, set_features

if TYPE_CHECKING:
    from assistant.answers.question.reading import Reading
    from assistant.answers.search.searcher import Searcher

TAKEN, BOTH = 0.3, 0.2
"""Least probability of a clause to belong to the answer of a message that is cut, and of one that joins two things: these are seldom
equally likely. Three folds of the bank's messages, at .25, .3, .35: all clauses of several questions .86, .85, .83 at precision .88, .89, .89;
after a story .93, .92, .92 at .89, .90, .90."""
ONE, CERTAIN = 0.7, 0.2
"""A message of one line is not cut when it is one question at this probability, and the guide's silence less probable than that.

On the sets that may be looked at, single questions: precision .924 at (.9, .05), .942 here, .950 at (.5, .5); messages of several, all
clauses found: .794, .765, .750.
"""
OVERRULES = 0.4
"""Least probability of a clause that overrules the guide's silence on the message as a whole. Of the 1,775 cases that may be looked at
1,648 are right, at .3 1,647, at .5 1,646 (``python -m tests.bench.neighbours``)."""
HALF, _SEVERAL = 0.5, 2  # even odds; sentences from which one may be of no part yet (by what the words mean, not measured)


def find_parts(reading: Reading, whole: Found, searcher: Searcher, heads: Heads) -> MessageFound:
    """What a message asks, tried as one (``whole``) and as several: in its pieces, and in the things that its sentences join."""
    silent = whole.refuse > searcher.ranker.refuse_above
    alone = MessageFound(whole, (MessagePart(reading.text, whole),), silent, whole)
    if (parted := find_listed(reading, whole, searcher, heads)) is not None:
        return parted
    one = reading.makeup.get("one", 0.0)
    if one >= HALF and silent and not reading.references:
        return alone
    together = "\n" not in reading.text and one >= ONE and whole.refuse < CERTAIN and not reading.references
    cut = Pieces((), ()) if together else cut_of(reading, searcher, heads)
    units = units_of(reading, cut, searcher, heads)
    if not units:
        return alone
    focus = focus_of(reading, cut, whole, units, searcher)
    silent = focus.refuse > searcher.ranker.refuse_above
    alone = MessageFound(focus, (MessagePart(reading.text, focus),), silent, whole)
    likely = clauses_of(reading, whole, focus, units, heads)
    pieces = [u for u in units if not u.side]
    together = not pieces or (len(pieces) < len(units) and reading.makeup.get("several", 0.0) < HALF)
    named = {c for u in pieces for c in u.named}
    least = BOTH if together else TAKEN
    if not together and one < HALF:
        least = min(least, max(likely.values()))  # the likeliest of what its questions found, rather than what the whole did
    alone_asks = frozenset[str]() if together else _found_alone(reading, pieces)
    taken = tuple(sorted((c for c, p in likely.items() if p >= least or c in named or c in alone_asks), key=lambda c: -likely[c]))
    asked = [u for u in pieces if u.asks >= HALF]
    refused = silent and all(u.found.refuse > searcher.ranker.refuse_above for u in asked)
    if silent and max(likely.values()) < OVERRULES:
        refused = True  # the whole says that the guide is silent, and no piece is sure of the contrary
    if (refused and not named) or not taken:
        return replace(alone, refused=refused or silent)
    if together or (reading.shape == "comparison" and len(cut.sentences) == 1):
        return MessageFound(focus, (MessagePart(reading.text, focus, taken),), False, whole)
    parts = _none_missing(reading, cut, pieces, _arranged(reading, cut, focus, pieces, taken), searcher, heads)
    return MessageFound(focus, _as_one(reading, focus, parts), False, whole)


def cut_of(reading: Reading, searcher: Searcher, heads: Heads) -> Pieces:
    """Where a message is cut: at its punctuation, and what asks several things without any where they break off (…怎么办还有…多久更新)."""
    cut = reading.pieces
    if reading.makeup.get("several", 0.0) < HALF or reading.references:
        return cut
    sentences: list[str] = []
    within: list[tuple[str, ...]] = []
    for sentence, inner in zip(*cut, strict=True):
        several = len(inner) == 1 and heads.read("makeup", unnumbered(sentence), searcher.vector(sentence))["several"] >= HALF
        joined = breaks(sentence, heads) if several else ()
        sentences += joined or (sentence,)
        within += [(side,) for side in joined] or [inner]
    return Pieces(tuple(sentences), tuple(within))


def focus_of(reading: Reading, cut: Pieces, whole: Found, units: Sequence[MessageUnit], searcher: Searcher) -> Found:
    """What the sentences of a message with background find without those that ask nothing; of any other, what all of it found."""
    if reading.makeup.get("background", 0.0) < HALF:
        return whole
    asking = {u.sentence for u in units if not u.side and u.asks >= HALF}
    if not asking or len(asking) == len(cut.sentences):
        return whole
    return searcher.find(" ".join(s for i, s in enumerate(cut.sentences) if i in asking))


def clauses_of(reading: Reading, whole: Found, focus: Found, units: Sequence[MessageUnit], heads: Heads) -> dict[str, float]:
    """How likely each clause that any of them found belongs to the answer."""
    clauses = candidates(whole, focus, units)
    logits = set_features(whole, focus, units, reading.makeup, reading.shapes, clauses) @ heads.clause_set
    return {c: float(1 / (1 + np.exp(-z))) for c, z in zip(clauses, logits, strict=True)}


def units_of(reading: Reading, cut: Pieces, searcher: Searcher, heads: Heads) -> list[MessageUnit]:
    """What the pieces of a message find, and the things that it joins."""
    found: list[MessageUnit] = []
    last = len(cut.sentences) - 1
    asked: MessageUnit | None = None
    for place, (sentence, inner) in enumerate(zip(cut.sentences, cut.within, strict=True)):
        for piece in dict.fromkeys((*inner, sentence)):
            if piece != reading.text:
                unit = unit_of(piece, searcher, heads, named=bool(reading.references))
                if piece == sentence:
                    after = _after(asked, unit, searcher, heads) if asked and reading.shape != "comparison" else None
                    unit = replace(unit, found=after) if after else unit
                    asked = unit if unit.asks >= HALF and not after else asked
                found.append(replace(unit, sentence=place, whole=piece == sentence, last=place == last))
    if reading.makeup.get("background", 0.0) < HALF:
        found += [
            MessageUnit(side, searcher.find(side), 1.0, side=True)
            for side in sides(reading.text, heads, reading.shapes.get("comparison", 0.0))
        ]
    return found


def _after(asked: MessageUnit, unit: MessageUnit, searcher: Searcher, heads: Heads) -> Found | None:
    """What a sentence finds after the question before it, where it hangs on that one; None where it stands alone.

    It means what was asked about before (公章谁保管？用之前要登记吗？), or it names nothing of its own (看多久？人也算吗？).
    """
    own = unit.found.clauses[0][0]
    strength = unit.strength(own)
    if unit.named or strength >= ITS_OWN or asked.found.refuse > searcher.ranker.refuse_above:
        return None
    meant = meant_after(asked.found, unit.found, searcher, heads)
    if meant.clause is None:
        return meant.found if strength < HALF and meant.stays >= STAYS else None
    if meant.found is None or (meant.clause == own and strength >= HALF):
        return None
    return replace(unit.found, clauses=meant.found.clauses, refuse=meant.found.refuse, nearest=meant.found.nearest)


def unit_of(piece: str, searcher: Searcher, heads: Heads, named: bool = False) -> MessageUnit:
    """What a piece finds alone; ``named``: the clauses that it names by number are certain."""
    asks = heads.read("role", unnumbered(piece), searcher.vector(piece))["question"]
    found = searcher.find(piece)
    clauses = tuple(dict.fromkeys(c for r in references(piece, searcher.guide) for c in r.clauses)) if named else ()
    if clauses:
        found = replace(found, clauses=tuple((c, 1 / len(clauses)) for c in clauses), refuse=0.0)
    return MessageUnit(piece, found, asks, named=clauses)


def _arranged(reading: Reading, cut: Pieces, whole: Found, units: Sequence[MessageUnit], taken: Sequence[str]) -> tuple[MessagePart, ...]:
    """Each clause to the piece that found it best; the parts in the order of the message, the silent ones among them."""
    by_text = {u.text: u for u in units}
    if len(cut.sentences) == 1:
        by_text.setdefault(cut.sentences[0], MessageUnit(reading.text, whole, 1.0))
    parts: list[MessagePart] = []
    left = list(taken)
    one = reading.makeup.get("several", 0.0) < max(reading.makeup.get("one", 0.0), reading.makeup.get("background", 0.0))
    for sentence, inner in zip(cut.sentences, cut.within, strict=True):
        members = [by_text[t] for t in (*inner, sentence) if t in by_text]
        mine = [c for c in left if _best(c, units) in members]
        pieces = [by_text[t] for t in inner if t in by_text]
        homes = {c: _best(c, pieces) for c in mine} if pieces else {}
        divided = len(pieces) > 1 and len({h.text for h in homes.values() if h.asks >= HALF}) > 1
        for unit in pieces if divided else members[-1:]:
            here = tuple(c for c in mine if not divided or homes[c] is unit)
            if here:
                parts.append(MessagePart(unit.text, unit.found, here))
            elif _silent(unit) and not (divided and one and by_text.get(sentence) and not _silent(by_text[sentence])):
                parts.append(MessagePart(unit.text, unit.found))
        silent = [u for u in pieces if _silent(u)] if not (divided or one) and mine and len(pieces) > 1 else []
        gone = {u.text for u in silent}
        rest = [t for t in inner if t not in gone]
        if silent and rest and parts[-1].text == sentence:
            parts[-1] = replace(parts[-1], text="，".join(rest))
        parts += [MessagePart(u.text, u.found) for u in silent]
        left = [c for c in left if c not in mine]
    if left:
        parts.insert(0, MessagePart(reading.text, whole, tuple(left)))
    return tuple(parts)


def _none_missing(
    reading: Reading, cut: Pieces, units: Sequence[MessageUnit], parts: Sequence[MessagePart], searcher: Searcher, heads: Heads
) -> tuple[MessagePart, ...]:
    """The parts, and each sentence of several questions that none of them is of: what it finds alone, or after the one before it, or nothing.

    What is asked beyond the guide by its words alone is not searched after another one.
    """
    if reading.makeup.get("several", 0.0) < HALF or len(cut.sentences) < _SEVERAL or reading.references:
        return tuple(parts)
    found: list[MessagePart] = []
    left = list(parts)
    asked = ""
    for sentence, inner in zip(cut.sentences, cut.within, strict=True):
        mine = [p for p in left if p.text in (*inner, sentence)]
        unit = next((u for u in units if u.text == sentence and u.whole), None)
        asks = unit is not None and unit.asks >= ASKS
        if asks and unit and not mine:
            said = asked and heads.read("beyond", unnumbered(sentence), searcher.vector(sentence))["said"] >= HALF
            searches = [unit.found, *([searcher.find(f"{asked} {sentence}")] if said else [])]
            known = next((f for f in searches if f.refuse <= searcher.ranker.refuse_above), None)
            mine = [MessagePart(sentence, known or unit.found, (known.clauses[0][0],) if known else ())]
        asked = sentence if asks else asked
        found += mine
        left = [p for p in left if p not in mine]
    return (*left, *found)


def _as_one(reading: Reading, whole: Found, parts: Sequence[MessagePart]) -> tuple[MessagePart, ...]:
    """A single part that is answered is the message itself."""
    if len(parts) != 1 or not parts[0].clauses:
        return tuple(parts)
    background = reading.makeup.get("background", 0.0) >= HALF
    return (MessagePart(reading.text, parts[0].found if background else whole, parts[0].clauses),)


def _found_alone(reading: Reading, units: Sequence[MessageUnit]) -> frozenset[str]:
    """What each sentence of several questions finds for sure by itself: none of them vanishes beside a likelier one."""
    if reading.makeup.get("several", 0.0) < HALF:
        return frozenset()
    sure = [(u, u.found.clauses[0][0]) for u in units if u.whole and u.asks >= HALF]
    return frozenset(clause for u, clause in sure if u.strength(clause) >= HALF)


def _best(clause: str, units: Sequence[MessageUnit]) -> MessageUnit:
    return max(units, key=lambda u: u.strength(clause))


def _silent(unit: MessageUnit) -> bool:
    return unit.asks >= ASKS and unit.found.refuse >= SILENT
