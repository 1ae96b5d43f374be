"""A checked reply as an answer: per part its verdict, the direct answer, the claims, and the guide's own cited lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answers.answer import Answer, Citation
from assistant.answers.blocks import Block, CheckedClaim, Note, QuestionPart, Told, Verdict
from assistant.answers.passages import Passage
from assistant.answers.reply.check.checker import Checked
from assistant.answers.reply.check.quantities import quantities
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.stated import asked_units, unsaid
from assistant.answers.reply.written.hints import Hints
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

    def growing(self, question: str, parts: Sequence[ToldPart], hints: Hints, lang: str, headed: bool) -> Answer:
        """What is there of an answer: all that stands but the quotes of the last part, which may still grow.

        Without ``headed`` the first part is under no question: its words were shown before it was known that others follow.
        """
        blocks, citations = self._parts(parts, len(parts) - 1, hints, lang, headed)
        return self._answer(question, blocks, citations, ()).model_copy(update={"growing": True})

    def told(self, question: str, parts: Sequence[ToldPart], hints: Hints, lang: str, notices: Sequence[str]) -> Answer | None:
        """The whole answer, ``notices`` (keys of texts) at its end; None when a reply that claims to answer has nothing that stands."""
        spoken = [p for p in parts if p.verdict != "silent"]
        if spoken and not any(p.standing for p in spoken):
            return None
        nearest = hints.without.nearest or hints.found.nearest
        if not spoken:
            refusal = self.composer.unanswered.refusal(question, nearest, lang)
            return refusal.model_copy(update={"mode": "generated"})
        blocks, citations = self._parts(parts, len(parts), hints, lang, len(parts) > 1)
        blocks.append(self.composer.source(lang))
        blocks += [Note(text=say(key, lang), role="notice") for key in notices]
        return self._answer(question, blocks, citations, nearest)

    def _parts(self, parts: Sequence[ToldPart], quoted: int, hints: Hints, lang: str, headed: bool) -> tuple[list[Block], list[Citation]]:
        """What is said of every part, the first ``quoted`` of them with their lines, and the citations of these lines."""
        blocks: list[Block] = []
        citations: list[Citation] = []
        for number, part in enumerate(parts):
            blocks += self._said(part, headed or number > 0, None if len(parts) > 1 else hints.without, lang)
            shown, cited = self._quoted(part, lang) if number < quoted else ([], [])
            blocks += shown
            citations += cited
        return blocks, citations

    def _quoted(self, part: ToldPart, lang: str) -> tuple[list[Block], list[Citation]]:
        """The lines that a part rests on; of one that is silent, that the guide does not say it."""
        return ([Note(text=unsaid(part.question, lang))], []) if part.verdict == "silent" else self.composer.shown.quoted(part.lines, lang)

    def _said(self, part: ToldPart, headed: bool, without: Answer | None, lang: str) -> list[Block]:
        """The question where there are several, the direct answer, the claims; of a part that fell whole, that nothing is said to it.

        What is certain ``without`` a model stays when the part has no direct answer, or one that fell.
        """
        fell = part.verdict != "silent" and not part.standing
        blocks: list[Block] = [QuestionPart(text=part.question, told="open" if fell else part.verdict)] if headed else []
        if fell:
            return [*blocks, Note(text=say("answers.fell", lang))]
        if part.direct and part.direct.stands:
            blocks.append(Verdict(text=part.direct.text, outcome="open" if part.verdict == "open" else part.outcome))
        elif without:
            blocks += _certain(part, without, lang)
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


def _certain(part: ToldPart, without: Answer, lang: str) -> list[Block]:
    """What is said directly without a model of a clause that the part cites; that the guide sets no number, where no line of it has one."""
    if {line.clause for line in part.lines} & set(without.clauses):
        return [b for b in without.blocks if b.block == "verdict"]
    numbered = quantities("\n".join(line.wording for line in part.lines))
    if without.reason == "not_in_guide" and len(asked_units(without.question)) == 1 and not numbered:
        return [Verdict(text=unsaid(without.question, lang), outcome="open")]
    return []
