"""Clicks, forms and files that the app could not deal with: whoever sent them hears so, with a reference that stands in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.conversation.jobs import Later, OwnTask
from assistant.conversation.ports import Job
from assistant.conversation.threads import reference
from assistant.errors import AeoError
from assistant.texts import say
from connectors.slack.calls.posting import direct, once, whisper
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.failing")


def listener_failed(deps: Deps, error: Exception, body: dict[str, Any]) -> None:
    """Log what broke, and tell whoever acted, in private, with a reference that stands in the log too."""
    number = reference(str(body.get("trigger_id") or uuid4().hex))
    if isinstance(error, (AeoError, Later)):  # Slack, the network or the register would not: one line; else where it broke, too
        log.error("an interaction failed, reference %s: %s", number, error)
    else:
        log.error("an interaction broke, reference %s: %s", number, type(error).__name__, exc_info=error)
    try:
        _tell(deps, body, say("slack.talk.click_failed", deps.lang, reference=number))
    except Exception as unsaid:
        log.warning("reference %s could not be told: %s", number, type(unsaid).__name__)


def lost(deps: Deps) -> Callable[[Job, OwnTask], None]:
    """What is done for a job of one person that failed for good: a direct message, once."""

    def told(job: Job, task: OwnTask) -> None:
        number = reference(job.key)
        log.error("job %s of %s was not done, reference %s", job.key, job.team, number)
        try:
            text = say("slack.talk.click_failed", deps.lang, reference=number)
            once(deps, job.team, f"lost:{job.key}", direct(deps, job.team, task.user), None, text, ())
        except (Later, Refused) as error:
            log.error("reference %s could not be told: %s", number, error)

    return told


def _tell(deps: Deps, body: dict[str, Any], text: str) -> None:
    team = body.get("team_id") or body["team"]["id"]
    user = body.get("user_id") or body["user"]["id"]
    place = body.get("container") or {}
    if place.get("channel_id"):
        whisper(deps, team, place["channel_id"], user, text, thread=place.get("thread_ts"))
    else:
        deps.client(team).chat_postMessage(channel=user, text=text)
