"""Passages: what is embedded, found, shown and cited. One per requirement line, plus the clause's own sentence.

Ids: ``24(3)`` the clause text, ``4(2)/applicability``, ``24(3)/records/1`` a requirement line with its continuation,
``24(3)/records/n1`` a paragraph that speaks of the whole section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from assistant.guide import Clause, Frozen, Guide, Kind

_SENTENCE, _CLAUSE, _NUMBER = re.compile(r"(?<=[。；;\n：:])"), re.compile(r"(?<=[，,])"), re.compile(r"^（\d+）")
_SENTENCE_LENGTH, _PIECE = 60, 8  # characters from which a sentence is cut at its commas, and the least that a piece has

PassageKind = Literal["clause", "documents", "situation", "records", "onsite", "note"]


class Passage(Frozen):
    """One passage of one clause. ``text`` is verbatim; ``requirement`` is the line id that citations name, or None."""

    id: str
    clause: str
    kind: PassageKind
    role: str
    text: str
    line: int
    requirement: str | None
    number: str | None = None
    continuation: tuple[str, ...] = ()

    @property
    def wording(self) -> str:
        """Everything printed of this passage: number, text, continuation."""
        return "\n".join([f"{self.number or ''}{self.text}", *self.continuation])

    @property
    def section(self) -> Kind | None:
        """The section kind for citations: None for the clause's own sentence and its condition."""
        return None if self.kind == "clause" or self.role == "applicability" else self.kind


def printed(guide: Guide, group: Sequence[Passage]) -> list[str]:
    """All that is printed of the clause whose passages these are: its lines, and the headings of its sections."""
    clause = guide.clauses[group[0].clause]
    owner = guide.clauses[clause.shares_with] if clause.shares_with else clause
    return [*(p.wording for p in group), *(s.heading for s in owner.sections if s.heading)]


def passages_of(clause: Clause, shared: Clause | None = None) -> list[Passage]:
    """All passages of a clause in printed order; a clause without a guide cell of its own takes those of ``shared``."""
    found = [
        Passage(id=clause.id, clause=clause.id, kind="clause", role="clause", text=clause.text, line=clause.lines[0], requirement=None)
    ]
    if clause.applicability:
        p = clause.applicability
        found.append(
            Passage(
                id=f"{clause.id}/applicability",
                clause=clause.id,
                kind="note",
                role="applicability",
                text=p.text,
                line=p.line,
                requirement=None,
            )
        )
    for section in clause.sections or (shared.sections if shared else ()):
        owner = clause.id if clause.sections or shared is None else shared.id
        found += [
            Passage(
                id=r.id,
                clause=clause.id,
                kind=section.kind,
                role=r.role,
                text=r.text,
                line=r.line,
                requirement=r.id,
                number=r.number,
                continuation=tuple(p.text for p in r.continuation),
            )
            for r in section.requirements
        ]
        found += [
            Passage(
                id=f"{owner}/{section.kind}/n{ordinal}",
                clause=clause.id,
                kind=section.kind,
                role=p.role or "evidence",
                text=p.text,
                line=p.line,
                requirement=None,
            )
            for ordinal, p in enumerate(section.notes, 1)
        ]
    return found


def passages(guide: Guide) -> dict[str, list[Passage]]:
    """Clause id -> its passages, in the guide's order."""
    clauses = guide.clauses
    return {c.id: passages_of(c, clauses.get(c.shares_with or "")) for c in clauses.values()}


def distinct(guide: Guide) -> list[Passage]:
    """Every passage once (a shared guide cell only with the clause that owns it), for the index."""
    seen: dict[str, Passage] = {}
    for group in passages(guide).values():
        for passage in group:
            seen.setdefault(passage.id, passage)
    return list(seen.values())


def cut(wording: str) -> Iterator[str]:
    """A line in sentences, long ones at their commas, without its number."""
    for sentence in filter(str.strip, _SENTENCE.split(_NUMBER.sub("", wording))):
        piece = ""
        for part in _CLAUSE.split(sentence) if len(sentence) > _SENTENCE_LENGTH else [sentence]:
            piece += part
            if len(piece) >= _PIECE:
                yield piece.strip()
                piece = ""
        if piece.strip():
            yield piece.strip()


def pieces(guide: Guide) -> dict[str, tuple[str, ...]]:
    """What every passage is cut into, by its id."""
    return {p.id: tuple(cut(p.wording)) for p in distinct(guide)}


def titles(guide: Guide) -> dict[str, str]:
    """Clause id -> the category, item title and section headings around it, for the lexical side and the prompt."""
    return {
        clause.id: " ".join([place.category.title, place.item.title, place.item.title, *(s.heading for s in clause.sections if s.heading)])
        for clause in guide.clauses.values()
        for place in [guide.places[clause.id]]
    }
