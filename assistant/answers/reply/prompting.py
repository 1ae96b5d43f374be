"""What a chat model is given: the guide as a fixed prefix, hints of the search, the conversation in full, the message.

The prefix is the same for every question of an edition, so that providers keep it in their prompt caches. Where the whole
guide does not fit, the model first writes the message as standalone questions, and all lines of the clauses that these
find are given, as many as fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.answers.answer import Answer, Turn
from assistant.answers.markdown import markdown
from assistant.answers.reply.budget import Budget
from assistant.answers.reply.calls import Calls, WantedReply
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.failures import NoReply
from assistant.answers.reply.model_reply import found_in
from assistant.answers.search.searcher import Found, Searcher
from prompts import prompt

RESERVED = 4_000
"""Tokens kept for the reply; ten parts with four claims each have some three thousand."""
_TURNS, _TURN = 4, 3_000
"""Earlier turns that are given, and characters of each: the longest answer that staff were shown had two thousand."""
_HINTED, _LIKELY = 6, 0.03  # clauses that are named as likely, and the share from which one is; chosen, not measured
_WHOLE, _PARTLY = "all of it, every clause", "only the clauses that a search found; what is not here may still stand in the guide"
_CHINESE = re.compile(r"[⺀-鿿가-힯]")
_PIECE = re.compile(r"[A-Za-z]{1,6}|\d{1,3}|[^\sA-Za-z\d⺀-鿿가-힯]|\n")


def tokens(text: str) -> int:
    """A text's tokens, counted on the safe side: five Chinese characters are four, six letters, three digits or a sign are one.

    The shipped guide with its ids counts 22,300 so; XLM-R's tokenizer, which knows less Chinese than a chat model's, makes
    18,600 of it.
    """
    return len(_CHINESE.findall(text)) * 4 // 5 + len(_PIECE.findall(text))


@dataclass(frozen=True)
class Hints:
    """What the answer without a model would rest on: ``without`` it, and what the search found."""

    found: Found
    without: Answer


class Prompting:
    """Writes the messages for one edition within ``context`` tokens."""

    def __init__(self, lines: GuideLines, searcher: Searcher, context: int) -> None:
        self.lines = lines
        self.searcher = searcher
        self.context = context
        self.system, self.user = prompt("answer_system"), prompt("answer_user")

    @cached_property
    def whole(self) -> str:
        """The system message with the whole guide."""
        return self.system.fill(scope=_WHOLE, guide="\n".join(self.lines.whole()))

    @cached_property
    def _whole_tokens(self) -> int:
        return tokens(self.whole)

    def messages(self, question: str, hints: Hints, history: Sequence[Turn], calls: Calls, budget: Budget) -> list[BaseMessage]:
        """System message with the guide (or its likely clauses), user message with the rest."""
        user = self.user.fill(hints=self._hints(hints), conversation=_talk(history), question=_quoted(question))
        used = tokens(user)
        fits = self._whole_tokens + used + RESERVED <= self.context
        system = self.whole if fits else self._likely(question, hints, history, calls, budget, used)
        return [SystemMessage(system), HumanMessage(user)]

    def _likely(self, question: str, hints: Hints, history: Sequence[Turn], calls: Calls, budget: Budget, used: int) -> str:
        """The rules with the clauses that the standalone questions find, best first while they fit, in the guide's order."""
        room = self.context - RESERVED - used - tokens(self.system.fill(scope=_PARTLY, guide=""))
        kept: dict[str, str] = {}
        for clause in self._ranked(self._standalone(question, history, calls, budget), hints):
            text = "\n".join(self.lines.printed(clause))
            room -= tokens(text)
            if room < 0:
                break
            kept[clause] = text
        return self.system.fill(scope=_PARTLY, guide="\n".join(kept[c] for c in self.lines.groups if c in kept))

    def _ranked(self, questions: Iterable[str], hints: Hints) -> list[str]:
        """Clauses cited without a model, then the best of every question in turn."""
        orders = [[c for c, _ in self.searcher.find(q).clauses] for q in questions] + [[c for c, _ in hints.found.clauses]]
        turns = [clause for rank in zip(*orders, strict=True) for clause in rank]
        return list(dict.fromkeys([*hints.without.clauses, *turns]))

    def _standalone(self, question: str, history: Sequence[Turn], calls: Calls, budget: Budget) -> list[str]:
        """The questions of the message as the model writes them out; none when it does not."""
        told = prompt("rewrite_user").fill(conversation=_talk(history), question=_quoted(question))
        try:
            *_, reply = calls.ask([SystemMessage(prompt("rewrite_system").text), HumanMessage(told)], REWRITTEN, budget)
        except NoReply as failure:
            if failure.hopeless:
                raise
            return []
        return [q[:400] for q in found_in(reply, "questions")["questions"] if isinstance(q, str) and q.strip()][:6]

    def _hints(self, hints: Hints) -> str:
        guide, found, without = self.searcher.guide, hints.found, hints.without
        near = [f"{c} {guide.places[c].item.title}" for c, share in found.clauses[:_HINTED] if share >= _LIKELY]
        told = [f"- clauses near the message: {'; '.join(near)}"] if near else []
        if without.mode == "lookup" and without.clauses:
            told.append(f"- a query over the structure of the guide gives {len(without.clauses)} clauses: {'、'.join(without.clauses)}")
        if found.refuse >= 0.5:
            told.append(f"- the search holds it for {found.refuse:.0%} likely that the guide does not speak of this")
        return "\n".join(told) or "—"


def _talk(history: Sequence[Turn]) -> str:
    told = []
    for turn in history[-_TURNS:]:
        blocks = [b for b in turn.answer.blocks if b.block != "note" or b.role not in ("source", "notice")]
        said = markdown(blocks if turn.answer.answered else blocks[:1])  # with what was refused come neighbours that a search found
        told.append(f"Q: {_quoted(turn.question)[:_TURN]}\nA: {said[:_TURN]}")
    return "\n".join(told) or "—"


def _quoted(question: str) -> str:
    """A message cannot end the frame that it stands in."""
    return question.replace(">>>", "> > >").replace("<<<", "< < <")


def _questions(text: str) -> bool:
    found = found_in(text, "questions")
    return isinstance(found, dict) and isinstance(found.get("questions"), list)


REWRITTEN = WantedReply(
    "questions",
    {
        "type": "object",
        "properties": {"questions": {"type": "array", "items": {"type": "string"}}},
        "required": ["questions"],
        "additionalProperties": False,
    },
    _questions,
)
