"""Which old line is which new one, worked out for all clauses together so that lines which moved between clauses are seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ingest.compare.matching.likeness import SHORT, joined, ratios
from ingest.compare.matching.stars import Stars
from ingest.compare.matching.units import Unit

SAME_LINE, LINE_ELSEWHERE = 0.55, 0.85
"""Least likeness of two lines of one clause, and of lines of different clauses, to be one line."""
_LEAD = 100_000
"""The first paragraph of a line weighs more than any that continues it: it is what the line is about."""
_SAME_KIND = 0.05  # decides between lines that are otherwise equally alike


def line_stars(old: Mapping[str, Sequence[Unit]], new: Mapping[str, Sequence[Unit]], clauses: Stars) -> Stars:
    """Lines that are one and the same.

    Args:
        old: clause id -> its units.
        new: the same of the edition after.
        clauses: which clauses are which.
    """
    found = Stars()
    together = [([u for c in olds for u in _lines(old[c])], [u for c in news for u in _lines(new[c])]) for olds, news in clauses.stars()]
    all_old, all_new = ([u for units in side.values() for u in _lines(units)] for side in (old, new))
    for step in (_verbatim, _by_paragraphs, _parted):
        for a, b in together:
            step(a, b, found)
    _left(all_old, all_new, found)
    for a, b in together:
        _alike(a, b, found)
    _elsewhere(all_old, all_new, found)
    _headings(old, new, clauses, found)
    return found


def _lines(units: Sequence[Unit]) -> list[Unit]:
    return [u for u in units if u.role != "heading"]


def _free(units: Iterable[Unit], taken: Mapping[str, object]) -> list[Unit]:
    return [u for u in units if u.id not in taken]


def _verbatim(old: list[Unit], new: list[Unit], found: Stars) -> None:
    """The same words, in order: first in a section of the same kind, then in any."""
    for same_kind in (True, False):
        free: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for u in _free(new, found.new):
            free[u.words, u.kind if same_kind else ""].append(u)
        for u in _free(old, found.old):
            there = free.get((u.words, u.kind if same_kind else ""))
            if u.words and there:
                found.pair(u.id, there.pop(0).id)


def _by_paragraphs(old: list[Unit], new: list[Unit], found: Stars) -> None:
    """Lines that share whole paragraphs: one that lost its number goes on in the line above, a continuation may have changed sides.

    A line is where its first paragraph is; one that continues it is looked for near that place, since many lines have the like.
    """
    weights: Counter[tuple[str, str]] = Counter()
    lies: dict[str, int] = {}
    taken: set[tuple[str, int]] = set()
    for lead, same_kind in ((True, True), (True, False), (False, True)):
        free: dict[tuple[str, str], list[tuple[int, Unit, int]]] = defaultdict(list)
        for n, u in enumerate(new):
            if u.id not in found.new:
                for place, atom in enumerate(u.atoms):
                    if (u.id, place) not in taken:
                        free[atom, u.kind if same_kind else ""].append((n, u, place))
        for u in _free(old, found.old):
            for place, atom in enumerate(u.atoms):
                there = free.get((atom, u.kind if same_kind else ""))
                if not there or (place == 0) != lead or (lead and u.id in lies):
                    continue
                n, other, at = min(there, key=lambda t: abs(t[0] - lies.get(u.id, t[0])))
                there.remove((n, other, at))
                taken.add((other.id, at))
                weights[u.id, other.id] += len(atom) + _LEAD * (place == at == 0)
                if lead:
                    lies[u.id] = n
    for (a, b), _ in sorted(weights.items(), key=lambda w: (-w[1], w[0])):
        found.join(a, b)


def _parted(old: list[Unit], new: list[Unit], found: Stars) -> None:
    """Lines whose words are spread over neighbours, or joined from them."""
    a, b = _free(old, found.old), _free(new, found.new)
    for whole, pieces in joined({u.id: u.words for u in a}, {u.id: u.words for u in b}, {u.id for u in b}):
        for piece in pieces:
            found.join(whole, piece)
    a, b = _free(old, found.old), _free(new, found.new)
    for whole, pieces in joined({u.id: u.words for u in b}, {u.id: u.words for u in a}, {u.id for u in a}):
        for piece in pieces:
            found.join(piece, whole)


def _alike(old: list[Unit], new: list[Unit], found: Stars, least: float = SAME_LINE) -> None:
    a, b = _free(old, found.old), _free(new, found.new)
    scores = ratios([u.words for u in a], [u.words for u in b], least)
    scored = [
        (float(scores[i, j]) + _SAME_KIND * (u.kind == v.kind), i, j)
        for i, u in enumerate(a)
        for j, v in enumerate(b)
        if scores[i, j] > 0 and (u.role == v.role or u.kind == v.kind)
    ]
    for _, i, j in sorted(scored, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1], s[2])):
        found.pair(a[i].id, b[j].id)


def _left(old: list[Unit], new: list[Unit], found: Stars) -> None:
    """Lines that left their clause, with the same words as often in both editions: nothing that is only like them takes their place."""
    a, b = _long(old, found.old), _long(new, found.new)
    olds, news = Counter(u.words for u in a), Counter(u.words for u in b)
    _verbatim([u for u in a if olds[u.words] == news[u.words]], [u for u in b if olds[u.words] == news[u.words]], found)


def _long(units: Iterable[Unit], taken: Mapping[str, object]) -> list[Unit]:
    return [u for u in _free(units, taken) if len(u.words) > SHORT]


def _elsewhere(old: list[Unit], new: list[Unit], found: Stars) -> None:
    """The others that left their clause: the same words once what is alike is known, then parts, then words very much alike."""
    _left(old, new, found)
    a, b = _long(old, found.old), _long(new, found.new)
    _parted([u for u in a if u.handed_in], [u for u in b if u.handed_in], found)
    _alike([u for u in a if u.handed_in], [u for u in b if u.handed_in], found, LINE_ELSEWHERE)


def _headings(old: Mapping[str, Sequence[Unit]], new: Mapping[str, Sequence[Unit]], clauses: Stars, found: Stars) -> None:
    """A heading lives on where most of its lines went; sections are told by their heading's unit and the lines behind it."""
    here, there = _sections(old), _sections(new)
    votes: Counter[tuple[str, str]] = Counter()
    for line, heading in here.items():
        for other in found.old.get(line, ()):
            if other in there and _clause(there[other]) in clauses.old.get(_clause(heading), ()):
                votes[heading, there[other]] += 1
    words = {u.id: u for units in (*old.values(), *new.values()) for u in units if u.role == "heading"}
    for (a, b), _ in sorted(votes.items(), key=lambda v: (-v[1], words[v[0][0]].kind != words[v[0][1]].kind, v[0])):
        found.join(a, b)


def _clause(unit: str) -> str:
    return unit.split("/", 1)[0]


def _sections(units: Mapping[str, Sequence[Unit]]) -> dict[str, str]:
    """Line id -> the id of the heading it stands under."""
    found: dict[str, str] = {}
    for group in units.values():
        heading: Unit | None = None
        for u in group:
            if u.role == "heading":
                heading = u
            elif heading is not None and u.kind == heading.kind:
                found[u.id] = heading.id
    return found
