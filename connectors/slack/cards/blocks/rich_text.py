"""Answers as Block Kit rich text, in messages that Slack accepts: bold by style, quotes and lists as such, nothing parsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from assistant.answers.blocks import Blocks
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.lines import StyledLine, answer_lines, fitted, plain_text
from connectors.slack.cards.blocks.text import Element, escape
from connectors.slack.wire import limits
from connectors.slack.wire.limits import length

Block = dict[str, Any]


@dataclass(frozen=True)
class SlackMessage:
    """One message to post: blocks, and the text that notifications and screen readers get."""

    text: str
    blocks: list[Block]


def answer_messages(answer: Blocks, chars: int = limits.ANSWER_TEXT, blocks: int = limits.ANSWER_BLOCKS) -> list[SlackMessage]:
    """An answer as one message, or several where it is longer than ``chars`` characters or ``blocks`` blocks.

    Leave room in ``blocks`` and ``chars`` for what else the message shows (buttons, edition, feedback). A clause moves to the next
    message as a whole where it can; a line is only cut when it is longer than a block by itself.
    """
    messages: list[SlackMessage] = []
    waiting: list[list[StyledLine]] = []
    size = 0
    for lines in _blocks(answer_lines(answer), min(chars, limits.RICH_TEXT)):
        long = _size(lines)
        if waiting and (size + long > chars or len(waiting) == blocks):
            messages.append(_message(waiting))
            waiting, size = [], 0
        waiting.append(lines)
        size += long
    return [*messages, _message(waiting)] if waiting else messages


def line_blocks(lines: Sequence[StyledLine]) -> list[Block]:
    """Lines as rich text blocks, one for each group."""
    shown = [line for line in lines if line.text.strip()]
    return [_block(together) for together in _blocks(shown, limits.RICH_TEXT)]


def fallback(answer: Blocks, limit: int = limits.FALLBACK_TEXT) -> str:
    """The ``text`` that goes with an answer's blocks: no marks, escaped, cut to ``limit``."""
    return head(escape(plain_text(answer_lines(answer))), limit)


def text_element(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    """A rich text element; Slack shows its characters as they are."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def _blocks(lines: Sequence[StyledLine], limit: int) -> Iterator[list[StyledLine]]:
    """Lines gathered into blocks: a new block for each group, and where one is full."""
    block: list[StyledLine] = []
    for unit in _units(lines, limit):
        if block and (unit[0].group != block[-1].group or _size([*block, *unit]) > limit):
            yield block
            block = []
        block = [*block, *unit]
    if block:
        yield block


def _units(lines: Sequence[StyledLine], limit: int) -> Iterator[list[StyledLine]]:
    """Lines that stay together: a heading with the line after it, if both fit."""
    unit: list[StyledLine] = []
    for line in (part for whole in lines for part in fitted(whole, limit - 1)):
        if unit and (line.group != unit[-1].group or _size([*unit, line]) > limit):
            yield unit
            unit = []
        unit.append(line)
        if not line.heads:
            yield unit
            unit = []
    if unit:
        yield unit


def _size(lines: Sequence[StyledLine]) -> int:
    return sum(length(line.text) + 1 for line in lines)


def _message(blocks: Sequence[list[StyledLine]]) -> SlackMessage:
    lines = [line for block in blocks for line in block]
    return SlackMessage(text=head(escape(plain_text(lines)), limits.FALLBACK_TEXT), blocks=[_block(block) for block in blocks])


def _block(lines: Sequence[StyledLine]) -> Block:
    elements: list[Element] = []
    for kind, together in groupby(lines, key=lambda line: line.kind):
        same = list(together)
        if kind == "item":
            sections = [{"type": "rich_text_section", "elements": _elements([line])} for line in same]
            elements.append({"type": "rich_text_list", "style": "bullet", "elements": sections})
        else:
            elements.append({"type": "rich_text_quote" if kind == "quote" else "rich_text_section", "elements": _elements(same)})
    return {"type": "rich_text", "elements": elements}


def _elements(lines: Sequence[StyledLine]) -> list[Element]:
    out: list[Element] = []
    for position, line in enumerate(lines):
        for at, span in enumerate(line.spans):
            lead = "\n" if position and not at else ""
            if span.text:
                out.append(text_element(lead + span.text, bold=span.bold, italic=span.italic))
    return out
