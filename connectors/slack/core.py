"""The Slack app, put together: what its listeners need (``Deps``), and the Bolt app that they are registered with (``build``).

How a listener goes about its work:

* **Events** never reach a Bolt listener when somebody ``keeps`` them: ``deps.intake.keeps("message", fn)`` turns an event into a
  stored job before Slack gets its acknowledgement, so that nothing is lost and nothing is done twice.
* **Clicks, submissions, shortcuts, commands** are let through once each (by trigger id). Their listeners ``ack`` first; what takes
  longer than a modal goes to ``deps.work.add(kind, team, key, payload)`` and is done by ``deps.work.handles(kind, act)``.
* **Messages** of people are offered to ``deps.takers`` in turn (inside a job); the first that takes one deals with it, and what
  nobody takes is a question. An act may run again after a crash: use ``post.key`` or the job's key as the id of what it does.
* **Posting** goes through ``connectors.slack.speak`` (once per key, found again after a crash), or through the register's outbox.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App
from slack_sdk import WebClient

from assistant.answers.answer import Answer, Turn
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.slack.failing import listener_failed
from connectors.slack.intake import Intake
from connectors.slack.pace import Paces
from connectors.slack.ports import Store
from connectors.slack.posts import Post
from connectors.slack.work import WorkQueue

if TYPE_CHECKING:
    from slack_bolt.authorization.authorize import Authorize
    from slack_bolt.oauth.oauth_settings import OAuthSettings

    from connectors.slack.desk import Desk
    from evals.inbox import Inbox

LISTENERS = 32
PARTS = ("connectors.slack.evidence", "connectors.slack.questions")
"""What the app is made of; each has a ``register(app, deps)``."""

Taker = Callable[[Post], bool]
"""Takes a person's message before it counts as a question; True when it was for them and is dealt with."""


class Asking(Protocol):
    """What answers: ``assistant.app.Assistant``, or a stand-in with the same two methods."""

    def ask(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """One answer."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Iterator[Answer]:
        """Answers in growing completeness."""
        ...


@dataclass(frozen=True)
class Deps:
    """Everything that listeners need.

    ``team`` is Slack's id of a workspace; nothing of one team may be reached with the id of another. ``client(team)`` never
    repeats a call by itself (``retry_handlers=[]``), for a post whose fate is unknown must be looked up first. ``guide(edition)``
    is the active guide without an argument. ``desk(team)`` opens the register of that team's enterprise. ``paces(team)`` is how
    fast the app may write there. ``now`` is aware.
    """

    settings: Settings
    assistant: Asking
    guide: Callable[[str | None], Guide]
    desk: Callable[[str], Desk]
    client: Callable[[str], WebClient]
    store: Store
    inbox: Inbox
    work: WorkQueue
    now: Callable[[], datetime]
    intake: Intake = field(default_factory=Intake)
    takers: list[Taker] = field(default_factory=list)
    paces: Paces = field(default_factory=Paces)

    @property
    def lang(self) -> str:
        """The language of the app's own words."""
        return self.settings.lang


def build(deps: Deps, authorize: Authorize, oauth: OAuthSettings | None = None, parts: Sequence[str] = PARTS) -> App:
    """The Bolt app. ``authorize`` knows the workspaces that it serves; ``oauth`` is how others install it."""
    app = App(
        name="aeo",
        signing_secret=_secret(deps.settings.slack_signing_secret) or "unsigned",
        client=WebClient(base_url=deps.settings.slack_api_url, retry_handlers=[]),
        authorize=authorize,  # type: ignore[arg-type]  # Bolt takes both kinds and names one
        oauth_settings=oauth,
        listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="slack-listener"),
        attaching_conversation_kwargs_enabled=False,
    )
    app.middleware(deps.intake.middleware(deps.store, deps.now))
    app.error(partial(listener_failed, deps))
    for name in parts:
        if find_spec(name):
            import_module(name).register(app, deps)
    if oauth:
        app.enable_token_revocation_listeners()
    app.event(re.compile("."))(_unneeded)
    return app


def _unneeded() -> None:
    """Acknowledges what the app is sent and has no use for; Slack would send it again."""


def _secret(value: Any) -> str | None:
    return value.get_secret_value() if value is not None else None
