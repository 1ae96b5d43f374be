"""Slack's limits as numbers, and how text is counted against them.

Sources: Slack's Block Kit reference, the comments of @slack/types 3.2, slackblocks 3.0, and failures that users reported
(``msg_too_long`` from about 4,000 characters of text, ``msg_blocks_too_long`` from about 13,200 characters of blocks).
"""

from __future__ import annotations

from typing import Final

LISTENERS: Final = 32
"""Threads that run listeners, and those that take envelopes off a socket."""

# What Slack's reference says, in characters, blocks, elements or rows; what is less than it (answers) leaves room for what is added.
BLOCKS_PER_VIEW: Final = 100
ANSWER_BLOCKS: Final = 45
ANSWER_TEXT: Final = 10_000
FALLBACK_TEXT: Final = 3_000
SECTION_TEXT: Final = 3_000
RICH_TEXT: Final = 3_000
HEADER_TEXT: Final = 150
CONTEXT_ELEMENTS: Final = 10
ACTIONS_ELEMENTS: Final = 25
BUTTON_TEXT: Final = 75
URL: Final = 3_000
ID: Final = 255
OPTION_TEXT: Final = 75
OPTIONS: Final = 100
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
OVERFLOW_OPTIONS: Final = 5
CHOICES: Final = 10
LABEL_TEXT: Final = 2_000
PLACEHOLDER_TEXT: Final = 150
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
MODAL_TITLE: Final = 24
MODAL_BUTTON: Final = 24
FILES_PER_INPUT: Final = 10
CHANNEL_POSTS_PER_SECOND: Final = 1.0
POSTS_PER_SECOND: Final = 4.0
"""Posts of one workspace, in all its channels: Slack says "several hundred a minute" and no more."""
URGENT_POSTS: Final = 20
"""Posts to people who wait that may be made at once in a workspace; after them that pace is kept."""
# Calls a minute, as Slack's tiers are documented.
TIER_2: Final = 20
TIER_3: Final = 50
TIER_4: Final = 100
"""Calls a minute."""


def length(text: str) -> int:
    """Characters of ``text`` as the strictest counter counts them: an emoji outside the basic plane is two."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)
