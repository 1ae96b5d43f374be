"""Whether a question that calls an item by its title is about the whole of it: 人员安全要准备哪些, and not 人员安全培训几次.

What stands beside the title decides, learned from sentences that ask about anything (``ingest.learn.reading.extent``): a word that none of
them holds names a matter besides, and how it is asked says whether all of it is meant.
"""

from __future__ import annotations

from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.words import fold, words
from assistant.guide import Guide, Item

WHOLE = 0.5
"""Least probability that a question is about all of an item."""
_SHORTEST = 3  # letters of a title that is one


def called_whole(text: str, guide: Guide, heads: Heads) -> Item | None:
    """The item of several clauses that a question is about as a whole; None where it calls none by its title, or asks for part of one."""
    called = beside(fold(text), guide)
    said = set(words(called[1])) if called else set()
    if called is None or not said or "extent" not in heads.heads or said - heads.said:
        return None
    return called[0] if heads.read("extent", called[1])["whole"] >= WHOLE else None


def beside(text: str, guide: Guide) -> tuple[Item, str] | None:
    """The only item of several clauses whose title a folded text holds, and what stands beside the title; None where there is no such."""
    titles = [(fold(i.title), i) for i in guide.items.values() if len(i.title) >= _SHORTEST and fold(i.title) in text]
    if len(titles) != 1 or len(titles[0][1].clauses) < 2:
        return None
    title, item = titles[0]
    return item, text.replace(title, " ")
