"""A guide as it is given away: as JSON in the shape of the command line's contract, and what there is to say of its source."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from assistant.guide import Clause, Finding, Guide
from assistant.texts import say


def finding_sentence(finding: Finding, lang: str) -> str:
    """Something that a lead should know about a source, as one sentence."""
    return say(f"findings.{finding.code}", lang, **finding.values)


def guide_document(guide: Guide, wanted: Collection[str] | None = None) -> dict[str, Any]:
    """The guide (or the branches that lead to the clauses that are wanted) as JSON, in the shape of the command line's contract."""

    def leads(clauses: Iterable[Clause]) -> bool:
        return wanted is None or any(c.id in wanted for c in clauses)

    return {
        "edition": guide.edition,
        "title": guide.title,
        "parts": [
            {
                "number": part.number,
                "title": part.title,
                **({"family": part.family} if part.family else {}),
                "line": part.line,
                "categories": [
                    {
                        "number": cat.number,
                        "title": cat.title,
                        "line": cat.line,
                        "items": [
                            {
                                "number": item.number,
                                "title": item.title,
                                "line": item.line,
                                "clauses": [_clause_document(c) for c in item.clauses if leads([c])],
                            }
                            for item in cat.items
                            if leads(item.clauses)
                        ],
                    }
                    for cat in part.categories
                    if leads(c for i in cat.items for c in i.clauses)
                ],
            }
            for part in guide.parts
            if leads(c for cat in part.categories for i in cat.items for c in i.clauses)
        ],
    }


def _clause_document(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "number": clause.number,
        "text": clause.text,
        "line": clause.lines[0] if clause.lines else None,
        "lines": list(clause.lines),
        "applicability": clause.applicability.text if clause.applicability else None,
        "applicability_line": clause.applicability.line if clause.applicability else None,
        "cross_references": sorted({t for r in clause.references for t in r.targets}, key=_reference_order)
        + sorted({r.external for r in clause.references if r.external}),
        "references": [r.model_dump() for r in clause.references],
        "shares_guide_text_of": clause.shares_with,
        **({"proofs": [p.model_dump(exclude={"key"}) for p in clause.proofs]} if clause.proofs else {}),
        **{name: said for name in ("owner", "period") if (said := getattr(clause, name))},
        "sections": [
            {
                "kind": s.kind,
                "heading": s.heading,
                "line": s.line,
                "requirements": [
                    {
                        "id": r.id,
                        "number": r.number,
                        "text": r.text,
                        "role": r.role,
                        "also": list(r.also),
                        "continuation": [p.text for p in r.continuation],
                        "line": r.line,
                        "continuation_lines": [{"line": p.line, "role": p.role} for p in r.continuation],
                        "key": r.key,
                    }
                    for r in s.requirements
                ],
                "notes": [p.text for p in s.notes],
                "note_lines": [{"line": p.line, "role": p.role} for p in s.notes],
            }
            for s in clause.sections
        ],
    }


def _reference_order(target: str) -> tuple[int, str]:
    digits = "".join(c for c in target.split("(")[0] if c.isdigit())
    return (int(digits or 0), target)
