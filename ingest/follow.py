"""What the comparison of two editions means for the evidence register: moves of slot keys, from old to new."""

from __future__ import annotations

from assistant.guide import Clause, Guide, lineage_key
from assistant.register.adopt import Change, Move
from ingest.diff import ClauseChange, Diff


def moves(changes: Diff, old: Guide, new: Guide) -> list[Move]:
    """One move per requirement line, and per briefing and walk-through, that lives on (also where only its key changed)."""
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
