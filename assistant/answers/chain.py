"""The retrieval chain, a LangChain Runnable: retriever -> plan -> generated or extractive answer.

Input: ``Ask`` (question, history, language). Output: ``Answer``. Streaming, batching, callbacks and tracing work as
LangChain users expect; routing, fusing, citing and verifying are the plain functions of ``answers.steps``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda
from pydantic import ConfigDict, PrivateAttr

from assistant.answers.answer import Answer
from assistant.answers.search.found import Found
from assistant.answers.search.searcher import Searcher

if TYPE_CHECKING:
    from assistant.answers.steps import AnswerSteps, Ask, Step


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


def build_chain(answering: AnswerSteps) -> Runnable[Ask, Answer]:
    """The chain of one edition."""

    def retrieve(ask: Ask) -> Step:
        def find(text: str) -> Found:
            retriever = GuideRetriever(searcher=answering.searcher)
            retriever.invoke(text)
            assert retriever._found is not None
            return retriever._found

        return answering.step(ask, find)

    def answers(steps: Iterator[Step]) -> Iterator[Answer]:
        for step in steps:
            yield from answering.answers(step)

    return RunnableLambda(retrieve, name="retrieve") | RunnableGenerator(answers, name="answer")
