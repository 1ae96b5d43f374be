"""``/aeo`` and the message shortcut: questions that are asked without writing to the app."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltContext

from assistant.answers.question.reading import language
from assistant.conversation.post import Post, post_key
from assistant.conversation.threads import exchange_id, means_help
from assistant.texts import say
from connectors.slack.calls.posting import respond
from connectors.slack.cards.asking.help import help_blocks
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.rich_text import fallback
from connectors.slack.cards.blocks.text import escape, heard, one_line

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.commands")

Json = Mapping[str, Any]
COMMAND, SHORTCUT = "/aeo", "ask_this"
_RESTATED = 300
"""Characters of a question that are said again."""


def listen(app: App, deps: Deps, accept: Callable[[Deps, Post], bool]) -> None:
    """Register the command and the shortcut; ``accept`` stores a question."""

    def command(ack: Ack, body: Json, context: BoltContext) -> None:
        post = _command(body, context.bot_user_id or "")
        lang = language(post.text, deps.lang)
        if means_help(post.text):
            ack(fallback(help_blocks(lang)))
        elif _stored(deps, post, accept):
            ack(say("slack.talk.command_working", lang, question=escape(head(one_line(post.text), _RESTATED))))
        else:
            ack(say("slack.talk.command_busy", lang))

    def shortcut(ack: Ack, body: Json, context: BoltContext) -> None:
        post = _shortcut(body, context.bot_user_id or "")
        said = "nothing" if not post.text else _asked_once(deps, post, accept)
        ack()
        if said:
            respond(body["response_url"], say(f"slack.talk.{said}", deps.lang))

    app.command(COMMAND)(command)
    app.message_shortcut(SHORTCUT)(shortcut)


def _asked_once(deps: Deps, post: Post, accept: Callable[[Deps, Post], bool]) -> str:
    """Store what the shortcut was used on; the name of what to say instead where it was asked before, or cannot be stored."""
    try:
        if deps.store.known(post.team, post_key(post.channel, post.ts)):
            return "asked_before"
        return "" if accept(deps, post) else "asked_before"
    except Exception:
        log.exception("%s of %s could not be stored", post.key, post.team)
        return "command_busy"


def _stored(deps: Deps, post: Post, accept: Callable[[Deps, Post], bool]) -> bool:
    try:
        accept(deps, post)
    except Exception:
        log.exception("%s of %s could not be stored", post.key, post.team)
        return False
    return True


def _command(body: Json, me: str) -> Post:
    """A command's answer is for its person only, so it has a thread of its own that nobody else can follow."""
    key = f"command:{body['trigger_id']}"
    channel = body["channel_id"]
    return Post(
        team=body["team_id"],
        channel=channel,
        user=body["user_id"],
        ts="",
        thread=exchange_id(key),
        text=heard(body.get("text") or "", me),
        origin="command",
        direct=channel.startswith("D"),
        response_url=body["response_url"],
        key=key,
        me=me,
    )


def _shortcut(body: Json, me: str) -> Post:
    """The message that the shortcut was used on, asked by who used it."""
    channel, message = body["channel"]["id"], body["message"]
    return Post(
        team=body["team"]["id"],
        channel=channel,
        user=body["user"]["id"],
        ts=message["ts"],
        thread=message.get("thread_ts") or message["ts"],
        text=heard(message.get("text") or "", me),
        origin="shortcut",
        direct=channel.startswith("D"),
        key=f"shortcut:{channel}:{message['ts']}",
        me=me,
    )
