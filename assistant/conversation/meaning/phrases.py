"""What people usually write when they want something of the register: phrases with choices in them (``wishes.toml``), and their words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from random import Random
from typing import Any, NamedTuple

from assistant.answers.question.words import fold

SOMEBODY = "\u2042"
_FORMS = 40  # forms of a phrase at most; chosen
_BRACKET = re.compile(r"\(((?:[^()]|\(\d+\))*\|(?:[^()]|\(\d+\))*)\)")
_LISTS = ("topics", "names")


class Phrase(NamedTuple):
    """One form of a phrase, what is wanted by it, and the phrase with its choices."""

    text: str
    wish: str
    pattern: str


def phrases() -> Iterator[Phrase]:
    """Every form of every phrase."""
    for wish, patterns in _table().items():
        if wish not in _LISTS:
            yield from (Phrase(text, wish, pattern) for pattern in patterns for text in _forms(pattern))


def names() -> list[str]:
    """The people of the phrases and of the bank: they stand for anybody."""
    return list(_table()["names"])


def topics() -> list[str]:
    """The words of the guide in the phrases."""
    return list(_table()["topics"])


def without_names(text: str, people: Iterable[str]) -> str:
    """A message with a sign for each person named in it."""
    found = [re.escape(fold(name)) for name in people if len(name) > 1]
    latin = r"(?<![a-z])(?:%s)(?![a-z])"
    return re.sub(latin % "|".join(sorted(found, key=len, reverse=True)), SOMEBODY, fold(text)) if found else text


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("assistant.conversation.meaning") / "wishes.toml").read_text(encoding="utf-8"))


def _forms(pattern: str) -> list[str]:
    """The forms of a phrase, evenly taken where there are many."""
    parts = _BRACKET.split(pattern)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    whole = ["".join(words) for words in product(*choices)]
    return whole if len(whole) <= _FORMS else Random(pattern).sample(whole, _FORMS)  # noqa: S311  the same ones every time
