"""From a question to an answer in its thread: asked once, kept, then shown; whatever breaks ends in an apology and not in silence."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.question.reading import language
from assistant.conversation.chat import Growing, words
from assistant.conversation.ports import Exchange
from assistant.conversation.post import Post
from assistant.conversation.threads import exchange_id, reference, stop_asked, takes_part
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context

log = logging.getLogger("aeo.questions")

LOOK = 0.5
"""Seconds between looks at whether the reader asked to stop; they wait at most 2 s (``tests/slack/test_stopping.py``)."""


class Stopped(Exception):
    """The reader wants no answer any more."""


def answer(ctx: Context, post: Post, since: datetime) -> None:
    """Answer a question in its thread; ``since`` is when it was written, so that a stop after it counts.

    Raises:
        Later: the chat or the database is not to be had now; to be done again.
    """
    lang = language(post.text, ctx.lang)
    kept = ctx.store.exchange(post.team, exchange_id(post.key))
    growing = ctx.chat.answer(post, answer_key(post))
    if kept is None:
        ctx.chat.working(post.place, lang, "" if post.reply else post.text)
        try:
            found = _asked(ctx, post, growing, since)
        except Stopped:
            growing.stop()
            ctx.chat.idle(post.place)
            ctx.chat.say(post.place, f"stopped:{post.key}", words(say("talk.stopped", lang)))
            return
        except Exception:
            log.exception("question %s could not be answered, reference %s", post.key, reference(post.key))
            apologise(ctx, post, lang)
            return
        kept = Exchange(post.team, exchange_id(post.key), post.channel, post.thread, post.user, found, ctx.now())
        if _is_small_talk(ctx, post, found):
            ctx.chat.idle(post.place)
            return
        ctx.store.save_exchange(kept)
    growing.finish(kept, lang)
    if not post.response_url:
        takes_part(ctx.store, post, ctx.now())


def apologise(ctx: Context, post: Post, lang: str, name: str = "apology") -> None:
    """Say that it did not work, with a reference that stands in the log too."""
    ctx.chat.answer(post, answer_key(post)).say(words(say(f"slack.talk.{name}", lang, reference=reference(post.key))))


def answer_key(post: Post, number: int = 1) -> str:
    """The key of an answer's message."""
    return f"answer:{post.key}" + (f":{number}" if number > 1 else "")


def _asked(ctx: Context, post: Post, growing: Growing, since: datetime) -> Answer:
    history = [e.turn for e in ctx.store.exchanges(post.team, post.channel, post.thread)] if not post.response_url else []
    last: Answer | None = None
    for found in _until_stopped(ctx, post, ctx.assistant.stream(post.text, history), since):
        growing.show(found)
        last = found
    if last is None:
        raise RuntimeError("the assistant gave no answer")
    return last


def _until_stopped(ctx: Context, post: Post, answers: Iterator[Answer], since: datetime) -> Iterator[Answer]:
    """The answers as they come, made aside: a reader who stops waits for no model.

    Raises:
        Stopped: the reader asked to stop; what is under way is let go of at its next step.
    """
    made: SimpleQueue[Answer | Exception | None] = SimpleQueue()
    wanted, ended = threading.Semaphore(0), threading.Event()

    def make() -> None:
        try:
            wanted.acquire()
            for found in answers:
                made.put(found)
                wanted.acquire()
                if ended.is_set():
                    return
            made.put(None)
        except Exception as error:
            made.put(error)

    threading.Thread(target=make, name="answer", daemon=True).start()
    try:
        while (found := _next(ctx, post, made, wanted, since)) is not None:
            yield found
    finally:
        ended.set()
        wanted.release()


def _next(
    ctx: Context, post: Post, made: SimpleQueue[Answer | Exception | None], wanted: threading.Semaphore, since: datetime
) -> Answer | None:
    wanted.release()
    while True:
        try:
            found = made.get(timeout=LOOK)
        except Empty:
            if stop_asked(ctx.store, post, since):
                raise Stopped from None
            continue
        if isinstance(found, Exception):
            raise found
        if found is not None and found.mode == "generated" and stop_asked(ctx.store, post, since):
            raise Stopped
        return found


def _is_small_talk(ctx: Context, post: Post, found: Answer) -> bool:
    """Whether a reply between people needs no word of ours: nobody named the app, and it is no question it could answer."""
    if post.origin != "thread" or found.answered:
        return False
    if found.reason == "not_a_question":
        return True
    thread = ctx.store.thread(post.team, post.channel, post.thread)
    return thread is not None and thread.asker != post.user
