"""The Markdown that answers are written in, read into lines that Slack's forms of text are built from.

An answer has headings (``**24(3) 进入安全**``), quotes (``> ``), list items (``- ``, continued by two spaces), a closing line in
italics (``_…_``), plain lines, and blank lines between clauses. Quotes are the guide's own words: nothing in them is a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from connectors.slack.cards.cutting import split
from connectors.slack.cards.text import clean
from connectors.slack.wire.limits import length

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"_(?=\S)(.+)(?<=\S)_")


class Span(NamedTuple):
    """Text in one style."""

    text: str
    bold: bool = False
    italic: bool = False


class Line(NamedTuple):
    """One line of an answer; ``group`` counts the stretches between blank lines."""

    kind: Literal["text", "quote", "item"]
    spans: tuple[Span, ...]
    group: int

    @property
    def text(self) -> str:
        """The line without its marks."""
        return "".join(span.text for span in self.spans)

    @property
    def heads(self) -> bool:
        """Whether the line is a heading: bold from end to end, so it belongs to the line after it."""
        return self.kind == "text" and all(span.bold for span in self.spans)


def answer_lines(markdown: str) -> list[Line]:
    """The lines of an answer that show something, in order."""
    lines: list[Line] = []
    group, open_item = 0, False
    for raw in clean(markdown).split("\n"):
        if not raw.strip():
            group, open_item = group + 1, False
        elif open_item and raw.startswith("  "):
            last = lines[-1]
            lines[-1] = last._replace(spans=(*last.spans, *_spans("\n" + raw.strip())))
        else:
            line = _line(raw.rstrip(), group)
            open_item = line.kind == "item"
            if line.text.strip():
                lines.append(line)
            else:
                open_item = False
    return lines


def plain_text(lines: list[Line]) -> str:
    """The lines without styles, for fallbacks: quotes keep ``>``, items keep a dot, groups keep their blank line."""
    marks = {"text": "", "quote": "> ", "item": "• "}
    shown = []
    for position, line in enumerate(lines):
        if position and line.group != lines[position - 1].group:
            shown.append("")
        shown.append(marks[line.kind] + line.text)
    return "\n".join(shown)


def fitted(line: Line, limit: int) -> Iterator[Line]:
    """``line``, or where it is longer than ``limit`` by itself, several lines of its kind."""
    if length(line.text) <= limit:
        yield line
        return
    spans: list[Span] = []
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


def _line(raw: str, group: int) -> Line:
    if raw.startswith(">"):
        return Line("quote", (Span(raw[1:].removeprefix(" ")),), group)
    if raw.startswith("- "):
        return Line("item", tuple(_spans(raw[2:].strip())), group)
    italic = _ITALIC.fullmatch(raw.strip())
    if italic:
        return Line("text", (Span(italic.group(1), italic=True),), group)
    return Line("text", tuple(_spans(raw)), group)


def _spans(text: str) -> Iterator[Span]:
    end = 0
    for match in _BOLD.finditer(text):
        if text[end : match.start()]:
            yield Span(text[end : match.start()])
        yield Span(match.group(1), bold=True)
        end = match.end()
    if text[end:]:
        yield Span(text[end:])
