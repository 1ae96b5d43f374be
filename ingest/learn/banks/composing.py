"""Messages put together from the banks, with the clauses that answer them: what weighs a clause is learned from many of them.

Two things that one sentence asks about (``topics.jsonl`` set into ``frames.jsonl``), several questions in one message,
and a question after a story. Chance is seeded: the same banks give the same messages.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answers.question.learned.joints import around, places
from ingest.learn.banks import messages
from ingest.learn.banks.bank import BankEntry

_GLUES = (
    ("？", "？"),
    ("\n", ""),
    ("，另外", "？"),
    ("？还有，", ""),
    ("；", ""),
    ("，再问一个，", ""),
    (" 还有 ", "?"),
    ("。顺便问下，", ""),
    ("。", ""),
    ("？\n", "？"),
    ("，", ""),
)
SPOKEN = (
    *((word, end) for word in ("还有", "另外", "以及", "然后", "还有就是", "再就是", "和", "跟", "") for end in ("", "？")),
    *(("，", end) for end in ("", "？") for _ in range(4)),
)
"""How questions are joined that are spoken in one breath: by a bare word, by nothing, by commas as of a list."""
# Shares of composed messages: of neighbours, of three, numbered, with an unanswered one, naming a clause; chosen.
_NEIGHBOURS, _THREE, _NUMBERED, _UNANSWERED, _NAMED = 0.4, 0.3, 0.2, 0.15, 0.2
_LONGEST = 40  # characters of a question that is composed with others
_PLAIN, _SAMPLED = 6, 5  # every sixth question stays alone; places without a joint per sentence; chosen


class Made(NamedTuple):
    """A message, the clauses that answer it (none: the guide does not), where it joins two things, and the questions that it is made of."""

    message: str
    clauses: tuple[str, ...]
    joints: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()


def framed(count: int, seed: int) -> list[Made]:
    """Questions about two or three things at once, in the frames' order; often things of one item."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    topics, frames = messages.topics(), messages.frames()
    found: list[Made] = []
    for number in range(count):
        frame = frames[number % len(frames)]
        pool = [t for t in topics if (t.lang == "en") == (frame.lang == "en")]
        picked = [chance.choice(pool)]
        while len(picked) < frame.slots:
            taken = {p.clause for p in picked}
            near = [t for t in pool if t.item == picked[0].item and t.clause not in taken]
            others = [t for t in pool if t.clause not in taken]
            picked.append(chance.choice(near if near and chance.random() < _NEIGHBOURS else others))
        text, joints = frame.filled([p.topic for p in picked])
        found.append(Made(text, tuple(p.clause for p in picked), joints))
    return found


def several(entries: Sequence[BankEntry], count: int, seed: int, glues: Sequence[tuple[str, str]] = _GLUES) -> list[Made]:
    """Messages of two and three bank questions, some of which the guide does not answer; one may be nothing but the name of a matter.

    Where no punctuation parts them their joints are told.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    answered, silent = _short(entries)
    named = [BankEntry(question=t.topic, clause=t.clause) for t in messages.topics() if t.lang == "zh"]
    found: list[Made] = []
    for _ in range(count):
        size = 3 if chance.random() < _THREE else 2
        picked = [chance.choice(silent if chance.random() < _UNANSWERED else answered) for _ in range(size)]
        if chance.random() < _NAMED:
            picked[chance.randrange(size)] = chance.choice(named)
        glue, end = chance.choice(glues)
        joints: tuple[int, ...] = ()
        if glues is _GLUES and chance.random() < _NUMBERED:
            text = "\n".join(f"{n}. {e.question}" for n, e in enumerate(picked, 1))
        else:
            bare = [e.question.rstrip("？?。") for e in picked]
            text = glue.join(bare) + end
            if glue.isalnum() or not glue:
                joints = tuple(len(glue.join(bare[:n])) for n in range(1, size))
        found.append(Made(text, _clauses(picked), joints, tuple(e.question for e in picked)))
    return found


def told(entries: Sequence[BankEntry], count: int, seed: int) -> list[Made]:
    """A bank question after one to four sentences of somebody's story."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    answered, silent = _short(entries)
    stories = [p.text.rstrip("，,。.；; ") for c in messages.composed() for p in c.parts if p.role == "background"]
    found: list[Made] = []
    for _ in range(count):
        entry = chance.choice(silent if chance.random() < _UNANSWERED else answered)
        before = chance.sample(stories, chance.randint(1, 4))
        found.append(
            Made("".join(f"{s}{chance.choice('。，')}" for s in before) + entry.question, _clauses([entry]), asked=(entry.question,))
        )
    return found


def joint_examples(entries: Sequence[BankEntry], count: int, seed: int) -> tuple[list[str], list[str]]:
    """Places of texts: joints of framed messages, breaks between questions run together, and places that are neither."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    texts: list[str] = []
    labels: list[str] = []
    made_of = {"joint": framed(count, seed), "break": several(entries, count, seed, SPOKEN)}
    for label, made in [(label, made) for label, found in made_of.items() for made in found]:
        free = places(made.message)
        others = [p for p in free if p not in made.joints]
        beside = [p for p in others if any(abs(p - j) <= 2 for j in made.joints)]
        chosen = [*(j for j in made.joints if j in free), *beside, *chance.sample(others, min(_SAMPLED, len(others)))]
        texts += [around(made.message, p) for p in chosen]
        labels += [label if p in made.joints else "none" for p in chosen]
    for entry in [e for e in entries if e.clause][::_PLAIN]:
        free = places(entry.question)
        chosen = chance.sample(free, min(2 * _SAMPLED, len(free)))
        texts += [around(entry.question, p) for p in chosen]
        labels += ["none"] * len(chosen)
    return texts, labels


def _short(entries: Sequence[BankEntry]) -> tuple[list[BankEntry], list[BankEntry]]:
    short = [e for e in entries if e.lang == "zh" and len(e.question) < _LONGEST]
    return [e for e in short if e.clause], [e for e in short if not e.clause]


def _clauses(entries: Sequence[BankEntry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for e in entries if e.clause for c in (e.clause, *e.clauses)))
