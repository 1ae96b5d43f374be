"""The generated answer: numbered passages in, claims with citations out, every claim verified before anybody sees it.

Providers differ in structured output, so a ladder goes from json_schema to plain text; the rung that worked is recorded
and tried first next time. Whatever goes wrong ends in a draft that says so, and the extractive answer is served.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.answers.answer import Answer, Turn
from assistant.answers.blocks import CheckedClaim
from assistant.answers.passages import Passage
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.model_reply import claims_so_far, reply
from assistant.answers.reply.plan import Plan
from assistant.answers.reply.verify import Claim, Reply, Verdict, verify
from prompts import prompt

LADDER = ("json_schema", "function_calling", "json_mode", "text")
_TOOL = "answer"
_PASSAGES = 40
_LONGEST = 60_000
"""Characters after which a reply is given up; eight claims take some thousand."""
_SURE_REFUSAL = 0.08
"""When the model says the guide does not answer, the banks must lend it at least this much probability."""


@dataclass(frozen=True)
class Draft:
    """A stage of a generated answer. ``failed`` with ``why``: the model gave nothing that stands."""

    answer: Answer | None
    final: bool = False
    failed: bool = False
    refused: bool = False
    why: str = ""


class NoGenerator:
    """Stands in for a chat model that cannot be made: gives nothing, and says why."""

    def __init__(self, why: str) -> None:
        self.why = why

    def drafts(self, *_: object) -> Iterator[Draft]:
        """One draft that failed."""
        yield Draft(None, failed=True, why=self.why)


class Generator:
    """Turns a plan into a generated answer with one chat model."""

    def __init__(self, model: BaseChatModel, composer: Composer, method: str = "auto", timeout: float = 30.0) -> None:
        self.model = model
        self.composer = composer
        self.timeout = timeout
        self.rungs = list(LADDER) if method == "auto" else [method]
        self.system, self.user, self.repair = prompt("answer_system"), prompt("answer_user"), prompt("answer_repair")

    def drafts(self, question: str, plan: Plan, lang: str, history: Sequence[Turn] = ()) -> Iterator[Draft]:
        """Drafts in growing completeness; the last one is final or failed."""
        passages = self._passages(plan)
        messages = self._messages(question, passages, lang, history)
        deadline = time.monotonic() + self.timeout
        standing: list[Verdict] = []
        why = "no answer"
        for rung in list(self.rungs):
            if time.monotonic() > deadline:
                why = "timeout"
                break
            text, shown = "", 0
            try:
                for text in self._stream(rung, messages):
                    if time.monotonic() > deadline:
                        raise TimeoutError
                    claims = claims_so_far(text)
                    standing += [v for v in (verify(c, passages, question) for c in claims[shown:]) if v.stands]
                    if len(claims) > shown and standing:
                        yield Draft(self._answer(question, plan, standing, lang, rung))
                    shown = max(shown, len(claims))
            except Exception as error:
                why = type(error).__name__
                if _hopeless(error):
                    break
                continue
            parsed = reply(text)
            if parsed is None:
                why = "no JSON"
                continue
            self._prefer(rung)
            yield self._concluded(question, plan, parsed, passages, messages, text, lang, rung, deadline)
            return
        if standing:
            yield Draft(self._answer(question, plan, standing, lang, "partial"), final=True)
            return
        yield Draft(None, failed=True, why=why)

    def _concluded(
        self,
        question: str,
        plan: Plan,
        parsed: Reply,
        passages: list[Passage],
        messages: list[BaseMessage],
        text: str,
        lang: str,
        rung: str,
        deadline: float,
    ) -> Draft:
        verdicts = [verify(c, passages, question) for c in parsed.claims[:8]]
        fallen = [(c, v) for c, v in zip(parsed.claims, verdicts, strict=False) if not v.stands]
        standing = [v for v in verdicts if v.stands]
        if fallen and time.monotonic() < deadline:
            standing += self._repaired(question, fallen, passages, messages, text, rung)
        if standing:
            return Draft(self._answer(question, plan, _distinct(standing), lang, rung), final=True)
        if not parsed.answerable and not parsed.claims and plan.refuse >= _SURE_REFUSAL:
            return Draft(None, final=True, refused=True)
        return Draft(None, failed=True, why="nothing verified" if parsed.claims else "no claims")

    def _repaired(
        self,
        question: str,
        fallen: list[tuple[Claim, Verdict]],
        passages: list[Passage],
        messages: list[BaseMessage],
        text: str,
        rung: str,
    ) -> list[Verdict]:
        """One more try for the claims that fell; what falls again is dropped."""
        problems = "\n".join(f"- {c.text[:200]} — {v.why}" for c, v in fallen)
        again = [*messages, AIMessage(content=text), HumanMessage(content=self.repair.fill(problems=problems))]
        try:
            *_, last = self._stream(rung, again)
        except Exception:
            return []
        parsed = reply(last)
        return [v for v in (verify(c, passages, question) for c in parsed.claims[:8]) if v.stands] if parsed else []

    def _stream(self, rung: str, messages: list[BaseMessage]) -> Iterator[str]:
        """The growing text of one call: message content, or the arguments of the tool call."""
        options: dict[str, Any] = {}
        schema = _schema()
        if rung == "json_schema":
            options["response_format"] = {"type": "json_schema", "json_schema": {"name": _TOOL, "schema": schema, "strict": True}}
        elif rung == "json_mode":
            options["response_format"] = {"type": "json_object"}
        elif rung == "function_calling":
            function = {"name": _TOOL, "description": "the answer", "parameters": schema}
            options["tools"] = [{"type": "function", "function": function}]
            options["tool_choice"] = {"type": "function", "function": {"name": _TOOL}}
        content, arguments = "", ""
        for chunk in self.model.stream(messages, **options):
            content += chunk.text if isinstance(chunk.text, str) else str(chunk.text)
            for call in getattr(chunk, "tool_call_chunks", []) or []:
                arguments += call.get("args") or ""
            if len(content) + len(arguments) > _LONGEST:
                raise ValueError("the reply does not end")
            yield arguments or content

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

    def _answer(self, question: str, plan: Plan, standing: Sequence[Verdict], lang: str, rung: str) -> Answer:
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
        return quoted.model_copy(update={"model": {"rung": rung, "prompt": self.system.fingerprint, "chat": _name(self.model)}})

    def _prefer(self, rung: str) -> None:
        """Start with the rung that worked."""
        if self.rungs[0] != rung:
            self.rungs = [rung, *(r for r in self.rungs if r != rung)]


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


def _hopeless(error: Exception) -> bool:
    """Errors that no other form of output would cure: no connection, no time, no access."""
    status = getattr(error, "status_code", None)
    names = {type(e).__name__ for e in (error, error.__cause__, error.__context__) if e is not None}
    return status in (401, 403, 429, 500, 502, 503, 504) or bool(
        names & {"APIConnectionError", "APITimeoutError", "TimeoutError", "ConnectError", "ReadTimeout", "ConnectTimeout"}
    )


def _distinct(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return list({v.text: v for v in verdicts}.values())


def _name(model: BaseChatModel) -> str:
    return str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)
