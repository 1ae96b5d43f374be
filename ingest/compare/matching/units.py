"""What a comparison holds against each other: every clause's sentence apart, and each of its lines, headings, conditions and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.guide import Clause, Guide, Section, folded
from ingest.compare.matching.terms import Term, compared
from ingest.printed_numbers import mark

HANDED_IN = ("evidence", "statement")


class Unit(NamedTuple):
    """One line of a clause. ``printed`` are its paragraphs folded, without printed numbers; ``atoms`` the same in common words.

    Ids are those of passages; a heading is the note 0 of its section: ``14/documents/n0``.
    """

    id: str
    clause: str
    kind: str
    role: str
    wording: str
    atoms: tuple[str, ...]
    printed: tuple[str, ...]

    @property
    def words(self) -> str:
        """All that it says, folded."""
        return "".join(self.atoms)

    @property
    def handed_in(self) -> bool:
        """Whether evidence is owed for it."""
        return self.role in HANDED_IN


def units_of(guide: Guide, known: Sequence[Term] = ()) -> dict[str, list[Unit]]:
    """Clause id -> its units in printed order, in the words of the other edition where ``known`` words were exchanged."""
    return {c.id: list(_units(c, known)) for c in guide.clauses.values()}


def sentences(guide: Guide, known: Sequence[Term] = ()) -> dict[str, str]:
    """Clause id -> its sentence, as it is compared."""
    return {c.id: compared(c.text, known) for c in guide.clauses.values()}


def titles(guide: Guide, known: Sequence[Term] = ()) -> dict[str, str]:
    """Clause id -> the title of its item, as it is compared."""
    return {c: compared(p.item.title, known) for c, p in guide.places.items()}


def paragraphs(guide: Guide) -> Iterator[str]:
    """Every text of a guide without its printed number, for learning which words were exchanged."""
    for clause in guide.clauses.values():
        yield clause.text
        yield from (clause.applicability.text,) if clause.applicability else ()
        for section in clause.sections:
            yield from (p.text for p in section.notes)
            yield _heading(section)
            for r in section.requirements:
                yield r.text
                yield from (p.text for p in r.continuation)


def headings(guide: Guide) -> Iterator[str]:
    """The headings of all sections without their printed numbers: a word may be exchanged in them alone (情况 for 情况介绍)."""
    yield from (_heading(section) for clause in guide.clauses.values() for section in clause.sections if section.heading)


def _units(clause: Clause, known: Sequence[Term]) -> Iterator[Unit]:
    def unit(end: str, kind: str, role: str, wording: str, texts: Sequence[str]) -> Unit:
        printed = tuple(filter(None, map(folded, texts)))
        return Unit(f"{clause.id}/{end}", clause.id, kind, role, wording, tuple(compared(t, known) for t in printed), printed)

    if clause.applicability:
        yield unit("applicability", "note", "applicability", clause.applicability.text, [clause.applicability.text])
    sections: dict[str, int] = {}
    notes: dict[str, int] = {}
    for section in clause.sections:
        sections[section.kind] = sections.get(section.kind, 0) + 1
        if section.heading:
            nth = "" if sections[section.kind] == 1 else f"{sections[section.kind]}/"
            yield unit(f"{section.kind}/{nth}n0", section.kind, "heading", section.heading, [_heading(section)])
        for r in section.requirements:
            texts = [r.text, *(p.text for p in r.continuation)]
            yield unit(r.id.removeprefix(f"{clause.id}/"), section.kind, r.role, r.wording, texts)
        for p in section.notes:
            notes[section.kind] = notes.get(section.kind, 0) + 1
            yield unit(f"{section.kind}/n{notes[section.kind]}", section.kind, p.role or "evidence", p.text, [p.text])


def _heading(section: Section) -> str:
    """A heading without its printed number."""
    found = mark(section.heading or "")
    return found.rest if found else section.heading or ""
