"""A model that takes less than the guide: what it is given is counted, every likely clause is whole, or the guide's words are served."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.editions import Editions
from assistant.answers.answer import Turn
from assistant.answers.passages import passages
from assistant.answers.reply.calling.room import reserved, talk, tokens
from assistant.answers.reply.check.lines import GuideLines
from assistant.app import Assistant
from assistant.guide import Guide
from assistant.settings import Settings
from ingest.pipeline import ingest
from tests.answers.endpoint import Endpoint, Reply, endpoint
from tests.answers.scripted import body
from tests.answers.test_generate import GOOD, QUESTION, with_model
from tests.conftest import NOW, copied
from tests.ingest.small import small_guide
from tests.ingest.test_families import BROKER
from tests.thin import thin_bank

PARTS = ["访客登记要留哪些记录？", "数据要存几年？"]
MESSAGE = "两件事：门卫登记外来人员要留哪些记录？系统里的数据要存几年？"
DATA = {"text": "数据存储3年以上。", "quote": "数据存储3年以上"}


def rewriting(*questions: str, answer: Callable[[dict[str, Any]], str] = lambda r: body(r, GOOD)) -> Callable[[dict[str, Any], int], Reply]:
    """A model that writes the message out as these questions when it is asked to."""

    def script(request: dict[str, Any], number: int) -> Reply:
        if "You prepare a search" in request["messages"][0]["content"]:
            return Reply(json.dumps({"questions": questions}, ensure_ascii=False))
        return Reply(answer(request))

    return script


def counted(at: Endpoint, context: int) -> None:
    """Every request leaves room for its reply."""
    for request in at.requests:
        assert sum(tokens(m["content"]) for m in request["messages"]) + reserved(context) <= context


def whole_clauses(system: str, guide: Guide) -> list[str]:
    """The clauses of a prompt; each stands there with all of its lines."""
    lines = GuideLines(guide, passages(guide))
    given = re.findall(r"^## (\S+) ", system, re.M)
    assert all("\n".join(lines.printed(clause)) in system for clause in given)
    return given


@pytest.mark.parametrize("context", [4_096, 8_192])
def test_the_likely_clauses_of_every_part_are_whole(assistant: Assistant, context: int) -> None:
    """Several things asked at once: the best clause of each is there with all its lines, and nothing is longer than the model takes."""
    with endpoint(rewriting(*PARTS)) as at:
        answer = with_model(assistant, at.address, chat_context=context).ask(MESSAGE)
    assert answer.mode == "generated"
    counted(at, context)
    given = whole_clauses(at.requests[1]["messages"][0]["content"], assistant.edition().guide)
    assert {"24(3)", "10"} <= set(given)
    assert (len(given) > 6) == (context > 8_000)


@pytest.mark.parametrize(("question", "context"), [(QUESTION, 2_000), (f"{'我们公司的情况是这样的，' * 150}{QUESTION}", 4_096)])
def test_what_has_no_room_is_not_asked_for(assistant: Assistant, question: str, context: int) -> None:
    """Rules alone, or a message that is too long: no model is asked with no guide before it, which would find everything silent."""
    with endpoint(rewriting(QUESTION)) as at:
        answer = with_model(assistant, at.address, chat_context=context).ask(question)
    assert not at.requests
    assert answer.mode != "generated"
    assert answer.notices == ("models.chat",)
    assert answer.model["failed"] == "too_long"


def test_a_list_that_does_not_fit_is_the_guides_own(assistant: Assistant) -> None:
    """All clauses of a list are needed to list them: the list that was looked up is served whole."""
    question = "哪些条款提到了重新认证企业？"
    without = assistant.ask(question)
    assert without.mode == "lookup"
    with endpoint(rewriting(question)) as at:
        answer = with_model(assistant, at.address, chat_context=8_192).ask(question)
    assert answer.clauses == without.clauses
    assert answer.model["failed"] == "too_long"


def test_a_long_conversation_leaves_the_guide_its_room(assistant: Assistant) -> None:
    """Old turns go first, of the newest its beginning stays; beside the whole guide as much as fits, so that the prefix stays the same."""
    said = assistant.ask("24(3)")
    history = tuple(Turn(question=f"第{n}问：{'请逐条说明，' * 150}", answer=said) for n in range(4))
    for context in (8_192, 32_000):
        with endpoint(rewriting(*PARTS)) as at:
            answer = with_model(assistant, at.address, chat_context=context).ask(QUESTION, history)
        assert answer.mode == "generated"
        counted(at, context)
        asked = next(r for r in at.requests if "You answer a company" in r["messages"][0]["content"])
        assert "第3问" in asked["messages"][1]["content"]
        assert "24(3)" in whole_clauses(asked["messages"][0]["content"], assistant.edition().guide)
    assert "all of it, every clause" in asked["messages"][0]["content"]
    assert "第0问" not in asked["messages"][1]["content"]


def test_the_conversation_is_cut_to_its_room(assistant: Assistant) -> None:
    """Whole turns, newest first; never more than the room."""
    history = tuple(Turn(question=f"第{n}问", answer=assistant.ask("24(3)")) for n in range(6))
    assert [f"第{n}问" in talk(history) for n in range(6)] == [False, False, True, True, True, True]
    for room in (50, 700, 1_500):
        assert tokens(talk(history, room)) <= room
    assert "第5问" in talk(history, 50)
    assert talk((), 50) == "—"


def test_a_repair_that_does_not_fit_is_not_asked_for(assistant: Assistant) -> None:
    """The sentences that stand are shown; the model gets no request that is longer than it takes."""
    bad = {"text": f"访客登记保存5年。{'而且要写得很详细，' * 240}", "quote": GOOD["quote"]}
    with endpoint(rewriting(*PARTS, answer=lambda r: body(r, GOOD, bad))) as at:
        answer = with_model(assistant, at.address, chat_context=4_096, check_model="rules").ask(QUESTION)
    assert answer.mode == "generated"
    assert "5年" not in answer.answer
    assert len(at.requests) == 2


@pytest.fixture(scope="module")
def both(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two families in force: the general guide, and a small one."""
    folder = tmp_path_factory.mktemp("both")
    copied(ingested, folder / "home")
    broker = folder / "broker.txt"
    broker.write_text(small_guide(folder).read_text(encoding="utf-8").replace("测试指南", BROKER), encoding="utf-8")
    settings = Settings(home=folder / "home")
    with thin_bank(refusals=20):
        ingest(broker, settings, NOW, "broker")
    store = Editions(settings.home)
    store.activate(store.manifest("broker"), NOW)
    return settings


def asked_by(both: Settings, address: str, **changed: object) -> Assistant:
    """All families, answered by the model at an address."""
    return Assistant(both.model_copy(update={"chat_model": "scripted", "chat_base_url": address, "chat_context": 8_192} | changed))


def guides_asked(at: Endpoint) -> list[str]:
    """The rules and guide of each request for an answer."""
    return [r["messages"][0]["content"] for r in at.requests if "You answer a company" in r["messages"][0]["content"]]


@pytest.mark.thorough
def test_two_families_are_each_asked_with_their_own_guide(both: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that fits is given whole, the other by its likely clauses; each under its own title, counted, within one budget.

    How unlikely a family may be and still be asked is no matter here.
    """
    monkeypatch.setattr("assistant.answers.together.ASKED", 0.0)
    with endpoint(rewriting("访客登记要留哪些记录？", answer=lambda r: body(r, {"text": "要登记访客姓名。", "quote": "访客姓名"}))) as at:
        assistant = asked_by(both, at.address)
        answer = assistant.ask(QUESTION)
    assert answer.mode == "generated"
    assert {"24(3)", "报关:2(2)"} <= set(answer.clauses)
    counted(at, 8_192)
    systems = guides_asked(at)
    given = {edition.guide.title: edition.guide for edition in assistant._families()}
    assert len(systems) == len(given) == 2
    for title, guide in given.items():
        (system,) = (s for s in systems if f"《{title}》" in s)
        found = whole_clauses(system, guide)
        assert ("all of it, every clause" in system) == (len(found) == len(guide.clauses)) == (title != assistant.edition().guide.title)


@pytest.mark.thorough
@pytest.mark.parametrize("reply", [Reply("no", status=500), Reply("no", delay=9), Reply("nothing that can be read")])
def test_what_fails_for_one_family_is_not_asked_for_the_next(both: Settings, reply: Reply) -> None:
    """One deadline and two wasted calls for all families, whose own words are served then, as without a model."""
    without = Assistant(both).ask(QUESTION)
    with endpoint(lambda r, n: reply) as at:
        began = time.monotonic()
        answer = asked_by(both, at.address, chat_timeout=2.0, chat_context=32_000).ask(QUESTION)
        took = time.monotonic() - began
    assert len(at.requests) <= 2
    assert took < 8
    assert answer.clauses == without.clauses
    assert answer.mode == "extractive"
