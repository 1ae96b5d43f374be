"""What a lead should know about a parsed guide: gaps in numbering, duplicates, empty clauses, with source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.guide import Clause, Finding, Guide

_CHINESE = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}


def check(guide: Guide) -> tuple[Finding, ...]:
    """Findings of the parser and of the checks here, in source order."""
    found = [*guide.findings, *_outline(guide), *_clauses(guide), *_repeated(guide)]
    return tuple(sorted({(f.line, f.code, str(f.values)): f for f in found}.values(), key=lambda f: (f.line, f.code, str(f.values))))


def _outline(guide: Guide) -> Iterator[Finding]:
    yield from _sequence("part", [(_chinese(p.number), p.line) for p in guide.parts])
    categories = [(_chinese(c.number), c.line) for p in guide.parts for c in p.categories]
    yield from _sequence("category", categories)
    yield from _sequence("item", [(_number(i.number), i.line) for i in guide.items.values()])


def _clauses(guide: Guide) -> Iterator[Finding]:
    numbers = [_number(c.number) for c in guide.clauses.values() if c.number]
    continuous = len(numbers) > 2 and numbers.count(1) == 1
    if continuous:
        yield from _sequence("clause", [(_number(c.number), c.lines[0]) for c in guide.clauses.values() if c.number])
    for item in guide.items.values():
        if not item.clauses:
            yield Finding(line=item.line, code="empty_item", values={"item": item.number, "title": item.title})
        if not continuous:
            yield from _sequence(
                f"clause of item {item.number}", [(_number(c.number), c.lines[0]) for c in item.clauses if c.number]
            )
        for clause in item.clauses:
            yield from _inside(clause)


def _inside(clause: Clause) -> Iterator[Finding]:
    line = clause.lines[0]
    if not clause.sections:
        if clause.shares_with:
            yield Finding(line=line, code="shared", values={"clause": clause.id, "other": clause.shares_with})
        else:
            yield Finding(line=line, code="empty_clause", values={"clause": clause.id})
    yield from _sequence(
        f"section of clause {clause.id}",
        [(_number(s.heading.strip()[:2]), s.line) for s in clause.sections if s.heading and s.line and s.heading.strip()[:1].isdigit()],
    )
    for section in clause.sections:
        numbered = [(_number(r.number), r.line) for r in section.requirements if r.number]
        yield from _sequence(f"line of {clause.id} {section.kind}", numbered)
        if len(numbered) == 1 and numbered[0][0] == 1:
            yield Finding(line=numbered[0][1], code="lone", values={"clause": clause.id, "kind": section.kind})
        if not section.requirements:
            yield Finding(line=section.line or line, code="empty_section", values={"clause": clause.id, "kind": section.kind})


def _repeated(guide: Guide) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for clause in guide.clauses.values():
        for requirement in clause.requirements:
            spot = (clause.id, requirement.text)
            if spot in seen:
                values: dict[str, str | int] = {"id": requirement.id, "line": seen[spot]}
                yield Finding(line=requirement.line, code="repeated", values=values)
            seen.setdefault(spot, requirement.line)


def _sequence(what: str, numbers: list[tuple[int, int]]) -> Iterator[Finding]:
    """Findings where numbers skip, repeat or go back."""
    for (before, _), (after, line) in zip(numbers, numbers[1:], strict=False):
        if after == before and after:
            yield Finding(line=line, code="duplicate", values={"what": what, "number": after})
        elif after and before and after != before + 1:
            yield Finding(line=line, code="gap", values={"what": what, "number": after, "before": before})
    if numbers and numbers[0][0] > 1:
        yield Finding(line=numbers[0][1], code="first", values={"what": what, "number": numbers[0][0]})


def _number(text: str | None) -> int:
    return int(re.sub(r"\D", "", text or "") or 0)


def _chinese(text: str) -> int:
    """一 -> 1, 十七 -> 17; 0 when it is no Chinese number below 100."""
    word = text.strip("（）()")
    if not word or any(c not in _CHINESE for c in word):
        return 0
    tens, _, units = word.rpartition("十")
    if "十" not in word:
        return _CHINESE[word]
    return (_CHINESE.get(tens, 1)) * 10 + _CHINESE.get(units, 0)
