"""The owner table that a guide proposes itself: who is in charge by its column of departments, for a lead to correct and import."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.guide import Guide
from assistant.register.rules.people.owner_header import COLUMNS
from assistant.texts import say

_SHOWN = COLUMNS[:4]


def header(lang: str) -> list[str]:
    """The columns of an owner table that people fill in first."""
    return [say(f"evidence.column.{c}", lang) for c in _SHOWN]


def rows(guide: Guide) -> Iterator[list[str]]:
    """One row for each clause whose lines name a department: an item's clauses together where they all name the same one."""
    for item in guide.items.values():
        named = {c.id: "、".join(dict.fromkeys(p.owner for p in c.proofs if p.owner)) for c in item.clauses}
        said = set(named.values())
        if len(item.clauses) > 1 and len(said) == 1 and said != {""}:
            yield [item.number, said.pop(), *[""] * (len(_SHOWN) - 2)]
        else:
            yield from ([clause, owner, *[""] * (len(_SHOWN) - 2)] for clause, owner in named.items() if owner)
