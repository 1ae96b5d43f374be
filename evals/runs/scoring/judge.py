"""A chat model's opinion of an answer: is it grounded in what it cites, and is it complete. Advisory, never a gate."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import prompts
from assistant.answers.answer import Answer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_OBJECT = re.compile(r"\{[^{}]*\}", re.DOTALL)
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_ASKED = {
    "judged_groundedness": ("judge_groundedness", "supported", "statements"),
    "judged_completeness": ("judge_completeness", "covered", "points"),
}


class Judge:
    """Scores answers with a chat model; what it cannot make out it leaves out."""

    def __init__(self, model: BaseChatModel, name: str, seconds: float = 60.0) -> None:
        self.model = model
        self.name = name
        self.seconds = seconds

    @property
    def identity(self) -> dict[str, str]:
        """Model and prompt fingerprints."""
        return {"model": self.name} | {p: prompts.prompt(p).fingerprint for p, _, _ in _ASKED.values()}

    def scores(self, question: str, answer: Answer, expected: Mapping[str, str]) -> dict[str, float]:
        """The shares of grounded statements and of covered points, 0 to 1.

        Args:
            question: what was asked.
            answer: what came back, with its citations.
            expected: words of the lines that a complete answer quotes.
        """
        cited = "\n".join(f"{c.line or c.clause}: {c.quote}" for c in answer.citations)
        wanted = "\n".join(f"{label}: {text}" for label, text in expected.items())
        found: dict[str, float] = {}
        for score, passages in (("judged_groundedness", cited), ("judged_completeness", wanted)):
            share = self._share(score, question, answer.answer, passages) if passages else None
            if share is not None:
                found[score] = share
        return found

    def _share(self, score: str, question: str, answer: str, passages: str) -> float | None:
        from assistant.answers.reply.calling.calls import answered

        name, part, of = _ASKED[score]
        try:
            reply = answered(self.model, prompts.prompt(name).fill(question=question, answer=answer, passages=passages), self.seconds)
        except Exception:  # a judge that is down costs its opinion, not the run
            return None
        return share(str(reply.content), part, of)


def share(reply: str, part: str, of: str) -> float | None:
    """``part / of`` from the last JSON object in a reply that has both and makes sense."""
    for text in reversed(_OBJECT.findall(_THOUGHT.sub("", reply))):
        try:
            found: Any = json.loads(text)
        except ValueError:
            continue
        if _count(found.get(part)) and _count(found.get(of)) and 0 <= found[part] <= found[of] and found[of] > 0:
            return float(found[part] / found[of])
    return None


def _count(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
