"""A number put after an answer whose line sets a bound for it: 2%呢, 我们2.9%, what about five years? It is held against that bound."""

from __future__ import annotations

from assistant.answers.answer import Answer
from assistant.answers.passages import Passage
from assistant.answers.question.common_words import own_words
from assistant.answers.question.reading import Reading
from assistant.answers.question.words import fold, words
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.quantities import Quantity, bounds, quantities
from assistant.answers.reply.deciding.weighed import comparable
from assistant.answers.reply.deciding.yes_no import weighing

_CLAUSES, _WORDS = 3, 6
"""Clauses of the last answer that are looked at, and words beside the number up to which a message says no more than it; chosen, not measured."""


def put_again(reading: Reading, composer: Composer) -> Answer | None:
    """The verdict on the number and the line that bounds it; None where a message says anything else, or no line shown last bounds it."""
    text = fold(reading.text)
    told = quantities(text) if reading.dialogue.last and not (reading.references or reading.place) else []
    if len(told) != 1:
        return None
    rest = f"{text[: told[0].start]} {text[told[0].end :]}"
    if own_words(rest) or len(words(rest)) > _WORDS:
        return None
    question = reading.text if weighing(reading.text) else f"{reading.text.rstrip(' 。.!！')}呢"
    yearly = _yearly(told[0], question)
    for clause in reading.dialogue.last[:_CLAUSES]:
        for said, asked in ((told[0], question), *yearly):
            if lines := _bounding(said, composer.groups[clause]):
                return composer.answer(asked, [(clause, lines)], "extractive", reading.lang, nearest=reading.dialogue.nearest)
    return None


def _yearly(said: Quantity, question: str) -> list[tuple[Quantity, str]]:
    """A number of times as one a year, after an answer that says how often a year: 三次呢, what about twice?"""
    if said.dimension != "count":
        return []
    text = fold(question)
    rate = f"{said.text} a year" if said.text.isascii() else f"每年{said.text}"
    return [(said._replace(dimension="rate"), text[: said.start] + rate + text[said.end :])]


def _bounding(said: Quantity, group: list[Passage]) -> tuple[Passage, ...]:
    """The clause's sentence and the lines that bound such a quantity; none where two different bounds could be meant."""
    limits = {p.id: [b for b in bounds(p.text, p.kind == "clause") if comparable(said, b)] for p in group}
    if len({(b.side, b.quantity.value) for found in limits.values() for b in found}) != 1:
        return ()
    return tuple(p for p in group if limits[p.id] or p.kind == "clause")
