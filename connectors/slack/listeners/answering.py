"""From a post to an answer in its thread: asked once, kept, then shown; whatever breaks ends in an apology and not in silence."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.blocks import Blocks, Note
from assistant.answers.reply.plan import language
from assistant.conversation.ports import Exchange
from assistant.conversation.post import Post
from assistant.conversation.threads import exchange_id, reference, takes_part
from assistant.texts import say
from connectors.slack.calls import posting as speak
from connectors.slack.calls import status
from connectors.slack.calls.posting import change, find, respond
from connectors.slack.calls.stream import Stream, adopt, end
from connectors.slack.cards.answer_message import answer_posts, body, closing
from connectors.slack.cards.markdown import markdown
from connectors.slack.cards.rich_text import Block, Message, fallback, rich_text
from connectors.slack.cards.text import escape, mrkdwn, plain
from connectors.slack.wire.errors import Refused
from connectors.slack.wire.pace import POST

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.answering")


def answer(deps: Deps, post: Post) -> None:
    """Answer a question in its thread.

    Raises:
        Later: Slack or the database is not to be had now; to be done again.
    """
    lang = language(post.text, deps.lang)
    kept = deps.store.exchange(post.team, exchange_id(post.key))
    stream = Stream(deps, post, answer_key(post))
    if kept is None:
        status.working(deps, post, lang)
        try:
            found = _asked(deps, post, stream)
        except Exception:
            log.exception("question %s could not be answered, reference %s", post.key, reference(post.key))
            apologise(deps, post, lang)
            return
        kept = Exchange(post.team, exchange_id(post.key), post.channel, post.thread, post.user, found, deps.now())
        if _is_small_talk(deps, post, found):
            status.done(deps, post)
            return
        deps.store.save_exchange(kept)
    _show(deps, post, kept, stream, lang)
    if not post.response_url:
        takes_part(deps.store, post, deps.now())


def apologise(deps: Deps, post: Post, lang: str, name: str = "apology") -> None:
    """Say that it did not work, with a reference that stands in the log too."""
    text = say(f"slack.talk.{name}", lang, reference=reference(post.key))
    tell(deps, post, answer_key(post), text)


def tell(deps: Deps, post: Post, key: str, text: str) -> None:
    """Say a few words where the post's answer belongs."""
    say_blocks(deps, post, key, [Note(text=text)])


def say_blocks(deps: Deps, post: Post, key: str, blocks: Blocks) -> None:
    """Say something of several blocks where the post's answer belongs."""
    show(deps, post, key, Message(fallback(blocks), rich_text(blocks) or [{"type": "section", "text": plain("")}]))


def plainly(deps: Deps, post: Post, key: str, text: str) -> None:
    """Say a few words beside what an answer left behind, without blocks, which Slack might not take."""
    show(deps, post, key, Message(escape(text), []), number=2)


def show(deps: Deps, post: Post, key: str, message: Message, number: int = 1) -> str:
    """Put a message where the post's answer belongs, once; its ts, empty for what only the asker sees.

    A place that the app may not write in (a shortcut was used there) is answered in a direct message.
    """
    if post.response_url:
        return _privately(deps, post, key, message)
    try:
        if number > 1:
            return speak.once(deps, post.team, key, post.channel, post.thread, message.text, message.blocks)
        return _publicly(deps, post, key, message)
    except Refused as refused:
        if post.direct or not refused.unheard:
            raise
        return _directly(deps, post, key, message)


def answer_key(post: Post, number: int = 1) -> str:
    """The key of an answer's message."""
    return f"answer:{post.key}" + (f":{number}" if number > 1 else "")


def _asked(deps: Deps, post: Post, stream: Stream) -> Answer:
    history = [e.turn for e in deps.store.exchanges(post.team, post.channel, post.thread)] if not post.response_url else []
    last: Answer | None = None
    for found in deps.assistant.stream(post.text, history):
        stream.show(found)
        last = found
    assert last is not None, "the assistant gives at least one answer"
    return last


def _show(deps: Deps, post: Post, kept: Exchange, stream: Stream, lang: str) -> None:
    note = say("slack.answer.notice_command", lang) if post.response_url else ""
    first, *more = answer_posts(kept.answer, kept.id, lang, note)
    whole, tail = markdown(body(kept.answer)), closing(kept.answer, kept.id, lang, note)
    if more or not stream.finish(first, whole, tail):
        show(deps, post, answer_key(post), first)
    for number, message in enumerate(more, 2):
        show(deps, post, answer_key(post, number), message, number)


def _publicly(deps: Deps, post: Post, key: str, message: Message) -> str:
    """Post, or finish what an earlier attempt or a stream began."""
    speak.turn(deps, post.team, POST, post.channel)
    before = deps.store.begin_post(post.team, key, post.channel, deps.now())
    if before is None:
        return speak.post(deps, post.team, key, post.channel, post.thread, message.text, message.blocks)
    marked = find(deps.client(post.team), post.channel, post.thread, key)
    if marked:
        deps.store.end_post(post.team, key, marked)
        return marked
    begun = before.ts or adopt(deps, post)
    if not begun:
        return speak.post(deps, post.team, key, post.channel, post.thread, message.text, message.blocks)
    end(deps, post, begun)
    change(deps, post.team, post.channel, begun, message.text, message.blocks, key)
    deps.store.end_post(post.team, key, begun)
    return begun


def _privately(deps: Deps, post: Post, key: str, message: Message) -> str:
    """To the asker of a command only; when its response address is gone, as a direct message."""
    before = deps.store.begin_post(post.team, key, post.channel, deps.now())
    if before is not None and before.ts:
        return ""
    if respond(post.response_url, message.text, message.blocks):
        deps.store.end_post(post.team, key, "response")
        return ""
    return _directly(deps, post, key, message)


def _directly(deps: Deps, post: Post, key: str, message: Message) -> str:
    """As a direct message, in whose thread the talk goes on."""
    channel = speak.direct(deps, post.team, post.user)
    moved = [_moved(post, language(post.text, deps.lang))] if post.origin == "shortcut" else []
    ts = speak.once(deps, post.team, f"{key}:direct", channel, None, message.text, [*moved, *message.blocks])
    kept = deps.store.exchange(post.team, exchange_id(post.key))
    if kept is not None:
        deps.store.save_exchange(replace(kept, channel=channel, thread=ts))
    return ts


def _moved(post: Post, lang: str) -> Block:
    where = say("slack.lead.direct", lang) if post.direct else f"<#{post.channel}>"
    return {"type": "context", "elements": [mrkdwn(say("slack.talk.moved", lang, where=where))]}


def _is_small_talk(deps: Deps, post: Post, found: Answer) -> bool:
    """Whether a reply between people needs no word of ours: nobody named the app, and it is no question it could answer."""
    if post.origin != "thread" or found.answered:
        return False
    if found.reason == "not_a_question":
        return True
    thread = deps.store.thread(post.team, post.channel, post.thread)
    return thread is not None and thread.asker != post.user
