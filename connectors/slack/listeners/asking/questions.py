"""What people write to the app, from Slack's events: stored before they are acknowledged, then a matter of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltContext

from assistant.answers.question.places.references import references
from assistant.answers.question.reading import language
from assistant.conversation.post import Post, post_key
from assistant.conversation.threads import reference
from assistant.texts import say
from connectors.slack.cards.asking.answer_message import answer_posts
from connectors.slack.listeners.asking.heard import post_of
from connectors.slack.wire.errors import called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

Json = Mapping[str, Any]


def listen(_: App, deps: Deps) -> None:
    """Register the events of what people write."""
    deps.talk.listen()
    for event in ("app_mention", "message"):
        deps.intake.keeps(event, lambda body, context: _keep(deps, body, context))
    deps.intake.lost = lambda body, context: _unkept(deps, body, context)


def accept(deps: Deps, post: Post) -> bool:
    """Store what somebody wrote, to be acted on once; False when it was stored before.

    Raises:
        Unavailable: it could not be stored.
    """
    return deps.talk.accept(post)


def _keep(deps: Deps, body: Json, context: BoltContext) -> None:
    post = post_of(body["event"], context.team_id or "", context.bot_user_id or "")
    if post is None or (post.origin == "thread" and not _concerns(deps, post)):
        return
    accept(deps, post)


def _unkept(deps: Deps, body: Json, context: BoltContext) -> None:
    """The database is away and Slack will not ask again: a number is looked up, anything else gets an apology; nothing is kept.

    What was written in a channel without naming the app may concern others: without the database that cannot be known.
    """
    post = post_of(body["event"], context.team_id or "", context.bot_user_id or "")
    if post is None or not (post.direct or body["event"]["type"] == "app_mention"):  # a mention comes as a message too
        return
    lang = language(post.text, deps.lang)
    text = say("slack.talk.apology_busy", lang, reference=reference(post.key))
    blocks: list[dict[str, Any]] = []
    if references(post.text, deps.guide(None)):
        message = answer_posts(deps.assistant.ask(post.text), "", lang)[0]
        text, blocks = message.text, [b for b in message.blocks if b["type"] not in ("actions", "context_actions")]
    called(lambda: deps.client(post.team).chat_postMessage(channel=post.channel, thread_ts=post.thread, text=text, blocks=blocks or None))


def _concerns(deps: Deps, post: Post) -> bool:
    """Whether a thread is one of ours, or began with a question that is being answered just now; others are not stored."""
    if deps.store.thread(post.team, post.channel, post.thread) is not None:
        return True
    return deps.store.known(post.team, post_key(post.channel, post.thread))
