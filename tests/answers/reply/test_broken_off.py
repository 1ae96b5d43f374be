"""A reply that stops before it is whole, or of which parts fall: one answer, and it says what is missing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.answers.answer import Answer
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls, WantedReply, finished, in_time
from assistant.answers.reply.written.generate import Generator
from assistant.answers.steps import Ask
from assistant.app import Assistant
from assistant.texts import say
from tests.answers.endpoint import Reply, endpoint
from tests.answers.scripted import is_check, is_repair, verdicts
from tests.answers.test_generate import GOOD, QUESTION, with_model

SECOND = {"text": "访客车辆也要登记。", "citations": [{"id": "24(3)/records/3", "quote": "企业访客车辆的登记记录"}]}
FIRST = {"text": GOOD["text"], "citations": [{"id": "24(3)/records/1", "quote": GOOD["quote"]}]}
BAD = {"text": "访客要由保安陪同。", "citations": [{"id": "24(3)", "quote": "访客要由保安陪同"}]}


def part(question: str, *claims: dict[str, Any], direct: dict[str, Any] | None = None, verdict: str = "answered") -> dict[str, Any]:
    """One part of a reply."""
    return {"question": question, "verdict": verdict, "outcome": "fact", "direct": direct, "claims": claims}


class Stalls(BaseChatModel):
    """Sends one piece, and then nothing until it is let go."""

    piece: str
    let_go: Any

    @property
    def _llm_type(self) -> str:
        return "stalls"

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self.piece))])

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: CallbackManagerForLLMRun | None = None, **_: Any
    ) -> Iterator[ChatGenerationChunk]:
        yield ChatGenerationChunk(message=AIMessageChunk(content=self.piece))
        self.let_go.wait()


class Passing(Calls):
    """Calls after each text of which the time of the test's clock is up."""

    now = 0.0

    def ask(self, messages: Sequence[BaseMessage], wanted: WantedReply, budget: Budget) -> Iterator[str]:
        """As told."""
        for text in super().ask(messages, wanted, budget):
            yield text
            self.now += 100


def stalled(assistant: Assistant, check: str) -> list[Answer]:
    """The growing answers of a model that stops after its direct answer and one claim."""
    text = json.dumps({"parts": [part(QUESTION, SECOND, SECOND, direct=FIRST)]}, ensure_ascii=False)
    let_go = threading.Event()
    calls = Passing(Stalls(piece=text[: text.rindex('{"text"')], let_go=let_go), "text")
    steps = with_model(assistant, "http://127.0.0.1:9/v1", check_model=check).edition().answering
    assert isinstance(steps.generator, Generator)
    budget = Budget(30, lambda: calls.now)
    try:
        return list(replace(steps, generator=replace(steps.generator, calls=calls)).stream(Ask(QUESTION, budget=budget)))
    finally:
        let_go.set()


def test_checked_claims_before_a_deadline_are_the_answer(assistant: Assistant) -> None:
    """What was shown stays, nothing else is put under it, and it says that it broke off and how it was checked."""
    *grown, last = stalled(assistant, "rules")
    assert grown
    assert last.mode == "generated"
    assert last.blocks[: len(grown[-1].blocks)] == grown[-1].blocks
    assert say("answers.cut", "zh") in last.answer
    assert say("answers.checked_by_rules", "zh") in last.answer
    assert "models.chat" not in last.notices


def test_half_a_reply_that_nobody_can_check_any_more_is_not_shown(assistant: Assistant) -> None:
    """With a check by meaning nothing was shown, and without time for it the guide's own words are surer."""
    (last,) = stalled(assistant, "same")
    assert last.mode == "extractive"
    assert last.model["failed"] == "timeout"


def ask_twice(assistant: Assistant, question: str, *parts: dict[str, Any]) -> Answer:
    """The answer to a reply of these parts; nothing is mended."""

    def script(request: dict[str, Any], number: int) -> Reply:
        if is_check(request):
            return Reply(verdicts(request))
        return Reply('{"claims": []}' if is_repair(request) else json.dumps({"parts": parts}, ensure_ascii=False))

    with endpoint(script) as at:
        return with_model(assistant, at.address).ask(question)


def test_a_part_that_falls_whole_says_so(assistant: Assistant) -> None:
    """No bare heading, and no verdict that it was answered."""
    question = "门卫登记外来人员要留哪些记录？访客要陪同吗？"
    answer = ask_twice(assistant, question, part("门卫登记要留哪些记录？", FIRST), part("访客要陪同吗？", BAD))
    assert [p.verdict for p in answer.parts] == ["answered", "open"]
    assert answer.parts[1].text.strip() == say("answers.fell", "zh")


@pytest.mark.parametrize(
    "direct", [None, {"text": "围墙要修到3米高。", "citations": [{"id": "23(2)", "quote": "应当"}]}], ids=["null", "falls"]
)
def test_that_no_number_is_set_stays(assistant: Assistant, direct: dict[str, Any] | None) -> None:
    """The direct answer of the model is not there: that the guide sets no such number is said all the same, before its claims."""
    line = next(p for p in assistant.edition().searcher.groups["23(2)"] if p.kind == "clause")
    claim = {"text": line.wording[:40], "citations": [{"id": line.id, "quote": line.wording[:40]}]}
    answer = ask_twice(assistant, "围墙要多高？", part("围墙要多高？", claim, direct=direct, verdict="open"))
    assert answer.mode == "generated"
    assert answer.blocks[0].text == say("answers.refused_number", "zh")
    assert answer.parts[0].verdict == "open"


def test_a_silent_part_says_that_the_number_is_not_set(assistant: Assistant) -> None:
    """As the answer to that question alone would."""
    answer = ask_twice(
        assistant, "门卫登记要留哪些记录？围墙要多高？", part("门卫登记要留哪些记录？", FIRST), part("围墙要多高？", verdict="silent")
    )
    assert answer.parts[1].text.strip() == say("answers.refused_number", "zh")


def test_a_stream_that_said_its_end_is_at_its_end(assistant: Assistant) -> None:
    """A server that says why it stopped and keeps the line open is not waited for; the count of tokens behind it is taken."""
    let_go = threading.Event()

    def chunks() -> Iterator[AIMessageChunk]:
        yield AIMessageChunk(content="{}", response_metadata={"finish_reason": "stop"})
        yield AIMessageChunk(content="", usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3})
        let_go.wait()

    got = list(in_time(chunks, Budget(3600, lambda: 0.0), finished))
    let_go.set()
    assert [c.content for c in got] == ["{}", ""]
