"""The agent's messages tab: suggested questions when it is opened, and the reader's stop button."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltContext

from assistant.conversation.jobs import Task
from assistant.conversation.ports import Job
from assistant.conversation.threads import asks_to_stop
from assistant.errors import AeoError
from assistant.texts import say
from connectors.slack.calls.stream import stopped_key
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.prompts")

Json = Mapping[str, Any]
_KIND = "prompts"


class Prompts(Task):
    """Where suggested questions are offered."""

    channel: str
    thread: str = ""


def listen(app: App, deps: Deps) -> None:  # noqa: ARG001 - kept events reach no listener
    """Register what the messages tab needs. The legacy side panel (``assistant_thread_started``) gets the same prompts."""
    deps.work.handles(_KIND, Prompts, partial(_offer, deps))
    deps.intake.keeps("app_home_opened", lambda body, context: _opened(deps, body, context))
    deps.intake.keeps("assistant_thread_started", lambda body, context: _started(deps, body, context))
    deps.intake.keeps("agent_session_stopped", lambda body, context: _stopped(deps, body, context))


def suggested(lang: str, evidence: bool) -> list[dict[str, str]]:
    """The prompts, the one on missing evidence only where evidence is kept."""
    names = ("one", "two", "three", "four") if evidence else ("one", "two", "three")
    return [{"title": say(f"slack.prompts.{name}", lang), "message": say(f"slack.prompts.{name}_text", lang)} for name in names]


def _opened(deps: Deps, body: Json, context: BoltContext) -> None:
    event = body["event"]
    if event.get("tab") == "messages":
        deps.work.add(_KIND, context.team_id or "", f"prompts:{body['event_id']}", Prompts(channel=event["channel"]))


def _started(deps: Deps, body: Json, context: BoltContext) -> None:
    thread = body["event"]["assistant_thread"]
    task = Prompts(channel=thread["channel_id"], thread=thread["thread_ts"])
    deps.work.add(_KIND, context.team_id or "", f"prompts:{body['event_id']}", task)


def _stopped(deps: Deps, body: Json, context: BoltContext) -> None:
    """The reader pressed stop, perhaps before anything was shown: the work itself stops."""
    event, team = body["event"], context.team_id or ""
    for ts in event.get("streaming_message_ts") or ():
        deps.store.first_time(team, stopped_key(event["channel"], ts), deps.now())
    if event.get("thread_ts"):
        asks_to_stop(deps.store, team, event["channel"], event["thread_ts"], str(event.get("user") or ""), deps.now())


def _offer(deps: Deps, job: Job, at: Prompts) -> None:
    where: dict[str, Any] = {"channel_id": at.channel} | ({"thread_ts": at.thread} if at.thread else {})
    prompts = suggested(deps.lang, _keeps_evidence(deps, job.team))
    client, title = deps.client(job.team), say("slack.prompts.title", deps.lang)
    try:
        called(lambda: client.assistant_threads_setSuggestedPrompts(**where, title=title, prompts=prompts))
    except Refused as refused:
        log.info("no prompts in %s: %s", at.channel, refused.code)


def _keeps_evidence(deps: Deps, team: str) -> bool:
    try:
        return deps.desk(team).profile is not None
    except AeoError:
        return False
