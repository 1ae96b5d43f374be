"""Answers for places that read CommonMark: ``markdown`` blocks and the ``markdown_text`` of a stream.

Everything that is not a mark of ours is escaped, so that a question, file or model can add no link, mention, heading or table. Blank
lines stand between lines of different kinds, for CommonMark would draw a line after a quote into the quote; bold text keeps a space
from its neighbours, for a mark between Chinese characters is shown as stars.
"""

from __future__ import annotations

import re

from assistant.answers.blocks import Blocks
from connectors.slack.cards.blocks.lines import StyledLine, answer_lines
from connectors.slack.cards.blocks.text import escape

_SPECIAL = re.compile(r"([\\`*_~\[\]|])")
_OPENING = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|\d{1,9}(?=[.)](?:\s|$)))")


def markdown(answer: Blocks) -> str:
    """An answer as CommonMark in which only its own headings, quotes, items and bold words are marks."""
    shown: list[str] = []
    previous: StyledLine | None = None
    for line in answer_lines(answer):
        if previous and (line.kind != previous.kind or line.kind == "text" or line.group != previous.group):
            shown.append("")
        shown.append(_line(line))
        previous = line
    return "\n".join(shown)


def escape_markdown(text: str) -> str:
    """Text of others, to stand in CommonMark as it is."""
    return "\n".join(_literal(line) for line in _SPECIAL.sub(r"\\\1", escape(text)).split("\n"))


def _line(line: StyledLine) -> str:
    body = _spans(line)
    if line.kind == "quote":
        return "> " + body
    if line.kind == "item":
        return "- " + body.replace("\n", "\n  ")
    return body


def _spans(line: StyledLine) -> str:
    pieces: list[str] = []
    for position, span in enumerate(line.spans):
        text = escape_markdown(span.text) if position == 0 else _SPECIAL.sub(r"\\\1", escape(span.text))
        if span.bold or span.italic:
            mark = "**" if span.bold else "_"
            text = f"{mark}{text.strip()}{mark}"
            before = pieces[-1][-1:] if pieces else ""
            text = (" " if before and not before.isspace() else "") + text
        elif position and _marked(line, position - 1) and not text[:1].isspace():
            text = " " + text
        pieces.append(text)
    return "".join(pieces)


def _marked(line: StyledLine, position: int) -> bool:
    return line.spans[position].bold or line.spans[position].italic


def _literal(line: str) -> str:
    """A line that would open a heading, list or rule: its first character is escaped."""
    match = _OPENING.match(line)
    if not match:
        return line
    lead, opening = match.groups()
    rest = line[match.end() :]
    return f"{lead}{opening}\\{rest}" if opening.isdigit() else f"{lead}\\{opening}{rest}"
