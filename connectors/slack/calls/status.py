"""Showing that the app is at work, where Slack can show it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.conversation.post import Place
from assistant.texts import say
from connectors.slack.wire.errors import failure

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.status")


def working(deps: Deps, place: Place, lang: str) -> None:
    """Show a status in the post's thread. It goes away with the first post there; nothing depends on it."""
    texts = [say(f"slack.status.{name}", lang) for name in ("working", "reading", "checking")]
    _set(deps, place, texts[0], texts)


def done(deps: Deps, place: Place) -> None:
    """Take the status away where nothing was posted."""
    _set(deps, place, "", None)


def _set(deps: Deps, place: Place, status: str, loading: list[str] | None) -> None:
    try:
        deps.client(place.team).assistant_threads_setStatus(
            channel_id=place.channel, thread_ts=place.thread, status=status, loading_messages=loading
        )
    except Exception as error:
        found = failure(error)
        if found is None:
            raise
        log.debug("no status in %s: %s", place.channel, found.code)
