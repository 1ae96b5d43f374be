"""Numbers of the edition before: old ones are understood, and whoever names one is told what it is now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.places.renumber import as_written, renumbered, written
from assistant.answers.question.words import LONGEST, fold
from assistant.guide import Frozen, Guide

_OF_OLD = re.compile(r"(?:[旧舊老原]版|上一?版|(?:old|previous|earlier) edition)\s*(?:的|中|里|指南|标准|標準|'s|,|，)*\s*")


EARLIER = "earlier.json"
"""The file of a build that holds it."""


class Earlier(Frozen):
    """What became of the places of the edition before that have other numbers now.

    ``numbers`` maps a clause id or item number of ``edition`` to what it is now, several where it was split.
    """

    edition: str = ""
    numbers: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - pydantic copies it


class Now(NamedTuple):
    """A place that a question names by a number that was another's before: ``old``, and what that is now."""

    old: str
    new: tuple[str, ...]


def in_todays_numbers(question: str, earlier: Earlier, guide: Guide) -> tuple[str, tuple[Now, ...]]:
    """The question as it is to be read today, and which of its numbers meant something else before.

    A number is taken for an old one where the question says so (旧版24(3), or the earlier edition's label before it), or where today's
    guide has no such place. Any other is today's, and yet it is told what the old one is now.
    """
    if not earlier.numbers or len(question) > LONGEST:
        return question, ()
    text = fold(question)
    found: list[Now] = []
    old: dict[str, str] = {}
    places = named(text)
    spans = list(_marks(text, earlier.edition, [place.start for place in places]))
    for place in places:
        number = written(place)
        if number not in earlier.numbers:
            continue
        found.append(Now(number, earlier.numbers[number]))
        if spans or (number not in guide.clauses and number not in guide.items):
            old[number] = earlier.numbers[number][0]
    if not old:
        return question, tuple(dict.fromkeys(found))
    plain = question
    for span in reversed(spans):
        start, end = as_written(plain, *span)
        plain = plain[:start] + plain[end:]
    return renumbered(plain, old), tuple(dict.fromkeys(found))


def _marks(text: str, label: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where a text says that the number which follows, at one of ``starts``, is one of the edition before."""
    shapes = [_OF_OLD, re.compile(re.escape(fold(label)) + r"\s*版?\s*的?\s*")] if label else [_OF_OLD]
    spans = sorted({m.span() for shape in shapes for m in shape.finditer(text)})
    yield from (span for span in spans if any(span[0] <= s <= span[1] + 1 for s in starts))
