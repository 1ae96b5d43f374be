"""One message has one deadline and one count of wasted calls, however many sentences or families answer it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls
from assistant.answers.reply.calling.failures import NoReply, cause
from assistant.answers.reply.written.generate import WANTED
from assistant.answers.reply.written.prompting import REWRITTEN
from assistant.app import Assistant
from tests.answers.endpoint import Reply, endpoint
from tests.answers.scripted import body, is_check
from tests.answers.test_generate import with_model

SEVERAL = "门卫登记外来人员要留哪些记录？哪些条款提到了“应急预案”？"
"""A question and a listing: without a model each is answered by itself."""


def test_a_message_with_a_listing_is_asked_as_a_whole(assistant: Assistant) -> None:
    """The model gets all of it in one call."""
    with endpoint(lambda r, n: Reply(body(r, {"text": "要记访客姓名。", "quote": "应包括访客姓名"}))) as at:
        answer = with_model(assistant, at.address).ask(SEVERAL)
    assert [is_check(r) for r in at.requests] == [False, True]
    assert answer.mode == "generated"
    assert answer.model["calls"] == "2"


@pytest.mark.parametrize("reply", [Reply("no", status=401), Reply("{", slow=0.4), Reply("no", delay=9)])
def test_when_it_fails_the_sentences_are_answered_as_without_it(assistant: Assistant, reply: Reply) -> None:
    """Within one deadline, after one call; one sentence says so, and the cause is in ``model``."""
    without = assistant.ask(SEVERAL)
    with endpoint(lambda r, n: reply if reply.status != 200 or reply.delay else Reply("{" * 90, slow=0.4)) as at:
        began = time.monotonic()
        answer = with_model(assistant, at.address, chat_timeout=1.0).ask(SEVERAL)
        took = time.monotonic() - began
    assert len(at.requests) == 1
    assert took < 6
    assert answer.blocks[: len(without.blocks)] == without.blocks
    assert len(answer.blocks) == len(without.blocks) + 1
    assert answer.notices == ("models.chat",)
    assert answer.model["failed"] in ("key", "timeout")


def test_what_failed_for_one_part_is_not_asked_for_the_next() -> None:
    """The clock begins with the question, and a failure that nothing cures ends the asking."""
    now = [100.0]
    budget = Budget(5, lambda: now[0])
    assert budget.left == 5
    now[0] = 102.0
    budget.begin()
    now[0] = 104.0
    assert budget.left == 1
    budget.failed = NoReply("key")
    assert budget.failed.hopeless


def test_what_is_loaded_slowly_leaves_the_model_half_of_the_time() -> None:
    """The first question of a process is asked, too; once asked, nothing is added any more."""
    now = [100.0]
    budget = Budget(5, lambda: now[0])
    now[0] = 111.0
    budget.begin()
    assert budget.left == 2.5
    now[0] = 113.0
    budget.begin()
    assert budget.left == 0.5


def test_the_cause_is_that_of_the_last_call() -> None:
    """What two useless rewritings spent is no want of time: the answer is not tried, and says why."""

    class Chatter(BaseChatModel):
        @property
        def _llm_type(self) -> str:
            return "chatter"

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
            return ChatResult(generations=[ChatGeneration(message=AIMessage("Sure!"))])

    calls, budget = Calls(Chatter(), "auto"), Budget(60, lambda: 0.0)
    for wanted in (REWRITTEN, WANTED):
        with pytest.raises(NoReply, match="unreadable"):
            list(calls.ask([HumanMessage("?")], wanted, budget))
    assert budget.calls == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("the request exceeds the available context size, try increasing it", "too_long"),
        ("Range of input length should be [1, 6144]", "too_long"),
        ("input tokens exceed the configured limit", "too_long"),
        ("输入长度超过上限", "too_long"),
        ("Unsupported parameter: 'max_tokens' is not supported with this model", "form"),
        ("response_format: schema exceeds the maximum size", "form"),
        ("bad request", "error"),
    ],
)
def test_a_context_that_is_too_small_is_known_whatever_the_words(said: str, why: str) -> None:
    """A refusal that speaks of a size and of its bound, and of no option, is of the length: no second call cures it."""

    class Refused(Exception):
        status_code = 400

    assert cause(Refused(said)).why == why


def test_the_root_of_an_error_is_told_first() -> None:
    """A client's own words name neither DNS nor certificate; what they came from does."""

    class APIConnectionError(Exception):
        pass

    try:
        try:
            raise OSError("Name or service not known")
        except OSError as error:
            raise APIConnectionError("Connection error.") from error
    except APIConnectionError as error:
        failure = cause(error)
    assert failure.why == "unreachable"
    assert failure.detail == "OSError: Name or service not known < APIConnectionError: Connection error."
