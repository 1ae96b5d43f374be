"""Questions that only commas part (封条谁查，关税怎么算，车辆谁查): each is searched alone, and none takes the others with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.search.found import ASKS, Found, MessageFound, MessagePart

if TYPE_CHECKING:
    from assistant.answers.question.reading import Reading
    from assistant.answers.search.searcher import Searcher

_COMMA = re.compile(r"[，,](?!\d)\s*")
_ENDS = " \t\n，,、；;。.：:"
_KNOWN = 0.3
"""Most probability of the guide's silence on a piece that is answered for sure by itself."""
_DOUBT = 0.2
"""Probability of the guide's silence on the whole from which it may be a list."""
_FEWEST, _MOST = 3, 6  # pieces of a list


def find_listed(reading: Reading, whole: Found, searcher: Searcher, heads: Heads) -> MessageFound | None:
    """What each of several questions parted by commas finds alone; None where they are no such list.

    A list asks something in every piece, and each piece is decided by itself: answered for sure, or beyond the guide. It has both; anything
    else is left to what weighs the pieces together.
    """
    if reading.references or len(reading.pieces.sentences) != 1:
        return None
    if whole.refuse < _DOUBT:
        return None
    pieces = [p for p in (piece.strip(_ENDS) for piece in _COMMA.split(reading.text)) if p]
    if not _FEWEST <= len(pieces) <= _MOST or not all(_asks(p, searcher, heads) for p in pieces):
        return None
    found = [searcher.find(p) for p in pieces]
    beyond = [f.refuse > searcher.ranker.refuse_above for f in found]
    if all(beyond) or not any(beyond) or any(f.refuse > _KNOWN and not silent for f, silent in zip(found, beyond, strict=True)):
        return None
    parts = [MessagePart(p, f, () if silent else f.clauses[0][:1]) for p, f, silent in zip(pieces, found, beyond, strict=True)]
    return MessageFound(whole, _joined(parts), False, whole)


def _asks(piece: str, searcher: Searcher, heads: Heads) -> bool:
    return heads.read("role", unnumbered(piece), searcher.vector(piece))["question"] >= ASKS


def _joined(parts: list[MessagePart]) -> tuple[MessagePart, ...]:
    """The parts, neighbours that the same clauses answer as one."""
    found: list[MessagePart] = []
    for part in parts:
        if found and part.clauses and found[-1].clauses == part.clauses:
            found[-1] = MessagePart(f"{found[-1].text}，{part.text}", found[-1].found, part.clauses)
        else:
            found.append(part)
    return tuple(found)
