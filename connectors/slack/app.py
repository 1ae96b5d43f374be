"""The Bolt app that listeners are registered with (``build``).

How a listener goes about its work:

* **Events** never reach a Bolt listener when somebody ``keeps`` them: ``deps.intake.keeps("message", fn)`` turns an event into a
  stored job before Slack gets its acknowledgement, so that nothing is lost and nothing is done twice.
* **Clicks, submissions, shortcuts, commands** are let through once each (by trigger id). Their listeners ``ack`` first; what takes
  longer than a modal goes to ``deps.work.add(kind, team, key, task)`` and is done by ``deps.work.handles(kind, Task, act)``.
* **Messages** of people, and the buttons and forms of the conversation, are handed to ``assistant.conversation.talk``, which decides
  who owns them. An act may run again after a crash: use ``post.key`` or the job's key as the id of what it does.
* **Posting** goes through ``connectors.slack.calls.posting`` (once per key, found again after a crash), or through the register's outbox.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_sdk import WebClient

from connectors.slack.context import Deps
from connectors.slack.listeners.unexpected import listener_failed
from connectors.slack.wire.limits import LISTENERS

if TYPE_CHECKING:
    from slack_bolt.authorization.authorize import Authorize
    from slack_bolt.oauth.oauth_settings import OAuthSettings

Part = Callable[[App, Deps], None]
_TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105  the name of the variable


def build(deps: Deps, authorize: Authorize, parts: Sequence[Part], oauth: OAuthSettings | None = None) -> App:
    """The Bolt app. ``authorize`` knows the workspaces that it serves, ``parts`` are its listeners; ``oauth`` is how others install it."""
    with _own_token():
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
    for listen in parts:
        listen(app, deps)
    if oauth:
        app.enable_token_revocation_listeners()
    app.event(re.compile("."))(_unneeded)
    return app


@contextmanager
def _own_token() -> Iterator[None]:
    """Bolt looks for a token in the environment by itself, and then warns that ``authorize`` makes it needless."""
    kept = os.environ.pop(_TOKEN, None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ[_TOKEN] = kept


def _unneeded() -> None:
    """Acknowledges what the app is sent and has no use for; Slack would send it again."""


def _secret(value: Any) -> str | None:
    return value.get_secret_value() if value is not None else None
