"""Questions that the guide does not answer, handed to the compliance lead: asked once, answered in a thread, passed on to the asker."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.answers.reply.plan import language
from assistant.conversation.jobs import Later
from assistant.conversation.ports import Enquiry, Exchange, Job, Thread
from assistant.conversation.post import Post
from assistant.texts import say
from connectors.slack.calls import posting as speak
from connectors.slack.calls.home_tab import MARK
from connectors.slack.calls.lead import lead_user
from connectors.slack.calls.posting import answer_click
from connectors.slack.cards.answer_message import LEAD, answer_posts
from connectors.slack.cards.enquiry_card import card, reply
from connectors.slack.cards.text import escape
from connectors.slack.listeners.feedback import feedback
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.enquiries")

Json = Mapping[str, Any]
_KIND = "enquiry"


def listen(app: App, deps: Deps) -> None:
    """Register the lead button, and what the lead writes under a card."""
    deps.work.handles(_KIND, lambda job: _hand_on(deps, job), lost(deps))
    deps.takers.append(lambda post: _answered(deps, post))

    def clicked(ack: Ack, body: Json, action: Json) -> None:
        place = body["container"]
        payload = {
            "exchange": str(action["value"]),
            "asker": body["user"]["id"],
            "channel": place["channel_id"],
            "message": place["message_ts"],
            "private": bool(place.get("is_ephemeral")),
            "response_url": body.get("response_url", ""),
        }
        key = f"{MARK}{action['value']}:{body['trigger_id']}"
        deps.work.add(_KIND, body["team"]["id"], key, payload, lane=f"{MARK}{action['value']}"[:120])
        ack()

    app.action(LEAD)(clicked)


def _hand_on(deps: Deps, job: Job) -> None:
    """Ask the lead, once for each answer; whoever clicked hears what happened."""
    asked = job.payload
    exchange = deps.store.exchange(job.team, asked["exchange"])
    if exchange is None:
        _say(deps, job, say("slack.lead.gone", deps.lang))
        return
    lang = language(exchange.answer.question, deps.lang)
    known = deps.store.enquiry(job.team, exchange.id)
    if known is not None and deps.store.known(job.team, _done(exchange)):
        _say(deps, job, say("slack.lead.again", lang))
        return
    lead = lead_user(deps, job.team)
    if lead is None:
        _say(deps, job, say("slack.lead.nobody", lang))
        return
    enquiry = known or _enquiry(deps, exchange, asked["asker"])
    deps.store.save_enquiry(enquiry)
    try:
        _tell_lead(deps, enquiry, exchange, lead)
    except Refused as refused:
        log.warning("the lead of %s cannot be reached: %s", job.team, refused.code)
        _say(deps, job, say("slack.lead.unreachable", lang, code=refused.code))
        return
    deps.store.first_time(job.team, _done(exchange), deps.now())
    deps.inbox.add(feedback(deps, exchange, enquiry.asker, "unanswered", None))
    _show_handed_on(deps, job, exchange, lang)


def _enquiry(deps: Deps, exchange: Exchange, asker: str) -> Enquiry:
    return Enquiry(exchange.team, exchange.id, asker, exchange.channel, exchange.thread, exchange.answer.question, deps.now())


def _tell_lead(deps: Deps, enquiry: Enquiry, exchange: Exchange, lead: str) -> None:
    channel = speak.direct(deps, enquiry.team, lead)
    message = card(enquiry, exchange.answer, enquiry.channel.startswith("D"), deps.lang)
    ts = speak.once(deps, enquiry.team, MARK + enquiry.id, channel, None, message.text, message.blocks)
    deps.store.save_thread(Thread(enquiry.team, channel, ts, MARK + enquiry.id), deps.now())
    try:
        link = called(lambda: deps.client(enquiry.team).chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
        deps.store.keep(enquiry.team, MARK + enquiry.id, lead, {"link": str(link)}, deps.now())
    except (Later, Refused) as error:
        log.info("the card of %s goes without a link on the Home tab: %s", enquiry.id, error)


def _show_handed_on(deps: Deps, job: Job, exchange: Exchange, lang: str) -> None:
    """The answer without its button, and that it was handed on."""
    asked = job.payload
    note = say("slack.lead.asked_command" if asked["private"] else "slack.lead.asked", lang)
    last = answer_posts(exchange.answer, exchange.id, lang, note, handed_on=True)[-1]
    try:
        if asked["private"]:
            speak.respond(asked["response_url"], last.text, last.blocks, replace=True)
        else:
            speak.change(deps, job.team, asked["channel"], asked["message"], last.text, last.blocks)
    except Refused as refused:
        log.info("the answer %s could not be changed: %s", exchange.id, refused.code)


def _answered(deps: Deps, post: Post) -> bool:
    """Take what the lead writes under a card, and pass it on; every reply is passed on."""
    thread = deps.store.thread(post.team, post.channel, post.thread) if post.reply else None
    if thread is None or not thread.asker.startswith(MARK):
        return False
    enquiry = deps.store.enquiry(post.team, thread.asker.removeprefix(MARK))
    if enquiry is None:
        return False
    if post.text:
        answered = replace(enquiry, answer=post.text, answered_by=post.user, answered_at=deps.now())
        deps.store.save_enquiry(answered)
        outcome = "passed_on" if _pass_on(deps, answered, post) else "not_passed_on"
    else:
        outcome = "only_text"
    lang = deps.lang
    text = escape(say(f"slack.lead.{outcome}", lang))
    speak.once(deps, post.team, f"heard:{post.key}", post.channel, post.thread, text, [])
    if post.text and post.files:
        speak.once(deps, post.team, f"files:{post.key}", post.channel, post.thread, escape(say("slack.lead.only_text", lang)), [])
    return True


def _pass_on(deps: Deps, enquiry: Enquiry, post: Post) -> bool:
    """Into the thread where it was asked; where that is private or closed, to the asker directly."""
    message = reply(enquiry, post.text, language(enquiry.question, deps.lang))
    key = f"passed:{post.key}"
    try:
        if "." in enquiry.thread:  # a command's answer has no thread that Slack knows
            speak.once(deps, post.team, key, enquiry.channel, enquiry.thread, message.text, message.blocks)
            return True
    except Refused as refused:
        log.info("the reply to %s goes to its asker directly: %s", enquiry.id, refused.code)
    try:
        channel = speak.direct(deps, post.team, enquiry.asker)
        speak.once(deps, post.team, f"{key}:direct", channel, None, message.text, message.blocks)
    except Refused as refused:
        log.warning("the reply to %s reaches nobody: %s", enquiry.id, refused.code)
        return False
    return True


def _done(exchange: Exchange) -> str:
    return f"handed-on:{exchange.id}"


def _say(deps: Deps, job: Job, text: str) -> None:
    """A word to whoever clicked."""
    asked = job.payload
    try:
        answer_click(deps, job.team, asked["channel"], asked["asker"], text, asked["response_url"] if asked["private"] else "")
    except (Later, Refused) as error:
        log.info("nothing could be said to whoever clicked: %s", error)
