"""What a chat model is given: the guide as a fixed prefix, hints of the search, the conversation in full, the message.

The prefix is the same for every question of an edition, so that providers keep it in their prompt caches. Where the whole
guide does not fit, the model first writes the message as standalone questions, and all lines of the clauses that these
find are given, as many as fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.answers.answer import Turn
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls, WantedReply
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.calling.model_reply import found_in
from assistant.answers.reply.calling.room import quoted, reserved, talk, tokens
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.written.hints import Hints
from prompts import prompt

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

_HINTED, _LIKELY = 6, 0.03  # clauses that are named as likely, and the share from which one is; chosen, not measured
_TALK = 6
"""The part of a context that the conversation takes at most where the whole guide does not fit."""
_WHOLE, _PARTLY = "all of it, every clause", "only the clauses that a search found; what is not here may still stand in the guide"


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
        return _filled(self.lines, _WHOLE, self.lines.whole())

    @cached_property
    def _whole_tokens(self) -> int:
        return tokens(self.whole)

    def messages(self, question: str, hints: Hints, history: Sequence[Turn], calls: Calls, budget: Budget) -> list[BaseMessage]:
        """System message with the guide (or its likely clauses), user message with the rest.

        Raises:
            NoReply: the message, or the clauses without which it cannot be answered, are longer than the model takes.
        """
        left = self.room(self._user(question, hints, "—"))
        beside = left - self._whole_tokens  # what a conversation may take beside the whole guide
        if beside >= min(tokens(talk(history[-1:])), tokens(talk(history))):
            return [SystemMessage(self.whole), HumanMessage(self._user(question, hints, talk(history, beside)))]
        said = talk(history, self.context // _TALK)
        user = self._user(question, hints, said)
        return [SystemMessage(self._likely(question, hints, said, calls, budget, self.room(user))), HumanMessage(user)]

    def room(self, *texts: str) -> int:
        """Tokens that are left beside these texts and a reply; below 0 when they are too long."""
        return _room(self.context, *texts)

    def _user(self, question: str, hints: Hints, said: str) -> str:
        return self.user.fill(hints=self._hints(hints), conversation=said, question=quoted(question))

    def _likely(self, question: str, hints: Hints, said: str, calls: Calls, budget: Budget, left: int) -> str:
        """The rules with the clauses that the standalone questions find, best first while they fit, in the guide's order."""
        room = left - tokens(_filled(self.lines, _PARTLY, ()))
        if room < 0:
            raise NoReply("too_long", f"the message leaves no room for the guide in {self.context} tokens")
        needed, ranked = self._ranked(self._standalone(question, said, calls, budget), hints)
        kept: dict[str, str] = {}
        for clause in ranked:
            text = "\n".join(self.lines.printed(clause))
            needs = tokens(f"{text}\n")
            if needs <= room:
                room -= needs
                kept[clause] = text
            elif clause in needed:
                raise NoReply("too_long", f"{len(needed)} clauses, up to {clause}, do not fit into {self.context} tokens")
        return _filled(self.lines, _PARTLY, (kept[c] for c in self.lines.groups if c in kept))

    def _ranked(self, questions: Iterable[str], hints: Hints) -> tuple[set[str], list[str]]:
        """What must be there (all of a list that was looked up, the best clause of every question), and all clauses, best first.

        Clauses cited without a model come first, then the best of every question in turn.
        """
        orders = [[c for c, _ in self.searcher.find(q).clauses] for q in questions] or [[c for c, _ in hints.found.clauses]]
        orders.append([c for c, _ in hints.found.clauses])
        turns = [clause for rank in zip(*orders, strict=True) for clause in rank]
        listed = hints.without.clauses if hints.without.mode == "lookup" else ()
        needed = dict.fromkeys([*listed, *(order[0] for order in orders[:-1])])
        return set(needed), list(dict.fromkeys([*needed, *hints.without.clauses, *turns]))

    def _standalone(self, question: str, said: str, calls: Calls, budget: Budget) -> list[str]:
        """The questions of the message as the model writes them out; none when it does not."""
        told = prompt("rewrite_user").fill(conversation=said, question=quoted(question))
        system = prompt("rewrite_system").fill(title=self.lines.guide.title)
        try:
            *_, reply = calls.ask([SystemMessage(system), HumanMessage(told)], REWRITTEN, budget)
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


def trial(lines: GuideLines, context: int, clause: str, question: str) -> list[BaseMessage]:
    """A question about one clause as it is asked: behind the whole guide where that fits into ``context`` tokens, else behind the clause."""
    user = prompt("answer_user").fill(hints="—", conversation="—", question=question)
    whole = _filled(lines, _WHOLE, lines.whole())
    fits = _room(context, whole, user) >= 0
    return [SystemMessage(whole if fits else _filled(lines, _PARTLY, lines.printed(clause))), HumanMessage(user)]


def _filled(lines: GuideLines, scope: str, told: Iterable[str]) -> str:
    return prompt("answer_system").fill(scope=scope, guide="\n".join(told), title=lines.guide.title)


def _room(context: int, *texts: str) -> int:
    return context - reserved(context) - sum(map(tokens, texts))


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
