"""The generated answer: asked with the guide in front, checked claim by claim, repaired once in place, and composed.

Whatever goes wrong ends in ``NoReply``, and the answer without a model is served.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.answers.answer import Answer, Turn
from assistant.answers.reply.calling.budget import Budget, Clock
from assistant.answers.reply.calling.calls import Calls, WantedReply
from assistant.answers.reply.calling.claims import Claim, PartReply, Reply
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.calling.model_reply import claims_in, reply, reply_so_far
from assistant.answers.reply.check.checker import Checked, Checker
from assistant.answers.reply.check.entailment import Entailment
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.written.hints import Hints
from assistant.answers.reply.written.prompting import Prompting
from assistant.answers.reply.written.told import Teller, ToldPart
from prompts import prompt

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

log = logging.getLogger("aeo.chat")


class NoGenerator:
    """Stands in for a chat model that cannot be made."""

    def __init__(self, why: str) -> None:
        self.why = why

    def answers(self, *_: object) -> Iterator[Answer]:
        """None.

        Raises:
            NoReply: always.
        """
        log.warning("no chat model: %s", self.why)
        raise NoReply("not_built", self.why)
        yield


@dataclass(frozen=True)
class Generator:
    """Answers with one chat model; ``timeout`` are the seconds of one question over all calls."""

    calls: Calls
    prompting: Prompting
    checker: Checker
    teller: Teller
    timeout: float = 30.0
    clock: Clock = time.monotonic

    def answers(
        self, question: str, hints: Hints, lang: str, history: Sequence[Turn] = (), budget: Budget | None = None
    ) -> Iterator[Answer]:
        """Answers that grow, of checked claims only; the last is whole. ``budget`` is that of a message of which this is a part.

        Raises:
            NoReply: the model gave nothing that stands; ``cost`` says what it took.
        """
        budget = budget or Budget(self.timeout, self.clock)
        try:
            if budget.failed is not None:
                raise budget.failed
            yield from self._answers(question, hints, lang, history, budget)
        except NoReply as failure:
            if failure.hopeless or budget.spent:
                budget.failed = failure
            failure.cost = budget.document()
            raise

    def _answers(self, question: str, hints: Hints, lang: str, history: Sequence[Turn], budget: Budget) -> Iterator[Answer]:
        messages = self.prompting.messages(question, hints, history, self.calls, budget)
        text, shown, headed = "", 0, None
        for text in self.calls.ask(messages, WANTED, budget):
            growing = reply_so_far(text) if self.checker.each else None
            if growing is not None and len(_claims(growing)) > shown:
                shown = len(_claims(growing))
                parts, _ = self._checked(growing, question, budget)
                if first := _until_one_fell(parts):
                    headed = len(first) > 1 if headed is None else headed
                    yield self.teller.growing(question, first, hints, lang, headed)
        whole = reply(text)
        assert whole is not None
        if whole.cut and budget.left <= 0 and not self.checker.each:  # what is left of it cannot be checked any more, and nothing was shown
            raise NoReply("timeout", f"{len(text)} characters of a reply")
        parts, by_meaning = self._checked(whole, question, budget)
        if any(not c.stands for p in parts for c in p.checked):
            parts, by_meaning = self._repaired(question, whole, parts, [*messages, AIMessage(text)], budget, by_meaning)
        notices = [*(["answers.cut"] if whole.cut else []), *([] if by_meaning else ["answers.checked_by_rules"])]
        answer = self.teller.told(question, parts, hints, lang, notices)
        if answer is None:
            raise NoReply("nothing_stands", "; ".join(c.why for p in parts for c in p.checked)[:400])
        yield answer.model_copy(update={"model": self._document(budget, by_meaning, [c for p in parts for c in p.checked])})

    def _checked(self, whole: Reply, question: str, budget: Budget) -> tuple[list[ToldPart], bool]:
        claims = _claims(whole)
        checked, by_meaning = self.checker.checked([(_asked(part, question), claim) for part, claim in claims], budget)
        return _told(whole, checked), by_meaning

    def _repaired(
        self, question: str, whole: Reply, parts: list[ToldPart], asked: list[BaseMessage], budget: Budget, by_meaning: bool
    ) -> tuple[list[ToldPart], bool]:
        """One more try for what fell, each put right in its own place, if the model takes so much; what falls again is dropped."""
        claims, checked = _claims(whole), [c for p in parts for c in p.checked]
        fallen = [n for n, c in enumerate(checked) if not c.stands]
        problems = "\n".join(f"{k}. “{checked[n].text}” — {checked[n].why}" for k, n in enumerate(fallen, 1))
        mending = [*asked, HumanMessage(prompt("answer_repair").fill(problems=problems))]
        if self.prompting.room(*(str(m.text) for m in mending)) < 0:
            return parts, by_meaning
        try:
            *_, text = self.calls.ask(mending, MENDED, budget)
        except NoReply:
            return parts, by_meaning
        mended = {fallen[k - 1]: claim for k, claim in claims_in(text).items() if 1 <= k <= len(fallen)}
        again = [(_asked(claims[n][0], question), claim) for n, claim in mended.items()]
        result, by_meaning_too = self.checker.checked(again, budget) if again else ([], by_meaning)
        for n, one in zip(mended, result, strict=True):
            checked[n] = one
        return _told(whole, checked), by_meaning and by_meaning_too

    def _document(self, budget: Budget, by_meaning: bool, claims: Sequence[Checked]) -> dict[str, str]:
        """Who answered and how, how many sentences it wrote and how many of them fell for good, calls and tokens."""
        told = {"chat": self.calls.name, "rung": self.calls.forms[0], "prompt": self.prompting.system.fingerprint}
        counts = {"claims": str(len(claims)), "dropped": str(sum(not c.stands for c in claims))}
        return told | {"check": "meaning" if by_meaning else "rules"} | counts | budget.document()


def generator(calls: Calls, judge: Entailment | None, searcher: Searcher, composer: Composer, context: int, timeout: float) -> Generator:
    """What answers for one edition with this model and this judge, within ``context`` tokens and ``timeout`` seconds."""
    lines = GuideLines(searcher.guide, searcher.groups)
    return Generator(calls, Prompting(lines, searcher, context), Checker(lines, judge), Teller(composer), timeout)


def _claims(whole: Reply) -> list[tuple[PartReply, Claim]]:
    """All claims with their parts in order, the direct answer of a part first; a part that is silent has none."""
    return [(p, c) for p in whole.parts if p.verdict != "silent" for c in ([p.direct] if p.direct else []) + list(p.claims)]


def _asked(part: PartReply, question: str) -> str:
    """What a claim of the part answers: the part's own question, and the message where it says more."""
    return "\n".join(dict.fromkeys(q.strip() for q in (part.question, question) if q.strip()))


def _told(whole: Reply, checked: Sequence[Checked]) -> list[ToldPart]:
    """What was checked, given back to its parts."""
    left = iter(checked)
    parts: list[ToldPart] = []
    for part in whole.parts:
        silent = part.verdict == "silent"
        direct = next(left) if part.direct and not silent else None
        claims = () if silent else tuple(next(left) for _ in part.claims)
        parts.append(ToldPart(part.question, part.verdict, part.outcome, direct, claims))
    return parts


def _until_one_fell(parts: Sequence[ToldPart]) -> list[ToldPart]:
    """What may be shown while the rest is awaited: all before the first claim that fell, since it may be mended in its place."""
    shown: list[ToldPart] = []
    for part in parts:
        if all(c.stands for c in part.checked):
            shown.append(part)
            continue
        direct = part.direct if part.direct is None or part.direct.stands else None
        standing: list[Checked] = []
        for claim in part.claims if direct or part.direct is None else ():
            if not claim.stands:
                break
            standing.append(claim)
        if direct or standing:
            shown.append(ToldPart(part.question, part.verdict, part.outcome, direct, tuple(standing)))
        break
    return shown if any(p.checked for p in shown) else []


_TEXT = {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_CITED = _list(_object(id=_TEXT, quote=_TEXT))
_CLAIM = _object(text=_TEXT, citations=_CITED)
_PART = _object(
    question=_TEXT,
    verdict={"type": "string", "enum": ["answered", "open", "silent"]},
    outcome={"type": "string", "enum": ["yes", "no", "fact"]},
    direct={"anyOf": [_CLAIM, {"type": "null"}]},
    claims=_list(_CLAIM),
)
WANTED = WantedReply("answer", _object(parts=_list(_PART)), lambda text: reply(text) is not None)
MENDED = WantedReply(
    "claims",
    _object(claims=_list(_object(number={"type": "integer"}, text=_TEXT, citations=_CITED))),
    lambda text: bool(claims_in(text)),
    once=True,
)
