"""What a message wants of the register or of those who steer it: learned from phrases and a bank of messages, with a probability.

``python -m ingest.pack wishes`` fits the head (``ingest.learn.reading.wishes``): with the message's embedding where it was read with
one, else by its letters alone. People and places of the guide are read as one sign each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from assistant.answers.question.learned.classifier import SURE, Heads
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.words import fold
from assistant.conversation.meaning.phrases import names as known_names
from assistant.conversation.meaning.phrases import phrases, topics, without_names

if TYPE_CHECKING:
    from assistant.answers.ports import Floats
    from assistant.answers.question.reading import Reading

Asked = Literal[
    "mine", "missing", "state", "returned", "overdue", "progress", "reviews", "charge", "due", "how", "abilities", "questions", "show",
]  # fmt: skip
"""What is asked of the register."""
Order = Literal[
    "remind", "not_mine", "done", "person", "export", "withdraw", "quiet", "reviewer", "reschedule", "reopen", "not_applicable", "absence",
    "drill", "edition", "undo", "people", "other",
]  # fmt: skip
"""What somebody wants to have done."""
Word = Literal["later", "note", "send_back", "comment", "approve", "thanks"]
"""What is an answer to a message of the register."""
Wish = Asked | Order | Word | Literal["guide"]
ASKED: tuple[Wish, ...] = get_args(Asked)
ORDERS: tuple[Wish, ...] = get_args(Order)
WISHES: tuple[Wish, ...] = (*ASKED, *ORDERS, *get_args(Word))
ANYWHERE: tuple[Wish, ...] = (*ASKED, *ORDERS, "thanks")
"""What may be wanted in any place; the other words mean something to the app alone or under what it sent."""


FAINT, CERTAIN, DOUBTED, STRONG = 0.3, 0.45, 0.6, 0.75
"""Probabilities beside a question to the guide alone: enough where the message is surely read as one to the register, for any message,
where it is surely a question, and surely small talk or a correction; about 2 of 1,000 staff questions kept back are taken for one."""
LONGEST = 60
"""Characters; what wants something of the register is short, and longer messages are questions."""
CLOSING = " ?？!！.。"
"""What closes a sentence: questions of the banks end with it, what is written to a chat seldom does and wants the same."""
_SOMEBODY: tuple[Wish, ...] = ("person", "people", "questions", "not_mine")
"""What 转给合规负责人 is taken for: of 16 ways to say it, none of the bank, 11 are at least as likely one of these as a question."""
_TALK = ("small_talk", "correction")
"""Acts of a message that is no word to the register."""
HEAD = "wish"
SHIPPED_WISHES = Path(__file__).parents[1] / "wishes.npz"


def wish_of(text: str, allowed: Collection[Wish] = ANYWHERE, names: Iterable[str] = (), reading: Reading | None = None) -> Wish | None:
    """What a message wants among ``allowed``; None when it is a question to the guide, or nothing certain.

    ``names`` are the people whom the register knows; ``reading`` is the message as it was read. What a message does (``Reading.acts``)
    was learned from other messages: where that is sure, less certainty is enough, or more is needed.
    """
    if not text.strip() or len(text.strip()) > LONGEST:
        return None
    read = likely(text, allowed, names, reading)
    asks = read.pop("guide")
    acts = reading.acts if reading is not None else {}
    doubted = DOUBTED if acts.get("question", 0.0) >= SURE else CERTAIN
    least = STRONG if max(acts.get(act, 0.0) for act in _TALK) >= SURE else doubted
    sure = [wish for act, those in (("status", ASKED), ("instruction", ORDERS)) if acts.get(act, 0.0) >= SURE for wish in those]
    for those, enough in ((read, least), ([w for w in sure if w in read], FAINT)):
        found = max(those, key=lambda wish: read[wish], default=None)
        if found is not None and read[found] / (read[found] + asks) >= enough:
            return found
    return None


def wants_somebody(text: str, names: Iterable[str], reading: Reading) -> bool:
    """Whether a message, where a question was just refused, wants somebody asked instead: about a person, a question or whose it is.

    Which of these it is was not learned; a message that names a place of the guide, or surely wants one other thing, is none.
    """
    if (
        not text.strip()
        or len(text.strip()) > LONGEST
        or reading.references
        or wish_of(text, ANYWHERE, names, reading) not in (None, *_SOMEBODY)
    ):
        return False
    read = likely(text, _SOMEBODY, names, reading)
    asks = read.pop("guide")
    return sum(read.values()) >= asks and max(p for wish, p in read.items() if wish != "person") < STRONG


def likely(text: str, allowed: Collection[Wish] = ANYWHERE, names: Iterable[str] = (), reading: Reading | None = None) -> dict[Wish, float]:
    """How probable each wish of ``allowed`` is beside a question to the guide; they sum to one."""
    read = shipped_wishes().read(HEAD, letters_of(text, names), _vector(reading))
    those = {cast(Wish, wish): p for wish, p in read.items() if wish in allowed or wish == "guide"}
    whole = sum(those.values()) or 1.0
    return {wish: p / whole for wish, p in those.items()}


def _vector(reading: Reading | None) -> Floats | None:
    """The embedding that a message was read with, where it is of the model that was learned with."""
    return reading.vector if reading is not None and reading.maker == shipped_wishes().maker else None


def letters_of(text: str, names: Iterable[str]) -> str:
    """A message as its letters are learned: people and places by one sign each, and not how the sentence is closed."""
    return unnumbered(without_names(text, names)).rstrip(CLOSING)


@cache
def usual() -> str:
    """All phrases of what may be wanted in any place in one text, without the words of the guide in them."""
    told = "\n".join(without_names(fold(p.text), known_names()) for p in phrases() if p.wish in ANYWHERE)
    for topic in topics():
        told = told.replace(topic, "\n")
    return told


@cache
def shipped_wishes() -> Heads:
    """What ships with the product, learned with the bundled embedding model."""
    return Heads.load(SHIPPED_WISHES)
