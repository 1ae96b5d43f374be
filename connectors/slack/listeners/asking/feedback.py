"""Thumbs: up is thanked for, down asks why and goes into the inbox from which eval cases are made."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.guide_asked.feedback import feedback
from assistant.conversation.jobs import Later, OwnTask
from assistant.conversation.ports import Job
from assistant.texts import say
from connectors.slack.calls.posting import answer_click, direct, once, respond, show_view, whisper
from connectors.slack.cards.asking.answer_message import FEEDBACK
from connectors.slack.cards.blocks.parts import field, modal, value
from connectors.slack.cards.blocks.text import Element, clean, plain
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire import limits
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.feedback")

Json = Mapping[str, Any]
CALLBACK = "feedback_why"
REASONS = ("wrong_clause", "line_missing", "outdated", "other")
_KIND = "feedback"
_LONGEST = 1_000  # characters of a remark


class Complaint(OwnTask):
    """Why an answer did not help; ``place`` is channel/thread of the thumb, ``url`` the address of a private one."""

    exchange: str
    reason: str
    more: str
    place: str
    url: str = ""


def listen(app: App, deps: Deps) -> None:
    """Register what the thumbs do."""
    deps.work.handles(_KIND, Complaint, partial(_kept, deps), lost(deps))

    def clicked(ack: Ack, body: Json, action: Json) -> None:
        ack()
        side, _, exchange = str(action["value"]).partition(":")
        if side == "up":
            _say_to(deps, body, say("slack.feedback.thanks", deps.lang))
        elif deps.store.exchange(body["team"]["id"], exchange) is None:
            _say_to(deps, body, say("slack.feedback.gone", deps.lang))
        else:
            show_view(deps, body, why_view(exchange, f"{_place(body)}|{_url(body)}", deps.lang))

    def submitted(ack: Ack, body: Json, view: Json) -> None:
        reason = value(view, "why") or "other"
        more = clean(value(view, "more")).strip()[:_LONGEST]
        if reason == "other" and not more:
            ack(response_action="errors", errors={"more": say("slack.feedback.say_more", deps.lang)})
            return
        exchange, _, rest = view["private_metadata"].partition("|")
        place, _, url = rest.partition("|")
        task = Complaint(user=body["user"]["id"], exchange=exchange, reason=reason, more=more, place=place, url=url)
        deps.work.add(_KIND, body["team"]["id"], f"feedback:{exchange}:{body['user']['id']}:{body['trigger_id']}", task)
        ack()

    app.action(FEEDBACK)(clicked)
    app.view(CALLBACK)(submitted)


def why_view(exchange: str, place: str, lang: str) -> dict[str, Any]:
    """The form that asks what was wrong. ``place`` is where the answer stands: channel, thread, and the address to respond to."""
    options = [{"text": plain(say(f"slack.feedback.reason.{r}", lang), limits.OPTION_TEXT), "value": r} for r in REASONS]
    why: Element = {"type": "radio_buttons", "action_id": "why", "options": options, "initial_option": options[0]}
    more: Element = {"type": "plain_text_input", "action_id": "more", "multiline": True, "max_length": _LONGEST}
    more["placeholder"] = plain(say("slack.feedback.more_hint", lang), limits.PLACEHOLDER_TEXT)
    fields = [field("why", say("slack.feedback.why", lang), why), field("more", say("slack.feedback.more", lang), more, optional=True)]
    title, send, close = (say(f"slack.feedback.{key}", lang) for key in ("title", "submit", "close"))
    return modal(CALLBACK, title, fields, lang, send, close, f"{exchange}|{place}")


def _kept(deps: Deps, job: Job, task: Complaint) -> None:
    """Keep a thumbs-down; the same person's on the same answer is kept once."""
    exchange = deps.store.exchange(job.team, task.exchange)
    if exchange is None:
        return
    reason = say(f"slack.feedback.reason.{task.reason}", deps.lang) + (f"：{task.more}" if task.more else "")
    deps.inbox.add(feedback(deps.talk.ctx, exchange, task.user, "thumbs_down", reason))
    _thank(deps, job, task, say("slack.feedback.kept", deps.lang))


def _thank(deps: Deps, job: Job, task: Complaint, text: str) -> None:
    """Where the thumb was; as a direct message where the app cannot say it there."""
    channel, _, thread = task.place.partition("/")
    try:
        if task.url and respond(task.url, text):
            return
        try:
            whisper(deps, job.team, channel, task.user, text, thread=thread or None)
        except Refused:
            once(deps, job.team, f"thanks:{job.key}", direct(deps, job.team, task.user), None, text, [])
    except (Later, Refused) as error:
        log.info("the thanks for feedback %s were not said: %s", job.key, error)


def _place(body: Json) -> str:
    container = body.get("container", {})
    return f"{container.get('channel_id', '')}/{container.get('thread_ts', '')}"


def _say_to(deps: Deps, body: Json, text: str) -> None:
    """A word to whoever clicked: in the thread, or, under an answer that only they see, where that stands."""
    channel, _, thread = _place(body).partition("/")
    answer_click(deps, body["team"]["id"], channel, body["user"]["id"], text, _url(body), thread or None)


def _url(body: Json) -> str:
    """Where to respond to a click under an answer that only its person sees; empty for other answers."""
    return str(body.get("response_url", "")) if body.get("container", {}).get("is_ephemeral") else ""
