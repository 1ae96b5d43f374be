"""Saying something in Slack: once per key, whatever breaks; and the smaller ways of speaking that need no such care.

A post is noted before it is made and carries its key as message metadata. When nobody knows whether it arrived (the connection
broke, the worker died), it is looked for in the thread before it is made again.

Whatever is written goes at the workspace's pace, which the register's outbox keeps to as well; before anything is noted, its turn
is waited for, so that what has not begun need not be looked for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from assistant.conversation.jobs import Later
from assistant.texts import say
from connectors.slack.cards.blocks.text import escape
from connectors.slack.wire.errors import Refused, called, failure
from connectors.slack.wire.pace import CHANGE, POST

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.posting")

Block = dict[str, Any]
EVENT_TYPE = "aeo_post"
_PAGES = 5  # of a conversation that are looked through for a post


def turn(deps: Deps, team: str, method: str, channel: str = "") -> None:
    """Wait, for seconds at most, until it is time to write for somebody who waits; a channel's first post waits for no other.

    Raises:
        Later: its time is further away.
    """
    wait = deps.paces(team).turn(method, channel, urgent=True)
    if wait:
        raise Later(wait)


def once(deps: Deps, team: str, key: str, channel: str, thread: str | None, text: str, blocks: Sequence[Block]) -> str:
    """Post a message, or find the one that was posted under this key before; its ts.

    Raises:
        Later, Refused: see ``called``.
    """
    turn(deps, team, POST, channel)
    before = deps.store.begin_post(team, key, channel, deps.now())
    client = deps.client(team)
    if before is not None:
        ts = before.ts or find(client, channel, thread, key)
        if ts:
            if not before.ts:
                deps.store.end_post(team, key, ts)
            return ts
    return post(deps, team, key, channel, thread, text, blocks)


def post(deps: Deps, team: str, key: str, channel: str, thread: str | None, text: str, blocks: Sequence[Block]) -> str:
    """Make the post that was begun under a key; its ts.

    Raises:
        Later, Refused: see ``called``.
    """
    client = deps.client(team)
    answer = called(
        lambda: client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=text,
            blocks=list(blocks),
            metadata=stamped(key),
            unfurl_links=False,
            unfurl_media=False,
        ),
        deps.paces(team),
    )
    deps.store.end_post(team, key, str(answer["ts"]))
    return str(answer["ts"])


def direct(deps: Deps, team: str, user: str) -> str:
    """The direct message channel with a person.

    Raises:
        Later, Refused: see ``called``.
    """
    return str(called(lambda: deps.client(team).conversations_open(users=user))["channel"]["id"])


def find(client: WebClient, channel: str, thread: str | None, key: str) -> str | None:
    """The ts of the post with this key, None when there is none.

    Raises:
        Later, Refused: it cannot be known now.
    """
    for message in messages(client, channel, thread):
        meta = message.get("metadata") or {}
        if meta.get("event_type") == EVENT_TYPE and meta.get("event_payload", {}).get("key") == key:
            return str(message["ts"])
    return None


def messages(client: WebClient, channel: str, thread: str | None, oldest: str | None = None) -> Iterator[dict[str, Any]]:
    """The messages of a thread, or of a channel outside its threads, with their metadata."""
    cursor: str | None = None
    for _ in range(_PAGES):
        found, cursor = page(client, channel, thread, oldest, cursor)
        yield from found
        if cursor is None:
            return


def page(
    client: WebClient, channel: str, thread: str | None, oldest: str | None = None, cursor: str | None = None
) -> tuple[list[dict[str, Any]], str | None]:
    """One page of them, by one call, and the cursor of the next."""
    asked: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": 200, "cursor": cursor, "oldest": oldest}
    read = partial(client.conversations_replies, ts=thread) if thread else client.conversations_history
    answer = called(partial(read, **asked))
    return list(answer["messages"]), (answer.get("response_metadata") or {}).get("next_cursor") or None


def change(deps: Deps, team: str, channel: str, ts: str, text: str, blocks: Sequence[Block], key: str = "") -> None:
    """Give a message of ours new content; doing it twice is doing it once.

    Raises:
        Later, Refused: see ``called``.
    """
    more: dict[str, Any] = {"metadata": stamped(key)} if key else {}
    turn(deps, team, CHANGE)
    called(lambda: deps.client(team).chat_update(channel=channel, ts=ts, text=text, blocks=list(blocks), **more), deps.paces(team))


def whisper(deps: Deps, team: str, channel: str, user: str, text: str, blocks: Sequence[Block] = (), thread: str | None = None) -> None:
    """Say something that only one person sees.

    Raises:
        Later, Refused: see ``called``.
    """
    more: dict[str, Any] = {"blocks": list(blocks)} if blocks else {}
    called(lambda: deps.client(team).chat_postEphemeral(channel=channel, user=user, text=text, thread_ts=thread, **more))


def answer_click(deps: Deps, team: str, channel: str, user: str, text: str, response_url: str = "", thread: str | None = None) -> None:
    """A word to whoever clicked: where they clicked, or, under a message that only they see, at its response address.

    Raises:
        Later, Refused: see ``called``.
    """
    if response_url:
        respond(response_url, escape(text))
    else:
        whisper(deps, team, channel, user, escape(text), thread=thread)


def show_view(deps: Deps, body: Mapping[str, Any], view: dict[str, Any]) -> None:
    """Open a modal for a click, or push it onto the one that was clicked in; where that fails, whoever clicked hears so."""
    client, trigger = deps.client(body["team"]["id"]), body["trigger_id"]
    try:
        if (body.get("view") or {}).get("type") == "modal":
            called(lambda: client.views_push(trigger_id=trigger, view=view))
        else:
            called(lambda: client.views_open(trigger_id=trigger, view=view))
    except (Later, Refused) as error:
        place = body.get("container", {})
        if not place.get("channel_id"):
            raise
        log.info("a window did not open: %s", error)
        text = say("slack.clause.late", deps.lang)
        url = body.get("response_url", "") if place.get("is_ephemeral") else ""
        answer_click(deps, body["team"]["id"], place["channel_id"], body["user"]["id"], text, url, place.get("thread_ts"))


def respond(url: str, text: str, blocks: Sequence[Block] = (), replace: bool = False) -> bool:
    """Answer a command or click at its response address, to its person only; False when the address is used up or gone."""
    try:
        answer = WebhookClient(url, retry_handlers=[]).send(
            text=text, blocks=list(blocks) or None, response_type="ephemeral", replace_original=replace
        )
    except Exception as error:
        if failure(error) is None:
            raise
        return False
    return 200 <= answer.status_code < 300


def stamped(key: str) -> dict[str, Any]:
    """The metadata that finds a post again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
