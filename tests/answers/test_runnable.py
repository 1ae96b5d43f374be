"""``Assistant.chain`` is the whole of answering as LangChain's users expect it, and gives what ``Assistant.ask`` gives."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from assistant.answers.answer import Turn
from assistant.answers.chain import GuideRetriever
from assistant.answers.steps import Ask
from assistant.app import Assistant
from assistant.errors import UsageError
from evals.replies.choose import SETS
from tests.answers.endpoint import Reply, endpoint
from tests.answers.scripted import body
from tests.answers.test_generate import GOOD, QUESTION, with_model

README = Path(__file__).parents[2] / "README.md"
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


def test_the_documented_snippet_runs(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """What README shows for Python, as it stands there."""
    monkeypatch.setenv("AEO_HOME", str(assistant.settings.home))
    shown = README.read_text(encoding="utf-8").partition("## From Python")[2].partition("```python\n")[2].partition("```")[0]
    scope: dict[str, Any] = {}
    exec(shown, scope)  # noqa: S102 - our own page
    assert scope["answer"].clauses == ("24(3)",)
    assert [a.clauses for a in scope["answers"]] == [("24(3)",), ("24(1)",)]
    assert "访客" in scope["tool"].invoke({"question": "24(3)"})


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


class Seen(BaseCallbackHandler):
    """Writes down every step that begins, with the step that it is in, and what ends."""

    def __init__(self) -> None:
        self.names: dict[Any, str] = {}
        self.steps: list[tuple[str, str | None]] = []
        self.tags: set[str] = set()
        self.ended: list[str] = []

    def _began(self, name: str, run_id: Any, parent_run_id: Any = None, tags: Any = None, **_: Any) -> None:
        self.names[run_id] = name
        self.steps.append((name, self.names.get(parent_run_id)))
        self.tags |= set(tags or ())

    def on_chain_start(self, serialized: Any, inputs: Any, **values: Any) -> None:
        self._began(values.pop("name"), **values)

    def on_retriever_start(self, serialized: Any, query: str, **values: Any) -> None:
        self._began("retriever", **{k: v for k, v in values.items() if k != "name"})

    def on_chat_model_start(self, serialized: Any, messages: Any, **values: Any) -> None:
        self._began("model", **{k: v for k, v in values.items() if k != "name"})

    def on_retriever_end(self, documents: Any, **values: Any) -> None:
        self.ended.append(f"{len(documents)} documents")

    def on_llm_end(self, response: Any, **values: Any) -> None:
        self.ended.append("model")


def test_callbacks_see_every_step_inside(assistant: Assistant) -> None:
    """Retrieval and every call of the model, each under the step that it is of: invoked, awaited, and as a tool of an agent."""
    with endpoint(lambda r, n: Reply(body(r, GOOD))) as at:
        chain = with_model(assistant, at.address).chain
        tool = chain.as_tool()
        for call in (
            lambda config: chain.invoke(QUESTION, config),
            lambda config: asyncio.run(chain.ainvoke(QUESTION, config)),
            lambda config: tool.invoke({"question": QUESTION}, config),
            lambda config: tool.invoke(QUESTION, config),
        ):
            seen = Seen()
            call({"callbacks": [seen], "tags": ["mine"]})
            assert ("retriever", "retrieve") in seen.steps
            assert seen.steps.count(("model", "answer")) == 2, "one call answers, one checks"
            assert "mine" in seen.tags
            assert seen.ended.count("model") == 2
            assert "documents" in seen.ended[0]

        async def events() -> set[tuple[str, str]]:
            return {(e["event"], e["name"]) async for e in chain.astream_events(QUESTION, version="v2")}

        found = asyncio.run(events())
    assert {("on_retriever_end", "GuideRetriever"), ("on_chat_model_stream", "LenientChat"), ("on_chain_stream", "aeo")} <= found


def test_a_conversation_may_come_as_json(assistant: Assistant) -> None:
    """Turns as dicts are turns."""
    before = Turn(question="24(3)", answer=assistant.ask("24(3)"))
    given = {"question": "那抽查记录呢", "history": [before.model_dump(mode="json")]}
    assert assistant.chain.invoke(given).clauses == assistant.ask("那抽查记录呢", (before,)).clauses == ("24(3)",)


@pytest.mark.parametrize(
    "given",
    [None, 3, [], {}, {"q": "24(3)"}, {"question": None}, {"question": "24(3)", "history": [("a", "b")]}, {"question": "?", "top_k": 3}],
)
def test_an_input_that_is_none_is_named_in_a_sentence(assistant: Assistant, given: Any) -> None:
    """What is missing or too much, and what may be given."""
    with pytest.raises(UsageError) as caught:
        assistant.chain.invoke(given)
    assert "question" in caught.value.sentence("en")


def test_documents_serialise(assistant: Assistant) -> None:
    """What the retriever finds can be written as JSON."""
    documents = GuideRetriever(searcher=assistant.edition().searcher).invoke("访客登记")
    assert json.loads(json.dumps([d.model_dump() for d in documents]))
