"""Markdown: heading marks, emphasis and table bars are markup, not text; everything else is read as plain lines."""

from __future__ import annotations

import html
import re

from assistant.guide import Paragraph
from ingest.read.text import rows_of_text
from ingest.read.visible import visible
from ingest.source import Cell, Row

_HEADING = re.compile(r"^ {0,3}#{1,6}\s+|(?<=\S)\s{1,3}#{1,6}\s*$")
_EMPHASIS = re.compile(r"\*\*(?=\S)(.+?)\*\*|(?<![0-9A-Za-z_])__(?=\S)(.+?)__(?!_)")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=\S)")
_RULE = re.compile(r"\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?)?|([-*_]\s*){3,}")
_LONG = 10_000  # characters beyond which emphasis stays as it is written; bounds what a hostile line costs
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_QUOTE = re.compile(r"^(\s{0,3}>\s?)+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A backslash before ASCII punctuation (CommonMark 2.4): converters write ``1\\.`` and ``\\(1\\)`` for printed numbers."""
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HARD_BREAK = re.compile(r"(?<!\\)\\$")


def rows_of_markdown(text: str) -> tuple[Row, ...]:
    """Rows of a Markdown text with its own line numbers; a text with TABs but without bars or headings is plain text."""
    lines = [_QUOTE.sub("", _HARD_BREAK.sub("", line.rstrip(" "))) for line in re.split(r"\r\n|\r|\n", text)]
    if "\t" in text and not any(line.startswith(("|", "#")) for line in lines):
        return rows_of_text("\n".join(map(_printed, lines)))
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or _RULE.fullmatch(line.strip()):
            continue
        if line.strip().startswith("|"):
            cells = [_cell(field, number) for field in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            rows.append(Row(cells=tuple(cells)))
        else:
            rows.append(Row(cells=(_cell(line, number, outside=True),), loose=True))
    return tuple(row for row in rows if row.filled)


def _cell(text: str, line: int, outside: bool = False) -> Cell:
    plain = _BULLET.sub("", _HEADING.sub("", text)) if outside else text
    parts = [_printed(_EMPHASIS.sub(r"\1\2", part) if len(part) < _LONG else part) for part in _BREAK.split(plain)]
    return Cell(paragraphs=tuple(Paragraph(text=part, line=line) for part in parts if part.strip()))


def _printed(text: str) -> str:
    """``text`` with escapes and character entities written out, as a browser would show it."""
    return visible(_ENTITY.sub(lambda m: html.unescape(m.group()), _ESCAPE.sub(r"\1", text)))
