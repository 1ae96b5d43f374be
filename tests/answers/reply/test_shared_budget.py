"""One message has one deadline and one count of wasted calls, however many sentences or families answer it."""

from __future__ import annotations

import time

import pytest

from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply
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
    now[0] = 104.0
    assert budget.left == 1
    budget.failed = NoReply("key")
    assert budget.failed.hopeless
