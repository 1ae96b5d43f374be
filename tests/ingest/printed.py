"""The lines of a source as a guide holds them, to compare with the source."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.guide import Category, Clause, Guide, Item, Part


def printed_lines(guide: Guide) -> Iterator[tuple[int, str]]:
    """Every source line that the guide holds, as (line, label and text), each exactly once, in source order."""
    held: list[tuple[int, str]] = [(p.line, f"{p.label or ''}{p.text}") for p in guide.front]
    for part in guide.parts:
        held += _printed_heading(part)
        for category in part.categories:
            held += _printed_heading(category)
            for item in category.items:
                held += _printed_heading(item)
                for clause in item.clauses:
                    held += _printed_clause(clause)
    yield from sorted((number, text) for number, text in held if number and text)


def _printed_heading(heading: Part | Category | Item) -> Iterator[tuple[int, str]]:
    later = "".join(p.text for p in heading.more)
    yield heading.line, heading.label + heading.title.removesuffix(later)
    for p in heading.more:
        yield p.line, p.text


def _printed_clause(clause: Clause) -> Iterator[tuple[int, str]]:
    for position, (number, text) in enumerate(zip(clause.lines, clause.text.split("\n"), strict=True)):
        yield number, (clause.number or "") + text if position == 0 else text
    if clause.applicability:
        yield clause.applicability.line, clause.applicability.text
    for section in clause.sections:
        if section.applicability:
            yield section.applicability.line, section.applicability.text
        if section.heading is not None and section.line is not None:
            yield section.line, section.heading
        for requirement in section.requirements:
            yield requirement.line, requirement.printed
            for p in requirement.continuation:
                yield p.line, p.text
        for p in section.notes:
            yield p.line, p.text
