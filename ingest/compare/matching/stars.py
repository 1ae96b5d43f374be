"""Which old things are which new ones: one to one, one to several (split) or several to one (merged), never several to several."""

from __future__ import annotations

from collections.abc import Iterable


class Stars:
    """Links between old and new ids; each id is in one star at most."""

    def __init__(self) -> None:
        self.old: dict[str, list[str]] = {}
        self.new: dict[str, list[str]] = {}

    def join(self, a: str, b: str) -> bool:
        """Link an old id with a new one, if that leaves no two old ids linked with the same two new ones; says whether they are linked."""
        mine, theirs = self.old.get(a, []), self.new.get(b, [])
        if b in mine:
            return True
        spreads = not theirs and all(len(self.new[x]) == 1 for x in mine)
        gathers = not mine and all(len(self.old[x]) == 1 for x in theirs)
        if spreads or gathers:
            self.old.setdefault(a, []).append(b)
            self.new.setdefault(b, []).append(a)
        return spreads or gathers

    def pair(self, a: str, b: str) -> bool:
        """Link two ids that are both free."""
        return a not in self.old and b not in self.new and self.join(a, b)

    def pairs(self) -> Iterable[tuple[str, str]]:
        """All links."""
        return [(a, b) for a, found in self.old.items() for b in found]

    def stars(self) -> list[tuple[list[str], list[str]]]:
        """All stars as (old ids, new ids), in the order in which their old ids were linked first."""
        found: list[tuple[list[str], list[str]]] = []
        for a, news in self.old.items():
            olds = self.new[news[0]] if len(news) == 1 else [a]
            if olds[0] == a:
                found.append((olds, news))
        return found
