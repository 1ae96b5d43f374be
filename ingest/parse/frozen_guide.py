"""What the builder collected -> the immutable Guide: ids, shared guide text, references, lineage keys, findings."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.guide import Category, Clause, Finding, Guide, Item, Paragraph, Part, Proof, Reference, lineage_key
from ingest.parse.builder import Builder
from ingest.parse.raw import Familiar, OpenHeading, RawClause, RawSection, short
from ingest.parse.requirements import Keys, section_of
from ingest.source import Source
from ingest.wording import ANNOUNCEMENT, CLAUSE_REFERENCE, CUSTOMS_DECIDED, HEADER_WORDS, SAME_KIND_REFERENCE, SINGLE_STANDARD

_TITLE_LINES = 4  # of a guide's title
_TITLE_LENGTH = 50  # characters of one of them
_REFERENCE_LENGTH = 20_000  # characters in which references are looked for; bounds what a hostile line costs


def freeze(builder: Builder, edition: str, source: Source, familiar: Familiar = str) -> Guide:
    """The Guide that ``builder`` collected; a number that is missing or taken is chosen by place, with a finding."""
    _share_by_words(builder)
    findings = list(builder.findings)
    _number_items(builder, findings)
    freezer = _Freezer(builder, findings, familiar)
    parts = tuple(
        Part(
            number=part.number,
            title=part.title,
            line=part.line,
            label=part.label,
            more=tuple(part.lines[1:]),
            categories=tuple(
                Category(
                    number=category.number,
                    title=category.title,
                    line=category.line,
                    label=category.label,
                    more=tuple(category.lines[1:]),
                    items=tuple(freezer.item(item) for item in category.children),
                )
                for category in part.children
            ),
        )
        for part in builder.parts
    )
    return Guide(
        edition=edition,
        title=_title(builder) or source.name,
        parts=parts,
        front=tuple(builder.front_lines),
        findings=tuple(findings + builder.summaries()),
        source=source.name,
        fingerprint=source.fingerprint,
    )


def _title(builder: Builder) -> str:
    """The short lines before the first heading, without words of the table's header."""
    lines = [p.text for p in builder.title_lines if len(p.text) <= _TITLE_LENGTH and not p.text.endswith("。")]
    return "".join(text for text in lines[:_TITLE_LINES] if not HEADER_WORDS.match(text))


def _number_items(builder: Builder, findings: list[Finding]) -> None:
    """Item numbers are unique: one that is missing is counted on from the item before, one that is taken gets #2."""
    taken: dict[str, int] = {}
    last = 0
    for item in builder.items:
        if not item.number:
            item.number = str(last + 1)
            if item.title or item.clauses:
                line = item.line or item.clauses[0].lines[0].line
                values: dict[str, str | int] = {"title": short(item.title), "chosen": item.number}
                findings.append(Finding(line=line, code="no_item_number", values=values))
        digits = re.findall(r"\d+", item.number)
        last = int(digits[0]) if digits else last + 1
        chosen = _free(item.number, taken)
        if chosen != item.number:
            values = {"item": item.number, "chosen": chosen}
            findings.append(Finding(line=item.line or 1, code="duplicate_item", values=values))
            item.number = chosen


def _share_by_words(builder: Builder) -> None:
    """An empty clause shares the note before it when that note names the whole category (财务状况类指标)."""
    position = {id(c): i for i, c in enumerate(builder.clauses)}
    for part in builder.parts:
        for category in part.children:
            clauses = [c for item in category.children for c in item.clauses]
            for above, clause in pairwise(clauses):
                if clause.sections or clause.shares_with is not None or not category.title:
                    continue
                if any(f"{category.title}类指标" in p.text for s in above.sections for p in s.paragraphs):
                    clause.shares_with = position[id(above)]


class _Freezer:
    """Freezes items one after the other; ids are unique across all of them."""

    def __init__(self, builder: Builder, findings: list[Finding], familiar: Familiar) -> None:
        self._familiar = familiar
        self._clauses = builder.clauses
        self._ids = _clause_ids(builder, findings)

    def item(self, item: OpenHeading) -> Item:
        """The item with its clauses."""
        references = self._references(item)
        return Item(
            number=item.number,
            title=item.title,
            line=item.line,
            label=item.label,
            more=tuple(item.lines[1:]),
            clauses=tuple(self._clause(c, item, references.get(id(c), [])) for c in item.clauses),
        )

    def _clause(self, clause: RawClause, item: OpenHeading, references: list[Reference]) -> Clause:
        clause_id = self._ids[id(clause)]
        text = "\n".join(p.text for p in clause.lines)
        key = lineage_key(item.title, text)
        keys = Keys(clause_id, key)
        owner = self._clauses[clause.shares_with] if clause.shares_with is not None else None
        elsewhere = _external([*clause.lines, *(p for s in (owner or clause).sections for p in s.paragraphs)])
        silent = not clause.sections and owner is None and not elsewhere and not CUSTOMS_DECIDED.search(text)
        return Clause(
            id=clause_id,
            number=clause.label,
            text=text,
            lines=tuple(p.line for p in clause.lines),
            sections=tuple(section_of(s, keys, self._familiar) for s in clause.sections),
            applicability=clause.applicability,
            references=(*references, *elsewhere),
            shares_with=self._ids[id(owner)] if owner else None,
            key=key,
            proofs=(Proof(text=text, key=lineage_key(key, "clause"), period=clause.period, owner=clause.owner),) if silent else (),
            owner=clause.owner,
            period=clause.period,
        )

    def _references(self, item: OpenHeading) -> dict[int, list[Reference]]:
        """References between the clauses of one item, by the clause that they count for."""
        own = {f"{item.number}({c.value})": c for c in item.clauses if c.value is not None}
        found: dict[int, list[Reference]] = {}
        for clause in item.clauses:
            for section in clause.sections:
                for p in section.paragraphs:
                    targets = [t for t in _named(p, item.number) if t in own]
                    if not targets:
                        continue
                    ids = [self._ids[id(own[t])] for t in targets]
                    same_kind = SAME_KIND_REFERENCE.search(p.text) is not None
                    reference = Reference(
                        text=p.text, line=p.line, targets=tuple(f"{i}/{section.kind}" for i in ids) if same_kind else tuple(ids)
                    )
                    for other in _concerned(clause, section, [own[t] for t in targets]):
                        found.setdefault(id(other), []).append(reference)
        return found


def _concerned(clause: RawClause, section: RawSection, targets: list[RawClause]) -> list[RawClause]:
    """A reference counts for its own clause; one in a note without a heading, for every clause that it names as well."""
    others = [t for t in targets if t is not clause] if section.kind == "note" else []
    unique: dict[int, RawClause] = {id(c): c for c in [clause, *others]}
    return list(unique.values())


def _named(p: Paragraph, item: str) -> list[str]:
    if len(p.text) > _REFERENCE_LENGTH:
        return []
    return [f"{item}({int(n)})" for m in CLAUSE_REFERENCE.finditer(p.text) for n in re.findall(r"\d+", m.group())]


def _external(paragraphs: list[Paragraph]) -> list[Reference]:
    """References to announcements and to the standards for single kinds of enterprise."""
    found: list[Reference] = []
    for p in paragraphs:
        announcement = ANNOUNCEMENT.search(p.text)
        single = SINGLE_STANDARD.search(p.text)
        if announcement:
            name = f"公告{announcement.group(1)}年第{announcement.group(2)}号"
            found.append(Reference(text=p.text, line=p.line, external=name))
        elif single:
            found.append(Reference(text=p.text, line=p.line, external="单项标准指南" if single.group(2) else "单项标准"))
    return found


def _clause_ids(builder: Builder, findings: list[Finding]) -> dict[int, str]:
    """``24(3)``, or ``26`` where an item has no numbered clause; a second one of the same id gets #2."""
    ids: dict[int, str] = {}
    taken: dict[str, int] = {}
    for item in builder.items:
        for clause in item.clauses:
            wanted = f"{item.number}({clause.value})" if clause.value is not None else item.number
            chosen = _free(wanted, taken)
            if chosen != wanted:
                code = "duplicate_clause" if clause.value is not None else "no_number"
                values: dict[str, str | int] = {"clause": wanted, "chosen": chosen}
                findings.append(Finding(line=clause.lines[0].line, code=code, values=values))
            ids[id(clause)] = chosen
    return ids


def _free(wanted: str, taken: dict[str, int]) -> str:
    """``wanted``, or with the first #2, #3 … that nobody has yet."""
    chosen = wanted
    while chosen in taken:
        taken[wanted] += 1
        chosen = f"{wanted}#{taken[wanted]}"
    taken[chosen] = 1
    return chosen
