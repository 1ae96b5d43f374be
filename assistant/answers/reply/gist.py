"""The gist of an answer: the pieces of its lines that a question most likely hangs on, verbatim, before all else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from assistant.answers.answer import Answer
from assistant.answers.blocks import Note
from assistant.answers.passages import Passage, cut
from assistant.answers.ports import Floats
from assistant.answers.question.words import tokens
from assistant.answers.search.found import LikelyLine

SHORT, LONG, ROOM = 120, 240, 118
"""Characters up to which an answer has no gist, from which it has one in any case, and those that a gist may have: what a phone shows of
a message before it is opened."""
WORTH = 0.3
"""How much more likely it must be that what a question hangs on stands first, for an answer of middle length to have a gist.

Measured on the sets that may be looked at (1,183): .2, .3, .4 bring the deciding words to the front of 5, 4, 4 more answers, and half of
the answers get longer by 8, 4, 1 characters at most.
"""
LEAST, SHARPNESS, NEARNESS = 0.05, 6.0, 3.0
"""Least weight of a piece beside the best one's, and how much more a piece of a line counts that holds more of the question's words, or means
more nearly what it asks.

Measured on the single questions about one clause of all sets that may be looked at (1,180): the deciding words stand within the first
120 characters in 90 of 100, without a gist in 87. Half or twice of each moves that by .005 at most.
"""
_PLACE = (0.6, 0.35, 0.2)
"""What the first clause of an answer counts, the second, and each one more; .5, .4 and .2 give .002 less."""
_ENDS = "。；，;,：: \n"


class GistPiece(NamedTuple):
    """A piece of a line, and how likely it is what the question hangs on; ``place`` is its number within the line."""

    weight: float
    clause: str
    line: str
    place: int
    text: str


def weighed(
    question: str,
    nth: int,
    clause: str,
    lines: Sequence[LikelyLine],
    rarity: Callable[[str], float],
    near: Callable[[Passage], Floats],
) -> Iterator[GistPiece]:
    """The pieces of lines of the ``nth`` clause of an answer, by the share of their line and what of the question they hold.

    ``rarity`` says how much a word counts, ``near`` how near each piece of a line is to the question.
    """
    asked = {token: rarity(token) for token in set(tokens(question))}
    whole = sum(asked.values()) or 1.0
    for line in lines:
        pieces, words = _worded(line.passage.wording)
        held = np.array([sum(asked.get(token, 0.0) for token in found) / whole for found in words])
        parts = np.exp(SHARPNESS * held + NEARNESS * near(line.passage))
        for place, (piece, part) in enumerate(zip(pieces, parts / parts.sum(), strict=True)):
            yield GistPiece(_PLACE[min(nth, 2)] * line.share * float(part), clause, line.passage.id, place, piece)


@lru_cache(maxsize=2048)
def _worded(wording: str) -> tuple[list[str], list[frozenset[str]]]:
    """The pieces of a line and the words of each, kept for the guide's lines."""
    pieces = list(cut(wording))
    return pieces, [frozenset(tokens(piece)) for piece in pieces]


def wants_gist(answer: Answer) -> bool:
    """Whether an answer is not short and nothing is said directly."""
    return len(_said(answer)) > SHORT and not any(b.block == "verdict" for b in answer.blocks)


def _said(answer: Answer) -> str:
    return "".join("".join(b.text.split()) for b in answer.blocks if b.block != "note" or b.role not in ("source", "notice"))


def with_gist(answer: Answer, pieces: Sequence[GistPiece]) -> Answer:
    """An answer with its gist in front, if nothing is said directly and it does not begin with what the gist would say.

    The gist are as many of the weightiest pieces as fit.
    """
    if not pieces or not wants_gist(answer):
        return answer
    said = _said(answer)
    named = len({p.clause for p in pieces}) > 1
    chosen: list[GistPiece] = []
    best = max(p.weight for p in pieces)
    for piece in sorted(pieces, key=lambda p: -p.weight):
        if piece.weight >= LEAST * best and sum(map(len, _drawn([*chosen, piece], named).values())) <= ROOM:
            chosen.append(piece)
    begins = [piece for piece in pieces if "".join(piece.text.split()).strip(_ENDS) in said[:ROOM]]
    more = (sum(p.weight for p in chosen) - sum(p.weight for p in begins)) / (sum(p.weight for p in pieces) or 1.0)
    if set(chosen) <= set(begins) or (len(said) <= LONG and more < WORTH):
        return answer
    notes = [Note(text=text, clause=clause if named else None) for clause, text in _drawn(chosen, named).items()]
    first = chosen[0].text.strip(_ENDS)
    start = notes[0].text.index(first)
    leading = notes[0].model_copy(update={"bold": ((start, start + len(first)),)})
    return answer.model_copy(update={"blocks": (leading, *notes[1:], *answer.blocks)})


def _drawn(chosen: Sequence[GistPiece], named: bool) -> dict[str, str]:
    """Pieces as one text a clause, that and the line of the weightiest first, each line quoted; … stands for what is left out in it."""
    clauses: dict[str, dict[str, list[GistPiece]]] = {}
    for piece in chosen:
        clauses.setdefault(piece.clause, {}).setdefault(piece.line, []).append(piece)
    said: dict[str, str] = {}
    for clause, lines in clauses.items():
        words = "".join(f"“{_line(sorted(pieces, key=lambda p: p.place))}”" for pieces in lines.values())
        said[clause] = f"{clause}：{words}" if named else words
    return said


def _line(pieces: Sequence[GistPiece]) -> str:
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        text += piece.text if piece.place == before.place + 1 else f"…{piece.text}"
    return text.strip(_ENDS)
