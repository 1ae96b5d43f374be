"""The lines of one edition as a model cites them, and what stands around each: headings, conditions, the clause's sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from assistant.answers.passages import Passage
from assistant.answers.reply.calling.claims import Cited
from assistant.guide import Guide, folded
from assistant.line_ids import LineId


class GuideLines:
    """Every line of an edition by its id; the heading of a section has the section's id (``14/documents``)."""

    def __init__(self, guide: Guide, groups: dict[str, list[Passage]]) -> None:
        self.guide = guide
        self.groups = groups

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """Line id -> passage; a line that two clauses share belongs to the one that prints it."""
        found: dict[str, Passage] = {}
        for clause, group in self.groups.items():
            for p in (*group, *self._headings(clause)):
                if p.id not in found or LineId.of(p.id).clause == clause:
                    found[p.id] = p
        return found

    def cited(self, citation: Cited) -> Passage | None:
        """The line that holds the quote word for word: the one named, else another of the same clause; None when none does."""
        quote = folded(citation.quote)
        named = citation.id.strip().strip("[]〔〕").replace("（", "(").replace("）", ")")
        clause = LineId.of(named).clause
        group = self.groups.get(clause, [])
        candidates = [p for p in (self.by_id.get(named), *group, *self._headings(clause)) if p is not None]
        return next((p for p in candidates if quote and quote in folded(p.wording)), None)

    def heading(self, line: Passage) -> str:
        """The heading over a line as printed, or nothing."""
        section = self.guide.clauses[self._owner(line.clause)].section(line.kind) if line.kind != "clause" else None
        return (section.heading or "") if section else ""

    def around(self, lines: Sequence[Passage]) -> str:
        """Lines in full, with the headings, conditions and sentences of their clauses: what a claim's meaning is checked by."""
        texts: list[str] = []
        for line in lines:
            clause = self.guide.clauses[line.clause]
            texts += [line.wording, self.heading(line), clause.applicability.text if clause.applicability else ""]
        return "\n".join(dict.fromkeys(t for t in texts if t))

    def sections(self, lines: Sequence[Passage]) -> str:
        """``around`` with the clauses' sentences and the rest of the sections: what a claim's words and numbers are looked for in.

        The period that all lines of a section have (重新认证企业…每一年) is often a line of its own.
        """
        texts = [self.around(lines)]
        for line in lines:
            texts += [self.guide.clauses[line.clause].text, *(p.wording for p in self.groups[line.clause] if p.kind == line.kind)]
        return "\n".join(dict.fromkeys(texts))

    def printed(self, clause: str) -> Iterator[str]:
        """A clause for a prompt: title, condition, sentence, then its sections line by line, each after its id."""
        place, entry = self.guide.places[clause], self.guide.clauses[clause]
        yield f"## {clause} {place.item.title}"
        section = ""
        for p in self.groups[clause]:
            if p.kind != "clause" and p.role != "applicability" and p.kind != section:
                section = p.kind
                heading = self.heading(p)
                if heading:
                    yield f"[{p.id.rpartition('/')[0]}] {heading}"
            refers = dict.fromkeys(t for r in entry.references if r.line == p.line for t in r.targets)
            yield f"[{p.id}] {p.wording}" + (f" (→ {', '.join(refers)})" if refers else "")
        if entry.shares_with:
            yield f"({clause} has the guide text of {entry.shares_with})"

    def whole(self) -> Iterator[str]:
        """The whole guide for a prompt: parts and categories, and every clause as ``printed``."""
        for part in self.guide.parts:
            yield f"# {part.number}、{part.title}"
            for category in part.categories:
                yield f"# {category.number}{category.title}"
                for item in category.items:
                    for clause in item.clauses:
                        yield from self.printed(clause.id)

    def _headings(self, clause: str) -> list[Passage]:
        entry = self.guide.clauses.get(clause)
        return [
            Passage(
                id=f"{clause}/{s.kind}",
                clause=clause,
                kind=s.kind,
                role="heading",
                text=s.heading,
                line=s.line or 0,
                requirement=None,
            )
            for s in (entry.sections if entry else ())
            if s.heading
        ]

    def _owner(self, clause: str) -> str:
        return self.guide.clauses[clause].shares_with or clause
