"""Which old clause is which new one: by their sentences, their lines and their titles, never by number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ingest.compare.matching.likeness import SHORT, joined, ratios
from ingest.compare.matching.stars import Stars
from ingest.compare.matching.units import Unit

SAME_CLAUSE = 0.60
"""Least likeness of two clauses (the best of title with sentence, sentence, and lines) to be one clause reworded."""
_TITLE_ALONE = 0.01  # decides between clauses that are otherwise equally alike


class Side(NamedTuple):
    """The clauses of one edition: sentences, titles of their items, and units, by clause id in the guide's order."""

    sentences: Mapping[str, str]
    titles: Mapping[str, str]
    units: Mapping[str, Sequence[Unit]]


def clause_stars(old: Side, new: Side) -> Stars:
    """Clauses that are one and the same, then those that were split or merged."""
    found = Stars()
    _exact(old, new, found, titled=True)
    _exact(old, new, found, titled=False)
    _alike(old, new, found)
    _parted(old, new, found)
    return found


def _exact(old: Side, new: Side, found: Stars, titled: bool) -> None:
    """Equal sentences under equal titles, in order; without regard to titles only where both are the only ones."""
    there: dict[tuple[str, str], list[str]] = defaultdict(list)
    here: dict[tuple[str, str], list[str]] = defaultdict(list)
    for side, table, taken in ((old, here, found.old), (new, there, found.new)):
        for c, sentence in side.sentences.items():
            if c not in taken and (titled or len(sentence) > SHORT):
                table[side.titles[c] if titled else "", sentence].append(c)
    for key, olds in here.items():
        news = there.get(key, [])
        if titled or len(olds) == len(news) == 1:
            for a, b in zip(olds, news, strict=False):
                found.pair(a, b)


def _alike(old: Side, new: Side, found: Stars) -> None:
    olds = [c for c in old.sentences if c not in found.old]
    news = [c for c in new.sentences if c not in found.new]
    sentence = ratios([old.sentences[c] for c in olds], [new.sentences[c] for c in news])
    titled = ratios([old.titles[c] + old.sentences[c] for c in olds], [new.titles[c] + new.sentences[c] for c in news])
    shared = _shared(old, new)
    scored: list[tuple[float, float, int, int]] = []
    for i, a in enumerate(olds):
        for j, b in enumerate(news):
            long = min(len(old.sentences[a]), len(new.sentences[b])) > SHORT
            score = max(float(titled[i, j]), float(sentence[i, j]) if long else 0.0, shared.get((a, b), 0.0))
            if score >= SAME_CLAUSE:
                scored.append((score + _TITLE_ALONE * float(titled[i, j]), float(titled[i, j]), i, j))
    for _, _, i, j in sorted(scored, key=lambda s: (-s[0], -s[1], abs(s[2] - s[3]), s[2], s[3])):
        found.pair(olds[i], news[j])


def _shared(old: Side, new: Side) -> dict[tuple[str, str], float]:
    """How much of two clauses' lines is the same; a line that stands in many clauses says little about which one it is."""
    counts = [Counter(a for units in side.units.values() for u in units for a in u.atoms) for side in (old, new)]
    where: dict[str, list[str]] = defaultdict(list)
    for c, units in new.units.items():
        for atom in {a for u in units if u.role != "heading" for a in u.atoms}:
            where[atom].append(c)

    def mass(side: int, units: Sequence[Unit]) -> float:
        return sum(len(a) / counts[side][a] for u in units if u.role != "heading" for a in u.atoms)

    same: dict[tuple[str, str], float] = defaultdict(float)
    for c, units in old.units.items():
        for atom in {a for u in units if u.role != "heading" for a in u.atoms}:
            for b in where.get(atom, ()):
                same[c, b] += len(atom) / max(counts[0][atom], counts[1][atom])
    masses = [{c: mass(n, units) for c, units in side.units.items()} for n, side in enumerate((old, new))]
    return {(a, b): 2 * s / (masses[0][a] + masses[1][b]) for (a, b), s in same.items() if s > SHORT}


def _parted(old: Side, new: Side, found: Stars) -> None:
    """Sentences whose words are spread over, or joined from, neighbours that are otherwise new or gone."""
    kept = dict(found.pairs())
    for whole, pieces in joined(dict(old.sentences), dict(new.sentences), [c for c in new.sentences if c not in found.new]):
        if whole not in kept or kept[whole] in pieces:
            for piece in pieces:
                found.join(whole, piece)
    back = {b: a for a, b in kept.items()}
    for whole, pieces in joined(dict(new.sentences), dict(old.sentences), [c for c in old.sentences if c not in found.old]):
        if whole not in back or back[whole] in pieces:
            for piece in pieces:
                found.join(piece, whole)
