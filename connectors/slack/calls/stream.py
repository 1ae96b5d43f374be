"""An answer that grows while it is made: only what was verified is shown, and a stream that dies is finished by an update.

Nothing waits for a stream: where the workspace's pace does not let it grow, what is new comes with the next part or at the end.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assistant.answers.answer import Answer
from assistant.conversation.jobs import Later
from assistant.conversation.post import Post
from connectors.slack.calls.posting import change, messages, stamped
from connectors.slack.cards.asking.answer_message import body
from connectors.slack.cards.blocks.markdown import markdown
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.wire import limits
from connectors.slack.wire.errors import Refused, called, failure
from connectors.slack.wire.limits import length
from connectors.slack.wire.pace import GROW, STREAM

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.stream")


class Stream:
    """One message that grows. Whatever Slack refuses on the way only means that the text comes all at once at the end."""

    def __init__(self, deps: Deps, post: Post, key: str) -> None:
        self.deps, self.post, self.key = deps, post, key
        self.ts = ""
        self.shown = ""
        self.alive = not post.response_url

    def show(self, answer: Answer) -> None:
        """Show what is certain of an answer that is still being made."""
        if not (self.alive and answer.growing):
            return
        text = markdown(body(answer))
        if text == self.shown or not text.startswith(self.shown):
            return
        more = text[len(self.shown) :]
        if self.deps.paces(self.post.team).turn(GROW if self.ts else STREAM, self.post.channel, longest=0.0, urgent=True):
            return
        try:
            if self.ts:
                called(lambda: self._client.chat_appendStream(channel=self.post.channel, ts=self.ts, markdown_text=more))
            else:
                self._start(more)
            self.shown = text
        except (Later, Refused) as error:
            log.info("streaming ended early in %s: %s", self.post.channel, error)
            self.alive = False

    def finish(self, final: SlackMessage, whole: str, tail: list[Block]) -> bool:
        """End the stream so that the message is ``final`` (whose text is ``whole`` in Markdown); False when no message was begun.

        Raises:
            Later, Refused: the message stands unfinished; the next attempt finishes it.
        """
        if not self.ts:
            return False
        if self.deps.store.known(self.post.team, stopped_key(self.post.channel, self.ts)):
            with suppress(Later):
                end(self.deps, self.post, self.ts)  # Slack stopped the message, and leaves it to the app to say that it is through
            return True
        rest = whole[len(self.shown) :]
        if self.alive and whole.startswith(self.shown) and length(whole) <= limits.ANSWER_TEXT:
            try:
                more: dict[str, Any] = {"markdown_text": rest} if rest else {}
                called(
                    lambda: self._client.chat_stopStream(
                        channel=self.post.channel, ts=self.ts, blocks=tail, metadata=stamped(self.key), **more
                    )
                )
                return True
            except (Later, Refused) as error:
                log.info("the stream in %s could not be ended as one: %s", self.post.channel, error)
        end(self.deps, self.post, self.ts)
        change(self.deps, self.post.team, self.post.channel, self.ts, final.text, final.blocks, self.key)
        return True

    def stop(self) -> None:
        """Leave the message as it stands; where Slack stopped it, it waits for the app to say that it is through."""
        if self.ts:
            with suppress(Later):
                end(self.deps, self.post, self.ts)

    @property
    def _client(self) -> Any:
        return self.deps.client(self.post.team)

    def _start(self, text: str) -> None:
        post = self.post
        if self.deps.store.begin_post(post.team, self.key, post.channel, self.deps.now()) is not None:
            self.alive = False  # an earlier attempt began a message: it is finished, not begun again
            return
        reader = {} if post.direct else {"recipient_team_id": post.team, "recipient_user_id": post.user}
        answer = called(lambda: self._client.chat_startStream(channel=post.channel, thread_ts=post.thread, markdown_text=text, **reader))
        self.ts = str(answer["ts"])
        self.deps.store.end_post(post.team, self.key, self.ts)


def stopped_key(channel: str, ts: str) -> str:
    """What is remembered of a stream that its reader stopped: it stays as it is."""
    return f"stopped:{channel}:{ts}"


def end(deps: Deps, post: Post, ts: str) -> None:
    """Stop a stream that may have stopped long ago.

    Raises:
        Later: Slack asks for a pause; while the stream runs, its message cannot be changed.
    """
    try:
        deps.client(post.team).chat_stopStream(channel=post.channel, ts=ts)
    except Exception as error:
        found = failure(error)
        if found is None:
            raise
        if found.kind == "limited":
            raise Later(found.retry_after) from error


def adopt(deps: Deps, post: Post) -> str | None:
    """The message that an earlier attempt at this answer began without living to note it: ours, after the post, unmarked.

    Raises:
        Later, Refused: it cannot be known now.
    """
    for message in messages(deps.client(post.team), post.channel, post.thread, oldest=post.ts):
        ours = message.get("user") == post.me and str(message.get("ts", "")) > post.ts
        if ours and not message.get("metadata"):
            return str(message["ts"])
    return None
