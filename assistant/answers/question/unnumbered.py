"""A message with the places of the guide that it names by number written alike: what is learned of one number holds for all."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.answers.question.number_grammar import named
from assistant.answers.question.words import LONGEST, fold
from assistant.numerals import NUMBER

_ITEM, _CLAUSE = "24", "24(3)"
"""What stands for the number of an item, and for a clause with all that is written of it: the ones that the banks name most."""
_DIGITS = re.compile(NUMBER)
_REMEMBERED = 4096  # messages and pieces; chosen, not measured


@lru_cache(maxsize=_REMEMBERED)
def unnumbered(text: str) -> str:
    """The folded text, each place under the same number.

    >>> unnumbered("8(2)写的啥，第5项呢")
    '24(3)写的啥,第24项呢'
    """
    folded = fold(text)
    if len(folded) > LONGEST:
        return folded
    parts: list[str] = []
    last = 0
    for place in named(folded):
        if place.start >= last:
            written = folded[place.start : place.end]
            parts += [folded[last : place.start], _CLAUSE if place.number is not None else _DIGITS.sub(_ITEM, written)]
            last = place.end
    return "".join((*parts, folded[last:]))
