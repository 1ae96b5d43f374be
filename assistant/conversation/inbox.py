"""The inbox: thumbs down and unanswered questions, kept until a lead makes cases of them or puts them aside.

A small port; ``assistant.adapters.sql.inbox`` keeps it in a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import Field

from assistant.answers.answer import Answer
from assistant.guide import Frozen

Kind = Literal["thumbs_down", "unanswered"]


class Feedback(Frozen):
    """One question that went wrong, as it happened.

    ``ref`` names the event at its source (a message and who reacted): told twice, it is kept once. ``history`` holds the
    questions before it in the conversation. ``closed`` is the id of the case that was made of it, or ``-`` if put aside.
    """

    kind: Kind
    question: str
    edition: str
    at: str
    ref: str
    history: tuple[str, ...] = ()
    reason: str | None = None
    answer: Answer | None = None
    id: str = ""
    closed: str | None = Field(default=None)


class Inbox(Protocol):
    """Where feedback waits."""

    def add(self, feedback: Feedback) -> Feedback:
        """Keep it, with an id; what was told before is returned as it was kept."""

    def entries(self, *, everything: bool = False) -> Sequence[Feedback]:
        """What is open (or all there is), oldest first."""

    def get(self, entry: str) -> Feedback:
        """One entry; CaseError if there is none."""

    def close(self, entry: str, case: str) -> None:
        """Mark an entry as made into ``case``, or as put aside (``-``)."""
