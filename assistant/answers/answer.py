"""What comes back for a question: the answer in the shape of the command line's contract."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assistant.guide import Frozen, Kind

Mode = Literal["lookup", "extractive", "generated"]
Reason = Literal["not_in_guide", "no_such_clause", "not_a_question"]


class Citation(Frozen):
    """One thing the answer rests on: ``quote`` is verbatim in that line (or, without a line, in that clause)."""

    clause: str
    line: str | None
    kind: Kind | None
    quote: str


class Answer(Frozen):
    """A cited answer or a refusal. ``nearest`` ranks the clauses closest to the question, best first."""

    question: str
    answered: bool
    answer: str
    mode: Mode
    edition: str
    citations: tuple[Citation, ...] = ()
    reason: Reason | None = None
    nearest: tuple[str, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
    notices: tuple[str, ...] = ()
    model: dict[str, str] = Field(default_factory=dict)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Cited clauses, each once, in order."""
        return tuple(dict.fromkeys(c.clause for c in self.citations))


class Turn(Frozen):
    """One earlier question of a conversation and what was answered."""

    question: str
    answer: Answer
