"""The questions of a message that stand for themselves (封条谁查，关税怎么算，车辆谁查): each is answered as it would be alone.

Between two pieces that commas, sentences or words that join part, one question ends and the next begins, or both are of one. Which it is
is learned from what the pieces are by their words (head ``stands``: a whole question, what leads up to one, what hangs on one) and from
what each finds alone and both find together (``ingest.learn.reading.standing``).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.interrogative import asks_what
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.learned.joints import alone, breaks
from assistant.answers.question.pieces import Pieces
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.words import fold
from assistant.answers.search.features import log_odds

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

CUT = 0.3
"""Least probability that one question ends and another begins."""
_DOUBT, _KNOWN = 0.3, 0.8
"""How likely the guide is silent on a question that is not one with the one before it; and how surely both find what that one finds."""
_ASKS, _SURELY, _SURE = 0.5, 0.9, 0.7
"""Even odds; how surely a piece asks; and how surely the guide answers a question, or does not, that an answer must not leave out."""
_KNOWS = 0.3
"""How likely the guide answers a whole question for it not to be left out: 禁止什么 behind 收回什么 is none (.05), 司机怎么验身份 is (.49)."""
_MOST = 6.0  # log odds
_MANY = 8  # pieces from which a message is a story or a table, and not cut here; chosen, not measured
_ENDS = " \t\n，,、；;。.：:"


def standing(text: str, cut: Pieces, searcher: Searcher, heads: Heads) -> list[str]:
    """The questions of a message, in order, each with what leads up to it and what hangs on it; none where they are not several.

    ``cut``: the message at its punctuation.
    """
    found = parted(cut, heads) if len(heads.standing) else []
    if not 1 < len(found) <= _MANY:
        return []
    starts, at = [], 0
    for piece, _ in found:
        at = text.find(piece, at)
        starts.append(at)
        at += len(piece)
    if min(starts) < 0:
        return []
    stands = [_stands(p, searcher, heads) for p, _ in found]
    if sum(stands) < 2:  # each question has one of its own
        return []
    asks = [_asks(p, searcher, heads) for p, _ in found]
    begins = [0]
    for n, ((before, _), (piece, first)) in enumerate(pairwise(found), 1):
        if not any(asks[begins[-1] : n]) or not any(asks[n:]):
            continue  # what asks nothing is no question: a story before one, thanks after it
        asked = text[starts[begins[-1]] : starts[n]].strip(_ENDS)
        odds = float(seam_features(asked, before, piece, first, searcher, heads) @ heads.standing)
        if 1 / (1 + np.exp(-odds)) >= CUT and not _of_the_same(asked, piece, searcher, heads):
            begins.append(n)
    last = [n - 1 for n in (*begins[1:], len(found))]
    questions = [text[starts[a] : starts[b] + len(found[b][0])].strip(_ENDS) for a, b in zip(begins, last, strict=True)]
    own = all(any(stands[a : b + 1]) for a, b in zip(begins, last, strict=True))
    return questions if len(questions) > 1 and own else []


def _stands(piece: str, searcher: Searcher, heads: Heads) -> bool:
    """Whether a piece is a whole question: by its words, or as a short one that asks by its grammar and surely finds its clause (章怎么管)."""
    vector, text = searcher.vector(piece), unnumbered(piece)
    is_a = heads.read("stands", text, vector)
    if is_a["whole"] >= CUT:
        return True
    asks = asks_what(fold(piece)) and is_a["hangs"] < _ASKS and heads.read("role", text, vector)["question"] >= _SURELY
    return asks and searcher.find(piece).evidence >= _SURE


def vanished(questions: Sequence[str], clauses: Sequence[str], silent: Sequence[str], searcher: Searcher, heads: Heads) -> bool:
    """Whether an answer to a message leaves out one of its questions: what that surely finds by itself, or that the guide does not say.

    Args:
        questions: as ``standing`` gives them.
        clauses: what the answer cites.
        silent: the questions that it says the guide is silent on.
        searcher: as for ``standing``.
        heads: as for ``standing``.
    """
    for question in questions:
        if among(question, silent):
            continue
        alone = searcher.find(question)
        whole = heads.read("stands", unnumbered(question), searcher.vector(question))["whole"] >= CUT
        cited = alone.clauses[0][0] in clauses
        if (not cited and alone.evidence >= (_KNOWS if whole else _SURE)) or (whole and alone.refuse >= _SURE):
            return True
    return False


def among(question: str, others: Sequence[str]) -> bool:
    """Whether a question is one of others, or a piece of one."""
    return any(question in other or other in question for other in others)


def _asks(piece: str, searcher: Searcher, heads: Heads) -> bool:
    """Whether a piece asks something, of the guide or not."""
    vector, text = searcher.vector(piece), unnumbered(piece)
    return max(heads.read("role", text, vector)["question"], heads.read("stands", text, vector)["whole"]) >= _ASKS


def _of_the_same(asked: str, piece: str, searcher: Searcher, heads: Heads) -> bool:
    """Whether a piece is surely of the question before it, which both together find: 税款缴纳方面，标准看哪些情况.

    Not where the guide hardly speaks of what it asks as a whole question: that is said, and does not vanish.
    """
    alone = searcher.find(piece)
    whole = heads.read("stands", unnumbered(piece), searcher.vector(piece))["whole"]
    if whole >= _ASKS and alone.refuse >= _DOUBT:
        return False
    before, both = searcher.find(asked), searcher.find(f"{asked}，{piece}")
    return both.evidence >= _KNOWN and both.clauses[0][0] == before.clauses[0][0]


def parted(cut: Pieces, heads: Heads) -> list[tuple[str, bool]]:
    """The smallest pieces of a message, each with whether it begins a sentence."""
    cuts = ((piece, n == 0) for inner in cut.within for n, piece in enumerate(inner))
    return [(alone(part), first) for piece, first in cuts for part in (breaks(piece, heads) or (piece,))]


def seam_features(asked: str, before: str, piece: str, first: bool, searcher: Searcher, heads: Heads) -> Floats:
    """What speaks for a question that begins with ``piece``, shape (37,).

    Args:
        asked: all of the question before it.
        before: its last piece.
        piece: what comes next.
        first: whether a sentence begins with it.
        searcher: the search of the edition.
        heads: what the pieces are by their words.
    """
    a, b, both = searcher.find(asked), searcher.find(piece), searcher.find(f"{asked}，{piece}")
    own, other = a.clauses[0][0], b.clauses[0][0]
    together = dict(both.clauses)
    row = [1.0, float(first)]
    asks: list[float] = []
    for text in (before, piece):
        vector = searcher.vector(text)
        is_a = heads.read("stands", unnumbered(text), vector)
        asks.append(log_odds(heads.read("role", unnumbered(text), vector)["question"], _MOST))
        row += [log_odds(is_a[label], _MOST) for label in ("whole", "hangs", "leads")] + [asks[-1]]
    whole, after = row[2], row[6]
    row += [min(whole, after), min(whole, after, *asks), float(own == other)]
    decided = [max(found.evidence, found.refuse) for found in (a, b)]
    for found in (a, b, both):
        row += [found.evidence, log_odds(found.refuse, _MOST)]
    row += [together[own] * (1 - both.refuse), together[other] * (1 - both.refuse), float(both.clauses[0][0] == own)]
    row += [float(both.clauses[0][0] == other), dict(b.clauses)[own], dict(a.clauses)[other]]
    row += [float(own != other) * a.evidence * b.evidence, a.evidence * b.refuse, a.refuse * b.evidence]
    row += [after * float(first), after * a.evidence, *decided, min(decided), decided[0] * after, decided[1] * after]
    return np.array([*row, min(asks), min(decided) * min(asks)], dtype=np.float32)
