"""分享到本频道 under the answer to a command: the channel reads question and answer, and can go on asking in its thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.answers.question.reading import language
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


def listen(app: App, deps: Deps) -> None:
    """Register the button."""
    deps.work.handles(_KIND, lambda job: _share(deps, job), lost(deps))

    def clicked(ack: Ack, body: Json, action: Json) -> None:
        place, exchange = body["container"], str(action["value"])
        payload = {
            "exchange": exchange,
            "user": body["user"]["id"],
            "channel": place["channel_id"],
            "url": str(body.get("response_url") or ""),
        }
        deps.work.add(_KIND, body["team"]["id"], f"share:{exchange}:{place['channel_id']}", payload)
        ack()

    app.action(SHARE)(clicked)


def _share(deps: Deps, job: Job) -> None:
    """Post it once, and begin a thread that can be followed up."""
    p = job.payload
    kept = deps.store.exchange(job.team, p["exchange"])
    if kept is None:
        respond(p["url"], say("slack.feedback.gone", deps.lang))
        return
    lang = language(kept.answer.question, deps.lang)
    first, *more = shared(kept.answer.question, p["user"], answer_posts(kept.answer, kept.id, lang), lang)
    try:
        ts = once(deps, job.team, f"{job.key}:1", p["channel"], None, first.text, first.blocks)
        for number, message in enumerate(more, 2):
            once(deps, job.team, f"{job.key}:{number}", p["channel"], ts, message.text, message.blocks)
    except Refused as refused:
        respond(p["url"], say("slack.talk.not_shared", lang, code=refused.code))
        return
    copy = replace(kept, id=exchange_id(f"{job.key}"), channel=p["channel"], thread=ts)
    deps.store.save_exchange(copy)
    deps.store.save_thread(Thread(job.team, p["channel"], ts, p["user"]), deps.now())
    respond(p["url"], say("slack.talk.shared", lang))
