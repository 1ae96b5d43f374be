"""Questions end to end: mention, direct message, follow-ups, command, shortcut, messages tab; each ends in an answer or a word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from connectors.slack.manifest import manifest
from tests.slack.conftest import shot
from tests.slack.loopback import LoopbackSlack, Person
from tests.slack.stage import Stage


@pytest.fixture(scope="module")
def stage(guide: Guide) -> Iterator[Stage]:
    """One app with the manifest's rights, for all tests of this file."""
    with LoopbackSlack(manifest()) as slack:
        stage = Stage(slack, guide).start()
        yield stage
        stage.close()
        shot("questions", slack)
        assert slack.problems == []


@pytest.fixture
def slack(stage: Stage) -> LoopbackSlack:
    return stage.slack


@pytest.fixture
def wang(slack: LoopbackSlack) -> Person:
    return slack.person("wang", real_name="王芳", email="wang@example.cn")


@pytest.fixture
def channel(slack: LoopbackSlack, wang: Person) -> str:
    return slack.channel("合规", wang)


def test_a_mention_is_answered_in_its_thread(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """Status, then the answer with its sources, a button for the clause, the edition and feedback; once, though told of twice."""
    asked = wang.asks(channel, "访客登记要留哪些记录？")
    answer = slack.wait_for_post(channel, asked.ts, "访客")
    stage.idle()
    assert slack.statuses(channel, asked.ts) == ["正在查指南…", ""]
    assert [m.ts for m in slack.posts(channel)] == [answer.ts]
    footer = next(b for b in answer.blocks if b["type"] == "context")["elements"]
    assert "24(3)" in footer[0]["text"]
    assert "版本 2018-177" in footer[1]["text"]
    assert [b["type"] for b in answer.blocks][-3:] == ["actions", "context", "context_actions"]
    assert "<@" not in answer.text


def test_follow_ups_need_no_mention_until_told_to_stop(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """In a thread that was answered the talk goes on with its history; after 停 it is quiet until it is named again."""
    asked = wang.asks(channel, "24(3) 要什么？")
    slack.wait_for_post(channel, asked.ts)
    wang.says(channel, "那保存多久？", thread=asked.ts)
    slack.wait_for_post(channel, asked.ts, count=2)
    assert stage.told.asked[-1] == ("那保存多久？", ("24(3) 要什么？",))
    wang.says(channel, "好的，停，谢谢", thread=asked.ts)
    wang.says(channel, "不用了", thread=asked.ts)
    slack.wait_for_post(channel, asked.ts, "不再回复")
    wang.says(channel, "还有谁来？", thread=asked.ts)
    stage.idle()
    assert len(slack.posts(channel, asked.ts)) == 3
    wang.asks(channel, "那车辆呢？", thread=asked.ts)
    slack.wait_for_post(channel, asked.ts, count=4)
    wang.says(channel, "标识呢？", thread=asked.ts)
    slack.wait_for_post(channel, asked.ts, count=5)


def test_talk_between_people_is_left_alone(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """No word to: posts outside of threads, other threads, replies that name others, small talk, edits, joins."""
    wang.says(channel, "24(3) 谁来准备？")
    other = wang.says(channel, "下午开会")
    wang.says(channel, "几点？", thread=other.ts)
    asked = wang.asks(channel, "24(3) 要什么？")
    slack.wait_for_post(channel, asked.ts)
    wang.says(channel, "中午吃什么午饭", thread=asked.ts)
    wang.says(channel, "<@U0OTHER1> 你怎么看 24(3)", thread=asked.ts)
    wang.edits(asked, "24(4) 要什么？")
    stage.idle()
    assert len(slack.posts(channel)) == 1
    assert slack.statuses(channel, asked.ts)[-1] == ""


def test_a_direct_message_is_answered(stage: Stage, slack: LoopbackSlack, wang: Person) -> None:
    """Every direct message gets a word: answer, refusal, help, 停, a file that nothing waits for."""
    first = wang.dms("24(3)")
    slack.wait_for_post(wang.dm, first.ts, "24(3)")
    wang.dms("标识呢？", thread=first.ts)
    slack.wait_for_post(wang.dm, first.ts, count=2)
    assert stage.told.asked[-1] == ("标识呢？", ("24(3)",))
    assert "怎么" not in slack.wait_for_post(wang.dm, wang.dms("帮助").ts, "按条款号查").text
    slack.wait_for_post(wang.dm, wang.dms("停").ts, "需要时直接写问题就行")
    slack.wait_for_post(wang.dm, wang.dms("谢谢").ts, "不是关于指南")
    dropped = wang.drops(wang.dm, "记录.pdf", b"%PDF")
    slack.wait_for_post(wang.dm, dropped.ts, "文件未保存")
    stage.idle()


def test_an_error_ends_in_an_apology(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """Whatever breaks, who asked hears so with a reference, and not what broke."""
    asked = wang.asks(channel, "坏了吗？")
    told = slack.wait_for_post(channel, asked.ts, "抱歉")
    assert "index" not in told.text
    assert "编号" in told.text


def test_the_command_answers_its_person_only(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """/aeo is acknowledged at once and answered where only its person sees it, without history; alone it explains itself."""
    delivery = wang.slash("/aeo", "24(3) 要什么？", channel)
    assert str(delivery.answer).startswith("您问：24(3) 要什么？")
    answer = slack.wait(lambda: [m for m in wang.whispers if "24(3)" in m.text and m.blocks])[0]
    assert "仅您可见" in str(answer.blocks)
    assert "24(3) 要什么？" in str(answer.blocks)
    assert "按条款号查" in str(wang.slash("/aeo", "", channel).answer)
    stage.idle()
    assert slack.posts(channel) == []
    assert stage.told.asked[-1][1] == ()


def test_the_shortcut_answers_under_the_message(stage: Stage, slack: LoopbackSlack, wang: Person, channel: str) -> None:
    """问这一条 answers in the thread of the message it was used on; where the app may not write, as a direct message."""
    li = slack.person("li")
    said = wang.says(channel, "24(3) 谁来准备？")
    wang.shortcut("ask_this", said)
    slack.wait_for_post(channel, said.ts, "24(3)")
    closed = slack.channel("别的", li, app=False)
    there = li.says(closed, "24(3) 保存多久？")
    li.shortcut("ask_this", there)
    moved = slack.wait_for_post(li.dm, None, "24(3)")
    assert f"<#{closed}>" in str(moved.blocks)
    li.dms("标识呢？", thread=moved.ts)
    slack.wait_for_post(li.dm, moved.ts)
    assert stage.told.asked[-1] == ("标识呢？", ("24(3) 保存多久？",))
    empty = wang.says(channel, "")
    wang.shortcut("ask_this", empty)
    assert slack.wait(lambda: wang.whispers)[-1].text == "这条消息里没有可以查的文字。请写下问题再发。"


def test_the_messages_tab_suggests_questions(stage: Stage, slack: LoopbackSlack, wang: Person) -> None:
    """Opening the messages tab offers prompts; the legacy side panel gets the same in its thread; the Home tab none."""
    wang.opens_home("home")
    wang.opens_home("messages")
    prompts = slack.wait(lambda: slack.core.prompts.get((wang.dm, "")))
    assert [p["title"] for p in prompts] == ["访客登记", "按条款号查", "适用条件"]
    with slack.allowing_problems():
        events, slack.setup.events = slack.setup.events, None
        root = wang.opens_assistant()
        slack.setup.events = events
    assert slack.wait(lambda: slack.core.prompts.get((wang.dm, root))) == prompts


def test_a_long_answer_is_several_messages(stage: Stage, slack: LoopbackSlack, wang: Person) -> None:
    """What does not fit into one message goes on in the next; buttons and feedback stand under the last."""
    asked = wang.dms("列出全部条款")
    stage.idle()
    *first, last = slack.posts(wang.dm, asked.ts)
    assert first
    assert all(block["type"] == "rich_text" for message in first for block in message.blocks)
    menu = next(b for b in last.blocks if b["type"] == "actions")["elements"]
    assert menu[0]["type"] == "static_select"
    wang.clicks(last, "clause_menu", menu[0]["options"][0]["value"])
    assert wang.wait_for_modal("clause")
