"""``aeo chat``: the same conversation as in Slack, on the terminal: questions, the register in words, files by their paths."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer

from assistant.adapters.memory.conversation import MemoryStore
from assistant.adapters.memory.register import MemoryRegister
from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.inbox import inbox_of
from assistant.answers.answer import Answer
from assistant.app import Assistant
from assistant.conversation.chat import words
from assistant.conversation.context import Context
from assistant.conversation.enquiries import hand_on
from assistant.conversation.enterprise import Desk
from assistant.conversation.jobs import WorkQueue, worker_name
from assistant.conversation.post import Place, Post
from assistant.conversation.talk import Talk
from assistant.conversation.threads import asks_to_stop
from assistant.enterprises import Enterprises
from assistant.guide import Guide
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.letters import Letters
from connectors.cli.opened import ACTOR_OPTION, Opened
from connectors.cli.output import write
from connectors.cli.terminal import HERE, LEAD, TerminalChat

with suppress(ImportError):  # not every system has one
    import readline  # noqa: F401 - from here on what is typed can be edited, and the lines before come back by the arrow keys

_LOOK = 0.02  # seconds between two looks at what came in


def chat(edition: str = typer.Option(None, "--edition"), actor: str = ACTOR_OPTION) -> None:
    """Ask, see and hand in evidence; an empty line or Ctrl-D ends it."""
    settings = load_settings()
    assistant = Assistant(settings)
    assistant.edition(edition)
    session = Session(settings, _Of(assistant, edition), Opened(settings, actor=actor), _typed)
    try:
        session.begin()
        while (line := _typed(say("cli.chat_prompt", settings.lang))).strip():
            session.hear(line)
    finally:
        session.close()
    if sys.stdin.isatty():
        write()


class Session:
    """One person's conversation at a terminal."""

    def __init__(self, settings: Settings, assistant: Any, desk: Opened, read: Callable[[str], str]) -> None:
        self.settings, self.opened = settings, desk
        registered = desk.has_profile
        self.me = desk.who.actor if registered else HERE
        self.team = desk.profile.key if registered else HERE
        store = SqlStore(desk.register.engine) if registered else MemoryStore()
        letters = Letters(settings.home / "letters" if registered else None)
        self.chat = TerminalChat(self.me, letters, settings.lang, read, self._people)
        self.work = WorkQueue(store, _now, worker_name())
        self.ctx = Context(
            assistant=assistant, guide=assistant.guide, desk=self._desk, chat=self.chat, store=store,
            inbox=inbox_of(settings), work=self.work, now=_now, lang=settings.lang, origin="cli",
            sends="later" if settings.has_slack or settings.smtp_url is not None else "never",
        )  # fmt: skip
        self.talk = Talk(self.ctx).listen()
        self.chat.filled = self.talk.fill
        self.thread = uuid4().hex

    def begin(self) -> None:
        """What others said meanwhile, and what waits for an answer of this person."""
        self.chat.begin()

    def hear(self, line: str) -> None:
        """One line: the numbers of what is offered, the path of a file, or a message."""
        key = uuid4().hex
        numbers = line.replace("，", " ").replace(",", " ").split()
        if all(n.isdigit() for n in numbers):
            press = self.chat.chosen([int(n) for n in numbers], self.team, f"press:{key}")
            if press is not None:
                if press.act == LEAD:
                    self._to_lead(press.value)
                else:
                    self.talk.press(press)
                    self._wait()
                return
        files = _files(line)
        if not files and _PATH.fullmatch(line.strip()):
            write(say("register.file_gone", self.settings.lang, where=line.strip()))
            return
        text = "" if files else line.strip()
        post = Post(self.team, HERE, self.me, "", self.thread, text, "direct", True, True, files=files, key=f"post:{key}")
        self.talk.accept(post)
        self._wait()

    def close(self) -> None:
        """Let go of everything."""
        self.work.close()

    def _wait(self) -> None:
        """Until what was said is answered; Ctrl-C stops the answer and not the conversation."""
        while not self.work.idle():
            try:
                time.sleep(_LOOK)
            except KeyboardInterrupt:
                asks_to_stop(self.ctx.store, self.team, HERE, self.thread, self.me, _now())

    def _to_lead(self, exchange: str) -> None:
        found = self.ctx.store.exchange(self.team, exchange)
        outcome = hand_on(self.ctx, self.team, found, self.me) if found else "gone"
        self.chat.whisper(Place(self.team, self.me), words(say(f"slack.lead.{outcome}", self.settings.lang)))
        self.thread = uuid4().hex  # what follows is no part of that question

    def _people(self) -> dict[str, Any]:
        return self.ctx.people(self.team) if self.opened.has_profile else {}

    def _desk(self, team: str) -> Desk:
        opened = self.opened
        if opened.has_profile:
            return Desk(team, opened.service, opened.guide, opened.profile, opened.policy)
        nowhere = Enterprises(self.settings, MemoryRegister())
        return Desk(team, nowhere.opened(team, self.settings.lead, nowhere.zone), opened.guide, None, nowhere.policy)


class _Of:
    """An assistant that answers from one edition."""

    def __init__(self, assistant: Assistant, edition: str | None) -> None:
        self._assistant, self._edition = assistant, edition

    def edition(self, name: str | None = None) -> Any:
        """The named edition, else the one that was asked for."""
        return self._assistant.edition(name or self._edition)

    def guide(self, name: str | None = None) -> Guide:
        """The named edition's guide, else that of the one that was asked for, else of all in force."""
        return self._assistant.guide(name or self._edition)

    def read(self, question: str, history: Any = (), edition: str | None = None, lang: str | None = None) -> Any:
        """As ``Assistant.read``."""
        return self._assistant.read(question, history, edition or self._edition, lang)

    def ask(self, question: str, history: Any = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """As ``Assistant.ask``."""
        return self._assistant.ask(question, history, edition or self._edition, lang)

    def stream(self, question: str, history: Any = (), edition: str | None = None, lang: str | None = None) -> Any:
        """As ``Assistant.stream``."""
        return self._assistant.stream(question, history, edition or self._edition, lang)


_PATH = re.compile(r"(/|~/|\.{1,2}/|[A-Za-z]:[\\/])\S*\.\w{1,5}")
"""One word that can only be the path of a file."""


def _typed(prompt: str) -> str:
    try:
        return input(prompt if sys.stdin.isatty() else "")
    except EOFError:
        return ""


def _files(line: str) -> tuple[dict[str, Any], ...]:
    """The files that a line names, when it names nothing else."""
    whole = line.strip().strip("'\"")
    try:
        words_ = [whole] if Path(whole).expanduser().is_file() else [w.strip("'\"") for w in line.split()]
        paths = [Path(w).expanduser() for w in words_]
        there = bool(paths) and all(p.is_file() for p in paths)
    except (OSError, ValueError, RuntimeError):  # too long for a path, a NUL in it, a home that nobody has
        return ()
    return tuple({"path": str(p), "name": p.name} for p in paths) if there else ()


def _now() -> datetime:
    return datetime.now(UTC)
