"""Whether claims mean what the guide says: the port, and a chat model behind it that judges a batch in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.messages import HumanMessage, SystemMessage

from assistant.answers.passages import Passage
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls, WantedReply
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.calling.model_reply import found_in
from assistant.answers.reply.check.lines import GuideLines
from prompts import prompt

UNSUPPORTED = "it is not what the cited lines mean"


@dataclass(frozen=True)
class JudgedClaim:
    """A claim before the judge: what it answers, what it says, the lines it cites and the words it quotes."""

    question: str
    text: str
    lines: tuple[Passage, ...]
    quotes: tuple[str, ...]


class Entailment(Protocol):
    """Judges claims by meaning. ``each``: cheap enough to be asked claim by claim while a reply grows."""

    each: bool

    def faults(self, claims: Sequence[JudgedClaim], lines: GuideLines, budget: Budget) -> list[str]:
        """For every claim why it is not supported, or an empty string.

        Raises:
            NoReply: it could not be asked.
        """


class ModelEntailment:
    """A chat model as the judge; it sees the whole of every clause that is cited."""

    each = False

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.system, self.user = prompt("check_system"), prompt("check_user")

    def faults(self, claims: Sequence[JudgedClaim], lines: GuideLines, budget: Budget) -> list[str]:
        """One call for all claims; a claim that the reply leaves out counts as not supported."""
        clauses = dict.fromkeys(line.clause for claim in claims for line in claim.lines)
        text = "\n\n".join("\n".join(lines.printed(clause)) for clause in clauses)
        told = "\n".join(_told(number, claim) for number, claim in enumerate(claims, 1))
        messages = [SystemMessage(self.system.fill(title=lines.guide.title)), HumanMessage(self.user.fill(clauses=text, claims=told))]
        *_, reply = self.calls.ask(messages, WANTED, budget)
        verdicts = _verdicts(reply)
        if not verdicts:
            raise NoReply("unreadable", "a check without verdicts")
        return [verdicts.get(number, UNSUPPORTED) for number in range(1, len(claims) + 1)]


def _told(number: int, claim: JudgedClaim) -> str:
    cited = "; ".join(f"[{line.id}] “{quote}”" for line, quote in zip(claim.lines, claim.quotes, strict=True))
    return f"{number}. question: {_one_line(claim.question)}\n   claim: {_one_line(claim.text)}\n   cites: {cited}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:400]


def _verdicts(text: str) -> dict[int, str]:
    """Number of a claim -> why it is not supported, or an empty string."""
    found = found_in(text, "verdicts")
    listed = found.get("verdicts") if isinstance(found, dict) else None
    verdicts: dict[int, str] = {}
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and str(one.get("claim", "")).isdigit():
            good = str(one.get("supported")).lower() in ("true", "yes", "1")
            verdicts[int(one["claim"])] = "" if good else str(one.get("why") or UNSUPPORTED)[:200]
    return verdicts


def _schema() -> dict[str, Any]:
    verdict = {
        "type": "object",
        "properties": {"claim": {"type": "integer"}, "why": {"type": "string"}, "supported": {"type": "boolean"}},
        "required": ["claim", "why", "supported"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"verdicts": {"type": "array", "items": verdict}},
        "required": ["verdicts"],
        "additionalProperties": False,
    }


WANTED = WantedReply("verdicts", _schema(), lambda text: bool(_verdicts(text)))
