"""What a PDF prints across its text or where nobody sees it: watermarks, white and invisible text. It is no text of the guide."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from math import inf
from statistics import median
from typing import Any

from ingest.read.pdf.ink import InkedPage
from ingest.read.pdf.ruled_grid import Box

_WHITE, _LIGHT = 0.97, 0.7
"""Luminance from which ink on white paper is unseen, and light: Word's and WPS's watermarks are silver (0.75) or lighter."""
_LARGE = 1.5
"""A watermark that is repeated is at least so much larger than the text, where it is not lighter and lies over no text."""
_SKEW = 0.02  # of a turned character; all three chosen; `pytest tests/ingest` holds what follows from it
_SAME_PLACE = 2.0  # points
_MOST = 0.5  # share of a page; more is no watermark but the text


def without_watermarks(pages: Sequence[InkedPage]) -> tuple[list[str], list[str]]:
    """Take off what is no body text from the characters of ``pages``; returns the texts of watermarks and of unseen text, page by page.

    Unseen is what no ink shows (render mode 3, white on white), unless most of the text is so, as over a scanned picture.
    A watermark is what stands slanting, and what is repeated at one place of most pages while it is lighter or much
    larger than the text, turned, or runs over it. Where there is one page only, it is what runs over the text, wherever it is
    repeated there, and what is both lighter and much larger.
    """
    everything = [c for page in pages for c in page.characters]
    unseen = {id(c) for page in pages for c in page.characters if _unseen(c, page.fills)}
    if len(unseen) > _MOST * len(everything):
        unseen = set()
    sheets = [[c for c in page.characters if id(c) not in unseen] for page in pages]
    usual = median([c["size"] for seen in sheets for c in seen] or [1.0])
    styles = Counter(_style(c) for seen in sheets for c in seen)
    text = max(styles, key=styles.__getitem__, default=None)
    repeated = _repeated(pages)
    over = {_style(c) for seen in sheets for c in _lying_over(seen, repeated)} - {text}
    alone = _of_one_page(sheets[0], pages[0], text, usual) if len(pages) == 1 else set()
    marks: set[int] = set()
    for page, seen in zip(pages, sheets, strict=True):
        found = {id(c) for c in seen if _slanting(c)}
        for c in seen:
            if id(c) in alone or (
                _place(c) in repeated and (_light(c, page.fills) or c["size"] > _LARGE * usual or not _level(c) or _style(c) in over)
            ):
                found.add(id(c))
        rows = {_row(c) for c in seen if id(c) in found}
        marks |= found | {id(c) for c in seen if c["text"].isspace() and _row(c) in rows}
    if len(marks) > _MOST * len(everything):
        marks = set()
    return _taken(pages, marks), _taken(pages, unseen)


def _taken(pages: Sequence[InkedPage], off: set[int]) -> list[str]:
    """Take the characters ``off`` their pages; returns their text for each page that had any."""
    texts: list[str] = []
    for page in pages:
        text = "".join(c["text"] for c in page.characters if id(c) in off)
        page.characters = [c for c in page.characters if id(c) not in off]
        texts += [text] if text.strip() else []
    return texts


def _repeated(pages: Sequence[InkedPage]) -> set[tuple[Any, ...]]:
    """Characters that stand at one place of at least half of the pages, and of two."""
    counts = Counter(place for page in pages for place in {_place(c) for c in page.characters if not c["text"].isspace()})
    return {place for place, count in counts.items() if count >= max(2, _MOST * len(pages))}


def _of_one_page(seen: Sequence[dict[str, Any]], page: InkedPage, text: Any, usual: float) -> set[int]:
    """The characters of a single page that are no text of it: nothing else tells what would be repeated on others."""
    rows: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for c in seen:
        if _style(c) != text and not c["text"].isspace():
            rows.setdefault((_row(c), _style(c)), []).append(c)
    over = {id(c) for c in _lying_over(seen, {_place(c) for row in rows.values() for c in row})}
    words = {"".join(c["text"] for c in row) for row in rows.values() if any(id(c) in over for c in row)}
    pale = {id(c) for row in rows.values() for c in row if _light(c, page.fills) and c["size"] > _LARGE * usual}
    return pale | {id(c) for row in rows.values() if "".join(c["text"] for c in row) in words for c in row}


def _place(c: dict[str, Any]) -> tuple[Any, ...]:
    return c["text"], round(c["x0"] / _SAME_PLACE), round(c["top"] / _SAME_PLACE), round(c["size"])


def _row(c: dict[str, Any]) -> tuple[int, int]:
    return round(c["top"] / _SAME_PLACE), round(c["size"])


def _style(c: dict[str, Any]) -> tuple[Any, ...]:
    return c["fontname"], round(c["size"], 1), round(c["luminance"], 2)


def _lying_over(seen: Sequence[dict[str, Any]], repeated: set[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Repeated characters of a page that cover the middle of a character of its text."""
    body = [c for c in seen if _place(c) not in repeated and _level(c) and not c["text"].isspace()]
    middles = sorted(((c["top"] + c["bottom"]) / 2, (c["x0"] + c["x1"]) / 2) for c in body)
    found: list[dict[str, Any]] = []
    for c in seen:
        if _place(c) in repeated:
            near = middles[bisect_right(middles, (c["top"], inf)) : bisect_left(middles, (c["bottom"], -inf))]
            found += [c] if any(c["x0"] < x < c["x1"] for _, x in near) else []
    return found


def _unseen(c: dict[str, Any], fills: Sequence[tuple[Box, float]]) -> bool:
    return bool(not c["inked"] or (c["luminance"] >= _WHITE and not _on_dark(c, fills)))


def _light(c: dict[str, Any], fills: Sequence[tuple[Box, float]]) -> bool:
    return bool(c["luminance"] >= _LIGHT) and not _on_dark(c, fills)


def _on_dark(c: dict[str, Any], fills: Sequence[tuple[Box, float]]) -> bool:
    """Whether a filled box lies under the character, as in the header row of many tables."""
    x, y = (c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] and luminance < _LIGHT for box, luminance in fills)


def _level(c: dict[str, Any]) -> bool:
    return bool(c["upright"])


def _slanting(c: dict[str, Any]) -> bool:
    """Whether the character is turned by anything but quarter turns; slanted letters (italics) keep their base line."""
    a, b, _, d = c["matrix"][:4]
    return bool(abs(b) > _SKEW * c["scale"] and max(abs(a), abs(d)) > _SKEW * c["scale"])
