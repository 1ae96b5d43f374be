"""What listeners of evidence have in common: whose register, who acts, a private word, and delivering what an act left to be told."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from assistant.conversation.in_words.told import in_chat
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Who
from connectors.slack.calls.people import ORIGIN, Directory
from connectors.slack.calls.posting import direct, once, whisper
from connectors.slack.cards.blocks.parts import paragraph
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import escape
from connectors.slack.cards.carried import Click, Json, unpacked
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.evidence")

MOMENT = 1
"""Seconds for one question to Slack while a form waits; a form asks at most two, and Slack shows an error after three seconds."""


def click_of(body: Json, value: str) -> Click:
    """A click on a button; ``value`` is what the button carries."""
    place, carried, message = body.get("container") or {}, unpacked(value), body.get("message") or {}
    channel = str(place.get("channel_id") or "")
    thread = str(place.get("thread_ts") or message.get("thread_ts") or place.get("message_ts") or "") if channel else ""
    return _click(body, carried, channel, thread)


def form_of(body: Json) -> Click:
    """A form that was sent in; it remembers the click that opened it."""
    kept = unpacked(str(body["view"].get("private_metadata") or ""))
    return _click(body, kept, str(kept.get("c") or ""), str(kept.get("t") or ""))


def _click(body: Json, kept: Mapping[str, Any], channel: str, thread: str) -> Click:
    return Click(
        team=str((body.get("team") or {}).get("id") or body["user"].get("team_id") or ""),
        user=str(body["user"]["id"]),
        trigger=str(body.get("trigger_id") or ""),
        channel=channel,
        thread=thread,
        slot=str(kept.get("s") or ""),
        message=str(kept.get("m") or ""),
        version=int(kept.get("v") or 0),
        given=str(kept.get("g") or ""),
    )


def who_of(deps: Deps, desk: Desk, user: str, event_id: str = "") -> Who:
    """A Slack user as somebody who acts now, looked up at this moment.

    Raises:
        Later, Refused: Slack does not say who they are.
    """
    now = deps.now()
    return Who(Directory(desk, deps.client(desk.team), now).person_of(user), now, ORIGIN, event_id)


def person_in_time(deps: Deps, desk: Desk, user: str, keep: bool = False) -> str:
    """The person of the register behind a Slack user (``keep``: see ``Directory``); Slack is asked with little patience (``MOMENT``)."""
    quick = copy(deps.client(desk.team))
    quick.timeout = MOMENT
    return Directory(desk, quick, deps.now()).person_of(user, keep)


def sentence(deps: Deps, team: str, error: Exception) -> str:
    """What a person is told of something that did not work: slots and people by name, ways out that Slack has."""
    if not isinstance(error, AeoError):
        raise error
    return in_chat(error, deps.lang, lambda: names(deps, team), lambda: deps.desk(team).service)


def names(deps: Deps, team: str) -> dict[str, str]:
    """How the people of a register are called."""
    desk = deps.desk(team)
    with desk.service.register.reading(desk.workspace) as tx:
        return {p.id: p.name for p in tx.people().values() if p.name}


def tell(deps: Deps, click: Click, text: str) -> None:
    """A word for one person only: where they clicked, or as a direct message when that was in the Home tab or cannot be said there."""
    try:
        if click.channel:
            whisper(deps, click.team, click.channel, click.user, escape(text), thread=click.thread or None)
            return
    except Refused as refused:
        log.info("not said in the channel: %s", refused.code)
    reply(deps, click, f"tell:{click.trigger or uuid.uuid4().hex}", text, [paragraph(text)], private=True)


def reply(deps: Deps, click: Click, key: str, text: str, blocks: list[Block], private: bool = False) -> None:
    """Say something in the thread of a click, or to the person directly; once per key.

    Raises:
        Later: not now. Refused: not to this person.
    """
    if click.channel and not private and (click.channel.startswith("D") or click.channel in deps.settings.evidence_channels):
        once(deps, click.team, key, click.channel, click.thread or None, escape(text), blocks)
        return
    channel = direct(deps, click.team, click.user)
    once(deps, click.team, key, channel, None, escape(text), blocks)
