"""A question that names places by number, as it must be asked of an edition in which they have other numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.answers.question.number_grammar import Named, named
from assistant.answers.question.words import fold

_JOINED = re.compile(r"(?:\s|[、和与及跟,&/]|and)+")
"""What joins a place to the one before it, which the grammar reads along with it."""


def renumbered(question: str, numbers: Mapping[str, str]) -> str:
    """The question with every number that changed: 24③要什么 becomes 25(3)要什么; without one it is returned as it is.

    Args:
        question: as it was written for the home edition.
        numbers: clause ids and item numbers of the home edition -> those of the other one.
    """
    text = fold(question)
    spans: dict[tuple[int, int], list[str]] = {}
    for place in named(text):
        spans.setdefault((place.start, place.end), []).append(_now(place, numbers))
    if all(_now(place, numbers) == written(place) for place in named(text)):
        return question
    for (start, end), places in sorted(spans.items(), reverse=True):
        kept = _JOINED.match(text, start, end)
        text = text[: kept.end() if kept else start] + "、".join(p if "(" in p else f"第{p}项" for p in places) + text[end:]
    return text


def names(question: str, clause: str) -> bool:
    """Whether a question names exactly this clause or item by its number."""
    return any(clause == written(place) for place in named(fold(question)))


def _now(place: Named, numbers: Mapping[str, str]) -> str:
    number = written(place)
    if number in numbers or place.number is None:
        return numbers.get(number, number)
    item = numbers.get(str(place.item), str(place.item))
    return f"{item}({place.number})"


def written(place: Named) -> str:
    """A place as an id: 24(3), or 24 for an item."""
    return str(place.item) if place.number is None else f"{place.item}({place.number})"
