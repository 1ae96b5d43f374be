"""A file read as the edition that follows another one: its words understood through those of the one before, its lines known again."""

from __future__ import annotations

from assistant.guide import Category, Clause, Exchange, Guide, Item, Part, Section
from ingest.compare.diff import diff
from ingest.compare.terms import Term, familiar, terms
from ingest.compare.units import paragraphs
from ingest.parse.guide import parse
from ingest.source import Source


def parse_after(source: Source, edition: str, before: Guide) -> Guide:
    """The guide in ``source``, its headings and roles told also by the words that it put for those of ``before``.

    Lines and clauses that live on are known under the key they had first, so that what was judged of them holds.

    Raises:
        SourceError: ``source`` holds no guide.
    """
    guide = parse(source, edition)
    known = terms(paragraphs(before), paragraphs(guide))
    if known or before.exchanged:
        words = (*known, *(Term(e.old, e.new, 0) for e in before.exchanged))
        guide = parse(source, edition, lambda text: familiar(text, words))
        guide = guide.model_copy(update={"exchanged": tuple(Exchange(old=w.old, new=w.new) for w in words)})
    return _known_since(guide, before)


def _known_since(guide: Guide, before: Guide) -> Guide:
    since: dict[str, str] = {}
    for clause in diff(before, guide).clauses:
        if clause.olds:
            since |= dict.fromkeys(clause.news, before.clauses[clause.olds[0]].lineage)
        for line in clause.lines:
            if line.olds and line.olds[0] in before.requirements:
                since |= dict.fromkeys(line.news, before.requirements[line.olds[0]].lineage)

    def section(s: Section) -> Section:
        known = tuple(r.model_copy(update={"since": _other(since, r.id, r.key)}) for r in s.requirements)
        return s.model_copy(update={"requirements": known})

    def clause_(c: Clause) -> Clause:
        return c.model_copy(update={"since": _other(since, c.id, c.key), "sections": tuple(map(section, c.sections))})

    def item(i: Item) -> Item:
        return i.model_copy(update={"clauses": tuple(map(clause_, i.clauses))})

    def category(c: Category) -> Category:
        return c.model_copy(update={"items": tuple(map(item, c.items))})

    def part(p: Part) -> Part:
        return p.model_copy(update={"categories": tuple(map(category, p.categories))})

    values = {name: getattr(guide, name) for name in Guide.model_fields}  # made anew: a copy would keep what it worked out
    return Guide(**values | {"parts": tuple(map(part, guide.parts))})


def _other(since: dict[str, str], id_: str, key: str) -> str:
    """The key of first acquaintance, empty where it is the thing's own."""
    found = since.get(id_, "")
    return "" if found == key else found
