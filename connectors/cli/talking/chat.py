"""``aeo chat``: the same conversation as in Slack, on the terminal: questions, the register in words, files by their paths."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import typer

from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.inbox import inbox_of
from assistant.adapters.sql.register import open_register
from assistant.answers.answer import Answer
from assistant.app import Assistant
from assistant.conversation.chat import Press, words
from assistant.conversation.context import Context
from assistant.conversation.enterprise import Desk
from assistant.conversation.guide_asked.enquiries import hand_on, of_asker
from assistant.conversation.in_words.handing_in import links_in
from assistant.conversation.jobs import WorkQueue, worker_name
from assistant.conversation.meaning.picking import names_place
from assistant.conversation.meaning.whom import spellings
from assistant.conversation.meaning.wishes import wish_of
from assistant.conversation.post import Place, Post
from assistant.conversation.talk import Talk
from assistant.conversation.threads import asks_to_stop
from assistant.enterprises import Enterprises
from assistant.guide import Guide
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, Opened
from connectors.cli.output import write
from connectors.cli.talking.terminal import HERE, LEAD, TerminalChat

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
        self._passing = None if registered else TemporaryDirectory(ignore_cleanup_errors=True)
        self.register = open_register(f"sqlite:///{self._passing.name}/register.sqlite3") if self._passing else desk.register
        store = SqlStore(self.register.engine)
        self.chat = TerminalChat(self.me, settings.lang, read, self._people, store, _now)
        self.work = WorkQueue(store, _now, worker_name())
        self.ctx = Context(
            assistant=assistant, guide=assistant.guide, desk=self._desk, chat=self.chat, store=store,
            inbox=inbox_of(settings), work=self.work, now=_now, lang=settings.lang, origin="cli",
            sends="later" if settings.has_slack or settings.smtp_url is not None else "never",
        )  # fmt: skip
        self.talk = Talk(self.ctx).listen()
        self.chat.filled = self.talk.fill
        self.thread = uuid4().hex
        self._again = ""

    def begin(self) -> None:
        """What others said meanwhile, and what waits for an answer of this person."""
        self.chat.begin(self.team)

    def hear(self, line: str) -> None:
        """One line: the numbers of what is offered, the path of a file, or a message."""
        key = uuid4().hex
        numbers = line.replace("，", " ").replace(",", " ").split()
        if all(n.isdigit() for n in numbers):
            press = self.chat.chosen([int(n) for n in numbers], self.team, f"press:{key}")
            if press is not None:
                self._press(press, line)
                return
        files, text = _files(line)
        nowhere = next((w for w in line.split() if _PATH.fullmatch(w) or _SHARE.match(w)), "") if not files else ""
        if nowhere:
            name = "cli.chat.share" if _SHARE.match(nowhere) else "register.file_gone"
            write(say(name, self.settings.lang, where=nowhere))
            return
        press = self.chat.labelled(text, self.team, f"press:{key}") if not files else None
        if press is not None:
            self._press(press, line)
            return
        links = links_in(text)
        given = bool(files or links)
        if not given and self._answers(text, f"press:{key}"):
            return
        if given and names_place(_without(text, links)):
            self.chat.hint, text = _without(text, links), " ".join(links)
        try:
            self._said(files, text, key)
            if self.chat.hint:
                self._answers(self.chat.hint, f"press:{key}", loose=True)
        finally:
            self.chat.hint = ""

    def _answers(self, text: str, key: str, loose: bool = False) -> bool:
        """Whether words answer the choice that is open; it is done, or several that fit are asked about."""
        if not loose and not names_place(text, 0) and wish_of(text, names=spellings(self._people())) is not None:
            return False
        if loose and self.chat.narrowed(text) != 1:
            return False
        found = self.chat.named(text, self.team, key, loose)
        if isinstance(found, Press):
            self._press(found, text)
        return bool(found)

    def _press(self, press: Press, line: str) -> None:
        """Do it; where something else was shown since, say back first what it would do, and ask for the same again."""
        again, self._again = self._again, ""
        if press.ref != self.chat.shown and again != line:
            self._again = line
            write(say("cli.chat.earlier", self.settings.lang, line=line.strip(), what=self.chat.labels_of(press)))
        elif press.act == LEAD:
            self._to_lead(press.value)
        else:
            self.talk.press(press)
            self._wait()

    def _said(self, files: tuple[dict[str, Any], ...], text: str, key: str) -> None:
        post = Post(self.team, HERE, self.me, "", self.thread, text, "direct", True, True, files=files, key=f"post:{key}")
        self.talk.accept(post)
        self._wait()
        if of_asker(self.ctx, post) is not None:
            self.thread = uuid4().hex  # what follows is no part of that question

    def close(self) -> None:
        """Let go of everything."""
        self.work.close()
        if self._passing:
            self.register.close()
            self._passing.cleanup()

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
        return self.ctx.involved(self.team) if self.opened.has_profile else {}

    def _desk(self, team: str) -> Desk:
        opened = self.opened
        if opened.has_profile:
            return Desk(team, opened.service, opened.guide, opened.profile, opened.policy)
        nowhere = Enterprises(self.settings, self.register)
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

    def clauses(self, text: str) -> list[tuple[str, float]]:
        """As ``Assistant.clauses``."""
        return self._assistant.clauses(text)

    def ask(self, question: str, history: Any = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """As ``Assistant.ask``."""
        return self._assistant.ask(question, history, edition or self._edition, lang)

    def stream(self, question: str, history: Any = (), edition: str | None = None, lang: str | None = None) -> Any:
        """As ``Assistant.stream``."""
        return self._assistant.stream(question, history, edition or self._edition, lang)


_PATH = re.compile(r"(/|~/|\.{1,2}/|[A-Za-z]:[\\/])\S*\.\w{1,5}")
"""One word that can only be the path of a file."""
_SHARE = re.compile(r"\\\\\S+|(?!https?:)[a-z]{2,8}://\S+", re.IGNORECASE)
"""An address that is neither a web page nor a file here: a shared drive, file://, smb://."""
_INSIDE = re.compile(r"[~./\w:-]*/[\w./-]*\.\w{1,5}", re.ASCII)
"""A path that stands between other characters."""


def _typed(prompt: str) -> str:
    try:
        return input(prompt if sys.stdin.isatty() else "")
    except EOFError:
        return ""


def _files(line: str) -> tuple[tuple[dict[str, Any], ...], str]:
    """The files that a line names, and what it says beside them."""
    whole = line.strip()
    if _is_file(whole):
        return (_file(whole),), ""
    paths = [w for w in whole.split() if _is_file(w)] or [w for w in _INSIDE.findall(whole) if _is_file(w)]
    for path in paths:
        whole = whole.replace(path, " ", 1)
    return tuple(_file(path) for path in paths), whole.strip()


def _is_file(said: str) -> bool:
    try:
        return Path(said.strip("'\"")).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):  # too long for a path, a NUL in it, a home that nobody has
        return False


def _file(said: str) -> dict[str, Any]:
    path = Path(said.strip("'\"")).expanduser()
    return {"path": str(path), "name": path.name}


def _without(text: str, links: list[str]) -> str:
    for link in links:
        text = text.replace(link, " ")
    return text.strip()


def _now() -> datetime:
    return datetime.now(UTC)
