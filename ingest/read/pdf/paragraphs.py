"""Printed lines -> the paragraphs that were wrapped into them.

A line is certainly the last of its paragraph when what follows would still have fitted on it; it certainly goes on when
it is full and ends inside a sentence. What lies between is decided by whatever tells the certain ones apart in the
same file (a gap, an indent, a marked content), then by the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from ingest.printed_numbers import mark
from ingest.read.pdf.characters import PrintedLine
from ingest.read.pdf.openings import opens_paragraph
from ingest.wording import kind_of_heading

_CLOSERS = frozenset("。，、；：？！）》〉」』】〕”’…—·％%,.;:?!)]}．")
_OPENERS = frozenset("（《〈「『【〔“‘([{")
_SENTENCE_ENDS = frozenset("。；：！？;:!?")
_CERTAIN = 1.6  # characters of room that end a paragraph surely; all of these chosen; `pytest tests/ingest` holds what follows from it
_EXACT = 0.12  # characters
_LIKE = 0.9  # share of breaks from which a cue counts
_ENOUGH = 4  # breaks and joins from which cues are looked for


@dataclass(frozen=True)
class Strip:
    """Lines of one cell (or of the text outside tables) in reading order, with the left and right edge of its text."""

    lines: tuple[PrintedLine, ...]
    left: float
    right: float
    centred: bool = False


@dataclass(frozen=True)
class _Pair:
    before: PrintedLine
    after: PrintedLine
    slack: float
    indent: float
    gap: float
    same_page: bool


Cue = Callable[[_Pair], bool]
_CUES: tuple[Cue, ...] = (
    lambda pair: pair.after.tagged,
    lambda pair: pair.gap > 0.35,
    lambda pair: pair.indent > 1.2,
)


def paragraphs(strips: list[Strip]) -> list[list[str]]:
    """The paragraphs of each strip; strips of one column are given together, since they share their layout."""
    pitches = _pitch(strips)
    pairs = [[_pair(a, b, strip, pitches) for a, b in pairwise(strip.lines)] for strip in strips]
    cues = _trusted([p for group in pairs for p in group])
    return [_joined(strip, group, cues) for strip, group in zip(strips, pairs, strict=True)]


def _joined(strip: Strip, pairs: list[_Pair], cues: list[Cue]) -> list[str]:
    if not strip.lines:
        return []
    found = [strip.lines[0].text]
    for pair in pairs:
        if _breaks(pair, found[-1], cues):
            found.append(pair.after.text)
        else:
            both_latin = found[-1][-1:].isascii() and pair.after.text[:1].isascii()
            blank = both_latin and found[-1][-1:].isalnum() and pair.after.text[:1].isalpha()
            found[-1] += (" " if blank else "") + pair.after.text
    return found


def _breaks(pair: _Pair, so_far: str, cues: list[Cue]) -> bool:
    certain = _certainly(pair)
    if certain is not None:
        return certain
    for cue in cues:
        if pair.same_page or cue is _CUES[2]:
            return cue(pair)
    ended = so_far[-1:] in _SENTENCE_ENDS
    if pair.slack >= _need(pair.after) + _EXACT * pair.before.em:
        return ended or mark(pair.after.text) is not None
    if not ended:
        return False
    if mark(pair.after.text) or kind_of_heading(so_far) is not None:
        return True
    return so_far.endswith("。") and opens_paragraph(pair.after.text)


def _certainly(pair: _Pair) -> bool | None:
    """True where a paragraph ends, False where it goes on, None where the geometry leaves it open."""
    if abs(pair.before.size - pair.after.size) > 0.2 * pair.before.size and pair.before.em > 1.15 * pair.after.em:
        return True
    need = _need(pair.after)
    if pair.slack >= need + _CERTAIN * pair.before.em:
        return True
    ended = pair.before.text[-1:] in _SENTENCE_ENDS
    if pair.slack < need + _EXACT * pair.before.em and not ended and mark(pair.after.text) is None:
        return False
    return None


def _trusted(pairs: list[_Pair]) -> list[Cue]:
    """The cues that tell the certain breaks of this file from its certain joins."""
    here = [(pair, _certainly(pair)) for pair in pairs if pair.same_page]
    breaks = [pair for pair, certain in here if certain]
    joins = [pair for pair, certain in here if certain is False]
    if len(breaks) < _ENOUGH or len(joins) < _ENOUGH:
        return []
    return [cue for cue in _CUES if sum(map(cue, breaks)) >= _LIKE * len(breaks) and sum(map(cue, joins)) <= (1 - _LIKE) * len(joins)]


def _pair(before: PrintedLine, after: PrintedLine, strip: Strip, pitch: float) -> _Pair:
    right, left = strip.right - before.x1, before.x0 - strip.left
    same_page = before.page == after.page
    step = (after.bottom - before.bottom) / before.size if same_page and before.size else 0.0
    return _Pair(before, after, right + left if strip.centred else right, (after.x0 - strip.left) / after.em, step - pitch, same_page)


def _pitch(strips: list[Strip]) -> float:
    """The usual distance of two lines, in line heights: the lower quartile over all of them."""
    steps = sorted(
        (b.bottom - a.bottom) / a.size
        for strip in strips
        for a, b in pairwise(strip.lines)
        if a.page == b.page and a.size > 0 and b.bottom > a.bottom
    )
    return steps[len(steps) // 4] if steps else 1.0


def _need(line: PrintedLine) -> float:
    """The width of what cannot be parted at the beginning of ``line``: a character, what must not begin a line, a word."""
    end = 0
    text = line.text
    while end < len(text) and text[end] in _OPENERS:
        end += 1
    if end < len(text) and text[end].isascii() and text[end].isalnum():
        while end < len(text) and text[end].isascii() and text[end].isalnum():
            end += 1
    else:
        end += 1
    while end < len(text) and text[end] in _CLOSERS:
        end += 1
    return sum(line.widths[:end])
