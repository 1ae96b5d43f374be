"""An answer in Slack: it grows where it can, is shown as a whole once, and finishes what an earlier attempt began."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.question.reading import language
from assistant.conversation.chat import Saying
from assistant.conversation.guide_asked.questions import answer_key
from assistant.conversation.ports import Exchange
from assistant.conversation.post import Post
from assistant.conversation.threads import exchange_id
from assistant.texts import say
from connectors.slack.calls import posting as speak
from connectors.slack.calls import status
from connectors.slack.calls.posting import change, find, respond
from connectors.slack.calls.stream import Stream, adopt, end
from connectors.slack.cards.asking.answer_message import answer_posts, body, closing
from connectors.slack.cards.asking.saying import drawn
from connectors.slack.cards.asking.sharing import asked_by, restated
from connectors.slack.cards.blocks.markdown import markdown
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import mrkdwn
from connectors.slack.wire.errors import Refused
from connectors.slack.wire.pace import POST

if TYPE_CHECKING:
    from connectors.slack.context import Deps


class Answering:
    """The answer to one post."""

    def __init__(self, deps: Deps, post: Post, key: str) -> None:
        self.deps, self.post, self.key = deps, post, key
        self.stream = Stream(deps, post, key)

    def show(self, answer: Answer) -> None:
        """Show what is certain so far."""
        self.stream.show(answer)

    def stop(self) -> None:
        """Leave it as it stands."""
        self.stream.stop()

    def say(self, what: Saying) -> None:
        """These words instead of an answer, in the place of what was begun."""
        self._shown(self.key, drawn(what, self.deps.lang))
        if not self.post.response_url:
            status.answered(self.deps, self.post.place)

    def finish(self, kept: Exchange, lang: str) -> None:
        """Show the whole answer, in as many messages as it needs, each once."""
        post = self.post
        note = say("slack.answer.notice_command", lang) if post.response_url else ""
        first, *more = answer_posts(kept.answer, kept.id, lang, note)
        if post.response_url:
            first = restated(first, post, kept.id, lang)
        if post.origin == "shortcut":
            first = SlackMessage(first.text, [asked_by(post.user, lang), *first.blocks])
        whole, tail = markdown(body(kept.answer)), closing(kept.answer, kept.id, lang, note)
        if more or not self.stream.finish(first, whole, tail):
            self._shown(self.key, first)
        for number, message in enumerate(more, 2):
            self._shown(answer_key(post, number), message, number)
        if not post.response_url:
            status.answered(self.deps, post.place)

    def _shown(self, key: str, message: SlackMessage, number: int = 1) -> None:
        """Put a message where the answer belongs; a place that the app may not write in is answered in a direct message."""
        post = self.post
        if post.response_url:
            self._privately(key, message)
            return
        try:
            if number > 1:
                speak.once(self.deps, post.team, key, post.channel, post.thread, message.text, message.blocks)
            else:
                self._publicly(key, message)
        except Refused as refused:
            if post.direct or not refused.unheard:
                raise
            self._directly(key, message)

    def _publicly(self, key: str, message: SlackMessage) -> None:
        """Post, or finish what an earlier attempt or a stream began."""
        deps, post = self.deps, self.post
        speak.turn(deps, post.team, POST, post.channel)
        before = deps.store.begin_post(post.team, key, post.channel, deps.now())
        marked = find(deps.client(post.team), post.channel, post.thread, key) if before is not None else ""
        if marked:
            deps.store.end_post(post.team, key, marked)
            return
        begun = (before.ts or adopt(deps, post)) if before is not None else ""
        if not begun:
            speak.post(deps, post.team, key, post.channel, post.thread, message.text, message.blocks)
            return
        end(deps, post, begun)
        change(deps, post.team, post.channel, begun, message.text, message.blocks, key)
        deps.store.end_post(post.team, key, begun)

    def _privately(self, key: str, message: SlackMessage) -> None:
        """To the asker of a command only; when its response address is gone, as a direct message."""
        deps, post = self.deps, self.post
        before = deps.store.begin_post(post.team, key, post.channel, deps.now())
        if before is not None and before.ts:
            return
        if respond(post.response_url, message.text, message.blocks, replace=not key.rpartition(":")[2].isdigit()):
            deps.store.end_post(post.team, key, "response")
            return
        self._directly(key, message)

    def _directly(self, key: str, message: SlackMessage) -> None:
        """As a direct message, in whose thread the talk goes on."""
        deps, post = self.deps, self.post
        channel = speak.direct(deps, post.team, post.user)
        moved = [_moved(post, language(post.text, deps.lang))] if post.origin == "shortcut" else []
        ts = speak.once(deps, post.team, f"{key}:direct", channel, None, message.text, [*moved, *message.blocks])
        kept = deps.store.exchange(post.team, exchange_id(post.key))
        if kept is not None:
            deps.store.save_exchange(replace(kept, channel=channel, thread=ts))


def _moved(post: Post, lang: str) -> Block:
    where = say("slack.lead.direct", lang) if post.direct else f"<#{post.channel}>"
    return {"type": "context", "elements": [mrkdwn(say("slack.talk.moved", lang, where=where))]}
