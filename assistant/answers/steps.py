"""The steps of answering a question that is searched: found, planned, and said; plain functions, which a chain may run.

``answers.chain`` makes a LangChain Runnable of them. Without one nothing here needs LangChain, which takes longer to import than a
question takes to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from assistant.answers.answer import Answer, Turn
from assistant.answers.blocks import Note
from assistant.answers.question.learned.extent import brought_up
from assistant.answers.question.reading import Reader, Reading
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.judged import judged
from assistant.answers.reply.plan import ReplyPlan, composed, planned, told
from assistant.answers.reply.talk import asks_nothing, talked
from assistant.answers.reply.written.hints import Hints
from assistant.answers.search.found import NEAREST, Found, MessageFound
from assistant.answers.search.parts import find_parts
from assistant.answers.search.searcher import Searcher
from assistant.answers.search.turns import find_turn
from assistant.errors import AeoError
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.answers.reply.written.generate import Generator, NoGenerator

SEVERAL = 0.5
"""Probability above which a message in a dialogue is taken apart instead of being read as a follow-up. At .4 and .6 none of the 49 cases
of follow_up and dialogues changes (``python -m tests.bench.neighbours``)."""

_OFFERED = 3
"""Clauses that are offered for a matter that is brought up and that the guide does not name; chosen, not measured."""


@dataclass(frozen=True)
class Ask:
    """One question with the conversation before it."""

    question: str
    lang: str = "zh"
    history: tuple[Turn, ...] = ()
    reading: Reading | None = None
    budget: Budget | None = None
    """What a chat model may cost, where the question is one of several of a message."""


@dataclass
class Step:
    """What flows through the chain."""

    ask: Ask
    reading: Reading
    found: Found
    finding: MessageFound
    plan: ReplyPlan | None = None
    looked_up: Answer | None = None
    matter: str | None = None
    """What the message only brings up."""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AnswerSteps:
    """How one edition answers; without ``generator`` in the guide's own words."""

    searcher: Searcher
    composer: Composer
    reader: Reader
    generator: Generator | NoGenerator | None = None
    reranker: Any = None

    def stream(self, ask: Ask) -> Iterator[Answer]:
        """Answers in growing completeness: the last one counts (each replaces the one before)."""
        yield from self.answers(self.step(ask, self.searcher.find))

    def step(self, ask: Ask, find: Callable[[str], Found]) -> Step:
        """What is read and found, and what is to be said; ``find`` searches for a text."""
        reading = judged(ask.reading or self.reader.read(ask.question, ask.history, ask.lang), self.searcher, self.reader.heads)
        matter = None if reading.dialogue.about else brought_up(reading.text, self.reader.heads)
        reading = reading if matter is None else replace(reading, text=matter)
        found = find(reading.text)
        if self.reranker is not None:
            try:
                found = reranked(found, self.searcher, self.reranker)
            except AeoError as error:
                found = replace(found, notices=(*found.notices, error.key))
        follows = bool(reading.dialogue.about) and not reading.apart and not self._several(reading)
        finding = (find_turn if follows else find_parts)(reading, found, self.searcher, self.reader.heads)
        asked = replace(reading, apart=False) if len(finding.parts) == 1 else reading  # nothing was found beside the number
        listed = told(asked, self.searcher, self.composer) if self.generator is not None or reading.apart else None
        return Step(ask, reading, found, finding, planned(reading, finding, self.searcher), listed, matter)

    def _several(self, reading: Reading) -> bool:
        """Whether a message is several questions: not where it hangs on what was said, and no piece finds anything (适用的话，抽查什么)."""
        cut = reading.pieces.all
        if reading.makeup["several"] < SEVERAL or len(cut) == 1:
            return False
        return not reading.hangs or any(self.searcher.find(piece).evidence >= SEVERAL for piece in cut)

    def answers(self, step: Step) -> Iterator[Answer]:
        """What is said of what was found, in growing completeness."""
        assert step.plan is not None
        plan, ask = step.plan, step.ask
        notices = tuple(plan.notices)
        if step.looked_up is None and (act := asks_nothing(step.reading, step.finding, self.composer)) is not None:
            yield _finished(talked(step.reading, act, self.composer), notices, ask.lang)
            return
        refusal = self.composer.unanswered.refusal(ask.question, plan.nearest, ask.lang)
        if step.matter:
            refusal = self.composer.unanswered.said(
                ask.question, "which_point", "not_in_guide", ask.lang, plan.nearest[:_OFFERED], matter=step.matter
            )
        without = step.looked_up or (refusal if plan.refused else composed(plan, self.composer, ask.lang))
        if self.generator is None:
            yield _finished(without, notices, ask.lang)
            return
        answer: Answer | None = None
        try:
            for answer in self.generator.answers(ask.question, Hints(step.found, without), ask.lang, ask.history, ask.budget):
                if answer.growing:
                    yield answer
        except NoReply as failure:
            served = without.model_copy(update={"model": {"failed": failure.why, **failure.cost}})
            yield _finished(served, (*notices, "models.chat"), ask.lang)
        else:
            assert answer is not None
            yield _finished(answer, notices, ask.lang)


_WITHOUT = {"models.chat": "model", "models.reranker": "order"}


def _finished(answer: Answer, notices: tuple[str, ...], lang: str) -> Answer:
    if not notices:
        return answer
    told = tuple(dict.fromkeys(notices))
    without = dict.fromkeys(_WITHOUT.get(key, "search") for key in told)  # the causes are in log and doctor, not before staff
    sentences = [Note(text=say(f"answers.without.{part}", lang), role="notice") for part in without]
    return answer.model_copy(update={"blocks": (*answer.blocks, *sentences), "notices": told})


def reranked(found: Found, searcher: Searcher, model: Any, depth: int = 8) -> Found:
    """The best clauses re-ordered by a cross-encoder's scores, their probabilities kept in the new order."""
    top = found.clauses[:depth]
    texts = ["\n".join([searcher.guide.places[c].item.title, *(p.wording for p in searcher.groups[c])]) for c, _ in top]
    scores = model.scores(found.question, texts)
    order = sorted(range(len(top)), key=lambda i: -float(scores[i]))
    shares = [s for _, s in top]
    renamed = tuple((top[i][0], share) for i, share in zip(order, shares, strict=True))
    return replace(found, clauses=renamed + found.clauses[depth:], nearest=tuple(c for c, _ in renamed[:NEAREST]))
