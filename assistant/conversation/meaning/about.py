"""What of the register a message is about: a place of the guide or words of its lines, people, years, days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from assistant.answers.question.places.number_grammar import leading
from assistant.answers.question.reading import Reading, language
from assistant.answers.question.words import LONGEST, fold
from assistant.conversation.meaning.dates import span_in, years_in
from assistant.conversation.meaning.phrases import without_names
from assistant.conversation.meaning.whom import people_in, spellings
from assistant.conversation.meaning.wishes import usual
from assistant.conversation.post import Post
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.facts.slots import Entry
from assistant.register.rules.people.named_places import target_of
from assistant.texts import listed, say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

_RUN = re.compile(r"[㐀-鿿]{2,}")
_LATIN = re.compile(r"[a-z][a-z-]+")
_FEW = 4  # clauses at most in which words stand that name a line; chosen, not measured


@dataclass(frozen=True)
class About:
    """What is asked for.

    ``level`` and ``target`` as in ``target_of``; ``topic`` are words that stand in the lines meant, or in the one clause meant; ``called``
    are the ``people`` as they are called; ``days`` the first and the last; ``bare`` is the message without their names;
    ``keys`` are the slots that are meant, where a thread says which and nothing else does.
    """

    level: str = "all"
    target: str = "*"
    people: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    topic: str = ""
    days: tuple[date, date] | None = None
    called: tuple[str, ...] = ()
    lang: str = "zh"
    bare: str = ""
    keys: frozenset[str] = frozenset()

    def fits(self, entry: Entry) -> bool:
        """Whether a slot is of that place, topic and year; people are asked for separately."""
        if self.keys and entry.slot.key not in self.keys:
            return False
        placed = self.level == "all" or getattr(entry.slot, self.level) == self.target
        worded = self.level != "all" or not self.topic or self.topic in fold(entry.slot.text)
        return placed and worded and (not self.years or entry.slot.period[:4] in self.years)

    @property
    def placed(self) -> bool:
        """Whether a place, words of a line or a year is named."""
        return self.level != "all" or bool(self.topic or self.years or self.keys)

    @property
    def where(self) -> str:
        """In words, as it was named; the people where no place is."""
        place = self.target if self.level != "all" else ""
        words = " ".join(w for w in (place, self.topic, *self.years) if w) or listed(self.called, self.lang)
        return words or (say("talk.state.these", self.lang) if self.keys else "")


def about(ctx: Context, post: Post, desk: Desk, reading: Reading, who: Who) -> About:
    """What a message is about."""
    people, today = ctx.involved(post.team), desk.service.day(who.at)
    bare = without_names(post.text, spellings(people))
    place = place_in(reading, desk.guide)
    entries = [] if place else desk.service.standing(who.at)
    topic = topic_in(bare, entries)
    clauses = {e.slot.clause for e in entries if topic and e.owed and topic in fold(e.slot.text)}
    if len(clauses) == 1:
        place = ("clause", clauses.pop())
    named, called_as = people_in(post.text, people), ctx.names(post.team)
    level, target = place or ("all", "*")
    return About(
        level, target, tuple(named), years_in(bare, today), topic, span_in(bare, today),
        tuple(called_as.get(p, p) for p in named), language(bare, ctx.lang), bare,
    )  # fmt: skip


def place_in(reading: Reading, guide: Guide) -> tuple[str, str] | None:
    """The level and number of the clause or item that a message names; one that begins with 24项 asks of that item, not of how many."""
    for named in (*(r.text for r in (*reading.references, *reading.items)), *leading(fold(reading.message))):
        try:
            return target_of(named, guide)
        except RegisterError:
            continue
    return None


def topic_in(text: str, entries: Iterable[Entry]) -> str:
    """The longest words of a message that few clauses of the register hold and that are no usual words of asking for it."""
    best, lines = "", _lines(entries)
    for run in _runs(text):
        for at in range(len(run) - 1):
            holding = lines  # what no line holds, none holds with one more letter
            for end in range(at + 2, len(run) + 1):
                said = run[at:end]
                holding = [(clause, line) for clause, line in holding if said in line]
                if not holding:
                    break
                if len(said) > len(best) and len({clause for clause, _ in holding}) <= _FEW and said not in usual():
                    best = said
    return best


def matter_in(text: str) -> str:
    """What a message speaks of beside its usual words of asking the register: 盘点 of 盘点记录交了吗."""
    found: list[str] = []
    for run in _runs(text):
        at, kept = 0, ""
        while at < len(run):
            end = at + 1
            while end < len(run) and run[at : end + 1] in usual():
                end += 1
            kept, at = (kept + " ", end) if end > at + 1 else (kept + run[at], end)
        found += [part for part in kept.split() if len(part) > 1]
    return " ".join((*found, *(w for w in _LATIN.findall(fold(text[:LONGEST])) if w not in _asking())))


def _runs(text: str) -> list[str]:
    """The runs of Chinese letters of a message, of one that is longer than any question up to there."""
    found: list[str] = _RUN.findall(fold(text[:LONGEST]))
    return found


@cache
def _asking() -> frozenset[str]:
    """The Latin words among the usual ones."""
    return frozenset(_LATIN.findall(usual()))


def _lines(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return list({(e.slot.clause, _told(e.slot.text)) for e in entries if e.owed})


@cache
def _told(text: str) -> str:
    return fold(text)
