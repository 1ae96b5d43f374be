"""What the register knows a guide by: the keys of what is owed, each with the words that it stands for and what it is held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.guide import Clause, Guide, Requirement, Section, lineage_key
from assistant.register.rules.demands.periods import LAST_YEARS, YEARLY
from ingest.compare.matching.terms import Term, compared
from ingest.compare.matching.units import HANDED_IN
from ingest.printed_numbers import mark

WHOLE = ("situation", "onsite")
_OF_YEARS = re.compile(rf"{YEARLY.pattern}|{LAST_YEARS.pattern}")


class OwedLine(NamedTuple):
    """A line that is handed in: the key of what is owed for it, its section, and its own words, folded.

    Words about periods and criteria are not its own: they say how often it is owed, and how it is judged.
    """

    id: str
    key: str
    clause: str
    section: str
    words: str


class Criteria(NamedTuple):
    """What the lines of one section are held against: its heading and the texts of its other roles, folded -> as printed."""

    heading: tuple[str, str]
    texts: dict[str, str]


class Owed(NamedTuple):
    """One edition as the register sees it. ``lines`` by requirement id, ``criteria`` by section, ``said`` by clause: all its texts.

    ``single`` are the lines of briefings and walk-throughs by themselves: one may owe a paper of its own beside the whole.
    """

    lines: dict[str, OwedLine]
    single: dict[str, OwedLine]
    criteria: dict[str, Criteria]
    said: dict[str, frozenset[str]]


def owed(guide: Guide, known: Sequence[Term] = (), headed: Sequence[Term] = ()) -> Owed:
    """What ``guide`` owes, its words put into those of the other edition where ``known`` were exchanged, or ``headed`` in headings."""
    found = Owed({}, {}, {}, {})
    for clause in guide.clauses.values():
        said: set[str] = set()
        for name, nth, section in _sections(clause):
            texts = {compared(t, known): t for t in _criteria(section)}
            heading = section.heading or ""
            printed = mark(heading)
            found.criteria[name] = Criteria((compared(printed.rest if printed else heading, (*headed, *known)), heading), texts)
            said |= set(texts)
            for r in section.requirements:
                said |= {compared(t, known) for t in (r.text, *(p.text for p in r.continuation))}
                if r.role in HANDED_IN:
                    one = OwedLine(r.id, r.key, clause.id, name, compared(_own(r), known))
                    found.lines[r.id] = one
                    if section.kind in WHOLE:
                        found.lines[r.id] = one._replace(key=section_key(clause, section.kind, nth))
                        found.single[r.id] = one
        found.said[clause.id] = frozenset(said)
    return found


def section_key(clause: Clause, kind: str, nth: int) -> str:
    """The key of a briefing or walk-through, owed as a whole."""
    return lineage_key(clause.key, kind) if nth == 1 else lineage_key(clause.key, kind, str(nth))


def sentence_key(clause: Clause) -> str:
    """The key of what a clause's own sentence owes."""
    return lineage_key(clause.key, "clause")


def _sections(clause: Clause) -> Iterator[tuple[str, int, Section]]:
    """The sections with a name of their own each, and which of its kind each is."""
    seen: dict[str, int] = {}
    for section in clause.sections:
        seen[section.kind] = seen.get(section.kind, 0) + bool(section.requirements and section.kind != "note")
        yield f"{clause.id}/{section.kind}/{seen[section.kind]}", seen[section.kind], section


def _own(r: Requirement) -> str:
    """The words for which evidence is handed in; of which years is no part of them."""
    return _OF_YEARS.sub("", "".join([r.text, *(p.text for p in r.continuation if p.role in (None, *HANDED_IN))]))


def _criteria(section: Section) -> Iterator[str]:
    """Texts that say how what is handed in is judged; those about periods say when it is owed and are none."""
    apart = ("period", *HANDED_IN)
    yield from (r.text for r in section.requirements if r.role not in apart)
    yield from (p.text for r in section.requirements for p in r.continuation if p.role is not None and p.role not in apart)
    yield from (p.text for p in section.notes if p.role != "period")
