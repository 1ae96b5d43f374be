"""The retrieval chain, a LangChain Runnable: retriever -> plan -> generated or extractive answer.

Input: ``Ask`` (question, history, language). Output: ``Answer``. Streaming, batching, callbacks and tracing work as
LangChain users expect; routing, fusing, citing and verifying are plain functions that it calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda
from pydantic import ConfigDict, PrivateAttr

from assistant.answers.answer import Answer, Turn
from assistant.answers.blocks import Note
from assistant.answers.question.reading import Reader, Reading
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.judged import judged
from assistant.answers.reply.plan import ReplyPlan, composed, planned, told
from assistant.answers.reply.talk import asks_nothing, talked
from assistant.answers.reply.written.generate import Generator, NoGenerator
from assistant.answers.reply.written.prompting import Hints
from assistant.answers.search.found import NEAREST, Found, MessageFound
from assistant.answers.search.parts import find_parts
from assistant.answers.search.searcher import Searcher
from assistant.answers.search.turns import find_turn
from assistant.errors import AeoError
from assistant.texts import say

Drafting = Generator | NoGenerator
SEVERAL = 0.5
"""Probability above which a message in a dialogue is taken apart instead of being read as a follow-up."""


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
    extra: dict[str, Any] = field(default_factory=dict)


class GuideRetriever(BaseRetriever):
    """The search as a LangChain retriever: documents are guide lines, best clauses first, with ids in the metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    searcher: Searcher
    clauses: int = 3
    _found: Found | None = PrivateAttr(None)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002
        found = self._found = self.searcher.find(query)
        documents: list[Document] = []
        for clause, share in found.clauses[: self.clauses]:
            for line in self.searcher.lines(found, clause):
                p = line.passage
                metadata = {"id": p.id, "clause": clause, "kind": p.kind, "line": p.line, "score": float(share * line.probability)}
                documents.append(Document(page_content=p.wording, id=p.id, metadata=metadata))
        return documents


def build_chain(
    searcher: Searcher, composer: Composer, reader: Reader, generator: Drafting | None = None, reranker: Any = None
) -> Runnable[Ask, Answer]:
    """The chain of one edition; without ``generator`` answers are extractive."""

    def retrieve(ask: Ask) -> Step:
        reading = judged(ask.reading or reader.read(ask.question, ask.history, ask.lang), searcher, reader.heads)
        retriever = GuideRetriever(searcher=searcher)
        retriever.invoke(reading.text)
        found = retriever._found
        assert found is not None
        if reranker is not None:
            try:
                found = reranked(found, searcher, reranker)
            except AeoError as error:
                found = replace(found, notices=(*found.notices, error.key))
        follows = (
            bool(reading.dialogue.about) and not reading.apart and (reading.makeup["several"] < SEVERAL or len(reading.pieces.all) == 1)
        )
        finding = (find_turn if follows else find_parts)(reading, found, searcher, reader.heads)
        asked = replace(reading, apart=False) if len(finding.parts) == 1 else reading  # nothing was found beside the number
        listed = told(asked, searcher, composer) if generator is not None or reading.apart else None
        return Step(ask, reading, found, finding, planned(reading, finding, searcher), listed)

    def answers(steps: Iterator[Step]) -> Iterator[Answer]:
        for step in steps:
            yield from _answers(step, composer, generator)

    return RunnableLambda(retrieve, name="retrieve") | RunnableGenerator(answers, name="answer")


def _answers(step: Step, composer: Composer, generator: Drafting | None) -> Iterator[Answer]:
    """Answers in growing completeness: the last one counts (each replaces the one before)."""
    assert step.plan is not None
    plan, ask = step.plan, step.ask
    notices = tuple(plan.notices)
    if step.looked_up is None and (act := asks_nothing(step.reading, step.finding, composer)) is not None:
        yield _finished(talked(step.reading, act, composer), notices, ask.lang)
        return
    refusal = composer.refusal(ask.question, plan.nearest, ask.lang)
    without = step.looked_up or (refusal if plan.refused else composed(plan, composer, ask.lang))
    if generator is None:
        yield _finished(without, notices, ask.lang)
        return
    answer: Answer | None = None
    try:
        for answer in generator.answers(ask.question, Hints(step.found, without), ask.lang, ask.history, ask.budget):
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
