"""Where one sentence joins two things that are asked about together: 员工证件和访客证件各留什么记录.

Which places of a text are joints, and where a question breaks off and the next one begins, is learned (head ``joint``) from what
stands on either side; what lies between them is searched, and what that finds decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.words import words

JOINED = 0.3
"""Least probability of a place to be a joint. Of the 45 cases of composed and comparison 42 are right at .2 and at .3, 41 at .4
(``python -m tests.bench.neighbours``)."""
COMPARES, COMPARED = 0.4, 0.08
"""How likely a message compares two things for a place to be a joint from this lower probability on: it has one somewhere."""
_WINDOW, _LONGEST, _MOST = 3, 80, 3  # characters to each side, of a sentence, joints of a sentence; chosen, not measured
_ENDS = " \t\n，,、；;。.：:？?！!"
_ALSO = re.compile(r"(?:以及|还有|還有|和|and\b)\s*(?=\w)", re.IGNORECASE)
"""What joins a question to the one before it."""


def around(text: str, place: int) -> str:
    """What the head reads of a place: the characters before and after it, the place itself marked."""
    return f"{text[max(0, place - _WINDOW) : place]}│{text[place : place + _WINDOW]}"


def places(text: str) -> list[int]:
    """Where a text may be parted: between two Chinese characters, and before a Latin word."""
    return [
        i
        for i in range(2, len(text) - 1)
        if not text[i].isspace()
        and (not text[i].isascii() or text[i - 1].isspace())
        and not (text[i - 1].isascii() and text[i - 1].isalnum())
    ]


def sides(text: str, heads: Heads, compares: float = 0.0) -> tuple[str, ...]:
    """The things that a text joins, in order; none where it joins nothing. ``compares`` is how likely it is to compare two."""
    return _parted_at(text, heads, ("joint", "break"), JOINED if compares < COMPARES else COMPARED)


def breaks(text: str, heads: Heads) -> tuple[str, ...]:
    """The questions that a text runs together, in order; none where it is one: 火灾怎么办还有多久演练一次."""
    return tuple(alone(piece) for piece in _parted_at(text, heads, ("break",), JOINED))


def alone(piece: str) -> str:
    """A piece without the word that joins it to the one before.

    >>> alone("还有多久演练一次"), alone("and who keeps the keys")
    ('多久演练一次', 'who keeps the keys')
    """
    return piece[joined.end() :] if (joined := _ALSO.match(piece)) else piece


def _parted_at(text: str, heads: Heads, labels: tuple[str, ...], least: float) -> tuple[str, ...]:
    if len(text) > _LONGEST:
        return ()
    head, where = heads.heads["joint"], places(text)
    read = head.alone.each([around(text, i) for i in where]) if where else ()
    columns = [n for n, label in enumerate(head.labels) if label in labels]
    likely = {i: float(found[columns].sum()) for i, found in zip(where, read, strict=True)}
    tops = [i for i, p in likely.items() if p >= least and p >= max(likely.get(i - 1, 0.0), likely.get(i + 1, 0.0))]
    return parted(text, sorted(sorted(tops, key=lambda i: -likely[i])[:_MOST]))


def parted(text: str, cuts: Sequence[int]) -> tuple[str, ...]:
    """The text in the pieces between ``cuts``; none where a piece says nothing."""
    pieces = tuple(text[a:b].strip(_ENDS) for a, b in zip((0, *cuts), (*cuts, len(text)), strict=True))
    return pieces if cuts and all(len(words(p)) > 1 for p in pieces) else ()
