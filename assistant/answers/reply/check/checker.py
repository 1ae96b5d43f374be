"""The two steps: the exact rules claim by claim, then one look at the meaning of all that stand, or of which the rules are unsure."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answers.passages import Passage
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.claims import Claim
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.entailment import Entailment, JudgedClaim
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.check.rules import cleaned, fault

log = logging.getLogger("aeo.chat")


@dataclass(frozen=True)
class Checked:
    """A claim after the check: its words as they may be shown, the lines it rests on, and why it fell (empty: it stands)."""

    text: str
    lines: tuple[Passage, ...]
    why: str = ""
    doubtful: bool = False
    """Whether it fell by a rule that only a look at its meaning can confirm."""

    @property
    def stands(self) -> bool:
        """Whether it may be shown."""
        return not self.why


class Checker:
    """Checks claims against one edition; without an ``entailment`` by the rules only."""

    def __init__(self, lines: GuideLines, entailment: Entailment | None = None) -> None:
        self.lines = lines
        self.entailment = entailment

    @property
    def each(self) -> bool:
        """Whether single claims can be checked while a reply still grows."""
        return self.entailment is None or self.entailment.each

    def checked(self, claims: Sequence[tuple[str, Claim]], budget: Budget) -> tuple[list[Checked], bool]:
        """Each claim (with the question it answers) checked, and whether their meaning was looked at too."""
        ruled = [self._ruled(claim, question) for question, claim in claims]
        asked = [n for n, one in enumerate(ruled) if one.stands or one.doubtful]
        if self.entailment is None or not asked:
            return ruled, self.entailment is not None
        judged = [self._judged(claims[n], ruled[n]) for n in asked]
        try:
            faults = self.entailment.faults(judged, self.lines, budget)
        except NoReply as failure:
            log.warning("claims were checked by rules only: %s (%s)", failure.why, failure.detail)
            return ruled, False
        for n, why in zip(asked, faults, strict=True):
            ruled[n] = replace(ruled[n], why=why)
        return ruled, True

    def _ruled(self, claim: Claim, question: str) -> Checked:
        ruled = fault(claim, self.lines, question)
        return Checked(cleaned(claim.text), ruled.lines, ruled.why, ruled.doubtful)

    def _judged(self, asked: tuple[str, Claim], ruled: Checked) -> JudgedClaim:
        question, claim = asked
        cited = [(line, c.quote) for c in claim.citations if (line := self.lines.cited(c)) is not None]
        return JudgedClaim(question, ruled.text, tuple(line for line, _ in cited), tuple(quote for _, quote in cited))
