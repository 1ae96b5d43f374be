"""Showing that the app is at work, where Slack can show it: agent sessions where the workspace has them, and the older thread status.

Both are shown while both live (Slack: the older one "will eventually be deprecated"). Which there is, is found out by asking: what a
workspace does not know is not asked for again for a day. Nothing depends on any of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from assistant.conversation.post import Place
from assistant.texts import say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.text import one_line
from connectors.slack.wire.errors import failure

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.status")

Session = Literal["processing", "active"]
SESSIONS, THREADS = "agents.sessions", "assistant.threads"
_HERE = ("thread_not_found", "channel_not_found", "not_in_channel", "is_archived", "invalid_thread_ts", "ratelimited")
"""Codes that say something of the place, not of what the workspace has."""
_AGAIN = timedelta(days=1)  # a name that Slack did not take is tried again after that
_TITLE = 200  # characters of a thread's name


def working(deps: Deps, place: Place, lang: str, title: str = "") -> None:
    """Show that a thread is worked in; ``title`` names it where it is new. The older status goes away with the first post there."""
    _session(deps, place, "processing", title)
    texts = [say(f"slack.status.{name}", lang) for name in ("working", "reading", "checking")]
    _status(deps, place, texts[0], texts)


def done(deps: Deps, place: Place) -> None:
    """Take it away: nothing more comes, whether anything was posted or not."""
    _status(deps, place, "", None)
    answered(deps, place)


def answered(deps: Deps, place: Place) -> None:
    """The answer stands: the older status went away by itself."""
    _session(deps, place, "active", "")


def _session(deps: Deps, place: Place, status: Session, title: str) -> None:
    client = deps.client(place.team)
    named = {"title": head(one_line(title), _TITLE)} if title.strip() else {}
    set_ = client.agents_sessions_setStatus
    _tried(deps, place, SESSIONS, partial(set_, channel_id=place.channel, thread_ts=place.thread, status=status, **named))


def _status(deps: Deps, place: Place, status: str, loading: list[str] | None) -> None:
    set_ = deps.client(place.team).assistant_threads_setStatus
    show = partial(set_, channel_id=place.channel, thread_ts=place.thread, status=status, loading_messages=loading)
    _tried(deps, place, THREADS, show)


def _tried(deps: Deps, place: Place, family: str, call: Callable[[], Any]) -> None:
    """Make a call of a family that the workspace may not have; one that it does not have rests for a day."""
    absent = f"absent:{family}"
    kept = deps.store.kept(place.team, absent)
    if kept is not None and datetime.fromisoformat(str(kept["at"])) > deps.now() - _AGAIN:
        return
    try:
        call()
    except Exception as error:
        found = failure(error)
        if found is None:
            raise
        log.debug("no status in %s: %s", place.channel, found.code)
        if found.kind == "refused" and found.code not in _HERE:
            deps.store.keep(place.team, absent, "", {"at": deps.now().isoformat()}, deps.now())
