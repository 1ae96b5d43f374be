"""What a message asks about the answer before it or about the guide itself, and not about a matter of the guide; learned.

依据哪一条 asks where it stands (``source``), 没看懂 wants it plainer (``unclear``), 再说一遍 wants it once more (``again``), 这是哪一版 asks of the
guide's own edition (``edition``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, get_args

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.places.unnumbered import unnumbered

Aside = Literal["source", "unclear", "again", "edition"]
SHIPPED_ASIDES = Path(__file__).parents[2] / "asides.npz"
MEANT = 0.7
"""Least probability at which a message is taken for one. At .6 and .8 none of 102 cases (acknowledgement, complaint, status, listing) changes
(``python -m tests.bench.neighbours``)."""


def aside(text: str, vector: Floats | None, maker: str) -> Aside | None:
    """Which of them a message is, if that is sure; ``vector`` counts where ``maker`` made it as those that were learned from."""
    heads = shipped_asides()
    likely = heads.read("aside", unnumbered(text), vector if maker == heads.maker else None)
    return next((kind for kind in get_args(Aside) if likely[kind] >= MEANT), None)


@cache
def shipped_asides() -> Heads:
    """What ships with the product."""
    return Heads.load(SHIPPED_ASIDES)
