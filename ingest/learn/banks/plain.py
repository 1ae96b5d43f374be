"""Plain questions: a matter set into a sentence that says nothing of it (…需要哪些材料), so that the matter decides, not the sentence.

What people wrote for the banks has the voices of people, and few of the plain sentences in which most ask. Both sides have them
here, in the same sentences (``frames.jsonl`` with one place): the titles of the guide's items and the topics of its clauses, and
matters that the guide does not speak of (``topics.jsonl`` without a clause).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Literal, NamedTuple

from assistant.answers.question.titles import translated
from assistant.guide import Guide
from ingest.learn.banks.bank import OUT_OF_SCOPE, BankEntry, load
from ingest.learn.banks.messages import beyond, plain_frames, topics
from ingest.shipped import shipped_guide

Lang = Literal["zh", "en"]
_TITLE, _TOPIC, _BEYOND = 8, 1, 2
"""Sentences for the title of an item, in each language, for a topic, and for a matter beyond the guide."""


class Matter(NamedTuple):
    """Words in a language, the clauses that they may ask for in turn (none: the guide does not speak of it), and in how many sentences."""

    words: str
    lang: Lang
    clauses: tuple[str, ...]
    sentences: int


def banks() -> list[BankEntry]:
    """What a search is taught: both banks, and the plain questions."""
    return [*load(), *plain(shipped_guide())]


def plain(guide: Guide) -> list[BankEntry]:
    """The plain questions, each once; clauses are those of ``guide``, the edition that the topics were written for."""
    said = {lang: [f.frame for f in plain_frames() if f.lang == lang] for lang in ("zh", "en")}
    turns = {(lang, beyond): cycle(said[lang]) for lang in said for beyond in (True, False)}
    found: dict[str, BankEntry] = {}
    for matter in _matters(guide):
        for k, frame in enumerate(islice(turns[matter.lang, not matter.clauses], matter.sentences)):
            question = frame.format(a=matter.words)
            clause = matter.clauses[k % len(matter.clauses)] if matter.clauses else OUT_OF_SCOPE
            key = guide.clauses[clause].key if clause else ""
            found.setdefault(question, BankEntry(question=question, lang=matter.lang, clause=clause, key=key))
    return list(found.values())


def _matters(guide: Guide) -> Iterator[Matter]:
    for item in guide.items.values():
        clauses = tuple(c.id for c in item.clauses)
        yield Matter(item.title, "zh", clauses, _TITLE)
        if title := translated("en", item.title):
            yield Matter(title[:1].lower() + title[1:], "en", clauses, _TITLE)
    for topic in topics():
        yield Matter(topic.topic, _lang(topic.lang), (topic.clause,), _TOPIC)
    for topic in beyond():
        yield Matter(topic.topic, _lang(topic.lang), (), _BEYOND)


def _lang(lang: str) -> Lang:
    return "en" if lang == "en" else "zh"
