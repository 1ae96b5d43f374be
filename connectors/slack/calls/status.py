"""Showing that the app is at work, where Slack can show it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.conversation.post import Post
from assistant.texts import say
from connectors.slack.wire.errors import failure

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.status")


def working(deps: Deps, post: Post, lang: str) -> None:
    """Show a status in the post's thread. It goes away with the first post there; nothing depends on it."""
    if post.response_url:
        return
    texts = [say(f"slack.status.{name}", lang) for name in ("working", "reading", "checking")]
    _set(deps, post, texts[0], texts)


def done(deps: Deps, post: Post) -> None:
    """Take the status away where nothing was posted."""
    if not post.response_url:
        _set(deps, post, "", None)


def _set(deps: Deps, post: Post, status: str, loading: list[str] | None) -> None:
    try:
        deps.client(post.team).assistant_threads_setStatus(
            channel_id=post.channel, thread_ts=post.thread, status=status, loading_messages=loading
        )
    except Exception as error:
        found = failure(error)
        if found is None:
            raise
        log.debug("no status in %s: %s", post.channel, found.code)
