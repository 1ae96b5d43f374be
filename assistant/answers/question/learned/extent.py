"""Whether a question that calls an item by its title is about the whole of it: 人员安全要准备哪些, and not 人员安全培训几次.

What stands beside the title decides, learned from sentences that ask about anything (``ingest.learn.reading.extent``): a word that none of
them holds names a matter besides, and how it is asked says whether all of it is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.words import fold, words
from assistant.guide import Guide, Item

Translated = Callable[[str, str], str | None]
"""A title in a language, where there is a translation."""
WHOLE = 0.5
"""Least probability that a question is about all of an item."""
_SHORTEST, _LONGEST = 3, 8  # letters of a title that is one; words of a matter; chosen, not measured


def called_whole(text: str, guide: Guide, heads: Heads, translated: Translated) -> Item | None:
    """The item of several clauses that a question is about as a whole; None where it calls none by its title, or asks for part of one."""
    called = beside(fold(text), guide, translated)
    said = set(words(called[1])) if called else set()
    if called is None or not said or "extent" not in heads.heads or said - heads.said:
        return None
    return called[0] if heads.read("extent", called[1])["whole"] >= WHOLE else None


def brought_up(text: str, heads: Heads) -> str | None:
    """The matter that a message brings up without asking anything of it (我想问一下门卫的事); None where it does anything else."""
    spoken = bare(text)
    fits = [
        (len(a) + len(b), spoken[len(a) : len(spoken) - len(b)]) for a, b in heads.naming if spoken.startswith(a) and spoken.endswith(b)
    ]
    matter = max(fits)[1].strip() if fits else ""
    return matter if 0 < len(words(matter)) <= _LONGEST else None


def bare(text: str) -> str:
    """A folded text without signs at its ends and without commas and colons inside."""
    return re.sub(r"[,，:：、。.?？!！~]+", "", fold(text))


def beside(text: str, guide: Guide, translated: Translated) -> tuple[Item, str] | None:
    """The only item of several clauses whose title a folded text holds, and what stands beside the title; None where there is no such."""
    called = [(title, i) for i in guide.items.values() for title in _titles(i, translated) if len(title) >= _SHORTEST and title in text]
    if len(called) != 1 or len(called[0][1].clauses) < 2:
        return None
    title, item = called[0]
    return item, text.replace(title, " ")


def _titles(item: Item, translated: Translated) -> tuple[str, ...]:
    """The title of an item as the guide prints it and in English, folded."""
    return tuple(fold(title) for title in (item.title, translated("en", item.title)) if title)
