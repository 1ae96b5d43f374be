"""The one builder behind all layouts: headings, clauses and guide lines in, in reading order; ``freeze`` makes a Guide of it."""

from __future__ import annotations

import re
from typing import Literal

from assistant.guide import Finding, Kind, Paragraph
from assistant.register.rules.demands.conditions import condition_in
from ingest.parse.kept import KeptLines
from ingest.parse.raw import Familiar, OpenHeading, RawClause, RawSection, stripped
from ingest.printed_numbers import PrintedNumber, mark, spelled, value_of
from ingest.wording import APPLICABILITY, RECORDED, kind_of_heading

_CONTINUED = re.compile(r"[（(]?续(表|上)?[）)]?$")
_APPLICABILITY_LENGTH = 120  # characters; a longer sentence says more than whom it applies to


class Builder(KeptLines):
    """Collects what the layouts find."""

    def __init__(self, familiar: Familiar = str) -> None:
        super().__init__()
        self._familiar = familiar
        self.parts: list[OpenHeading] = []
        self.items: list[OpenHeading] = []
        self.clauses: list[RawClause] = []
        self.started = False
        self._latest: OpenHeading | None = None

    def about(self, what: Literal["owner", "period"], p: Paragraph, opened: list[int]) -> None:
        """Take what a column of departments or frequencies says of the clauses of a row; the line stays with the front matter."""
        self._keep(f"{what}_column", None, p)
        for index in opened:
            said = getattr(self.clauses[index], what)
            setattr(self.clauses[index], what, f"{said}、{p.text.strip()}" if said else p.text.strip())

    def about_previous(self, what: Literal["owner", "period"], opened: list[int]) -> None:
        """Let clauses have what the merged cell above them says."""
        for index in opened:
            if index:
                setattr(self.clauses[index], what, getattr(self.clauses[index - 1], what))

    # -- the standard's own side ---------------------------------------------------------------------------------

    def heading(self, level: Literal["part", "category", "item", "clause"], p: Paragraph, found: PrintedNumber) -> None:
        """Begin a part, category or item with a printed number; the one that is open already may be printed again."""
        if self.is_open(level, found):
            self._keep("heading_again", None, p)
        else:
            self._begin(level, OpenHeading(_printed_number(level, found), found.label, [Paragraph(text=found.rest, line=p.line)]))

    def is_open(self, level: str, found: PrintedNumber) -> bool:
        """Whether the part, category or item with that number and title is the open one."""
        heading = self._open(level)
        return heading is not None and heading.number == _printed_number(level, found) and _same(heading.title, found.rest)

    def unnumbered_category(self, p: Paragraph) -> None:
        """Begin a category whose title stands without a number."""
        self._begin_or_repeat("category", p)

    def unnumbered_item(self, p: Paragraph) -> None:
        """Begin an item whose title stands without a number."""
        self._begin_or_repeat("item", p)

    def item_beside(self, number: Paragraph, title: Paragraph) -> None:
        """Begin an item whose number and title stand in two cells."""
        open_now = self._open("item")
        if open_now is not None and open_now.number == str(value_of(number.text)) and _same(open_now.title, title.text):
            self._keep("number_cells", None, number)
            self._keep("heading_again", None, title)
            return
        same_line = number.line == title.line
        label = number.text.strip() if same_line else ""
        if not same_line:
            self.front_lines.append(stripped(number))
        self._begin("item", OpenHeading(str(value_of(number.text) or ""), label, [stripped(title)]))

    def title_more(self, p: Paragraph) -> None:
        """Take a further line of the heading that began last, or was printed again."""
        if self._latest is None:
            self._keep("heading_again", None, p)
        elif not self._latest.lines[0].text and not self._latest.title and self._latest.lines[0].line == p.line:
            self._latest.lines[0] = stripped(p)
        else:
            self._latest.lines.append(stripped(p))

    def clause(self, p: Paragraph, numbered: bool = True, beside: Paragraph | None = None) -> int:
        """Take a clause's first line; returns its position among all clauses.

        Args:
            p: the line.
            numbered: whether a number at its beginning is the clause's own.
            beside: the cell that holds its number, where that is not part of the line.
        """
        if not self.items or self._open("item") is None:
            self._begin("item", OpenHeading("", "", []))
        found = mark(p.text) if numbered and beside is None else None
        clause = RawClause(found.label if found else None, [Paragraph(text=found.rest, line=p.line) if found else stripped(p)])
        if beside is not None:
            clause.given = value_of(beside.text)
            self.front_lines.append(stripped(beside))
        self.items[-1].clauses.append(clause)
        self.clauses.append(clause)
        self.started = True
        self._latest = None
        return len(self.clauses) - 1

    def clause_more(self, p: Paragraph) -> None:
        """Take a further line of the clause that was opened last."""
        self.clauses[-1].lines.append(stripped(p))

    def _ended(self) -> None:
        self._latest = None

    @property
    def item_has_clauses(self) -> bool:
        """Whether the open item holds a clause already."""
        return bool(self.items and self._open("item") and self.items[-1].clauses)

    def _begin_or_repeat(self, level: Literal["category", "item"], p: Paragraph) -> None:
        open_now = self._open(level)
        if open_now and open_now is self._latest and open_now.label and not open_now.title:
            self.title_more(p)
        elif open_now and _same(open_now.title, p.text.strip()):
            self._keep("heading_again", None, p)
        else:
            self._begin(level, OpenHeading("", "", [stripped(p)]))

    def _open(self, level: str) -> OpenHeading | None:
        """The part, category or item that is open at this point."""
        part = self.parts[-1] if self.parts else None
        category = part.children[-1] if part and part.children else None
        item = category.children[-1] if category and category.children else None
        return {"part": part, "category": category}.get(level, item)

    def _begin(self, level: str, heading: OpenHeading) -> None:
        self.started = True
        self._latest = heading
        if level == "part":
            self.parts.append(heading)
            return
        if not self.parts:
            self.parts.append(OpenHeading("", "", []))
        if level == "category":
            self.parts[-1].children.append(heading)
            return
        if not self.parts[-1].children:
            self.parts[-1].children.append(OpenHeading("", "", []))
        self.parts[-1].children[-1].children.append(heading)
        self.items.append(heading)

    # -- the guide's side ----------------------------------------------------------------------------------------

    def guide_cell(self, paragraphs: list[Paragraph], opened: list[int], listed: bool = False) -> None:
        """Take the guide text of a row: it belongs to the clauses that the row opened, else to the clause before.

        ``listed``: the column lists materials; those without a heading are records or documents by their words.
        """
        if not opened and not self.clauses:
            for p in paragraphs:
                self.unplaced(p)
            return
        shares = _shares(paragraphs, len(opened))
        if shares:
            for index, share in zip(opened, shares, strict=True):
                for p in share:
                    self._place(self.clauses[index], p, listed)
            return
        owner = opened[0] if opened else len(self.clauses) - 1
        for other in opened[1:]:
            self.clauses[other].shares_with = owner
        if len(opened) > 1 and paragraphs:
            self.findings.append(Finding(line=paragraphs[0].line, code="one_cell", values={"clauses": len(opened)}))
        for p in paragraphs:
            self._place(self.clauses[owner], p, listed)

    def guide_line(self, p: Paragraph) -> None:
        """Take one line of guide text for the clause that was opened last."""
        self._place(self.clauses[-1], p)

    def share_previous(self, opened: list[int]) -> None:
        """Let clauses share the guide cell above them, with which theirs is merged (items 12 and 13)."""
        for index in opened:
            above = index - 1
            while above > 0 and self.clauses[above].shares_with is not None:
                above = self.clauses[above].shares_with or 0
            if above >= 0 and (self.clauses[above].sections or self.clauses[above].applicability):
                self.clauses[index].shares_with = above

    def _place(self, clause: RawClause, p: Paragraph, listed: bool = False) -> None:
        text = p.text.strip()
        if clause.applicability is None and self._for_whom(text, first=not clause.sections):
            clause.applicability = stripped(p)
            return
        kind = kind_of_heading(self._familiar(text))
        if kind:
            clause.sections.append(RawSection(kind, text, p.line))
            return
        wanted: Kind | None = ("records" if RECORDED.search(text) else "documents") if listed else None if clause.sections else "note"
        if wanted is not None and all(s.kind != wanted for s in clause.sections):
            clause.sections.append(RawSection(wanted, None, None))
        at = next((s for s in clause.sections if s.kind == wanted), clause.sections[-1])
        at.paragraphs.append(stripped(p))

    def _for_whom(self, text: str, first: bool) -> bool:
        """Whether a line says to whom its clause applies; before the first heading (``first``) in any words that name a condition."""
        return len(text) < _APPLICABILITY_LENGTH and bool(APPLICABILITY.search(self._familiar(text)) or (first and condition_in(text)))


def is_continued(text: str) -> bool:
    """Whether a line only says that a table goes on: 续表."""
    return _CONTINUED.fullmatch(text.strip()) is not None


def _printed_number(level: str, found: PrintedNumber) -> str:
    """The number by which people call it: 一, （一）, 24; 1.2 where numbers have several places."""
    label = spelled(found.label)
    if level == "item":
        return re.sub(r"[．、]+$", "", label).replace("．", ".") if found.style == "dotted" else str(found.value)
    bare = re.sub(r"[第部分大类章节篇编、．.，：:（()）\s]", "", label)
    return f"（{bare}）" if found.style == "chinese_bracket" else bare


def _same(title: str, other: str) -> bool:
    """Whether two titles are one, but for blanks and a （续）."""
    return _CONTINUED.sub("", "".join(title.split())) == _CONTINUED.sub("", "".join(other.split()))


def _shares(paragraphs: list[Paragraph], clauses: int) -> list[list[Paragraph]] | None:
    """Guide text beside several clauses, parted where its headings begin again with 1, if that gives one share for each."""
    if clauses < 2:
        return None
    starts = [i for i, p in enumerate(paragraphs) if kind_of_heading(p.text) and (found := mark(p.text)) and found.value == 1]
    if len(starts) != clauses or starts[0] > 0:
        return None
    return [paragraphs[a:b] for a, b in zip(starts, [*starts[1:], len(paragraphs)], strict=True)]
