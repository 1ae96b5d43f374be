"""The app, running: put together from settings, connected by socket or HTTP, and ended without losing what it was told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App

from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.inbox import inbox_of
from assistant.conversation.context import Asking
from assistant.conversation.jobs import Later, WorkQueue, worker_name
from assistant.conversation.talk import Talk
from assistant.edition import Edition, LazySearcher
from assistant.enterprises import Desks, Enterprises
from assistant.errors import SettingsError
from assistant.settings import Settings
from connectors.serving.endpoint import Endpoint
from connectors.serving.rounds import Rounds
from connectors.slack.app import Part, build
from connectors.slack.calls.chat import context_of
from connectors.slack.calls.courier import courier_of
from connectors.slack.context import Deps
from connectors.slack.listeners import editions
from connectors.slack.listeners.asking import clause_buttons, commands, enquiries, feedback, messages_tab, questions, sharing, talking
from connectors.slack.listeners.asking.catching_up import CatchingUp
from connectors.slack.listeners.evidence import colleagues, filled_forms, line_questions, reviewing, slot_buttons
from connectors.slack.listeners.home import declaring, lead_acts, tab, ticking
from connectors.slack.wire.clients import Clients, Known, OneWorkspace
from connectors.slack.wire.door import Door
from connectors.slack.wire.errors import Refused
from connectors.slack.wire.socket_line import PING, SocketLine
from evals.release.examine import examined

if TYPE_CHECKING:
    from slack_bolt.oauth.oauth_settings import OAuthSettings
    from sqlalchemy import Engine

    from assistant.guide import Guide

log = logging.getLogger("aeo.slack")
EVIDENCE: tuple[Part, ...] = tuple(
    part.listen for part in (slot_buttons, colleagues, filled_forms, line_questions, reviewing, tab, lead_acts, declaring, ticking)
)
QUESTIONS: tuple[Part, ...] = (
    *(part.listen for part in (questions, talking, enquiries, messages_tab, clause_buttons, feedback, sharing)),
    partial(commands.listen, accept=questions.accept),
)
PARTS: tuple[Part, ...] = (*EVIDENCE, partial(editions.listen, examine=examined), *QUESTIONS)
"""What the app listens to."""


def talk_of(deps: Deps) -> Talk:
    """The conversation over Slack."""
    return Talk(context_of(deps))


def utc_now() -> datetime:
    """Now."""
    return datetime.now(UTC)


class Product(Asking, Protocol):
    """What answers, and knows its editions: ``assistant.app.Assistant``."""

    def edition(self, name: str | None = None) -> Edition:
        """The active edition, or the one with that label."""
        ...

    def guide(self, label: str | None = None) -> Guide:
        """All that is in force as one guide, or what a label names."""
        ...


class Service:
    """One worker of the Slack app; any number may run on one database. ``endpoint`` is the process's HTTP server."""

    def __init__(
        self, settings: Settings, assistant: Product, endpoint: Endpoint | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        assistant.edition()
        self.settings, self.assistant, self.endpoint = settings, assistant, endpoint or Endpoint(settings)
        self._own_endpoint = endpoint is None
        enterprises = Enterprises(settings)
        self.register = enterprises.sql
        store = SqlStore(self.register.engine)
        several = settings.several_workspaces
        self.clients, oauth = _clients(settings, self.register.engine)
        self.deps = Deps(
            settings=settings,
            assistant=assistant,
            guide=assistant.guide,
            desk=Desks(enterprises, assistant.guide, several),
            client=self.clients,
            store=store,
            inbox=inbox_of(settings),
            work=WorkQueue(store, now, worker_name()),
            now=now,
            talks=talk_of,
            couriers=courier_of,
            mail=enterprises.mail,
        )
        self.app: App = build(self.deps, Known(self.clients), PARTS, oauth)
        self.catching_up = CatchingUp(self.deps, self.clients, questions.accept)
        self.rounds = Rounds(settings, self.clients.teams, self.deps.desk, self.deps.courier, self.deps.now)
        self.port: int | None = None
        """Where Slack's requests, or only ``/healthz``, are answered."""
        self.line: SocketLine | None = None
        self._stopping = threading.Event()

    def start(self, http: bool = False, host: str = "127.0.0.1", port: int | None = None, ping: float = PING) -> None:
        """Begin to serve: by Socket Mode, or with ``http`` by signed requests. With a port, ``/healthz`` answers there in any case.

        Raises:
            SettingsError: a token is no good, or the port is taken.
        """
        settings = self.settings
        self.endpoint.beside = self.health
        self._known()
        self.deps.work.start()
        self.rounds.start()
        if http or port is not None or settings.several_workspaces:
            self.endpoint.connector = Door(self.app, events=http)
            self.port = self.endpoint.listen(host, 3000 if port is None else port, metrics=settings.metrics_port is None)
        if http or settings.slack_app_token is None:
            self.catching_up.look_back()
        else:
            self.line = SocketLine(self.app, settings.slack_app_token.get_secret_value(), self._greeted, ping)
            self.line.start()

    def health(self) -> dict[str, Any]:
        """What ``/healthz`` tells of Slack: ``ok``, or ``degraded`` (database or Slack is away); and what waits."""
        try:
            waiting, oldest = self.deps.store.open_jobs()
            state: dict[str, Any] = {"status": "ok", "open_jobs": waiting, "oldest_job": oldest.isoformat() if oldest else None}
        except Exception as error:
            state = {"status": "degraded", "database": type(error).__name__}  # numbers are still answered: no reason to restart
        if self.line is not None:
            state["connected"] = self.line.connected
            if not self.line.connected and state["status"] == "ok":
                state["status"] = "degraded"
        return state

    def stop(self) -> None:
        """Take nothing more, finish what runs, leave the rest to others."""
        self._stopping.set()
        if self.line is not None:
            self.line.close()
        if self._own_endpoint:
            self.endpoint.close()
        self.rounds.close()
        self.deps.work.close()
        self.deps.store.close()

    def _known(self) -> None:
        """Wait until Slack says that it knows the token."""
        while not self._stopping.is_set():
            try:
                self.clients.teams()
                return
            except Refused as refused:
                raise SettingsError("slack.bot_token_refused", code=refused.code) from refused
            except Later as later:
                log.warning("Slack cannot be reached, trying again")
                self._stopping.wait(max(later.seconds, 2.0))

    def _greeted(self) -> None:
        try:
            self.catching_up.look_back()
        except Exception:
            log.exception("what was missed could not be looked for")

    def warm(self) -> None:
        """Load what the first question would wait for."""
        try:
            searcher = self.assistant.edition().searcher
            if isinstance(searcher, LazySearcher):
                searcher.load()
        except Exception:
            log.exception("the index could not be loaded; questions say so")


def _clients(settings: Settings, engine: Engine) -> tuple[Clients, OAuthSettings | None]:
    """One workspace by its token, or all that installed the app."""
    if not settings.several_workspaces:
        return OneWorkspace(settings), None
    from connectors.slack.wire.installs import Installations

    installs = Installations(settings, engine)
    return installs, installs.oauth()
