"""The button 问合规负责人 under an answer: a job that hands the question on and says so under it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field
from slack_bolt import Ack, App

from assistant.answers.question.reading import language
from assistant.conversation.guide_asked.enquiries import MARK, hand_on
from assistant.conversation.jobs import Later, OwnTask
from assistant.conversation.ports import Exchange, Job
from assistant.texts import say
from connectors.slack.calls import posting as speak
from connectors.slack.calls.posting import answer_click
from connectors.slack.cards.asking.answer_message import LEAD, answer_posts
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.enquiries")

Json = Mapping[str, Any]
_KIND = "enquiry"


class HandedOn(OwnTask):
    """Somebody hands an answer's question on to the lead; ``message`` is the answer, ``private`` if only they see it."""

    user: str = Field(alias="asker")
    exchange: str
    channel: str
    message: str
    thread: str = ""
    private: bool = False
    response_url: str = ""


def listen(app: App, deps: Deps) -> None:
    """Register the button."""
    deps.work.handles(_KIND, HandedOn, partial(_hand_on, deps), lost(deps))

    def clicked(ack: Ack, body: Json, action: Json) -> None:
        place = body["container"]
        task = HandedOn(
            user=body["user"]["id"],
            exchange=str(action["value"]),
            channel=place["channel_id"],
            message=place["message_ts"],
            thread=str(place.get("thread_ts") or ""),
            private=bool(place.get("is_ephemeral")),
            response_url=str(body.get("response_url") or ""),
        )
        key = f"{MARK}{action['value']}:{body['trigger_id']}"
        deps.work.add(_KIND, body["team"]["id"], key, task, lane=f"{MARK}{action['value']}"[:120])
        ack()

    app.action(LEAD)(clicked)


def _hand_on(deps: Deps, job: Job, asked: HandedOn) -> None:
    """Ask the lead, once for each answer; whoever clicked hears what happened."""
    exchange = deps.store.exchange(job.team, asked.exchange)
    if exchange is None:
        _say(deps, job, asked, say("slack.lead.gone", deps.lang))
        return
    lang = language(exchange.answer.question, deps.lang)
    try:
        outcome = hand_on(deps.talk.ctx, job.team, exchange, asked.user)
    except Refused as refused:
        log.warning("the lead of %s cannot be reached: %s", job.team, refused.code)
        _say(deps, job, asked, say("slack.lead.unreachable", lang))
        return
    if outcome == "asked":
        _show_handed_on(deps, job, asked, exchange, lang)
    else:
        _say(deps, job, asked, say(f"slack.lead.{outcome}", lang))


def _show_handed_on(deps: Deps, job: Job, asked: HandedOn, exchange: Exchange, lang: str) -> None:
    """The answer without its button, and that it was handed on."""
    note = say("slack.lead.asked_command" if asked.private else "slack.lead.asked", lang)
    last = answer_posts(exchange.answer, exchange.id, lang, note, handed_on=True)[-1]
    try:
        if asked.private:
            speak.respond(asked.response_url, last.text, last.blocks, replace=True)
        else:
            speak.change(deps, job.team, asked.channel, asked.message, last.text, last.blocks)
    except Refused as refused:
        log.info("the answer %s could not be changed: %s", exchange.id, refused.code)


def _say(deps: Deps, job: Job, asked: HandedOn, text: str) -> None:
    """A word to whoever clicked, in the thread where they clicked."""
    url = asked.response_url if asked.private else ""
    try:
        answer_click(deps, job.team, asked.channel, asked.user, text, url, asked.thread or None)
    except (Later, Refused) as error:
        log.info("nothing could be said to whoever clicked: %s", error)
