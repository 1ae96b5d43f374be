"""The port ``Chat``: one body for Slack (on the loopback) and for the terminal of ``aeo chat``. What one can do, the other can too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from assistant.conversation.chat import Button, ChatItem, ChatQuote, Field, Form, Member, Saying, words
from assistant.conversation.context import Context
from assistant.conversation.post import Place
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.slots import Entry
from assistant.settings import Settings
from connectors.cli.opened import Opened
from connectors.cli.talking.chat import Session
from connectors.slack.calls.chat import context_of
from connectors.slack.manifest import manifest
from tests.slack.evidence.bureau import LEAD, LI, PDF, WANG, Bureau, words_of
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback.model import Message
from tests.slack.stage import Told

pytestmark = pytest.mark.thorough
SLOT = "24(3)/records/1@2022"


class World(Protocol):
    """One person, 王芳, who owns item 24, at a chat; and the compliance lead at another."""

    ctx: Context

    def says(self, text: str) -> str:
        """王芳 writes; everything that she sees since."""
        ...

    def gives(self, content: bytes, name: str) -> str:
        """She gives a file; what she sees since."""
        ...

    def presses(self, *labels: str) -> str:
        """She presses what is called so (options before, the button last); what she sees since."""
        ...

    def lead_replies(self, text: str) -> str:
        """The lead answers what was handed on, by the button; what 王芳 sees since."""
        ...

    def entry(self, slot: str) -> Entry:
        """A slot."""
        ...

    def place(self) -> Place:
        """Where she talks."""
        ...

    def seen(self) -> str:
        """What she sees since she looked last."""
        ...


class Slack:
    """Over the loopback Slack."""

    def __init__(self, bureau: Bureau, slack: LoopbackSlack) -> None:
        self.bureau, self.slack = bureau, slack
        people = [("wang", "王芳", WANG), ("li", "李雷", LI), ("lead", "赵合规", LEAD)]
        self.wang, self.li, self.lead = (slack.person(n, real_name=r, email=m) for n, r, m in people)
        bureau.planned().known(self.wang, self.li, self.lead)
        self.ctx = context_of(bureau.deps)
        self._looked: dict[str, str] = {}
        self._thread = ""

    def says(self, text: str) -> str:
        asked = self.wang.dms(text, self._thread or None)
        self._thread = self._thread or asked.ts
        return self._after()

    def gives(self, content: bytes, name: str) -> str:
        self.wang.drops(self.wang.dm, name, content)
        return self._after()

    def presses(self, *labels: str) -> str:
        message = next(m for m in reversed(self.slack.posts(self.wang.dm)) if self._button(m, labels[-1]))
        options = [self._option(message, label) for label in labels[:-1]]
        if options:
            self.wang.clicks(message, "talk_choice:for", options)
        self.wang.clicks(message, self._button(message, labels[-1]))
        return self._after()

    def lead_replies(self, text: str) -> str:
        card = self.slack.wait(lambda: [m for m in self.slack.posts(self.lead.dm) if self._button(m, "答复")])[-1]
        self.lead.clicks(card, self._button(card, "答复"))
        self.lead.wait_for_modal()
        self.lead.submits({"answer": text})
        return self._after()

    def entry(self, slot: str) -> Entry:
        return self.bureau.entry(slot)

    def place(self) -> Place:
        return Place(self.bureau.team, self.wang.id, self.wang.dm, direct=True)

    def seen(self) -> str:
        shown = {m.ts: words_of(m) + m.text for m in self.slack.messages(self.wang.dm) if m.bot}
        fresh = [text for ts, text in shown.items() if self._looked.get(ts) != text]
        self._looked = shown
        return "\n".join(fresh)

    def _after(self) -> str:
        self.bureau.idle()
        self.bureau.deliver()
        return self.seen()

    @staticmethod
    def _button(message: Message, label: str) -> str:
        found = [e for b in message.blocks if b["type"] == "actions" for e in b["elements"] if e.get("text", {}).get("text") == label]
        return str(found[0]["action_id"]) if found else ""

    @staticmethod
    def _option(message: Message, label: str) -> str:
        element = next(b["accessory"] for b in message.blocks if b.get("accessory"))
        groups = element.get("option_groups") or [{"options": element["options"]}]
        return next(str(o["value"]) for g in groups for o in g["options"] if label in o["text"]["text"])


class Terminal:
    """Over ``aeo chat``, on a home of its own."""

    def __init__(self, guide: Guide, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys, self.home = capsys, home
        home.mkdir(exist_ok=True)
        (home / "profile.yaml").write_text(
            f"enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\nlead: {LEAD}\n", encoding="utf-8"
        )
        self.settings = Settings(home=home, lead=LEAD)
        self.told = Told(guide)
        opened = Opened(self.settings, actor=LEAD)
        service = opened.synced()
        who = opened.who
        Owners(service).assign([Assignment("item", "24", owner=WANG, reviewer=LI)], who)
        for mail, name in ((WANG, "王芳"), (LI, "李雷"), (LEAD, "赵合规")):
            Owners(service).know(Person(mail, name), who)
        self.lines: list[str] = []
        self.session = self._session(WANG)
        self.ctx = self.session.ctx
        self.capsys.readouterr()

    def says(self, text: str) -> str:
        self.session.hear(text)
        return self.seen()

    def gives(self, content: bytes, name: str) -> str:
        (self.home / name).write_bytes(content)
        return self.says(str(self.home / name))

    def presses(self, *labels: str) -> str:
        return self._presses(self.session, labels)

    def lead_replies(self, text: str) -> str:
        other = self._session(LEAD)
        other.begin()
        self.capsys.readouterr()
        self.lines.append(text)
        self._presses(other, ["答复"])
        other.close()
        self.session.begin()
        return self.seen()

    def entry(self, slot: str) -> Entry:
        return Opened(self.settings).service.entry(slot)

    def place(self) -> Place:
        return Place(self.session.team, WANG)

    def seen(self) -> str:
        return self.capsys.readouterr().out

    def _session(self, actor: str) -> Session:
        return Session(self.settings, self.told, Opened(self.settings, actor=actor), lambda prompt: self.lines.pop(0))

    def _presses(self, session: Session, labels: Any) -> str:
        numbers = []
        for label in labels:
            found = [
                n for n, o in session.chat.offers.items() if (label == o.button.label if o.button else label in session.chat.labels[n])
            ]
            numbers.append(str(found[-1] if label == labels[-1] else found[0]))
        session.hear(" ".join(numbers))
        return self.seen()


@pytest.fixture(params=["slack", "terminal"])
def world(request: pytest.FixtureRequest, guide: Guide, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[World]:
    """王芳 at each of them."""
    if request.param == "terminal":
        terminal = Terminal(guide, tmp_path / "home", capsys)
        yield terminal
        terminal.session.close()
        return
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide).start()
        yield Slack(bureau, slack)
        bureau.close()
        assert slack.problems == []


def test_a_question_and_a_follow_up(world: World) -> None:
    """Answered with the guide's words; what follows is asked with what came before."""
    assert "进入安全" in world.says("24(3) 要什么记录？")
    world.says("那保存多久？")
    told: Any = world.ctx.assistant
    assert told.asked[-1] == ("那保存多久？", ("24(3) 要什么记录？",))


def test_a_question_for_the_lead(world: World) -> None:
    """What the guide does not say is handed on, answered by the lead's form, and comes back as the lead's words; closing ends it."""
    assert "没有规定" in world.says("围墙要多高？")
    assert "已转交合规负责人" in world.presses("问合规负责人")
    back = world.lead_replies("2.5 米。")
    assert "2.5 米" in back
    assert "不是指南原文" in back
    assert "已结束" in world.presses("结束咨询")


def test_a_question_for_the_lead_in_words(world: World) -> None:
    """Where the guide does not answer, 转给合规负责人 hands the question on as the button does; the lead's words come back."""
    assert "没有规定" in world.says("围墙要多高？")
    assert "已转交合规负责人" in world.says("把这个问题转给合规负责人")
    back = world.lead_replies("2.5 米。")
    assert "围墙要多高" in back
    assert "2.5 米" in back


def test_a_button_by_its_name(guide: Guide, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal what is offered is also done by its words."""
    terminal = Terminal(guide, tmp_path / "home", capsys)
    terminal.says("围墙要多高？")
    assert "已转交合规负责人" in terminal.says("问合规负责人")
    assert "24(3)" in terminal.says("24(3) 要什么记录？")
    terminal.session.close()


def test_the_register_in_words(world: World) -> None:
    """What is mine, what is missing, how one clause stands, how far it is."""
    assert "您负责" in world.says("我负责哪些")
    assert "未提交" in world.says("还缺什么")
    stands = world.says("24(3)交了吗")
    assert "24(3)" in stands
    assert "王芳" in stands
    assert "应交" in world.says("进度怎么样")
    assert "我会问交给哪一项" in world.says("怎么交材料")


def test_a_file_is_handed_in(world: World) -> None:
    """Asked what it is for, then taken, and said so; a refused one is refused at once."""
    assert "程序或脚本" in world.gives(b"MZ", "run.exe")
    assert "登记.pdf" in world.gives(PDF, "登记.pdf")
    said = world.presses("24(3) 抽查记录（1）（2022 年）", "提交")
    assert "已接收 24(3) 抽查记录（1）（2022 年）" in said
    entry = world.entry(SLOT)
    assert (entry.state.name, entry.state.submitters) == ("submitted", (WANG,))


def test_say_change_whisper_direct(world: World) -> None:
    """Once per key; changed in place; people, quotes and buttons are drawn; a whisper reaches its person; one may be written to directly."""
    chat, place = world.ctx.chat, world.place()
    what = Saying(
        head=("要紧：", Member(place.user)),
        parts=(ChatQuote("原话"), ChatItem(("一项",))),
        buttons=(Button("ask_drop", "算了"),),
        note="附注",
    )
    ref = chat.say(place, "k1", what)
    shown = world.seen()
    for part in ("要紧", "原话", "一项", "算了", "附注"):
        assert part in shown
    assert chat.say(place, "k1", what) == ref
    assert world.seen() == ""
    chat.change(chat.direct(place), ref, words("改好了"))
    assert "改好了" in world.seen()
    chat.whisper(place, words("悄悄话"))
    assert "悄悄话" in world.seen()
    assert chat.direct(place).user == place.user
    assert chat.who(place.team, chat.user(place.team, WANG)) == WANG


def test_a_form_comes_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fields are asked for, and what was filled in comes back with what it remembered."""
    from assistant.conversation import talk

    given: list[tuple[dict[str, Any], str]] = []
    form = Form("test_form", "试一试", "好", (Field("what", "写什么"),), memory="m1")
    opened: Callable[..., Form | None] = lambda ctx, press: form  # noqa: E731
    monkeypatch.setitem(talk.OPENED, "test_open", opened)
    monkeypatch.setitem(talk.SENT, "test_form", lambda ctx, filled: given.append((filled.values, filled.memory)))
    world.ctx.chat.say(world.place(), "k2", words("请填写", buttons=(Button("test_open", "填写"),)))
    if isinstance(world, Terminal):
        world.lines.append("三份")
        world.presses("填写")
    else:
        assert isinstance(world, Slack)
        world.presses("填写")
        world.wang.wait_for_modal()
        world.wang.submits({"what": "三份"})
    assert given == [({"what": "三份"}, "m1")]
