"""What the app says of itself when it is asked for help."""

from __future__ import annotations

from assistant.answers.blocks import AnswerItem, Block, Note
from assistant.texts import say


def help_blocks(lang: str) -> list[Block]:
    """What it is, and the ways to use it."""
    ways = ("ask", "number", "follow", "stop")
    return [Note(text=say("slack.talk.help", lang)), *(AnswerItem(text=say(f"slack.talk.help_{way}", lang)) for way in ways)]
