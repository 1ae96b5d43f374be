"""The one builder behind both layouts: events in (part, category, item, clause, guide lines), a Guide out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.guide import (
    Category,
    Clause,
    Finding,
    Guide,
    Item,
    Kind,
    Paragraph,
    Part,
    Reference,
    Requirement,
    Section,
    lineage_key,
)
from ingest.source import Source
from ingest.wording import (
    ANNOUNCEMENT,
    APPLICABILITY,
    CATEGORY,
    CLAUSE,
    CLAUSE_REFERENCE,
    HEADER_CELLS,
    ITEM,
    PART,
    SAME_KIND_REFERENCE,
    SINGLE_STANDARD,
    kind_of_heading,
    roles_of,
)

_INLINE_HEADING = re.compile(r"^(\d{1,2}\s*[．.、](?!\d)[^：:。]{2,40}[：:])\s*(\S.*)$")


@dataclass
class _Section:
    kind: Kind
    heading: str | None
    line: int | None
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass
class _Clause:
    label: str | None
    lines: list[Paragraph]
    applicability: Paragraph | None = None
    sections: list[_Section] = field(default_factory=list)
    shares_with: int | None = None


@dataclass
class _Item:
    number: str
    label: str
    title: str
    line: int
    clauses: list[_Clause] = field(default_factory=list)


@dataclass
class _Category:
    number: str
    label: str
    title: str
    line: int
    items: list[_Item] = field(default_factory=list)


@dataclass
class _Part:
    number: str
    label: str
    title: str
    line: int
    categories: list[_Category] = field(default_factory=list)


class Builder:
    """Collects what the layouts find, then freezes it into a Guide."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.clauses: list[_Clause] = []
        self.findings: list[Finding] = []
        self.started = False
        self._front: list[Paragraph] = []
        self._row_start = 0

    # -- the standard's own side ---------------------------------------------------------------------------------

    def front(self, p: Paragraph) -> None:
        """A title line or a header cell before the first part."""
        self._front.append(_stripped(p))

    def part(self, p: Paragraph) -> None:
        """A part heading, for example 一、内部控制标准."""
        match = PART.match(p.text.strip())
        assert match is not None
        label = p.text.strip()[: match.start(2)]
        self.parts.append(_Part(match.group(1), label, match.group(2).strip(), p.line))
        self.started = True

    def category(self, p: Paragraph) -> None:
        """A category heading, for example （一）组织机构控制."""
        match = CATEGORY.match(p.text.strip())
        assert match is not None
        label = p.text.strip()[: match.start(2)].strip()
        self._part().categories.append(_Category(f"（{match.group(1)}）", label, match.group(2).strip(), p.line))
        self.started = True

    def item(self, p: Paragraph) -> None:
        """An item heading, for example 24．进入安全."""
        match = ITEM.match(p.text.strip())
        assert match is not None
        label = match.group(1)
        self._new_item(_digits(label), label, match.group(2).strip(), p.line)

    def numbered_item(self, number: Paragraph, title: Paragraph) -> None:
        """An item whose number and title stand in two cells."""
        label = number.text.strip()
        if number.line == title.line:
            self._new_item(_digits(label), label, title.text.strip(), title.line)
        else:
            self._front.append(_stripped(number))
            self._new_item(_digits(label), "", title.text.strip(), title.line)

    def clause(self, p: Paragraph) -> int:
        """A clause's first line; returns its position among all clauses."""
        if not self.parts or not self.parts[-1].categories or not self.parts[-1].categories[-1].items:
            self._new_item("", "", "", p.line)
        text = p.text.strip()
        match = CLAUSE.match(text)
        label = match.group(1) if match else None
        first = Paragraph(text=match.group(2).strip() if match else text, line=p.line)
        clause = _Clause(label, [first])
        self._items()[-1].clauses.append(clause)
        self.clauses.append(clause)
        self.started = True
        return len(self.clauses) - 1

    def clause_more(self, p: Paragraph) -> None:
        """A further paragraph of the clause that was opened last."""
        self.clauses[-1].lines.append(_stripped(p))

    def row_begins(self) -> None:
        """A new table row: guide text without a clause of its own belongs to the clause before."""
        self._row_start = len(self.clauses)

    def unplaced(self, p: Paragraph, code: str = "unplaced") -> None:
        """A line that belongs nowhere: kept with the front matter and reported."""
        self._front.append(_stripped(p))
        self.findings.append(Finding(line=p.line, code=code, values={"text": _short(p.text)}))

    def expects_item(self, text: str) -> bool:
        """Whether ``text`` carries the number that the next item must have."""
        match = ITEM.match(text)
        items = self._items()
        wanted = int(items[-1].number or 0) + 1 if items else 1
        return match is not None and (int(_digits(match.group(1))) == wanted or not items)

    def expects_clause(self, number: int) -> bool:
        """Whether a clause with that number may follow here (numbers restart per item, or run on)."""
        items = self._items()
        if not items:
            return False
        labels = [int(_digits(c.label)) for c in self.clauses if c.label]
        return number == len(items[-1].clauses) + 1 or bool(labels and number == labels[-1] + 1)

    # -- the guide's side ----------------------------------------------------------------------------------------

    def guide_cell(self, paragraphs: list[Paragraph], opened: list[int]) -> None:
        """The guide text of a row, which belongs to the clauses that this row opened (the first, if several)."""
        if not opened and not self.clauses:
            for p in paragraphs:
                self.unplaced(p)
            return
        owner = opened[0] if opened else len(self.clauses) - 1
        for other in opened[1:]:
            self.clauses[other].shares_with = owner
        if len(opened) > 1 and paragraphs:
            self.findings.append(
                Finding(line=paragraphs[0].line, code="one_cell", values={"clauses": len(opened)})
            )
        for p in paragraphs:
            self._place(self.clauses[owner], p)

    def guide_line(self, p: Paragraph) -> None:
        """One line of guide text for the clause that was opened last."""
        self._place(self.clauses[-1], p)

    def share_previous(self, opened: list[int]) -> None:
        """The guide cell is merged with the one above: the clause shares that text (items 12 and 13)."""
        for index in opened:
            above = index - 1
            while above > 0 and self.clauses[above].shares_with is not None:
                above -= 1
            if above >= 0 and (self.clauses[above].sections or self.clauses[above].applicability):
                self.clauses[index].shares_with = above

    def _place(self, clause: _Clause, p: Paragraph) -> None:
        text = p.text.strip()
        if not text:
            return
        if APPLICABILITY.search(text) and clause.applicability is None and len(text) < 120:
            clause.applicability = _stripped(p)
            return
        kind = kind_of_heading(text)
        if kind:
            clause.sections.append(_Section(kind, text, p.line))
            return
        inline = _INLINE_HEADING.match(text)
        kind = kind_of_heading(inline.group(1)) if inline else None
        if inline and kind:
            clause.sections.append(_Section(kind, inline.group(1), p.line, [Paragraph(text=inline.group(2), line=p.line)]))
            return
        if not clause.sections:
            clause.sections.append(_Section("note", None, None))
        clause.sections[-1].paragraphs.append(_stripped(p))

    # -- freezing ------------------------------------------------------------------------------------------------

    def guide(self, edition: str, source: Source) -> Guide:
        """The immutable Guide, with ids, roles, references, lineage keys and findings."""
        self._share_by_words()
        ids = self._ids()
        parts = tuple(
            Part(
                number=part.number,
                title=part.title,
                line=part.line,
                label=part.label,
                categories=tuple(
                    Category(
                        number=cat.number,
                        title=cat.title,
                        line=cat.line,
                        label=cat.label,
                        items=tuple(
                            Item(
                                number=item.number,
                                title=item.title,
                                line=item.line,
                                label=item.label,
                                clauses=tuple(self._freeze(c, item, ids) for c in item.clauses),
                            )
                            for item in cat.items
                        ),
                    )
                    for cat in part.categories
                ),
            )
            for part in self.parts
        )
        header = {p.line for row in source.rows if not row.loose for cell in row.cells for p in cell.paragraphs}
        header |= {f.line for f in self.findings} | {p.line for p in self._front if p.text in HEADER_CELLS}
        title = "".join(p.text for p in self._front if p.line not in header)
        return Guide(
            edition=edition,
            title=title or source.name,
            parts=parts,
            front=tuple(self._front),
            findings=tuple(self.findings),
            source=source.name,
            fingerprint=source.fingerprint,
        )

    def _ids(self) -> dict[int, str]:
        ids: dict[int, str] = {}
        taken: set[str] = set()
        for item in self._items():
            for clause in item.clauses:
                number = _digits(clause.label) if clause.label else ""
                wanted = f"{item.number}({number})" if number and item.number else item.number or f"({number})"
                chosen, twin = wanted, 2
                while not chosen or chosen in taken:
                    chosen, twin = f"{wanted}#{twin}", twin + 1
                if chosen != wanted:
                    code = "duplicate_clause" if wanted else "no_number"
                    values: dict[str, str | int] = {"clause": wanted, "chosen": chosen}
                    self.findings.append(Finding(line=clause.lines[0].line, code=code, values=values))
                taken.add(chosen)
                ids[id(clause)] = chosen
        return ids

    def _freeze(self, clause: _Clause, item: _Item, ids: dict[int, str]) -> Clause:
        clause_id = ids[id(clause)]
        text = "\n".join(p.text for p in clause.lines)
        key = lineage_key(item.title, text)
        counts: dict[str, int] = {}
        seen: dict[str, int] = {}
        sections = tuple(_section(s, clause_id, key, counts, seen) for s in clause.sections)
        owner = self.clauses[clause.shares_with] if clause.shares_with is not None else None
        return Clause(
            id=clause_id,
            number=clause.label,
            text=text,
            lines=tuple(p.line for p in clause.lines),
            sections=sections,
            applicability=clause.applicability,
            references=tuple(self._references(clause, clause_id, item, ids)),
            shares_with=ids[id(owner)] if owner else None,
            key=key,
        )

    def _share_by_words(self) -> None:
        """An empty clause shares the note before it when that note names the whole category (财务状况类指标)."""
        for part in self.parts:
            for category in part.categories:
                clauses = [c for item in category.items for c in item.clauses]
                for above, clause in zip(clauses, clauses[1:], strict=False):
                    words = [p.text for s in above.sections for p in s.paragraphs]
                    if not clause.sections and category.title and any(f"{category.title}类指标" in w for w in words):
                        clause.shares_with = next(i for i, c in enumerate(self.clauses) if c is above)

    def _references(self, clause: _Clause, clause_id: str, item: _Item, ids: dict[int, str]) -> list[Reference]:
        own = [ids[id(c)] for c in item.clauses]
        found: list[Reference] = []
        for sibling in item.clauses:
            for section in sibling.sections:
                for p in section.paragraphs:
                    numbers = [n for m in CLAUSE_REFERENCE.finditer(p.text) for n in re.findall(r"\d+", m.group())]
                    targets = [t for t in (f"{item.number}({n})" for n in numbers) if t in own]
                    same_kind = SAME_KIND_REFERENCE.search(p.text) is not None
                    if targets and (sibling is clause or (clause_id in targets and section.kind == "note")):
                        named = tuple(f"{t}/{section.kind}" for t in targets) if same_kind else tuple(targets)
                        found.append(Reference(text=p.text, line=p.line, targets=named))
        for p in [*clause.lines, *(p for s in self._guide_text(clause) for p in s.paragraphs)]:
            announcement = ANNOUNCEMENT.search(p.text)
            single = SINGLE_STANDARD.search(p.text)
            if announcement:
                found.append(Reference(text=p.text, line=p.line, external=f"公告{announcement.group(1)}年第{announcement.group(2)}号"))
            elif single:
                found.append(Reference(text=p.text, line=p.line, external="单项标准指南" if single.group(2) else "单项标准"))
        return found

    def _guide_text(self, clause: _Clause) -> list[_Section]:
        return self.clauses[clause.shares_with].sections if clause.shares_with is not None else clause.sections

    def _items(self) -> list[_Item]:
        return [item for part in self.parts for cat in part.categories for item in cat.items]

    def _part(self) -> _Part:
        if not self.parts:
            self.parts.append(_Part("", "", "", 0))
        return self.parts[-1]

    def _new_item(self, number: str, label: str, title: str, line: int) -> None:
        part = self._part()
        if not part.categories:
            part.categories.append(_Category("", "", "", 0))
        part.categories[-1].items.append(_Item(number, label, title, line))
        self.started = True


def _section(raw: _Section, clause_id: str, clause_key: str, counts: dict[str, int], seen: dict[str, int]) -> Section:
    requirements: list[Requirement] = []
    for group in _groups(raw):
        if group.lead is None:
            continue
        counts[raw.kind] = counts.get(raw.kind, 0) + 1
        text = group.lead.text
        role, also = roles_of(raw.kind, (group.label or "") + text)
        key = lineage_key(clause_key, raw.kind, text)
        seen[key] = seen.get(key, 0) + 1
        requirements.append(
            Requirement(
                id=f"{clause_id}/{raw.kind}/{counts[raw.kind]}",
                number=group.label,
                text=text,
                line=group.lead.line,
                role=role,
                also=also,
                continuation=tuple(_with_role(raw.kind, p) for p in group.continuation),
                key=key if seen[key] == 1 else lineage_key(key, str(seen[key])),
            )
        )
    notes = tuple(_with_role(raw.kind, p) for group in _groups(raw) for p in group.notes)
    return Section(kind=raw.kind, heading=raw.heading, line=raw.line, requirements=tuple(requirements), notes=notes)


@dataclass
class _Group:
    lead: Paragraph | None
    label: str | None
    continuation: list[Paragraph] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)


def _groups(section: _Section) -> list[_Group]:
    """Paragraphs into requirement lines, with the loose ones after a numbered line told apart.

    A loose paragraph after a numbered line continues that line when every numbered line has the like of it (items 7,
    8(1), 25(4)), and speaks of the whole section when only the last one has (24(3), 4(3)); after a lone （1）, the period
    paragraph continues it and the conformity sentence speaks of the section (item 3).
    """
    groups: list[_Group] = []
    for p in section.paragraphs:
        match = CLAUSE.match(p.text)
        numbered = [g for g in groups if g.label]
        if match:
            groups.append(_Group(Paragraph(text=match.group(2).strip(), line=p.line), match.group(1)))
        elif numbered:
            groups[-1].continuation.append(p)
        else:
            groups.append(_Group(p, None))
    numbered = [g for g in groups if g.label]
    if not numbered:
        return groups
    patterns = [[roles_of(section.kind, p.text)[0] for p in g.continuation] for g in numbered]
    if len(numbered) == 1:
        keep = next((i for i, r in enumerate(patterns[0]) if r not in ("evidence", "period", "format")), len(patterns[0]))
    else:
        keep = 0
        while all(len(p) > keep for p in patterns) and len({p[keep] for p in patterns}) == 1:
            keep += 1
        while keep < len(patterns[-1]) and patterns[-1][keep] == "evidence":
            keep += 1
    last = numbered[-1]
    last.continuation, last.notes = last.continuation[:keep], last.continuation[keep:]
    return groups


def _with_role(kind: Kind, p: Paragraph) -> Paragraph:
    return Paragraph(text=p.text, line=p.line, role=roles_of(kind, p.text)[0])


def _stripped(p: Paragraph) -> Paragraph:
    return Paragraph(text=p.text.strip(), line=p.line)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 24 else flat[:23] + "…"
