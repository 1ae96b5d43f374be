"""What a lead should know about a parsed guide: gaps in numbering, duplicates, empty clauses, signs of a cut file, with source lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assistant.guide import Clause, Finding, Guide, Item, Requirement, Section
from ingest.printed_numbers import mark, value_of

_Numbers = Sequence[tuple[int, int]]
"""Pairs of a number and its line."""
_ENDS = tuple("。；;：:！!？?.…）)”」』")
_USUALLY = 0.9
"""The share of lines that must end like sentences for one that does not to mean anything."""


def check(guide: Guide, known: Mapping[str, int] | None = None) -> tuple[Finding, ...]:
    """Findings of the parser and of the checks here, in source order.

    Args:
        guide: the parsed guide.
        known: label -> number of clauses of editions to compare with; a guide with fewer than half of one's may be incomplete.
    """
    found = [*guide.findings, *_outline(guide), *_clauses(guide), *_repeated(guide), *_whole(guide, known or {})]
    unique = {(f.line, f.code, str(f.values)): f for f in found}
    return tuple(sorted(unique.values(), key=lambda f: (f.line, f.code, str(f.values))))


def _whole(guide: Guide, known: Mapping[str, int]) -> Iterator[Finding]:
    """A file that was cut has too few clauses, or ends in the middle of a sentence."""
    lines = guide.lines
    last = max(lines, default=1)
    largest = max(known, key=known.__getitem__, default="")
    if largest and len(guide.clauses) * 2 < known[largest]:
        values: dict[str, str | int] = {"count": len(guide.clauses), "of": largest, "usual": known[largest]}
        yield Finding(line=last, code="few_clauses", values=values)
    texts = [text.rstrip() for _, _, text in lines.values()]
    if texts and sum(t.endswith(_ENDS) for t in texts) >= _USUALLY * len(texts):
        text = lines[last][2].rstrip()
        if not text.endswith(_ENDS):
            yield Finding(line=last, code="cut_off", values={"text": text[-20:]})


def _outline(guide: Guide) -> Iterator[Finding]:
    """Parts, categories and items count on through the guide, or begin anew in each branch."""
    yield from _sequence("part", [(value_of(p.number), p.line) for p in guide.parts])
    categories = [[(value_of(c.number), c.line) for c in p.categories] for p in guide.parts]
    yield from _branches("category", categories)
    yield from _branches("item", [[(_item_number(i), i.line) for i in c.items] for p in guide.parts for c in p.categories])


def _clauses(guide: Guide) -> Iterator[Finding]:
    items = [i for p in guide.parts for c in p.categories for i in c.items]
    numbered = [[(value_of(c.number), c.lines[0]) for c in i.clauses if c.number] for i in items]
    yield from _branches("clause", [n for n in numbered if n])
    bare = not any(c.sections or c.shares_with for c in guide.clauses.values())
    if bare:
        yield Finding(line=1, code="no_guide_text", values={"count": len(guide.clauses)})
    for item in items:
        if not item.clauses:
            yield Finding(line=item.line or 1, code="empty_item", values={"item": item.number, "title": item.title})
        for clause in item.clauses:
            yield from _inside(clause, bare)


def _inside(clause: Clause, bare: bool) -> Iterator[Finding]:
    line = clause.lines[0]
    if not clause.sections and not bare:
        if clause.shares_with:
            yield Finding(line=line, code="shared", values={"clause": clause.id, "other": clause.shares_with})
        else:
            yield Finding(line=line, code="empty_clause", values={"clause": clause.id})
    headed = [(found.value, s.line) for s in clause.sections if s.heading and s.line and (found := mark(s.heading))]
    yield from _sequence("section", headed, clause=clause.id)
    for section in clause.sections:
        heading = (section.heading or "").strip()
        if not heading and section.kind != "note":
            continue  # a list of materials, parted by what they are
        numbered = _line_numbers(section)
        yield from _sequence("line" if heading else "note", numbered, clause=clause.id, heading=heading)
        if len(numbered) == 1 and numbered[0][0] == 1:
            code = "lone.line" if heading else "lone.note"
            yield Finding(line=numbered[0][1], code=code, values={"clause": clause.id, "heading": heading})
        if not section.requirements:
            yield Finding(line=section.line or line, code="empty_section", values={"clause": clause.id, "heading": heading})


def _line_numbers(section: Section) -> _Numbers:
    """The outermost numbers of a section: those in the style of the first."""
    found = [(m, r) for r in section.requirements if r.number and (m := mark(r.number))]
    return [(m.value, r.line) for m, r in found if m.style == found[0][0].style]


def _repeated(guide: Guide) -> Iterator[Finding]:
    for clause in guide.clauses.values():
        seen: dict[str, Requirement] = {}
        for requirement in clause.requirements:
            first = seen.setdefault(requirement.text, requirement)
            if first is not requirement and requirement.text:
                values: dict[str, str | int] = {"id": requirement.id, "line": first.line}
                yield Finding(line=requirement.line, code="repeated", values=values)


def _branches(what: str, branches: Sequence[_Numbers]) -> Iterator[Finding]:
    """Numbers that run on over branches are checked as one sequence, numbers that begin anew branch by branch."""
    later = [b[0][0] for b in branches[1:] if b]
    anew = sum(1 for first in later if first == 1)
    if anew * 2 > len(later):
        for branch in branches:
            yield from _sequence(what, branch)
    else:
        yield from _sequence(what, [number for branch in branches for number in branch])


def _sequence(what: str, numbers: _Numbers, **values: str | int) -> Iterator[Finding]:
    """Findings where numbers skip, repeat or go back; 0 stands for a line without a number."""
    for (before, _), (after, line) in pairwise(numbers):
        if after == before and after:
            yield Finding(line=line or 1, code=f"duplicate.{what}", values={**values, "number": after})
        elif after and before and after != before + 1:
            yield Finding(line=line or 1, code=f"gap.{what}", values={**values, "number": after, "before": before})
    if numbers and numbers[0][0] > 1:
        yield Finding(line=numbers[0][1] or 1, code=f"first.{what}", values={**values, "number": numbers[0][0]})


def _item_number(item: Item) -> int:
    return value_of(item.number.split("#")[0])
