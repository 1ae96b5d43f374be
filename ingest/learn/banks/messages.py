"""The banks that teach reading: what people write, and how it is meant. Data in ``ingest/questions``.

``acts.jsonl`` says which act a message is, ``composed.jsonl`` takes messages of several sentences apart,
``follow_ups.jsonl`` says what a message means after another one, ``kinds.jsonl`` what kind of line a question asks for,
``asides.jsonl`` what it asks about the answer or the guide itself, ``wishes.jsonl`` what it wants of the register,
``fragments.jsonl`` names another thing to ask the same of.
``asking.jsonl`` asks in few words about any matter, and names matters of any office;
``topics.jsonl`` names the matter of every clause, and matters of none; ``frames.jsonl`` asks about one or several matters at once.
Clause ids are those of the shipped edition. Messages that repeated a case of an eval set were taken out when
the banks were made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Literal, TypeVar

from assistant.guide import Frozen

FOLDER = Path(__file__).parents[2] / "questions"


class Act(Frozen):
    """A message and the act that it is; ``shape`` says what kind of question, where that was judged."""

    message: str
    act: str
    shape: str | None = None


class MessagePiece(Frozen):
    """A piece of a composed message: the words as they stand, what they say on their own, and the clauses that answer them."""

    text: str
    says: str
    clauses: tuple[str, ...] = ()
    role: Literal["question", "background", "greeting", "thanks"]


class Composed(Frozen):
    """A message of several pieces, in order."""

    message: str
    parts: tuple[MessagePiece, ...]

    @property
    def questions(self) -> tuple[MessagePiece, ...]:
        """The pieces that ask something."""
        return tuple(p for p in self.parts if p.role == "question")


class FollowUp(Frozen):
    """A message after another: ``how`` it hangs on it, and the clauses that answer it (none: the guide does not)."""

    before: str
    before_clauses: tuple[str, ...]
    message: str
    how: Literal["stays", "new", "ordinal", "returns", "corrects"]
    clauses: tuple[str, ...]


class AsideMessage(Frozen):
    """A message about the answer before it or about the guide itself (``question.learned.asides``), or ``none`` of these."""

    message: str
    lang: str
    aside: str


class Fragment(Frozen):
    """A message that asks the same of another thing (报关章呢), and the words of the guide that are about that."""

    message: str
    lang: str
    words: str


class WishMessage(Frozen):
    """A message and what it wants of the register or of those who steer it (``conversation.meaning.wishes``); ``guide``: nothing of it."""

    message: str
    lang: str
    wish: str


class KindQuestion(Frozen):
    """A question and the kind of line that it asks for; ``none`` when it names no kind."""

    message: str
    kind: str


class Topic(Frozen):
    """Words that name the matter of one clause, or one that the guide does not speak of."""

    topic: str
    lang: str
    clause: str = ""

    @property
    def item(self) -> str:
        """The number of its item."""
        return self.clause.split("(")[0]


class EverydayMatter(Frozen):
    """Words for what is asked in any office and is no matter of the guide."""

    matter: str = ""
    lang: str


class Frame(Frozen):
    """A question about one to three things, ``{a}``, ``{b}`` and ``{c}`` in order; ``extent`` of a short one."""

    frame: str = ""
    lang: str
    extent: Literal["part", "whole", "named"] = "part"

    @property
    def slots(self) -> int:
        """How many things it asks about."""
        return self.frame.count("{")

    def filled(self, names: Sequence[str]) -> tuple[str, tuple[int, ...]]:
        """The frame with its things named, and where one of them ends and the next one is led up to."""
        text, ends = "", []
        for piece, name in zip_longest(re.split(r"\{[abc]\}", self.frame), names, fillvalue=""):
            text += piece + name
            ends.append(len(text))
        joints = (
            end + next((i for i, c in enumerate(text[end:]) if not c.isspace() and (c != "," or self.lang != "en")), 0) for end in ends
        )
        return text, tuple(joints)[: self.slots - 1]


Entry = TypeVar("Entry", bound=Frozen)


def acts() -> list[Act]:
    """All messages labelled by act."""
    return _read("acts.jsonl", Act)


def composed() -> list[Composed]:
    """All messages that were taken apart."""
    return _read("composed.jsonl", Composed)


def follow_ups() -> list[FollowUp]:
    """All follow-ups."""
    return _read("follow_ups.jsonl", FollowUp)


def asides() -> list[AsideMessage]:
    """All messages about an answer or the guide itself, and some that are none."""
    return _read("asides.jsonl", AsideMessage)


def fragments() -> list[Fragment]:
    """All messages that name nothing but another thing."""
    return _read("fragments.jsonl", Fragment)


def wishes() -> list[WishMessage]:
    """All messages to the register, and questions to the guide that only look like them."""
    return _read("wishes.jsonl", WishMessage)


def kinds() -> list[KindQuestion]:
    """All questions labelled by kind."""
    return _read("kinds.jsonl", KindQuestion)


def topics() -> list[Topic]:
    """Words for the matter of every clause."""
    return [t for t in _read("topics.jsonl", Topic) if t.clause]


def beyond() -> list[Topic]:
    """Words for matters that the guide does not speak of."""
    return [t for t in _read("topics.jsonl", Topic) if not t.clause]


def frames() -> list[Frame]:
    """Questions about several things."""
    return [f for f in _read("frames.jsonl", Frame) if f.slots > 1]


def asking() -> list[Frame]:
    """Few words that ask about any matter, for ``part`` of it or the ``whole``."""
    return [f for f in _read("asking.jsonl", Frame) if f.frame and f.extent != "named"]


def naming() -> list[Frame]:
    """Few words that bring up any matter and ask nothing of it."""
    return [f for f in _read("asking.jsonl", Frame) if f.extent == "named"]


def everyday() -> list[tuple[str, str]]:
    """Matters of an office that are none of the guide's, each with its language."""
    return [(m.matter, m.lang) for m in _read("asking.jsonl", EverydayMatter) if m.matter]


def plain_frames() -> list[Frame]:
    """Questions about one thing, which say nothing of it."""
    return [f for f in _read("frames.jsonl", Frame) if f.slots == 1]


def _read(name: str, entry: type[Entry]) -> list[Entry]:
    rows = (json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line.strip())
    return [entry(**{k: v for k, v in row.items() if k in entry.model_fields}) for row in rows]
