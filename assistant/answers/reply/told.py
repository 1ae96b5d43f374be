"""A checked reply as an answer: per part its verdict, the direct answer, the claims, and the guide's own cited lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answers.answer import Answer, Citation
from assistant.answers.blocks import Block, CheckedClaim, Note, QuestionPart, Told, Verdict
from assistant.answers.passages import Passage
from assistant.answers.reply.check.checker import Checked
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.prompting import Hints
from assistant.texts import say


@dataclass(frozen=True)
class ToldPart:
    """One part of a reply after the check."""

    question: str
    verdict: Told
    outcome: Literal["yes", "no", "fact"]
    direct: Checked | None
    claims: tuple[Checked, ...]

    @property
    def checked(self) -> tuple[Checked, ...]:
        """The direct answer and the claims."""
        return (self.direct, *self.claims) if self.direct else self.claims

    @property
    def standing(self) -> tuple[Checked, ...]:
        """What passed the check."""
        return tuple(c for c in self.checked if c.stands)

    @property
    def lines(self) -> tuple[Passage, ...]:
        """The lines that the part rests on; when nothing stands, those that were truly quoted."""
        return tuple(dict.fromkeys(line for c in self.standing or self.checked for line in c.lines))


class Teller:
    """Draws parts into answers of one edition."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer

    def growing(self, question: str, parts: Sequence[ToldPart], lang: str) -> Answer:
        """What is there of an answer: all that stands but the quotes of the last part, which may still grow."""
        *whole, last = parts
        blocks: list[Block] = []
        citations: list[Citation] = []
        for part in whole:
            shown, cited = self._part(part, parts, lang)
            blocks, citations = blocks + shown, citations + cited
        blocks += self._said(last, parts)
        return self._answer(question, blocks, citations, ())

    def told(self, question: str, parts: Sequence[ToldPart], hints: Hints, lang: str, notices: Sequence[str]) -> Answer | None:
        """The whole answer, ``notices`` (keys of texts) at its end; None when a reply that claims to answer has nothing that stands."""
        spoken = [p for p in parts if p.verdict != "silent"]
        if spoken and not any(p.standing for p in spoken):
            return None
        nearest = hints.without.nearest or hints.found.nearest
        if not spoken:
            refusal = self.composer.refusal(question, nearest, lang)
            return refusal.model_copy(update={"mode": "generated"})
        blocks: list[Block] = []
        citations: list[Citation] = []
        for part in parts:
            shown, cited = self._part(part, parts, lang, hints.without)
            blocks, citations = blocks + shown, citations + cited
        blocks.append(self.composer.source(lang))
        blocks += [Note(text=say(key, lang), role="notice") for key in notices]
        return self._answer(question, blocks, citations, nearest)

    def _part(
        self, part: ToldPart, parts: Sequence[ToldPart], lang: str, without: Answer | None = None
    ) -> tuple[list[Block], list[Citation]]:
        if part.verdict == "silent":
            return [*self._said(part, parts), Note(text=say("answers.refused", lang))], []
        quoted, citations = self.composer.quoted(part.lines, lang)
        kept: list[Block] = []
        if without is not None and len(parts) == 1 and not (part.direct and part.direct.stands):
            clauses = {c.clause for c in citations}  # what is certain without a model stays when its own direct answer fell
            kept = [b for b in without.blocks if b.block == "verdict" and clauses & set(without.clauses)]
        return [*kept, *self._said(part, parts), *quoted], citations

    def _said(self, part: ToldPart, parts: Sequence[ToldPart]) -> list[Block]:
        """The question where there are several, the direct answer, the claims."""
        blocks: list[Block] = [QuestionPart(text=part.question, told=part.verdict)] if len(parts) > 1 else []
        if part.direct and part.direct.stands:
            blocks.append(Verdict(text=part.direct.text, outcome="open" if part.verdict == "open" else part.outcome))
        said = {part.direct.text} if part.direct else set()
        for claim in part.claims:
            if claim.stands and claim.text not in said:
                said.add(claim.text)
                blocks.append(CheckedClaim(text=claim.text, passages=tuple(line.id for line in claim.lines)))
        return blocks

    def _answer(self, question: str, blocks: Sequence[Block], citations: Sequence[Citation], nearest: Sequence[str]) -> Answer:
        cited = tuple(dict.fromkeys(citations))
        ranked = tuple(dict.fromkeys([*(c.clause for c in cited), *nearest]))
        return Answer(
            question=question,
            answered=True,
            blocks=tuple(blocks),
            mode="generated",
            edition=self.composer.guide.edition,
            citations=cited,
            nearest=ranked[: max(5, len({c.clause for c in cited}))],
        )
