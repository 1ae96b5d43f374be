"""What a chat model is told of an answer without it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.answers.search.found import Found


@dataclass(frozen=True)
class Hints:
    """What the answer without a model would rest on: ``without`` it, and what the search found."""

    found: Found
    without: Answer
