"""Which clauses of an edition of another structure take the place of which: proposed by text and title, for a lead to correct."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from assistant.errors import CaseError
from assistant.guide import Guide, folded
from assistant.texts import LANGUAGES, say
from ingest.compare.diff import diff

COLUMNS = ("old", "before", "new", "after", "likeness", "how")
LEAST = 0.18
"""Likeness from which a clause is proposed; below it the lead finds the place empty. 2018-177 into 2026-34: 42 of 64 are proposed."""
_TITLE = 2  # how often an item's title counts beside a clause's words; chosen; `pytest tests/ingest` holds what follows from it
_TITLES = 6  # rows in which the titles of the columns are looked for
_BETWEEN = "；"


class Mapped(NamedTuple):
    """One old clause and the new ones that are proposed for it, with their likeness (0 to 1) and how they were found."""

    old: str
    news: tuple[str, ...]
    likeness: float
    how: Literal["lives_on", "likely", "nothing"]


def proposed(old: Guide, new: Guide) -> list[Mapped]:
    """Every clause of ``old`` once, in its order: what lives on by its words, else the likest clause by text and title."""
    living = {o: c.news for c in diff(old, new).clauses if c.news for o in c.olds}
    vectors_old, vectors_new = _vectors(old, new)
    found: list[Mapped] = []
    for clause in old.clauses:
        if clause in living:
            found.append(Mapped(clause, tuple(living[clause]), 1.0, "lives_on"))
            continue
        likest = max(vectors_new, key=lambda c: _cosine(vectors_old[clause], vectors_new[c]))
        likeness = round(_cosine(vectors_old[clause], vectors_new[likest]), 2)
        good = likeness >= LEAST
        found.append(Mapped(clause, (likest,) if good else (), likeness if good else 0.0, "likely" if good else "nothing"))
    return found


def header(lang: str) -> list[str]:
    """The names of the columns."""
    return [say(f"diff.map.column.{c}", lang) for c in COLUMNS]


def rows(found: Sequence[Mapped], old: Guide, new: Guide, lang: str) -> Iterator[list[str]]:
    """The table that a lead corrects: ids may be changed, several parted by semicolons, none for a clause that has no successor."""
    for m in found:
        after = "\n".join(new.clauses[c].text for c in m.news)
        how = say(f"diff.map.{m.how}", lang)
        yield [m.old, old.clauses[m.old].text, _BETWEEN.join(m.news), after, f"{m.likeness:.2f}" if m.news else "", how]


def taken(cells: Sequence[tuple[int, Sequence[str]]], old: Guide, new: Guide, where: str) -> dict[str, tuple[str, ...]]:
    """Old clause -> new clauses, from the corrected table.

    Raises:
        CaseError: names the rows with unknown clauses, or the column that is missing.
    """
    filled = [(n, [c.strip() for c in row]) for n, row in cells if any(c.strip() for c in row)]
    names = {say(f"diff.map.column.{c}", lang): c for lang in LANGUAGES for c in ("old", "new")}
    top = next((n for n, (_, row) in enumerate(filled[:_TITLES]) if {names.get(c) for c in row} >= {"old", "new"}), 0)
    filled = filled[top:]
    places = {names[cell]: i for i, cell in enumerate(filled[0][1]) if cell in names} if filled else {}
    if len(places) < 2:
        raise CaseError("diff.map.no_columns", where=where)
    found: dict[str, tuple[str, ...]] = {}
    wrong: list[str] = []
    for number, row in filled[1:]:
        said = row[places["old"]]
        there = row[places["new"]] if len(row) > places["new"] else ""
        news = [c.strip() for c in there.replace(";", _BETWEEN).split(_BETWEEN) if c.strip()]
        wrong += [f"{number}: {c}" for c in [said] if c not in old.clauses] + [f"{number}: {c}" for c in news if c not in new.clauses]
        found[said] = tuple(dict.fromkeys(news))
    if wrong:
        raise CaseError("diff.map.unknown", where=where, wrong=tuple(wrong))
    return found


def _vectors(old: Guide, new: Guide) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Letter pairs of every clause's text and title; pairs that stand in many clauses count little."""
    texts = [{c.id: _pairs(c.text) + _times(_pairs(g.places[c.id].item.title), _TITLE) for c in g.clauses.values()} for g in (old, new)]
    seen = Counter(pair for side in texts for pairs in side.values() for pair in pairs)
    total = sum(map(len, texts))
    weighed = [{c: Counter({p: n * math.log(total / seen[p]) for p, n in pairs.items()}) for c, pairs in side.items()} for side in texts]
    return weighed[0], weighed[1]


def _pairs(text: str) -> Counter[str]:
    plain = folded(text)
    return Counter(plain[i : i + 2] for i in range(len(plain) - 1))


def _times(pairs: Counter[str], by: int) -> Counter[str]:
    return Counter({pair: n * by for pair, n in pairs.items()})


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    size = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return sum(v * b[p] for p, v in a.items() if p in b) / size if size else 0.0
