"""The generated answer: numbered passages in, claims with citations out, every claim verified before anybody sees it.

Whatever goes wrong ends in a draft that says so, and the extractive answer is served.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.answers.answer import Answer, Turn
from assistant.answers.blocks import CheckedClaim
from assistant.answers.passages import Passage
from assistant.answers.reply.budget import Budget, Clock
from assistant.answers.reply.calls import Calls, Wanted
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.failures import NoReply
from assistant.answers.reply.model_reply import claims_so_far, reply
from assistant.answers.reply.plan import Plan
from assistant.answers.reply.verify import Claim, Reply, Verdict, verify
from prompts import prompt

_PASSAGES = 40
_SURE_REFUSAL = 0.08
"""When the model says the guide does not answer, the banks must lend it at least this much probability."""
log = logging.getLogger("aeo.chat")


@dataclass(frozen=True)
class Draft:
    """A stage of a generated answer. ``failed`` with ``why``: the model gave nothing that stands."""

    answer: Answer | None
    final: bool = False
    failed: bool = False
    refused: bool = False
    why: str = ""
    cost: dict[str, str] = field(default_factory=dict)


class NoGenerator:
    """Stands in for a chat model that cannot be made: gives nothing, and says why to the log."""

    def __init__(self, why: str) -> None:
        self.why = why

    def drafts(self, *_: object) -> Iterator[Draft]:
        """One draft that failed."""
        log.warning("no chat model: %s", self.why)
        yield Draft(None, failed=True, why="not_built")


class Generator:
    """Turns a plan into a generated answer with one chat model."""

    def __init__(
        self, model: BaseChatModel, composer: Composer, method: str = "auto", timeout: float = 30.0, clock: Clock = time.monotonic
    ) -> None:
        self.calls = Calls(model, method)
        self.composer = composer
        self.timeout = timeout
        self.clock = clock
        self.system, self.user, self.repair = prompt("answer_system"), prompt("answer_user"), prompt("answer_repair")

    def drafts(self, question: str, plan: Plan, lang: str, history: Sequence[Turn] = ()) -> Iterator[Draft]:
        """Drafts in growing completeness; the last one is final or failed."""
        passages = self._passages(plan)
        messages = self._messages(question, passages, lang, history)
        budget = Budget(self.timeout, self.clock)
        text, shown = "", 0
        standing: list[Verdict] = []
        try:
            for text in self.calls.ask(messages, _WANTED, budget):
                claims = claims_so_far(text)
                standing = [v for v in (verify(c, passages, question) for c in claims) if v.stands] if len(claims) != shown else standing
                if len(claims) > shown and standing:
                    yield Draft(self._answer(question, plan, standing, lang, budget))
                shown = len(claims)
        except NoReply as failure:
            yield Draft(None, failed=True, why=failure.why, cost=budget.document())
            return
        parsed = reply(text)
        assert parsed is not None
        yield self._concluded(question, plan, parsed, passages, messages, text, lang, budget)

    def _concluded(
        self,
        question: str,
        plan: Plan,
        parsed: Reply,
        passages: list[Passage],
        messages: list[BaseMessage],
        text: str,
        lang: str,
        budget: Budget,
    ) -> Draft:
        verdicts = [verify(c, passages, question) for c in parsed.claims[:8]]
        fallen = [(c, v) for c, v in zip(parsed.claims, verdicts, strict=False) if not v.stands]
        standing = [v for v in verdicts if v.stands]
        if fallen:
            standing += self._repaired(question, fallen, passages, messages, text, budget)
        if standing:
            return Draft(self._answer(question, plan, _distinct(standing), lang, budget), final=True)
        if not parsed.answerable and not parsed.claims and plan.refuse >= _SURE_REFUSAL:
            return Draft(None, final=True, refused=True)
        return Draft(None, failed=True, why="nothing_stands", cost=budget.document())

    def _repaired(
        self,
        question: str,
        fallen: list[tuple[Claim, Verdict]],
        passages: list[Passage],
        messages: list[BaseMessage],
        text: str,
        budget: Budget,
    ) -> list[Verdict]:
        """One more try for the claims that fell; what falls again is dropped."""
        problems = "\n".join(f"- {c.text[:200]} — {v.why}" for c, v in fallen)
        again = [*messages, AIMessage(content=text), HumanMessage(content=self.repair.fill(problems=problems))]
        try:
            *_, last = self.calls.ask(again, _WANTED, budget)
        except NoReply:
            return []
        parsed = reply(last)
        return [v for v in (verify(c, passages, question) for c in parsed.claims[:8]) if v.stands] if parsed else []

    def _messages(self, question: str, passages: list[Passage], lang: str, history: Sequence[Turn]) -> list[BaseMessage]:
        listed = "\n".join(
            f"[{n}] {p.clause} {self.composer.guide.places[p.clause].item.title} ({p.kind}): {p.wording}" for n, p in enumerate(passages, 1)
        )
        talk = "\n".join(f"- {t.question[:300]} -> {'、'.join(t.answer.clauses) or '—'}" for t in history[-4:]) or "—"
        language = "English" if lang == "en" else "Chinese (简体中文)"
        return [
            SystemMessage(content=self.system.fill(language=language)),
            HumanMessage(content=self.user.fill(passages=listed, conversation=talk, question=question.replace(">>>", "> > >"))),
        ]

    def _passages(self, plan: Plan) -> list[Passage]:
        """The planned lines first, then the rest of the planned clauses, then the nearest clauses."""
        planned = [p for _, group in plan.chosen for p in group]
        rest = [p for c, _ in plan.chosen for p in self.composer.groups[c]]
        near = [p for c in plan.nearest[:3] for p in self.composer.groups[c]]
        return list({(p.clause, p.id): p for p in [*planned, *rest, *near]}.values())[:_PASSAGES]

    def _answer(self, question: str, plan: Plan, standing: Sequence[Verdict], lang: str, budget: Budget) -> Answer:
        """The claims, then the guide's words that they rest on: the lines planned for a cited clause and the lines cited."""
        cited: dict[str, dict[str, Passage]] = {}
        for verdict in standing:
            for p in verdict.passages:
                cited.setdefault(p.clause, {})[p.id] = p
        planned = dict(plan.chosen)
        chosen = [
            (clause, [p for p in self.composer.groups[clause] if p.id in lines or p in planned.get(clause, ())])
            for clause, lines in cited.items()
        ]
        claims = [CheckedClaim(text=v.text, passages=tuple(dict.fromkeys(p.id for p in v.passages))) for v in standing]
        quoted = self.composer.answer(question, chosen, "generated", lang, nearest=plan.nearest, opening=claims)
        told = {"rung": self.calls.forms[0], "prompt": self.system.fingerprint, "chat": self.calls.name} | budget.document()
        return quoted.model_copy(update={"model": told})


def _schema() -> dict[str, Any]:
    citation = {
        "type": "object",
        "properties": {"passage": {"type": "integer"}, "quote": {"type": "string"}},
        "required": ["passage", "quote"],
        "additionalProperties": False,
    }
    claim = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "citations": {"type": "array", "items": citation}},
        "required": ["text", "citations"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"answerable": {"type": "boolean"}, "claims": {"type": "array", "items": claim}},
        "required": ["answerable", "claims"],
        "additionalProperties": False,
    }


def _distinct(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return list({v.text: v for v in verdicts}.values())


_WANTED = Wanted("answer", _schema(), lambda text: reply(text) is not None)
