"""What the comparison of two editions means for the evidence register: how its lines and numbered places live on."""

from __future__ import annotations

from collections import Counter

from assistant.guide import Clause, Guide, lineage_key
from assistant.register.acts.adopt import Change, Move, Moves
from assistant.register.facts.people import Level
from ingest.compare.diff import ClauseChange, Diff, diff


def moves(old: Guide, new: Guide) -> Moves:
    """How ``old`` lives on in ``new``: every requirement line, briefing and walk-through, and the numbers of places."""
    changes = diff(old, new)
    return Moves(old.edition, new.edition, tuple(_lines(changes, old, new)), _places(changes, old, new))


def _lines(changes: Diff, old: Guide, new: Guide) -> list[Move]:
    """One move per line that lives on and whose words or key changed."""
    found: list[Move] = []
    lines_old, lines_new = old.requirements, new.requirements
    for clause in changes.clauses:
        for line in clause.lines:
            if line.old in lines_old and line.new in lines_new:
                a, b = lines_old[line.old], lines_new[line.new]
                if a.key != b.key or line.change not in ("unchanged", "moved"):
                    found.append(Move(a.key, b.key, line.change, a.wording, b.wording))
        if clause.old and clause.new:
            found += _sections(clause, old.clauses[clause.old], new.clauses[clause.new])
    return found


def _sections(change: ClauseChange, old: Clause, new: Clause) -> list[Move]:
    """Situation and on-site sections are owed as wholes: reworded as soon as one of their lines is."""
    found: list[Move] = []
    for kind in ("situation", "onsite"):
        a, b = [s for s in old.sections if s.kind == kind], [s for s in new.sections if s.kind == kind]
        for nth, (one, two) in enumerate(zip(a, b, strict=False), 1):
            ids = {r.id for r in one.requirements} | {r.id for r in two.requirements}
            touched = [line.change for line in change.lines if (line.old in ids or line.new in ids)]
            kind_of: Change = "reworded" if any(c not in ("unchanged", "moved") for c in touched) else "unchanged"
            keys = [lineage_key(c.key, kind) if nth == 1 else lineage_key(c.key, kind, str(nth)) for c in (old, new)]
            if keys[0] != keys[1] or kind_of == "reworded":
                words = ["\n".join([s.heading or "", *(r.wording for r in s.requirements)]).strip() for s in (one, two)]
                found.append(Move(keys[0], keys[1], kind_of, words[0], words[1]))
    return found


def _places(changes: Diff, old: Guide, new: Guide) -> dict[tuple[Level, str], str | None]:
    """Clause, item, category and part numbers -> where most of their clauses went."""
    went: dict[tuple[Level, str], Counter[str]] = {}
    for clause_id in old.clauses:
        for place in _numbers(clause_id, old):
            went.setdefault(place, Counter())
    for clause in changes.clauses:
        if clause.old and clause.new:
            for (level, before), (_, after) in zip(_numbers(clause.old, old), _numbers(clause.new, new), strict=True):
                went[level, before][after] += 1
    return {place: counts.most_common(1)[0][0] if counts else None for place, counts in went.items()}


def _numbers(clause: str, guide: Guide) -> tuple[tuple[Level, str], ...]:
    place = guide.places[clause]
    return ("clause", clause), ("item", place.item.number), ("category", place.category.number), ("part", place.part.number)
