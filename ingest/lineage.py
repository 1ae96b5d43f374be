"""The shipped bank, carried to another edition by lineage: exact keys first, then likeness of text and place."""

from __future__ import annotations

from functools import cache

from assistant.answers.passages import passages
from assistant.guide import Guide, folded
from ingest.bank import Entry, carry

SAME_CLAUSE = 0.72
SAME_LINE = 0.80


@cache
def _home() -> Guide:
    from ingest.parse import parse
    from ingest.pipeline import SHIPPED, SHIPPED_EDITION
    from ingest.read import read

    return parse(read(SHIPPED), SHIPPED_EDITION)


def carried(entries: list[Entry], guide: Guide) -> list[Entry]:
    """The shipped bank's entries as they apply to ``guide``."""
    home = _home()
    clauses = like_clauses(home, guide)
    here, there = passages(home), passages(guide)
    lines: dict[str, str] = {}
    for old, new in clauses.items():
        lines |= like({p.id: p.wording for p in here[old]}, {p.id: p.wording for p in there[new]}, SAME_LINE)
    return carry(entries, clauses, lines)


def like_clauses(old: Guide, new: Guide) -> dict[str, str]:
    """Old clause id -> new clause id where the clause lives on, by key or by likeness of its title and sentence."""
    keys = {c.key: c.id for c in new.clauses.values()}
    found = {c.id: keys[c.key] for c in old.clauses.values() if c.key in keys}
    rest_old = {c.id: _described(old, c.id) for c in old.clauses.values() if c.id not in found}
    rest_new = {c.id: _described(new, c.id) for c in new.clauses.values() if c.id not in set(found.values())}
    return found | like(rest_old, rest_new, SAME_CLAUSE)


def like(old: dict[str, str], new: dict[str, str], floor: float) -> dict[str, str]:
    """Pairs of most similar texts, each used once, best pairs first, none below ``floor`` (0 to 1)."""
    from rapidfuzz import fuzz

    pairs = sorted(
        ((fuzz.ratio(folded(a), folded(b)) / 100, x, y) for x, a in old.items() for y, b in new.items() if a and b),
        key=lambda t: (-t[0], t[1], t[2]),
    )
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for score, x, y in pairs:
        if score < floor:
            break
        if x not in matched and y not in taken:
            matched[x] = y
            taken.add(y)
    return matched


def _described(guide: Guide, clause: str) -> str:
    return guide.places[clause].item.title + guide.clauses[clause].text
