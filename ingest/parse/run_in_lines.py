"""One paragraph that holds several numbered lines -> those lines, all with the paragraph's own line number."""

from __future__ import annotations

import re

from assistant.guide import Paragraph
from ingest.printed_numbers import mark
from ingest.wording import BARE_HEADINGS, kind_of_heading

MAX_LENGTH = 20_000  # characters in which numbers are looked for; bounds what a hostile line costs

_HEAD = re.compile(
    r"(?:\d{1,2}\s*[．.、](?!\d)|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)?[^。：:；;，,]{2,40}[：:]"
)
_INNER_HEAD = re.compile(rf"(?<=[。；;！？])\s*(?=\d{{1,2}}\s*[．.、](?!\d)[^。：:；;]{{2,40}}[：:]|(?:{'|'.join(BARE_HEADINGS)})[：:])")
_INNER_NUMBER = re.compile(r"(?<=[。；;：:，,])\s*(?=(?:[（(]\s*\d{1,3}\s*[）)]|[①-⑳]|\d{1,2}[）)])(?!\s*[（(]?\d*[）)]?\s*分项标准))")
_AFTER_TITLE = re.compile(r"^([^。；：:]{1,30}?)\s*(?=[（(]\s*1\s*[）)])")


def unfold_guide(p: Paragraph) -> list[Paragraph]:
    """Headings and numbered lines of a guide cell that stand in one paragraph, each for itself."""
    if len(p.text) > MAX_LENGTH:
        return [p]
    found: list[str] = []
    for piece in _split(p.text, [m.start() for m in _INNER_HEAD.finditer(p.text)]):
        head = _HEAD.match(piece.strip())
        if head and kind_of_heading(head.group()) and piece.strip()[head.end() :].strip():
            found.append(head.group())
            piece = piece.strip()[head.end() :]
        found += _numbered(piece)
    return _paragraphs(found, p)


def unfold_clauses(p: Paragraph) -> list[Paragraph]:
    """Numbered clauses that stand in one paragraph, and the item's title in front of them, each for itself."""
    if len(p.text) > MAX_LENGTH:
        return [p]
    title = _AFTER_TITLE.match(p.text.strip())
    first = mark(p.text)
    if title and first and first.style != "bracket":
        rest = p.text.strip()[title.end() :]
        return _paragraphs([title.group(1), *_numbered(rest)], p)
    return _paragraphs(_numbered(p.text), p)


def _numbered(text: str) -> list[str]:
    """Split before a number that follows on the one before it; a number that does not is part of the sentence."""
    before = mark(text)
    cuts: list[int] = []
    last = before.value if before else 0
    for match in _INNER_NUMBER.finditer(text):
        found = mark(text[match.end() : match.end() + 12])
        if found is None or found.value != last + 1 or (before and found.style != before.style):
            continue
        if text[match.start() - 1] in "，,：:" and not (found.value == 1 and before is None):
            continue
        cuts.append(match.start())
        last, before = found.value, found
    return _split(text, cuts)


def _split(text: str, cuts: list[int]) -> list[str]:
    ends = [*cuts, len(text)]
    return [text[a:b] for a, b in zip([0, *cuts], ends, strict=True) if text[a:b].strip()]


def _paragraphs(texts: list[str], p: Paragraph) -> list[Paragraph]:
    return [Paragraph(text=t, line=p.line) for t in texts] if len(texts) > 1 else [p]
