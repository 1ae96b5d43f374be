"""What an answer says in its own sentences, the direct answers and claims, apart from the guide's lines that are shown under them.

A chat path whose check drops a right sentence still shows the line that it cited, so that scores of the whole answer hide the loss.
A model says things in words of its own: a fact of the guide counts as said when its numbers are, and half of its other words that
the question did not have already. Words of two languages cannot be held against each other: of an English sentence only the numbers count.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.answers.question.words import fold
from assistant.answers.reply.check.quantities import quantities
from assistant.guide import folded

if TYPE_CHECKING:
    from assistant.answers.answer import Answer

ENOUGH = 0.5
"""Share of a fact's letter pairs, those of the question left out, from which it counts as said: 每年2次以上 says 每年参加2次以上."""
_CHINESE = re.compile(r"[㐀-䶿一-鿿]")


def own_words(answer: Answer) -> str:
    """Direct answers and claims."""
    return "\n".join(b.text for b in answer.blocks if b.block in ("verdict", "claim"))


def tells(own: str, fact: str, question: str) -> bool | None:
    """Whether sentences say a fact of the guide; None when that cannot be told from their words."""
    said = quantities(fold(own))
    wanted = quantities(fold(fact)) - quantities(fold(question))
    if own and not _CHINESE.search(own):
        return wanted <= said if wanted else None
    new = _pairs(fact) - _pairs(question)
    return bool(own) and wanted <= said and len(new & _pairs(own)) >= ENOUGH * len(new)


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(re.sub(r"\W", "", folded(fold(text))))}
