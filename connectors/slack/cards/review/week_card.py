"""The lead's summary of a week. Pure functions."""

from __future__ import annotations

from assistant.conversation.scene import Scene
from assistant.register.facts.notices.leading import Week
from assistant.register.papers.said.week_words import week_lines
from assistant.texts import say
from connectors.slack.cards.blocks.parts import header, paragraph, small
from connectors.slack.cards.blocks.rich_text import SlackMessage
from connectors.slack.cards.blocks.text import escape


def week_card(week: Week, at: Scene) -> SlackMessage:
    """Numbers, and where the log ends."""
    title = say("letter.subject.week", at.lang, enterprise=week.enterprise)
    standing, *log = week_lines(week, at.lang)
    return SlackMessage(escape(f"{title}\n{standing}"), [header(title), paragraph(standing), small(*log)])
