"""分享到本频道 under the answer to a command: the channel reads question and answer, and can go on asking in its thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.answers.question.reading import language
from assistant.conversation.jobs import OwnTask
from assistant.conversation.ports import Job, Thread
from assistant.conversation.threads import exchange_id
from assistant.texts import say
from connectors.slack.calls.posting import once, respond
from connectors.slack.cards.asking.answer_message import answer_posts
from connectors.slack.cards.asking.sharing import SHARE, shared
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from connectors.slack.context import Deps

Json = Mapping[str, Any]
_KIND = "share"


class Sharing(OwnTask):
    """Somebody shares an answer with the channel; ``url`` is where they are told."""

    exchange: str
    channel: str
    url: str


def listen(app: App, deps: Deps) -> None:
    """Register the button."""
    deps.work.handles(_KIND, Sharing, partial(_share, deps), lost(deps))

    def clicked(ack: Ack, body: Json, action: Json) -> None:
        place, exchange = body["container"], str(action["value"])
        channel, url = str(place["channel_id"]), str(body.get("response_url") or "")
        task = Sharing(user=body["user"]["id"], exchange=exchange, channel=channel, url=url)
        deps.work.add(_KIND, body["team"]["id"], f"share:{exchange}:{channel}", task)
        ack()

    app.action(SHARE)(clicked)


def _share(deps: Deps, job: Job, task: Sharing) -> None:
    """Post it once, and begin a thread that can be followed up."""
    kept = deps.store.exchange(job.team, task.exchange)
    if kept is None:
        respond(task.url, say("slack.feedback.gone", deps.lang))
        return
    lang = language(kept.answer.question, deps.lang)
    first, *more = shared(kept.answer.question, task.user, answer_posts(kept.answer, kept.id, lang), lang)
    try:
        ts = once(deps, job.team, f"{job.key}:1", task.channel, None, first.text, first.blocks)
        for number, message in enumerate(more, 2):
            once(deps, job.team, f"{job.key}:{number}", task.channel, ts, message.text, message.blocks)
    except Refused:
        respond(task.url, say("slack.talk.not_shared", lang))
        return
    copy = replace(kept, id=exchange_id(f"{job.key}"), channel=task.channel, thread=ts)
    deps.store.save_exchange(copy)
    deps.store.save_thread(Thread(job.team, task.channel, ts, task.user), deps.now())
    respond(task.url, say("slack.talk.shared", lang))
