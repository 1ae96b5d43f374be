"""A question that names places by number, as it must be asked of an edition in which they have other numbers."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping

from assistant.answers.question.places.number_grammar import WrittenPlace, named
from assistant.answers.question.words import fold
from assistant.numerals import NUMBER, value

_JOINED = re.compile(r"(?:\s|[、和与及跟,，&/]|and)+")
"""What joins a place to the one before it, which the grammar reads along with it."""
_NUMBER = re.compile(NUMBER)
_WITHIN = re.compile(r"\b(?:of|in|under)\b", re.IGNORECASE)


def renumbered(question: str, numbers: Mapping[str, str], where: Callable[[WrittenPlace], bool] = lambda place: True) -> str:
    """The question with every number that changed, all else letter for letter: 24③要什么 becomes 25③要什么.

    Args:
        question: as it was written for the home edition.
        numbers: clause ids and item numbers of the home edition -> those of the other one.
        where: which of the places are meant by their number.
    """
    spans: dict[tuple[int, int], list[WrittenPlace]] = {}
    for place in named(fold(question)):
        spans.setdefault((place.start, place.end), []).append(place)
    for span, places in sorted(spans.items(), reverse=True):
        if all(_now(p, numbers) == written(p) or not where(p) for p in places):
            continue
        start, end = as_written(question, *span)
        question = question[:start] + _anew(question[start:end], places, numbers) + question[end:]
    return question


def as_written(question: str, start: int, end: int) -> tuple[int, int]:
    """Where a span of the folded question stands in the question itself."""

    def length(cut: int) -> int:
        return len(fold(question[:cut]))

    cuts = range(len(question) + 1)
    return bisect_right(cuts, start, key=length) - 1, bisect_left(cuts, end, key=length)


def names(question: str, clause: str) -> bool:
    """Whether a question names exactly this clause or item by its number."""
    return any(clause == written(place) for place in named(fold(question)))


def _anew(text: str, places: list[WrittenPlace], numbers: Mapping[str, str]) -> str:
    """A place, or several that stand in one word, by today's numbers; in the form in which it was written if only its item's changed."""
    place, now = places[0], _now(places[0], numbers)
    item, _, clause = now.partition("(")
    if len(places) == 1 and clause == written(place).partition("(")[2]:
        found = [m for m in _NUMBER.finditer(text) if value(fold(m[0])) == place.item]
        if not found and clause:
            return text  # the clause alone, behind one whose item is written
        if found:
            one = found[-1 if _WITHIN.search(text) else 0]
            return text[: one.start()] + item + text[one.end() :]
    kept = _JOINED.match(text)
    told = [_now(p, numbers) for p in places]
    return (kept[0] if kept else "") + "、".join(n if "(" in n else f"第{n}项" for n in told)


def _now(place: WrittenPlace, numbers: Mapping[str, str]) -> str:
    number = written(place)
    if place.number is None or (number in numbers and place.unsure != "few"):
        return numbers.get(number, number)
    item = numbers.get(str(place.item), str(place.item))
    return f"{item}({place.number})"


def written(place: WrittenPlace) -> str:
    """A place as an id: 24(3), or 24 for an item."""
    return str(place.item) if place.number is None else f"{place.item}({place.number})"
