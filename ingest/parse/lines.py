"""Bare lines -> builder events: the column that a line came from is told by its number, its words and the line after it."""

from __future__ import annotations

from assistant.guide import Paragraph
from ingest.parse.builder import Builder
from ingest.parse.outline import Level, Outline, outline_of
from ingest.parse.run_in_lines import unfold_clauses, unfold_guide
from ingest.printed_numbers import PrintedNumber, is_title, mark
from ingest.wording import APPLICABILITY, COLON_END, CUSTOMS_DECIDES, HEADER_WORDS, kind_of_heading

_GAP = 5  # numbers that may be missing between two items before a number counts as something else


def parse_lines(paragraphs: list[Paragraph], builder: Builder) -> None:
    """Drive ``builder`` with lines in reading order."""
    lines = [q for p in paragraphs if p.text.strip() for part in unfold_clauses(p) for q in unfold_guide(part)]
    texts = [p.text.strip() for p in lines]
    headings = [kind_of_heading(t) is not None for t in texts]
    has_guide = any(headings) or any(CUSTOMS_DECIDES.match(t) for t in texts)
    outline = outline_of(t for t, h in zip(texts, headings, strict=True) if not h and not COLON_END.search(t))
    state = _Lines(builder, outline, has_guide)
    for position, p in enumerate(lines):
        state.line(p, texts[position], texts[position + 1] if position + 1 < len(texts) else "")


class _Lines:
    """Where in the outline the reading has come to."""

    def __init__(self, builder: Builder, outline: Outline, has_guide: bool) -> None:
        self._builder = builder
        self._outline = outline
        self._has_guide = has_guide
        self._expects_clause = False
        self._in_clause = False
        self._new_branch = True
        self._last_item = 0
        self._last_clause = 0
        self._own_clause = 0
        self._guide_lines = 0
        self._headers: set[str] = set()

    def line(self, p: Paragraph, text: str, after: str) -> None:
        """Place one line; ``after`` is the text of the next."""
        found = mark(text)
        level = self._level(found, after)
        title = is_title(text)
        if found and level in ("part", "category") and title and found.rest:
            self._builder.heading(level, p, found)
            self._expects_clause = self._in_clause = False
            self._new_branch = True
        elif found and level == "item" and title and self._is_item(found, after):
            self._builder.heading("item", p, found)
            self._expects_clause, self._in_clause, self._new_branch = True, False, False
            self._last_item, self._own_clause = found.value, 0
        elif not self._builder.started:
            self._builder.front(p, title=True)
            if HEADER_WORDS.match(text):
                self._headers.add(text)
        elif text in self._headers:
            self._builder.header_again([p])
        elif self._expects_clause or (found is not None and level == "clause" and self._opens_clause(found, after)):
            self._builder.clause(p, numbered=level == "clause")
            self._expects_clause, self._in_clause, self._guide_lines = False, True, 0
            self._own_clause = self._last_clause = found.value if found and level == "clause" else 0
        elif not self._in_clause:
            self._builder.unplaced(p)
        elif self._has_guide:
            self._builder.guide_line(p)
            self._guide_lines += 1
        else:
            self._builder.clause_more(p)

    def _level(self, found: PrintedNumber | None, after: str) -> Level | None:
        """The level of a number; a title in the style of items above another title is the heading of that one."""
        level = self._outline.level(found)
        following = mark(after)
        if level != "item" or found is None or following is None or not is_title(after):
            return level
        below = self._outline.level(following)
        if below == "category" or (below == "item" and following.value == 1 and found.style == "chinese_bracket"):
            return "part" if found.style in ("chinese", "chapter") else "category"
        return level

    def _is_item(self, found: PrintedNumber, after: str) -> bool:
        """Whether the number is the next item's: it follows the last, begins a branch anew, or skips a few."""
        if self._last_item == 0 or found.value == self._last_item + 1 or self._builder.is_open("item", found):
            return True
        if self._new_branch:
            return found.value == 1 or self._last_item < found.value <= self._last_item + _GAP
        if not self._last_item < found.value <= self._last_item + _GAP:
            return False
        following = mark(after)
        opens = following is not None and self._outline.level(following) == "clause"
        return opens and following is not None and following.value in (1, self._last_clause + 1)

    def _opens_clause(self, found: PrintedNumber, after: str) -> bool:
        """A numbered line is a clause when its number follows, and a guide cell starts after it (or there is no guide)."""
        follows = found.value == self._own_clause + 1 or (self._last_clause > 0 and found.value == self._last_clause + 1)
        if not self._in_clause or not follows:
            return False
        if not self._has_guide or (self._guide_lines == 0 and self._own_clause > 0):
            return True
        if APPLICABILITY.search(after) or CUSTOMS_DECIDES.match(after):
            return True
        number = mark(after)
        return kind_of_heading(after) is not None and number is not None and number.value == 1
