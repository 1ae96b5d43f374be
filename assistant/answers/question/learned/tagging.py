"""Which words of a message name what: a linear tagger over characters and words, learned at packing, plain arrays here.

It sees the words around each place and what the guide itself holds there: how long a run of the message stands verbatim in
its lines or titles. What a span means is therefore learned, and what it says is looked up.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.words import fold
from assistant.numerals import CHINESE, value

COLUMNS = 2**14
"""Hashed feature columns."""
_UNIT = re.compile(r"[㐀-䶿一-鿿]|[a-z]+(?:['’-][a-z]+)*|\d+|[^\s\w]|\w")
_OPENING, _CLOSING = "“「『\"'‘《(（", "”」』\"'’》)）"
# Words to each side, of a span, letters of a match, times from which a word is frequent; chosen, not measured.
_NEAR, _LONGEST, _LEAST, _OFTEN = 4, 12, 2, 5
_COUNTED = re.compile(rf"([{CHINESE}]+)(?=年|个?月|次|日|天|小时|%)")
_NO_WORD = re.compile(r"[^\w%]|_")


class TaggedUnit(NamedTuple):
    """One character or word of a folded text, and where it stands."""

    text: str
    start: int
    end: int


def units(text: str) -> list[TaggedUnit]:
    """Chinese characters, Latin words, numbers and signs of a folded text."""
    return [TaggedUnit(m[0], *m.span()) for m in _UNIT.finditer(text)]


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Text as verbatim matches are made: folded, numerals before a unit as digits, without signs and white space.

    >>> bare("二年内，防火、防盗")
    '2年内防火防盗'
    """
    counted = _COUNTED.sub(lambda m: str(value(m[1]) if value(m[1]) is not None else m[1]), fold(text))
    return _NO_WORD.sub("", counted)


@dataclass(frozen=True)
class Wording:
    """What the guide holds: its lines, its titles, and other words for what it says; bare, each on a line of its own."""

    lines: str
    titles: str
    terms: str

    @classmethod
    def of(cls, lines: Sequence[str], titles: Sequence[str], terms: Sequence[str]) -> Wording:
        """From the guide's lines and titles as they are printed, and the terms that are known."""
        return cls(*("\n".join(map(bare, texts)) for texts in (lines, titles, terms)))


def features(found: Sequence[TaggedUnit], wording: Wording) -> list[list[int]]:
    """Columns per unit: the words around it by place, those near it in any place, and the guide's runs that it stands in."""
    words = [u.text for u in found]
    runs, named, known = (_runs(words, text) for text in (wording.lines, wording.titles, wording.terms))
    depth = _quoted(words)
    joined = [_joined(words, i, wording.lines) for i in range(-1, len(words))]
    padded = ["<"] * _NEAR + words + [">"] * _NEAR
    rows: list[list[int]] = []
    for i, word in enumerate(words):
        here = padded[i : i + 2 * _NEAR + 1]
        kind = "d" if word.isdigit() else "a" if word.isascii() and word.isalpha() else "c" if word.isalnum() else "s"
        names = ["bias", f"k{kind}", f"q{depth[i]}", f"r{min(runs[i], 6)}", f"t{min(named[i], 6)}", f"w{min(known[i], 3)}"]
        names += [f"{d - _NEAR}={w}" for d, w in enumerate(here)]
        names += [f"{d - _NEAR}:{a}{b}" for d, (a, b) in enumerate(pairwise(here))]
        names += [f"{d - _NEAR}:{''.join(here[d : d + 3])}" for d in range(1, 2 * _NEAR - 2)]
        before, after = words[max(0, i - 8) : i], words[i + 1 : i + 7]
        names += [f"<{a}{b}" for a, b in pairwise(before)] + [f">{a}{b}" for a, b in pairwise(after)]
        names += [f"<{a}" for a in before] + [f">{a}" for a in after]
        names += [f"r{d}{min(runs[i + d], 4)}{min(known[i + d], 2)}" for d in (-1, 1) if 0 <= i + d < len(words)]
        names += [f"j{d}{joined[i + d + 1]}" for d in (-1, 0)]
        rows.append(sorted({zlib.crc32(n.encode()) % COLUMNS for n in names}))
    return rows


def _runs(words: Sequence[str], text: str) -> list[int]:
    """Per unit the length, in units, of the longest run around it that stands in ``text``; signs part no run."""
    found = [0] * len(words)
    spoken = [i for i, w in enumerate(words) if w.isalnum()]
    for a in range(len(spoken)):
        run = ""
        for b in range(a, min(len(spoken), a + _LONGEST)):
            run += words[spoken[b]]
            if bare(run) not in text:
                break
            for k in spoken[a : b + 1]:
                found[k] = max(found[k], b - a + 1)
    return found


def longest_run(text: str, wording: Wording) -> str:
    """The longest run of a folded text that stands in the guide's lines, the first of equally long ones; empty when it is but one unit."""
    found = units(text)
    runs = _runs([u.text for u in found], wording.lines)
    most = max(runs, default=0)
    if most < _LEAST:
        return ""
    start = runs.index(most)
    return text[found[start].start : found[min(start + most, len(found)) - 1].end]


def _joined(words: Sequence[str], i: int, text: str) -> int:
    """How often a unit and the next stand beside each other in ``text``: 0 never, 1 seldom, 2 often."""
    if not 0 <= i < len(words) - 1:
        return 0
    often = text.count(bare(words[i] + words[i + 1]))
    return (often > 0) + (often > _OFTEN)


def _quoted(words: Sequence[str]) -> list[int]:
    depth, inside = [], 0
    for word in words:
        if inside and word in _CLOSING:
            inside = 0
        depth.append(inside)
        if not inside and word in _OPENING and not (word in _CLOSING and word not in words[len(depth) :]):
            inside = 1
    return depth


class TaggedSpan(NamedTuple):
    """Words of a folded text with what they are, from ``start`` to ``end``; ``without`` when they are what must not be there."""

    text: str
    role: str
    without: bool
    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Tagger:
    """Weights of two questions about every unit: what it belongs to (``roles``; the first is nothing) and whether that must not be there.

    ``weights`` (COLUMNS, roles), ``steps`` (roles, roles) the log share of each role after each, ``without`` (COLUMNS,).
    """

    roles: tuple[str, ...]
    weights: Floats
    steps: Floats
    without: Floats

    def spans(self, text: str, wording: Wording) -> list[TaggedSpan]:
        """The spans of a folded text in order."""
        found = units(text)
        if not found:
            return []
        rows = features(found, wording)
        logits = np.stack([self.weights[r].sum(axis=0) for r in rows])
        likely = (
            logits
            - np.log(np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))
            - logits.max(axis=1, keepdims=True)
        )
        path = self._best(likely)
        absent = [float(self.without[r].sum()) for r in rows]
        spans: list[TaggedSpan] = []
        i = 0
        while i < len(path):
            j = i
            while j + 1 < len(path) and path[j + 1] == path[i]:
                j += 1
            if path[i]:
                sure = float(np.exp(likely[i : j + 1, path[i]].mean()))
                start, end = found[i].start, found[j].end
                spans.append(TaggedSpan(text[start:end], self.roles[path[i]], sum(absent[i : j + 1]) > 0, start, end, sure))
            i = j + 1
        return spans

    def _best(self, likely: Floats) -> list[int]:
        """The likeliest sequence of roles."""
        score = likely[0]
        back: list[np.ndarray] = []
        for row in likely[1:]:
            moves = score[:, None] + self.steps
            back.append(moves.argmax(axis=0))
            score = moves.max(axis=0) + row
        path = [int(score.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return path[::-1]
