"""``Assistant.chain`` is the whole of answering as LangChain's users expect it, and gives what ``Assistant.ask`` gives."""

from __future__ import annotations

import asyncio
import json

import pytest

from assistant.answers.answer import Turn
from assistant.answers.chain import Ask, GuideRetriever
from assistant.app import Assistant
from evals.replies.choose import SETS

ASKED = ["24(3)", "门卫登记外来人员要留哪些记录？", "谢谢", "第24项", "出口退税率是多少？", "哪些条款提到集装箱？"]


@pytest.mark.parametrize("question", ASKED)
def test_the_chain_gives_what_ask_gives(assistant: Assistant, question: str) -> None:
    """Text, a dict and an ``Ask``: the same blocks, citations and reason."""
    wanted = assistant.ask(question)
    for given in (question, {"question": question}, Ask(question, "zh")):
        answer = assistant.chain.invoke(given)
        assert (answer.blocks, answer.citations, answer.reason) == (wanted.blocks, wanted.citations, wanted.reason)


@pytest.mark.thorough
def test_the_chain_gives_what_ask_gives_over_all_kinds_of_messages(assistant: Assistant) -> None:
    """200 messages of the shipped sets, spread over all of them, half after an earlier turn: nothing differs but the time."""
    paths = sorted(p for p in SETS.glob("*.jsonl") if not p.stem.endswith("_unseen"))
    cases = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [c["question"] for c in cases if "question" in c]
    asked = asked[:: len(asked) // 200][:200]
    before = Turn(question=ASKED[1], answer=assistant.ask(ASKED[1]))
    for n, question in enumerate(asked):
        history = (before,) if n % 2 else ()
        wanted = assistant.ask(question, history)
        answer = assistant.chain.invoke({"question": question, "history": history})
        assert answer.model_copy(update={"timings_ms": {}}) == wanted.model_copy(update={"timings_ms": {}}), question
    assert len(asked) == 200


def test_batch_async_events_and_tool(assistant: Assistant) -> None:
    """Batches, async calls, streams, events and a tool, with a config."""
    chain = assistant.chain
    assert [a.clauses for a in chain.batch(["24(3)", "24(1)"], {"tags": ["t"], "metadata": {"m": 1}})] == [("24(3)",), ("24(1)",)]

    async def asynchronous() -> None:
        assert (await chain.ainvoke("24(3)")).clauses == ("24(3)",)
        assert [a.clauses async for a in chain.astream("24(3)")][-1] == ("24(3)",)
        assert {e["event"] async for e in chain.astream_events("24(3)", version="v2")} >= {
            "on_chain_start",
            "on_chain_stream",
            "on_chain_end",
        }

    asyncio.run(asynchronous())
    assert "24(3)" in chain.as_tool().invoke({"question": "24(3)"})


def test_documents_serialise(assistant: Assistant) -> None:
    """What the retriever finds can be written as JSON."""
    documents = GuideRetriever(searcher=assistant.edition().searcher).invoke("访客登记")
    assert json.loads(json.dumps([d.model_dump() for d in documents]))
