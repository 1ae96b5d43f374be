"""The port ``Entailment``: one body for a chat model as the judge and for a cross-encoder."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant.adapters.models.entailment import CrossEncoderEntailment
from assistant.answers.passages import passages
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.entailment import Entailment, JudgedClaim, ModelEntailment
from assistant.answers.reply.check.lines import GuideLines
from assistant.guide import Guide

Judge = Callable[..., Entailment]


def by_model(*supported: bool, down: bool = False) -> Entailment:
    """A chat model that says so of each claim."""
    told = json.dumps({"verdicts": [{"claim": n, "why": "不是", "supported": s} for n, s in enumerate(supported, 1)]})

    def replies() -> Any:
        if down:
            raise ConnectionError("away")
        yield AIMessage(told)

    return ModelEntailment(Calls(GenericFakeChatModel(messages=replies()), "text"))


def by_encoder(*supported: bool, down: bool = False) -> Entailment:
    """A cross-encoder whose scores say so."""

    class Scores:
        def predict(self, pairs: list[tuple[str, str]], **_: Any) -> Any:
            if down:
                raise OSError("no weights")
            return np.asarray([float(s) for s, _ in zip(supported, pairs, strict=True)])

    judge = CrossEncoderEntailment("made")
    judge.__dict__ |= {"_model": Scores(), "_labels": [1]}
    return judge


@pytest.fixture(params=[by_model, by_encoder])
def judge(request: pytest.FixtureRequest) -> Judge:
    """What makes a judge of each kind."""
    made: Judge = request.param
    return made


@pytest.fixture(scope="module")
def lines(guide: Guide) -> GuideLines:
    """The lines that are cited."""
    return GuideLines(guide, passages(guide))


def claims(lines: GuideLines, count: int) -> list[JudgedClaim]:
    """Claims that cite one line each."""
    cited = list(lines.by_id.values())[:count]
    return [JudgedClaim("要什么？", f"说法{n}", (line,), (line.wording,)) for n, line in enumerate(cited)]


def test_each_claim_has_its_verdict_in_order(judge: Judge, lines: GuideLines) -> None:
    """Nothing for one that is supported, a reason for one that is not."""
    assert [bool(why) for why in judge(True, False, True).faults(claims(lines, 3), lines, Budget(5))] == [False, True, False]


def test_one_that_cannot_be_asked_is_no_verdict(judge: Judge, lines: GuideLines) -> None:
    """It says so, and takes no claim for supported or not."""
    with pytest.raises(NoReply):
        judge(True, down=True).faults(claims(lines, 1), lines, Budget(5))
