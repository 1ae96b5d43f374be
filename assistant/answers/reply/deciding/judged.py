"""What is told and whether that is enough, in two breaths: 我们滞纳率2.5%，达标吗？ is one question, not two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.question.asked_number import asked_unit
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.words import fold
from assistant.answers.reply.deciding.quantities import quantities
from assistant.answers.reply.deciding.yes_no import polar
from assistant.answers.search.after import STAYS

if TYPE_CHECKING:
    from assistant.answers.question.reading import Reading
    from assistant.answers.search.searcher import Searcher

_MOST = 3  # pieces of such a message; chosen, not measured


def judged(reading: Reading, searcher: Searcher, heads: Heads) -> Reading:
    """The message with the number that it tells first and what asks of it behind; as it was read where it is no such message.

    One piece tells a quantity and asks nothing; every other names no matter of its own and wants a yes or a no.
    """
    cut = [piece for inner in reading.pieces.within for piece in inner]
    told = [p for p in cut if quantities(fold(p)) and not polar(p) and asked_unit(fold(p)) is None]
    asks = [p for p in cut if p not in told]
    if len(told) != 1 or not 0 < len(asks) < _MOST or any(quantities(fold(p)) or not polar(p) for p in asks):
        return reading
    if not all(heads.read("how", unnumbered(p), searcher.vector(p))["stays"] >= STAYS for p in asks):
        return reading
    comma = ", " if reading.lang == "en" else "，"
    return replace(reading, text=comma.join([*told, *asks]), makeup={"one": 1.0, "several": 0.0, "background": 0.0})
