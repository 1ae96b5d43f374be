"""The bank of listings (``listings.jsonl``, ``terms.jsonl``), taught with its own words and with others in their places.

The others are runs of the guide's lines, words that the guide does not have, other titles and numbers. So what is learned is how
people ask, and not for what.
"""

from __future__ import annotations

import json

import numpy as np

from assistant.answers.passages import distinct
from assistant.answers.question.learned.listing import titles_of
from assistant.answers.question.titles import translated
from assistant.answers.question.words import fold
from assistant.guide import Frozen, Guide
from ingest.learn.banks import bank, messages

TIMES = 12
"""How often each message is taught, with other words in the places of its spans from the second time on."""
GUIDES, ABSENT, TITLES, KEPT = 0.6, 0.75, 0.6, 0.3
"""Up to which draw (0 to 1) a phrase comes from the guide, then from questions that it does not answer; a title from its titles;
and another span stays as it is."""
LENGTHS = (2, 2, 2, 3, 4, 4, 5, 6, 8)
"""Characters of a phrase that is drawn from a line."""


class NamedWords(Frozen):
    """Words of a listing message and what they are; ``without`` when it is what must not be there."""

    text: str
    role: str
    start: int
    without: bool = False


class ListingMessage(Frozen):
    """A message that asks for all clauses of a kind, or for their count; ``together`` when all that it names must be in one clause."""

    message: str
    asks: str
    spans: tuple[NamedWords, ...] = ()
    together: bool = False


class EverydayTerm(Frozen):
    """Everyday or English words, and what the guide says for them."""

    words: str
    says: str


def listings() -> list[ListingMessage]:
    """The bank of listings."""
    return [ListingMessage(**json.loads(line)) for line in (messages.FOLDER / "listings.jsonl").read_text(encoding="utf-8").splitlines()]


def terms(guide: Guide) -> dict[str, str]:
    """What the guide says for other words, its titles in English among them."""
    rows = (json.loads(line) for line in (messages.FOLDER / "terms.jsonl").read_text(encoding="utf-8").splitlines())
    found = {fold(t.words): t.says for t in (EverydayTerm(**r) for r in rows)}
    return {fold(english): title for title in titles_of(guide) if (english := translated("en", title))} | found


def taught(guide: Guide, times: int = TIMES) -> list[ListingMessage]:
    """The bank, each message ``times`` times, its spans filled anew; the same for the same bank and guide."""
    draw = np.random.default_rng(0)
    fillers = _fillers(guide)
    found: list[ListingMessage] = []
    for entry in listings():
        found.append(entry)
        found += [_refilled(entry, fillers, draw) for _ in range(times - 1 if entry.spans else 0)]
    return found


def _fillers(guide: Guide) -> dict[str, list[str]]:
    """Role -> what may stand for it."""
    found: dict[str, list[str]] = {"line": [], "title": [], "absent": []}
    for passage in distinct(guide):
        found["line"] += [c for c in _cut(passage.wording) if len(c) > 1]
    found["title"] = [*titles_of(guide), *(f"第{p.number}部分" for p in guide.parts), *(p.title[:-2] for p in guide.parts)]
    found["absent"] = [c for e in bank.load() if not e.clause and e.lang == "zh" for c in _cut(e.question) if 2 <= len(c) <= 8]
    for entry in listings():
        for span in entry.spans:
            name = f"{span.role}{span.without}{span.text.isascii()}"
            found.setdefault(name, []).append(span.text)
    return found


def _cut(text: str) -> list[str]:
    pieces = [""]
    for character in text:
        if character.isalnum() or character == "%":
            pieces[-1] += character
        elif pieces[-1]:
            pieces.append("")
    return [p for p in pieces if p]


def _refilled(entry: ListingMessage, fillers: dict[str, list[str]], draw: np.random.Generator) -> ListingMessage:
    """A message with other words in the places of its spans."""
    message, spans, last = "", [], 0
    for span in entry.spans:
        message += entry.message[last : span.start]
        text = _other(span, fillers, draw)
        spans.append(span.model_copy(update={"text": text, "start": len(message)}))
        message += text
        last = span.start + len(span.text)
    return entry.model_copy(update={"message": message + entry.message[last:], "spans": tuple(spans)})


def _other(span: NamedWords, fillers: dict[str, list[str]], draw: np.random.Generator) -> str:
    chance = draw.random()
    latin = span.text.isascii()
    if span.role == "phrase" and not latin:
        if chance < GUIDES:
            line = _one(fillers["line"], draw)
            length = LENGTHS[draw.integers(len(LENGTHS))]
            start = int(draw.integers(max(1, len(line) - length + 1)))
            return line[start : start + length]
        if chance < ABSENT:
            return _one(fillers["absent"], draw)
    if span.role == "title" and not latin and chance < TITLES:
        return _one(fillers["title"], draw)
    if span.role == "number":
        item = draw.integers(1, _ITEMS)
        forms = ("item {}", "clause {}") if span.text.startswith("item") else ("第{}项", "{}项", "{}", "第{}条")
        return _one([*(form.format(item) for form in forms), span.text], draw)
    return _one(fillers[f"{span.role}{span.without}{latin}"], draw) if chance > KEPT else span.text


_ITEMS = 32  # item numbers that are drawn


def _one(texts: list[str], draw: np.random.Generator) -> str:
    return texts[int(draw.integers(len(texts)))]
