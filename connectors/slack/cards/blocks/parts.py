"""The smallest parts that cards, forms and the Home tab are made of. Everything shown is plain or rich text, never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.texts import say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.rich_text import Block, text_element
from connectors.slack.cards.blocks.text import Element, clean, one_line, plain, web_address
from connectors.slack.wire import limits

_CONTEXT = 300  # characters of a note
COLLEAGUE = "to"
"""The field of a hand-over, in every form."""
HOLE = "\ue000"
"""Stands in a sentence where a moment is to be put."""


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain(text, limits.HEADER_TEXT, emoji=True)}


def paragraph(text: str, limit: int = limits.SECTION_TEXT) -> Block:
    """A paragraph of plain words."""
    return {"type": "section", "text": plain(text, limit, lines=True, emoji=False)}


def small(*texts: str) -> Block:
    """Small grey words, each part at most a few lines long."""
    shown = [plain(head(one_line(t), _CONTEXT)) for t in texts if t.strip()][: limits.CONTEXT_ELEMENTS]
    return {"type": "context", "elements": shown or [plain("—")]}


def colleague(lang: str) -> Element:
    """A field that finds people by what is typed, and no bots: the app offers them (``listeners/evidence/colleagues``)."""
    hint = plain(say("evidence_slack.form.to_hint", lang), limits.PLACEHOLDER_TEXT)
    return {"type": "external_select", "action_id": COLLEAGUE, "min_query_length": 0, "placeholder": hint}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def words(text: str, limit: int = limits.RICH_TEXT, **style: bool) -> Element:
    """Text of others as a rich text element; never empty."""
    shown = head(clean(text), limit).strip("\n")
    return text_element(shown if shown.strip() else "—", **style)


def line(*elements: Element) -> Element:
    """A line of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def timed(text: str, moment: Element, bold: bool = False) -> list[Element]:
    """A sentence with a moment in the place of ``HOLE``; each reader sees the moment in their own zone."""
    before, hole, after = text.partition(HOLE)
    return [*_some(before, bold), *([moment] if hole else []), *_some(after, bold)]


def _some(text: str, bold: bool) -> list[Element]:
    return [words(text, bold=bold)] if text else []


def quote(text: str, limit: int) -> Element:
    """Words of the guide or of a person, set off."""
    return {"type": "rich_text_quote", "elements": [words(text, limit)]}


def bullets(items: Iterable[Sequence[Element]]) -> Element:
    """A list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [line(*item) for item in items]}


def rich(block_id: str, *elements: Element) -> Block:
    """A block of rich text."""
    return {"type": "rich_text", "block_id": block_id[: limits.ID], "elements": list(elements)}


def address(url: str, label: str = "") -> Element:
    """A link, or, where it leads nowhere that Slack would open, its words."""
    to = web_address(url)
    return {"type": "link", "url": to, "text": head(one_line(label or url), 200)} if to else words(url, 300)


def button(action: str, label: str, value: str, style: str = "", confirm: Element | None = None) -> Element:
    """A button."""
    made: Element = {"type": "button", "action_id": action, "text": plain(label, limits.BUTTON_TEXT), "value": value}
    return made | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def row(block_id: str, elements: Sequence[Element]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id[: limits.ID], "elements": list(elements)}
