"""What comes back for a question: the answer in the shape of the command line's contract."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, computed_field, model_validator

from assistant.answers.blocks import Block, QuestionPart, Reason, Told
from assistant.answers.kept import blocks_of
from assistant.answers.markdown import markdown
from assistant.guide import Frozen, Kind

Mode = Literal["lookup", "extractive", "generated"]


class Citation(Frozen):
    """One thing the answer rests on: ``quote`` is verbatim in that line (or, without a line, in that clause)."""

    clause: str
    line: str | None
    kind: Kind | None
    quote: str


class AnsweredPart(Frozen):
    """One question of the message, what the guide says to it (Markdown), and the citations that carry that."""

    question: str
    verdict: Told
    text: str
    citations: tuple[Citation, ...]


class Answer(Frozen):
    """A cited answer or a refusal. ``nearest`` ranks the clauses closest to the question, best first.

    ``blocks`` is the answer; ``answer`` (Markdown) and ``parts`` are drawn from it. A record that was kept before there were
    blocks has only the Markdown: it is read into blocks here.
    """

    question: str
    answered: bool
    blocks: tuple[Block, ...] = ()
    mode: Mode
    edition: str
    citations: tuple[Citation, ...] = ()
    reason: Reason | None = None
    nearest: tuple[str, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
    notices: tuple[str, ...] = ()
    model: dict[str, str] = Field(default_factory=dict)
    growing: bool = Field(default=False, exclude=True)
    """Whether more of it is still to come: what is here stays, in this order."""

    @model_validator(mode="before")
    @classmethod
    def _from_record(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        kept = {name: value for name, value in given.items() if name not in ("answer", "parts")}
        return kept if kept.get("blocks") or not given.get("answer") else kept | {"blocks": blocks_of(given["answer"])}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def answer(self) -> str:
        """The whole answer as Markdown."""
        return markdown(self.blocks)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def parts(self) -> tuple[AnsweredPart, ...]:
        """The questions of the message one by one; none when the message was no question."""
        if self.reason == "not_a_question":
            return ()
        said = [b for b in self.blocks if b.block != "note" or b.role not in ("source", "notice")]
        starts = [place for place, block in enumerate(said) if block.block == "part"]
        if not starts:
            told: Told = "silent" if not self.answered else "open" if _leaves_open(said) else "answered"
            return (AnsweredPart(question=self.question, verdict=told, text=markdown(said), citations=self.citations),)
        return tuple(self._part(said[a:b]) for a, b in zip(starts, [*starts[1:], len(said)], strict=True))

    @property
    def clauses(self) -> tuple[str, ...]:
        """Cited clauses, each once, in order."""
        return tuple(dict.fromkeys(c.clause for c in self.citations))

    def _part(self, blocks: list[Block]) -> AnsweredPart:
        head, *said = blocks
        assert isinstance(head, QuestionPart)
        shown = [b for b in said if b.block in ("quote", "item", "note")]
        carried = tuple(c for c in self.citations if any(c.quote in b.text and c.line == getattr(b, "line", None) for b in shown))
        return AnsweredPart(question=head.text, verdict=head.told, text=markdown(said), citations=carried)


class Turn(Frozen):
    """One earlier question of a conversation and what was answered."""

    question: str
    answer: Answer


def _leaves_open(blocks: list[Block]) -> bool:
    return any(b.block == "verdict" and b.outcome == "open" for b in blocks)
