"""The register's own messages as the beginnings of threads: whose thread a post stands in, and whether it asks the guide all the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.answers.question.reading import Reading
from assistant.conversation.meaning.whom import spellings
from assistant.conversation.meaning.wishes import LONGEST, WISHES, likely
from assistant.conversation.ports import Exchange
from assistant.conversation.post import Post
from assistant.conversation.threads import exchange_id
from assistant.register.acts.slots.review_notes import ROOTS
from assistant.register.facts.outbox import Message

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

KEEP, GUIDE, TELL = "reply_keep", "reply_guide", "reply_tell"
_LATELY = 60  # messages of a kind that are looked through for a thread; chosen, not measured
_SURE = 0.8
"""From this probability on, what reads as a question is one to the guide and no comment: of messages that were kept back .94 of the
questions to the guide that look like wishes (.88 by their letters alone), .08 of notes, reasons and orders (.10)."""


def root_of(desk: Desk, person: str, post: Post) -> Message | None:
    """The message of the register that began a post's thread, if it was sent to this person."""
    with desk.service.register.reading(desk.workspace) as tx:
        for kind in (*ROOTS, "review", "comment"):
            for message in tx.messages(recipient=person, kind=kind, limit=_LATELY):
                begun = message.says.thread or message.receipt.ts
                if (message.receipt.channel, begun) == (post.channel, post.thread):
                    return message
    return None


def is_about(ctx: Context, post: Post, clauses: Iterable[str]) -> None:
    """Let the first question to the guide in a thread be asked after the clause that its message is about, where it is about one."""
    about = set(clauses)
    if len(about) == 1 and not ctx.store.exchanges(post.team, post.channel, post.thread):
        clause = ctx.assistant.ask(about.pop())
        before = exchange_id(f"root:{post.channel}:{post.thread}")
        ctx.store.save_exchange(Exchange(post.team, before, post.channel, post.thread, post.user, clause, ctx.now()))


def asks_guide(text: str, reading: Reading) -> bool:
    """Whether what is written under the register's own message is a question to the guide beyond doubt."""
    read = likely(text, WISHES, (), reading)
    asks = reading.act == "question" and read["guide"] >= _SURE
    named = bool(reading.references) and (reading.surely_asks or max(read, key=lambda wish: read[wish]) == "guide")
    return len(text) > LONGEST or asks or named


def message_of(desk: Desk, message: str) -> Message | None:
    """A message of the register."""
    with desk.service.register.reading(desk.workspace) as tx:
        return tx.message(message)


def names_of(ctx: Context, team: str) -> list[str]:
    """How people whom the register knows are written."""
    return spellings(ctx.involved(team))
