"""Proposals where guides of several families are in force: a folder of a family's name, or its id (报关:4), decides which is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.families import apart, short
from assistant.guide import Guide
from assistant.register.facts.slots import Entry
from assistant.register.rules.filing.places import fold
from assistant.register.rules.filing.proposing import Filed, Filing, Reads


class Filings:
    """Proposes for the files of one tree; ``reads`` finds what words mean, by family (the first family's under an empty name)."""

    def __init__(self, guide: Guide, entries: Iterable[Entry], reads: Mapping[str, Reads]) -> None:
        owed = list(entries)
        (_, first), *others = apart(guide).items()
        prefixes = {family: f"{short(family)}:" for family, _ in others}
        own = [e for e in owed if not e.slot.id.startswith(tuple(prefixes.values()))]
        self._first = Filing(first, own, reads.get(""))
        self._others: dict[str, Filing] = {}
        for family, one in others:
            mine = [e for e in owed if e.slot.id.startswith(prefixes[family])]
            self._others[family] = Filing(one, mine, reads.get(family), prefixes[family])

    def propose(self, path: str) -> Filed:
        """The proposal for one file by its path in the tree."""
        for family, filing in self._others.items():
            if said := _within(path, family):
                return filing.propose(path, said)
        return self._first.propose(path)


def _within(path: str, family: str) -> str:
    """What a path says inside of a family; empty where it names the family nowhere.

    >>> _within("报关企业/4(2) 制度.docx", "报关企业"), _within("报关：4(2).pdf", "报关企业"), _within("报关单/2024.pdf", "报关企业")
    ('4(2) 制度.docx', '4(2).pdf', '')
    """
    *folders, file = [fold(name) for name in path.split("/")]
    whole, brief = re.escape(fold(family)), re.escape(fold(short(family)))
    id_ = re.compile(rf"^\W*(?:{whole}|{brief})\s*[:_\-·. ]?\s*(?=第?\s*\(?[\d一二三四五六七八九十])")
    for depth, name in enumerate([*folders, file]):
        rest = id_.sub("", name)
        if rest == name and depth < len(folders) and (fold(family) in name or name == fold(short(family))):
            rest = name.replace(fold(family), "").strip() if fold(family) in name else ""
        if rest != name:
            return "/".join(part for part in (*folders[:depth], rest, *[*folders, file][depth + 1 :]) if part)
    return ""
