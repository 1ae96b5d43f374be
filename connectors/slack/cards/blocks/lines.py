"""Lines that Slack's forms of text are built from, and how the blocks of an answer become them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from assistant.answers.blocks import Block, Blocks, stretches
from assistant.answers.markdown import cited
from connectors.slack.cards.blocks.cutting import split
from connectors.slack.cards.blocks.text import clean
from connectors.slack.wire.limits import length


class StyledSpan(NamedTuple):
    """Text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


class StyledLine(NamedTuple):
    """One line of an answer; ``group`` counts the stretches that stand apart."""

    kind: Literal["text", "quote", "item"]
    spans: tuple[StyledSpan, ...]
    group: int

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(span.text for span in self.spans)

    @property
    def heads(self) -> bool:
        """Whether the line is a heading: bold from end to end, so it belongs to the line after it."""
        return self.kind == "text" and all(span.bold for span in self.spans)


def answer_lines(blocks: Blocks) -> list[StyledLine]:
    """The lines of an answer that show something, in order."""
    drawn = (_line(block, group) for group, stretch in enumerate(stretches(blocks)) for block in stretch)
    return [line for line in drawn if line.text.strip()]


def plain_text(lines: list[StyledLine]) -> str:
    """The lines without styles, for fallbacks: quotes keep ``>``, items keep a dot, groups keep their blank line."""
    marks = {"text": "", "quote": "> ", "item": "• "}
    shown = []
    for position, line in enumerate(lines):
        if position and line.group != lines[position - 1].group:
            shown.append("")
        shown.append(marks[line.kind] + line.text)
    return "\n".join(shown)


def fitted(line: StyledLine, limit: int) -> Iterator[StyledLine]:
    """``line``, or where it is longer than ``limit`` by itself, several lines of its kind."""
    if length(line.text) <= limit:
        yield line
        return
    spans: list[StyledSpan] = []
    size = 0
    for span in line.spans:
        for text in split(span.text, limit):
            if spans and size + length(text) > limit:
                yield line._replace(spans=tuple(spans))
                spans, size = [], 0
            spans.append(span._replace(text=text))
            size += length(text)
    if spans:
        yield line._replace(spans=tuple(spans))


def _line(block: Block, group: int) -> StyledLine:
    spans = [StyledSpan(clean(piece), bold) for piece, bold in block.pieces]
    match block.block:
        case "part" | "heading":
            return StyledLine("text", (StyledSpan(clean(block.text), bold=True),), group)
        case "note" if block.role == "rest":
            return StyledLine("text", (StyledSpan(clean(block.text), italic=True),), group)
        case "claim":
            return StyledLine("item", (*spans, StyledSpan(cited(block.passages))), group)
        case "quote" | "item" as kind:
            return StyledLine(kind, tuple(spans), group)
        case _:
            return StyledLine("text", tuple(spans), group)
