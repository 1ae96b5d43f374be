"""The lead's summary of a week. Pure functions."""

from __future__ import annotations

from assistant.conversation.scene import Scene
from assistant.register.facts.outbox import Message as Told
from assistant.register.papers.week_words import week_lines
from assistant.texts import say
from connectors.slack.cards.blocks.parts import header, paragraph, small
from connectors.slack.cards.blocks.rich_text import Message
from connectors.slack.cards.blocks.text import escape


def week_card(message: Told, at: Scene) -> Message:
    """Numbers, and where the log ends."""
    title = say("letter.subject.week", at.lang, enterprise=message.payload["enterprise"])
    standing, *log = week_lines(message.payload, at.lang)
    return Message(escape(f"{title}\n{standing}"), [header(title), paragraph(standing), small(*log)])
