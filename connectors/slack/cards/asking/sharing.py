"""Who asked what: over an answer that only one person sees, with the offer to share it, and over one that was asked for by a shortcut."""

from __future__ import annotations

from assistant.conversation.post import Post
from assistant.texts import say
from connectors.slack.cards.blocks.parts import HOLE, button, line, quote, rich, row, timed
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import escape

SHARE = "share_answer"
_QUESTION = 300  # characters of the question above a shared answer


def restated(first: SlackMessage, post: Post, exchange: str, lang: str) -> SlackMessage:
    """The answer to a command under its question; in a channel it can be shared there."""
    asked = rich("asked", quote(post.text, _QUESTION))
    share = [row("share", [button(SHARE, say("slack.talk.share", lang), exchange)])] if not post.direct else []
    *body, last = first.blocks
    blocks = [asked, *body, *share, last] if last["type"] == "context_actions" else [asked, *body, last, *share]
    return SlackMessage(f"{escape(post.text[:_QUESTION])}\n{first.text}", blocks)


def asked_by(user: str, lang: str, name: str = "shortcut_by") -> Block:
    """Who had the app answer what somebody wrote, or shares an answer."""
    person = {"type": "user", "user_id": user}
    return rich("asked_by", line(*timed(say(f"slack.talk.{name}", lang, who=HOLE), person)))


def shared(answer_of: str, user: str, messages: list[SlackMessage], lang: str) -> list[SlackMessage]:
    """The messages of a shared answer: who shares it, and the question, over the first."""
    first, *more = messages
    head = [asked_by(user, lang, "shared_by"), rich("asked", quote(answer_of, _QUESTION))]
    return [SlackMessage(f"{escape(answer_of[:_QUESTION])}\n{first.text}", [*head, *first.blocks]), *more]
