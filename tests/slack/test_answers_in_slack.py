"""What people do with an answer: read a clause, say that it helps or not, hand a refusal on to the compliance lead; and streams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from assistant.guide import Guide
from connectors.slack.manifest import manifest
from tests.slack.conftest import shot
from tests.slack.loopback import LoopbackSlack, Person
from tests.slack.loopback.faults import api_error, reset
from tests.slack.loopback.model import Message
from tests.slack.stage import Stage


@pytest.fixture(scope="module")
def stage(guide: Guide) -> Iterator[Stage]:
    """One app with the manifest's rights, for all tests of this file."""
    with LoopbackSlack(manifest()) as slack:
        stage = Stage(slack, guide).start()
        stage.lead = slack.person("lead", real_name="李敏", email="lead@example.cn")  # type: ignore[attr-defined]
        yield stage
        stage.close()
        shot("answers", slack)
        assert slack.problems == []


@pytest.fixture
def slack(stage: Stage) -> Iterator[LoopbackSlack]:
    """A minute after the test before, so that Slack's pace holds nothing up."""
    stage.clock.at += timedelta(minutes=1)
    yield stage.slack
    stage.slack.faults.clear()


@pytest.fixture
def wang(slack: LoopbackSlack) -> Person:
    return slack.person("wang", real_name="王芳")


@pytest.fixture
def lead(stage: Stage) -> Person:
    person: Person = stage.lead  # type: ignore[attr-defined]
    return person


@pytest.fixture
def channel(slack: LoopbackSlack, wang: Person) -> str:
    return slack.channel("合规", wang)


def ask(slack: LoopbackSlack, wang: Person, channel: str, text: str) -> Message:
    return slack.wait_for_post(channel, wang.asks(channel, text).ts)


def test_a_clause_is_read_in_a_modal(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """The button of a cited clause opens every word of it."""
    answer = ask(slack, wang, channel, "24(3) 要什么？")
    wang.clicks(answer, "clause:24(3)")
    modal = wang.wait_for_modal("clause")
    shown = str(modal.body["blocks"])
    for section in stage.guide.clauses["24(3)"].sections:
        assert all(line in shown for r in section.requirements for line in r.text.split("\n"))
    wang.closes()


def test_a_late_click_is_told(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """A modal that Slack does not open any more is said to its person, not swallowed."""
    answer = ask(slack, wang, channel, "24(3) 要什么？")
    slack.faults.add("views.open", api_error("expired_trigger_id"))
    wang.clicks(answer, "clause:24(3)")
    assert "再点一次" in slack.wait(lambda: wang.whispers)[0].text


def test_thumbs(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """Up is thanked for; down asks why, wants a sentence with 其他, and is kept for the eval sets with the question and its answer."""
    answer = ask(slack, wang, channel, "24(3) 标识怎么管？")
    exchange = next(b for b in answer.blocks if b["type"] == "context_actions")["elements"][0]["negative_button"]["value"].split(":")[1]
    wang.clicks(answer, "feedback", f"up:{exchange}")
    assert slack.wait(lambda: wang.whispers)[0].text == "谢谢，记下了。"
    wang.clicks(answer, "feedback", f"down:{exchange}")
    wang.wait_for_modal("feedback_why")
    wang.submits({"why": "other"})
    assert wang.errors == {"more": "选“其他”时请写一句说明"}
    wang.submits({"why": "line_missing", "more": "少了发放记录 <!channel>"})
    assert wang.errors == {}
    kept = slack.wait(lambda: stage.inbox.entries())[-1]
    assert (kept.kind, kept.question, kept.reason) == ("thumbs_down", "24(3) 标识怎么管？", "漏了内容：少了发放记录 <!channel>")
    slack.wait(lambda: [m for m in wang.whispers if "管理员" in m.text])


def test_thanks_where_the_app_is_not(stage: Stage, slack: LoopbackSlack, wang: Person) -> None:
    """Under an answer to /aeo in a channel without the app the thanks stand there; when that address is gone, in a direct message."""
    closed = slack.channel("别的", wang, app=False)
    wang.slash("/aeo", "24(3) 标识怎么管？", closed)
    answer = slack.wait(lambda: [m for m in wang.whispers if "24(3)" in m.text and m.blocks])[0]  # the word that it is looked up has none
    exchange = next(b for b in answer.blocks if b["type"] == "context_actions")["elements"][0]["negative_button"]["value"].split(":")[1]
    wang.clicks(answer, "feedback", f"down:{exchange}")
    wang.wait_for_modal("feedback_why")
    wang.submits({"why": "outdated"})
    stage.idle()
    assert wang.whispers[-1].text == "谢谢，已转交管理员。"
    wang.clicks(answer, "feedback", f"down:{exchange}")
    wang.wait_for_modal("feedback_why")
    slack.run(slack.core.responses.clear)
    wang.submits({"why": "outdated"})
    stage.idle()
    assert wang.inbox[-1].text == "谢谢，已转交管理员。"


def test_a_refusal_is_handed_to_the_lead(stage: Stage, slack: LoopbackSlack, wang: Person, lead: Person, channel: str) -> None:
    """The lead hears who asks what, answers in the thread, and the asker gets the words as the lead's; the button is gone."""
    refusal = ask(slack, wang, channel, "围墙要多高？<!channel>")
    buttons = next(b for b in refusal.blocks if b["type"] == "actions")["elements"]
    assert [e["action_id"] for e in buttons] == ["clause:23(2)", "clause:24(3)", "ask_lead"]
    wang.clicks(refusal, "ask_lead")
    card = slack.wait_for_post(lead.dm, None, "围墙要多高")
    assert "<!channel>" not in card.text
    stage.idle()
    assert "ask_lead" not in str(refusal.blocks)
    assert "已转交合规负责人" in str(refusal.blocks)
    assert stage.inbox.entries()[-1].kind == "unanswered"
    lead.dms("按设计图，2.5 米。", thread=card.ts)
    passed = slack.wait_for_post(channel, refusal.thread, "2.5 米")
    assert passed.text.startswith(wang.mention)
    assert {wang.id, lead.id} <= {e.get("user_id") for part in passed.blocks[0]["elements"] for e in part["elements"]}
    assert "不是指南原文" in str(passed.blocks)
    slack.wait_for_post(lead.dm, card.ts, "已转交给提问人")
    lead.drops(lead.dm, "图.png", b"PNG", thread=card.ts)
    slack.wait_for_post(lead.dm, card.ts, "只能转文字")
    stage.idle()
    enquiry = stage.store.enquiry(slack.workspace.id, refusal.blocks[-1]["elements"][0]["positive_button"]["value"].split(":")[1])
    assert enquiry is not None
    assert (enquiry.answer, enquiry.answered_by) == ("按设计图，2.5 米。", lead.id)


def test_a_commands_refusal_is_handed_on_too(stage: Stage, slack: LoopbackSlack, wang: Person, lead: Person, channel: str) -> None:
    """What only its asker saw is changed for them, and the lead's reply comes as a direct message."""
    wang.slash("/aeo", "围墙谁来修？", channel)
    refusal = slack.wait(lambda: [m for m in wang.whispers if "没有规定" in m.text])[0]
    wang.clicks(refusal, "ask_lead")
    card = slack.wait_for_post(lead.dm, None, "围墙谁来修")
    slack.wait(lambda: "ask_lead" not in str(refusal.blocks))
    lead.dms("行政部。", thread=card.ts)
    slack.wait_for_post(wang.dm, None, "行政部")


def test_twice_or_without_a_lead(stage: Stage, slack: LoopbackSlack, wang: Person, lead: Person, channel: str) -> None:
    """A second click says so; a lead who is unknown or cannot be reached is said, and the button stays."""
    refusal = ask(slack, wang, channel, "围墙刷什么颜色？")
    before = len(slack.posts(lead.dm))
    slack.faults.add("conversations.open", api_error("user_disabled"))
    wang.clicks(refusal, "ask_lead")
    slack.wait(lambda: [m for m in wang.whispers if "暂时联系不上" in m.text])
    slack.faults.add("users.lookupByEmail", api_error("users_not_found"))
    wang.clicks(refusal, "ask_lead")
    slack.wait(lambda: [m for m in wang.whispers if "还没有设置合规负责人" in m.text])
    first, second = (wang.clicks(refusal, "ask_lead", wait=False) for _ in range(2))
    first.wait()
    second.wait()
    slack.wait(lambda: [m for m in wang.whispers if "已转交合规负责人，答复" in m.text])
    stage.idle()
    assert len(slack.posts(lead.dm)) == before + 1


def test_a_generated_answer_streams(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """Claims appear as they are verified, and the end has the quotes, buttons and feedback: one message."""
    asked = wang.asks(channel, "请归纳访客管理")
    answer = slack.wait_for_post(channel, asked.ts, "车辆也要登记")
    stage.idle()
    assert len(slack.posts(channel, asked.ts)) == 1
    ways = [c.method for c in slack.calls() if c.args.get("ts") == answer.ts or c.args.get("thread_ts") == asked.ts]
    ways.remove("agents.sessions.setStatus")  # processing
    assert ways == [
        "assistant.threads.setStatus",
        "chat.startStream",
        "chat.appendStream",
        "chat.appendStream",
        "chat.stopStream",
        "agents.sessions.setStatus",
    ]
    assert slack.sessions(channel, asked.ts) == ["processing", "active"]
    assert "实行访客登记管理" in answer.text
    assert answer.blocks[-1]["type"] == "context_actions"


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("fault", [api_error("message_not_in_streaming_state"), reset(stored=False), reset()])
def test_a_dead_stream_is_finished(stage: Stage, slack: LoopbackSlack, wang: Person, method: str, fault: object) -> None:
    """Wherever a stream dies, one message with the whole answer stands at the end."""
    slack.faults.add(method, fault)  # type: ignore[arg-type]
    asked = wang.dms("请归纳访客管理")
    slack.wait_for_post(wang.dm, asked.ts, "车辆也要登记")
    stage.idle()
    answers = slack.posts(wang.dm, asked.ts)
    assert len(answers) == 1
    assert slack.faults.left == 0
    assert answers[0].blocks[-1]["type"] == "context_actions"
    assert "出入登记记录" in answers[0].text


def test_a_stream_that_ran_out_of_time(stage: Stage, slack: LoopbackSlack, wang: Person) -> None:
    """After five minutes Slack ends a stream; the answer is completed by an update."""
    waits = iter([0, 0, 400, 0, 0])
    pause = stage.told._growing

    def slowly(question: str) -> Iterator[object]:
        for partial in pause(question):
            slack.advance(next(waits))
            yield partial

    stage.told._growing = slowly  # type: ignore[assignment,method-assign]
    asked = wang.dms("请归纳访客管理")
    answer = slack.wait_for_post(wang.dm, asked.ts, "出入登记记录")
    stage.told._growing = pause  # type: ignore[method-assign]
    assert slack.calls("chat.update", ts=answer.ts)


def test_a_reader_stops_a_stream(stage: Stage, slack: LoopbackSlack, wang: Person) -> None:
    """What its reader stopped stays as it is, and it is said that the work stopped."""
    pause = stage.told._growing

    def stopping(question: str) -> Iterator[object]:
        for number, partial in enumerate(pause(question)):
            if number == 2:
                wang.stops(slack.wait(lambda: slack.posts(wang.dm, asked.ts))[-1])
                slack.settle()
            yield partial

    stage.told._growing = stopping  # type: ignore[assignment,method-assign]
    asked = wang.dms("请归纳访客管理")
    stage.idle()
    stage.told._growing = pause  # type: ignore[method-assign]
    answer, said = slack.posts(wang.dm, asked.ts)
    assert "访客登记" in answer.text
    assert "已停止" in said.text
    assert not slack.calls("chat.update", ts=answer.ts)
    assert slack.calls("chat.stopStream", ts=answer.ts)
