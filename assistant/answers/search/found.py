"""What a search finds: clauses and lines by probability, and how likely the guide is silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from assistant.answers.passages import Passage
    from assistant.answers.ports import Floats

NEAREST = 5
"""Clauses that are named as the nearest."""
ASKS, SILENT = 0.8, 0.8
"""Least probability that a piece asks something, and that the guide is silent on it, to say so beside the other parts."""


class LikelyLine(NamedTuple):
    """A passage and how likely it is that the question asks for it.

    ``share`` says how likely it is the one that the question hangs on, compared with the others of its clause: for their order
    alone, and known where they are ``ranked``.
    """

    passage: Passage
    probability: float
    share: float = 0.0


@dataclass(frozen=True)
class Found:
    """What a search found. ``refuse`` is the probability that the guide does not say; ``notices`` name what was down.

    ``nearest`` are the first clauses with those among them that were held back as nobody asked about them: to be named, not answered from.
    """

    question: str
    clauses: tuple[tuple[str, float], ...]
    refuse: float
    kernel: Floats
    vector: Floats | None
    lexical: Floats
    words: int = 1
    notices: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()

    @property
    def evidence(self) -> float:
        """The probability that the guide answers it, and with the likeliest clause."""
        return self.clauses[0][1] * (1 - self.refuse)


@dataclass(frozen=True)
class MessagePart:
    """One question of a message: its words, what they found, and the clauses of its answer, likeliest first; none when the guide is silent."""

    text: str
    found: Found
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageFound:
    """What a message found: as a whole, and part by part (one part: the message itself).

    ``whole`` takes the dialogue into account, ``alone`` the message only.
    """

    whole: Found
    parts: tuple[MessagePart, ...]
    refused: bool
    alone: Found
