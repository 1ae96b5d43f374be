"""What people write in threads, in the campaign: the real conversation over a chat behind HTTP that fails by script."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.register import make_engine
from assistant.conversation.chat import Form, Growing, Press, Saying
from assistant.conversation.context import Context
from assistant.conversation.enterprise import Desk
from assistant.conversation.in_words import replies
from assistant.conversation.jobs import Later, WorkQueue
from assistant.conversation.post import Place, Post
from assistant.conversation.talk import Talk
from assistant.errors import Unavailable
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from tests.faults.doomed import Wrap
from tests.faults.post import Wire
from tests.register.company import RENEWAL

TEAM = "acme"
TEXTS = (
    "第 3 页看不清",
    "这份是旧版吧",
    "麻烦补一下签字",
    "两周后再交",
    "放在档案室 3 号柜",
    "https://example.cn/a 请看",
    "缺 2024 年的，请补",
)
"""Written under a card or under a list: a reason or a comment, later, a note, a link."""
_PATIENCE = 15.0


class HttpChat:
    """A chat that says everything once per key: it looks whether it stands there already, and nobody knows when a call breaks."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def say(self, place: Place, key: str, what: Saying) -> str:
        """Say it, unless it is there."""
        mark = mark_of(key)
        try:
            if self.wire.ask("GET", f"/{mark}")[0] == 404:
                status, wait = self.wire.ask("POST", "/said", {"id": mark, "recipient": place.user, "dedup": key})
                if status != 200:
                    raise Later(wait or 1.0)
        except OSError:
            raise Later(1.0) from None
        return mark

    def change(self, place: Place, ref: str, what: Saying) -> None:
        """Shown on the screen only."""

    def whisper(self, place: Place, what: Saying) -> None:
        """Seen by one person only."""

    def direct(self, place: Place) -> Place:
        """All places are direct here."""
        return place

    def open(self, press: Press, form: Form) -> None:
        """Nobody fills forms in here."""

    def who(self, team: str, user: str, keep: bool = False) -> str:
        """People go by their own names."""
        return user

    def user(self, team: str, person: str) -> str:
        """The same."""
        return person

    def fetch(self, team: str, file: dict[str, Any], limit: int) -> Any:
        """No files come this way."""
        raise NotImplementedError

    def working(self, place: Place, lang: str, title: str = "") -> None:
        """Not shown."""

    def idle(self, place: Place) -> None:
        """Not shown."""

    def answer(self, post: Post, key: str) -> Growing:
        """The guide answers nothing here; that is said once, like anything else."""
        return Told(self, post.place, key)

    def slots(self, place: Place, key: str, found: Sequence[Any], more: int, lang: str = "") -> None:
        """Said like anything else."""
        self.say(place, key, Saying())

    def settle(self, team: str) -> None:
        """Workers deliver."""

    def link(self, place: Place, ref: str) -> str:
        """None."""
        return ""


class Told:
    """An answer of which only counts that it was said."""

    def __init__(self, chat: HttpChat, place: Place, key: str) -> None:
        self.chat, self.place, self.key = chat, place, key

    def show(self, answer: Any) -> None:
        """Not shown before it is whole."""

    def finish(self, kept: Any, lang: str) -> None:
        """The whole answer."""
        self.chat.say(self.place, self.key, Saying())

    def say(self, what: Saying) -> None:
        """Words in its place."""
        self.chat.say(self.place, self.key, what)

    def stop(self) -> None:
        """Nothing was begun."""


class Away:
    """No index and no model: messages are read by their words alone."""

    def read(self, *given: Any, **more: Any) -> Any:
        """Not to be had."""
        raise Unavailable("cli.disk", where="—", what="—")

    ask = stream = read


class Worker:
    """One process's conversation, at a moment that stands still."""

    def __init__(self, service: RegisterService, address: str, guide: Guide, wire: Wire, wrap: Wrap, wall: datetime, name: str) -> None:
        self.store, self.wall = SqlStore(make_engine(address)), wall
        store = wrap(self.store)
        desk = Desk(TEAM, service, guide, RENEWAL, service.policy)
        self.work = WorkQueue(store, lambda: wall, name, threads=2)
        ctx = Context(
            assistant=Away(), guide=lambda edition=None: guide, desk=lambda team: desk, chat=HttpChat(wire), store=store,
            inbox=None, work=self.work, now=lambda: wall, lang="zh",  # type: ignore[arg-type]
        )  # fmt: skip
        self.talk = Talk(ctx).listen()

    def hear(self, person: str, thread: str, text: str, key: str) -> str:
        """Somebody writes in a thread that a message of the register began; what it is known by."""
        post = Post(TEAM, f"D{person}", person, key, thread, text, "direct", direct=True, reply=True, key=f"post:{key}", me="UBOT")
        self.talk.accept(post)
        self.drain()
        return post.key

    def press(self, person: str, key: str, of: str) -> str:
        """The reviewer says that it is a comment, for those who handed in."""
        place = Place(TEAM, person, f"D{person}", "", True)
        self.talk.press(Press(place, replies.COMMENT, f"reply:{of}", f"press:{key}", "ref"))
        self.drain()
        return key

    def drain(self) -> None:
        """What is stored is done, as far as it can be now."""
        self.work.sweep()
        until = time.monotonic() + _PATIENCE
        while not self.work.idle() and time.monotonic() < until:
            time.sleep(0.002)

    def close(self) -> None:
        """Let go of its threads and of the database."""
        self.work.close()
        self.store.engine.dispose()

    def left(self) -> int:
        """Jobs that wait, at this moment."""
        return len(self.store.take("nobody", self.wall, self.wall))


def mark_of(key: str) -> str:
    """What is said under a key, as the server knows it."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]
