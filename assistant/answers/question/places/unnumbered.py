"""A message with the places of the guide that it names by number written alike: what is learned of one number holds for all."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.words import LONGEST, fold
from assistant.numerals import NUMBER

_ITEM, _CLAUSE = "30", "30(3)"
"""What stands for the number of an item, and for a clause with all that is written of it. Chosen on 117 forms of questions and of messages for
the register: by its letters no question is taken for talk, as with 25(3) five are, and 19 of 41 messages for the register are told."""
_DIGITS = re.compile(NUMBER)
_REMEMBERED = 4096  # messages and pieces; chosen, not measured


@lru_cache(maxsize=_REMEMBERED)
def unnumbered(text: str) -> str:
    """The folded text, each place under the same number.

    >>> unnumbered("8(2)写的啥，第5项呢")
    '30(3)写的啥,第30项呢'
    """
    folded = fold(text)
    if len(folded) > LONGEST:
        return folded
    parts: list[str] = []
    last = 0
    for place in named(folded):
        if place.start >= last and place.unsure != "few":
            written = folded[place.start : place.end]
            parts += [folded[last : place.start], _CLAUSE if place.number is not None else _DIGITS.sub(_ITEM, written)]
            last = place.end
    return "".join((*parts, folded[last:]))
