"""Which numbering style stands for which level in this file: guides differ, each keeps to its own order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal, NamedTuple

from ingest.printed_numbers import PrintedNumber, Style, is_title, mark

Level = Literal["part", "category", "item", "clause"]
_CLAUSE_STYLES: tuple[Style, ...] = ("bracket", "half_bracket", "circle", "arabic", "dotted")
_TITLE_STYLES: tuple[Style, ...] = ("chapter", "ordinal", "chinese", "chinese_bracket", "arabic", "half_bracket", "circle", "dotted")
_HALF = 0.5  # of the lines with such a number


class Outline(NamedTuple):
    """The styles of each level; a level without a style is not numbered in this file."""

    part: frozenset[Style]
    category: frozenset[Style]
    item: Style | None
    clause: Style | None

    def level(self, found: PrintedNumber | None) -> Level | None:
        """The level of a printed number, or None where its style stands for none."""
        if found is None:
            return None
        if found.style == self.item:
            return "item"
        if found.style == self.clause:
            return "clause"
        if found.style in self.part:
            return "part"
        return "category" if found.style in self.category else None


def outline_of(texts: Iterable[str], item: Style | None = None, by_column: bool = False) -> Outline:
    """Learn the outline from the lines of the standard's side, in reading order (no guide headings among them).

    Args:
        texts: lines, each with or without a number.
        item: the style of the items where their column shows it.
        by_column: whether ``item`` is what the column shows, even if that is None.
    """
    lines = [(text, mark(text)) for text in texts]
    counts = Counter(found.style for _, found in lines if found)
    titles = Counter(found.style for text, found in lines if found and is_title(text))
    chosen = item if by_column else _item(counts, titles, _closing(lines))
    clause = _clause(counts, chosen, lines)
    left = {s for s in counts if s not in (chosen, clause)}
    part: set[Style] = {s for s in left if s in ("chinese", "chapter")}
    category: set[Style] = {s for s in left if s == "chinese_bracket"}
    if not category and len(part) == 2:
        category.add("chinese")
    return Outline(frozenset(part - category), frozenset(category), chosen, clause)


def _closing(lines: list[tuple[str, PrintedNumber | None]]) -> Counter[Style]:
    """How often a title of each style is the last title above some text."""
    counts: Counter[Style] = Counter()
    for (text, found), (after, following) in pairwise([*lines, ("", None)]):
        if found and is_title(text) and not (following and following.style in _TITLE_STYLES and is_title(after)):
            counts[found.style] += 1
    return counts


def _item(counts: Counter[Style], titles: Counter[Style], closing: Counter[Style]) -> Style | None:
    """The style of the titles that stand directly above the clauses."""
    if counts["ordinal"] and (titles["ordinal"] >= _HALF * counts["ordinal"] or counts["bracket"]):
        return "ordinal"
    above: Style | None = "chinese_bracket" if counts["chinese_bracket"] else "chinese" if counts["chinese"] else None
    if counts["chinese"] and counts["chinese_bracket"] and closing["chinese"] > closing["chinese_bracket"]:
        above = "chinese"
    if counts["arabic"]:
        sentences = titles["arabic"] < _HALF * counts["arabic"]
        return above if sentences and not counts["bracket"] and above else "arabic"
    if counts["dotted"] > 1:
        return "dotted"
    if counts["circle"] and counts["bracket"] and titles["circle"] >= _HALF * counts["circle"]:
        return "circle"
    if counts["half_bracket"] and counts["bracket"] and titles["half_bracket"] >= _HALF * counts["half_bracket"]:
        return "half_bracket"
    return above or ("ordinal" if counts["ordinal"] else None)


def _clause(counts: Counter[Style], item: Style | None, lines: list[tuple[str, PrintedNumber | None]]) -> Style | None:
    """The style of the numbers that follow directly on an item's title, else the first usual one that occurs."""
    below = Counter(
        following.style
        for (text, found), (_, following) in pairwise(lines)
        if found and following and found.style == item and is_title(text) and following.style in _CLAUSE_STYLES
    )
    del below[item]
    if below:
        return below.most_common(1)[0][0]
    for style in _CLAUSE_STYLES:
        if style != item and counts[style] and not (style == "dotted" and counts[style] < 2):
            return style
    return "chinese_bracket" if item == "chinese" and counts["chinese_bracket"] else None
