"""The smallest parts that cards, forms and the Home tab are made of. Everything shown is plain or rich text, never markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.texts import say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.rich_text import Block, text_element
from connectors.slack.cards.blocks.text import Element, clean, one_line, plain, web_address
from connectors.slack.wire import limits

View = dict[str, Any]
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


def field(name: str, label: str, element: Element, optional: bool = False, hint: str = "") -> Block:
    """A field of a form, under its label."""
    block = {"type": "input", "block_id": name, "label": plain(label, limits.LABEL_TEXT), "element": element, "optional": optional}
    return block | ({"hint": plain(hint, limits.LABEL_TEXT)} if hint else {})


def value(view: Mapping[str, Any], name: str) -> str:
    """What was filled in under a name; empty for nothing."""
    found = (view["state"]["values"].get(name) or {}).get(name) or {}
    chosen = (found.get("selected_option") or {}).get("value")
    return str(found.get("value") or found.get("selected_date") or chosen or "").strip()


def modal(callback: str, title: str, blocks: Sequence[Block], lang: str, send: str = "", close: str = "", memory: str = "") -> View:
    """A window; with ``send`` (what its button says) a form. ``memory`` comes back with it."""
    shut = close or say("evidence_slack.form.close" if send else "evidence_slack.form.ok", lang)
    return (
        {"type": "modal", "callback_id": callback, "title": plain(title, limits.MODAL_TITLE), "close": plain(shut, limits.MODAL_BUTTON)}
        | ({"submit": plain(send, limits.MODAL_BUTTON)} if send else {})
        | ({"private_metadata": memory} if memory else {})
        | {"blocks": list(blocks)}
    )
