"""What may be damage and no new edition: things lost, letters misread, lines astray, sense turned. Figures, with the places behind them.

Nothing here says that an edition is wrong. A real edition withdraws lines and changes numbers too; how much of it is too much is set
by the gates that read these figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.guide import Clause, Frozen, Guide, folded
from ingest.compare.diff import Diff
from ingest.compare.matching.sense import Turn, turns
from ingest.compare.matching.word_runs import WordRun, word_runs

_PRINTED = re.compile(r"^\s*(?:[（(]\s*\d+\s*[)）]|\d+\s*[.．、])\s*", re.MULTILINE)
"""The number that a line is printed with: a line that was renumbered says the same."""
_SYSTEMATIC = 3
"""A letter exchanged for another between the same letters in so many clauses, and left nowhere there, is vocabulary and no misreading."""


class Turned(Frozen):
    """A text whose sense may have turned: ids in both editions (None where it is new), both wordings, and what turned."""

    old: str | None
    new: str
    before: str
    after: str
    how: Turn


class Crossed(Frozen):
    """A line that stands in a clause that has nothing to do with its old one; ``home`` is what that clause was before."""

    old: str
    new: str
    home: str
    text: str


class Damage(Frozen):
    """The figures of one comparison. Lost things carry the old edition's numbers, all others the new edition's.

    ``likeness`` is the share of letters that stayed, 0 to 1, of every clause that lives on; ``misread`` are clauses in which single
    letters were exchanged for others, lost or added, as recognition does it. ``doubled`` are clauses that say what another one says.
    """

    items: int
    clauses: int
    lines: int
    items_lost: tuple[str, ...]
    clauses_lost: tuple[str, ...]
    lines_lost: tuple[str, ...]
    likeness: dict[str, float]
    misread: tuple[str, ...]
    doubled: tuple[str, ...]
    crossed: tuple[Crossed, ...]
    turned: tuple[Turned, ...]

    @property
    def swapped(self) -> tuple[tuple[str, str], ...]:
        """Clauses that took lines of each other: old numbers of both. Editors move lines one way; shifted cells exchange them."""
        ways = {(c.old.split("/")[0], c.home) for c in self.crossed}
        return tuple((a, b) for a, b in sorted(ways) if a < b and (b, a) in ways)


def damage(changes: Diff, old: Guide, new: Guide) -> Damage:
    """The figures of a comparison.

    Args:
        changes: ``diff(old, new)``.
        old: the edition before.
        new: the edition after.
    """
    lost = tuple(i for c in changes.clauses if c.change == "withdrawn" for i in c.olds)
    standing = {old.places[c].item.number for c in old.clauses if c not in lost}
    withdrawn = tuple(i for c in changes.clauses for line in c.lines if line.change == "withdrawn" for i in line.olds)
    return Damage(
        items=len(old.items),
        clauses=len(old.clauses),
        lines=sum(len(line.olds) for c in changes.clauses for line in c.lines),
        items_lost=tuple(i for i in old.items if i not in standing),
        clauses_lost=lost,
        lines_lost=withdrawn,
        likeness=_likeness(changes),
        misread=_misread(changes, new),
        doubled=_doubled(old, new),
        crossed=tuple(_crossed(changes)),
        turned=tuple(_turned(changes)),
    )


def _likeness(changes: Diff) -> dict[str, float]:
    from rapidfuzz import fuzz

    found: dict[str, float] = {}
    for clause in changes.clauses:
        if clause.olds and clause.news:
            before = [clause.before or "", *(line.before or "" for line in clause.lines)]
            after = [clause.after or "", *(line.after or "" for line in clause.lines)]
            likeness = round(fuzz.ratio(folded("".join(before)), folded("".join(after))) / 100, 4)
            found |= dict.fromkeys(clause.news, likeness)
    return found


def _misread(changes: Diff, new: Guide) -> tuple[str, ...]:
    """Clauses with a letter exchanged, lost or added inside words that otherwise stand, unless all of that letter were."""
    exchanged: dict[str, set[tuple[str, str]]] = {}
    for _, clause, before, after in _pairs(changes):
        runs = word_runs(before, after)
        for left, gone, came in _letters(runs):
            exchanged.setdefault(clause, set()).add((f"{left[0]}{gone}{left[1]}", came))
    often = Counter(pair for pairs in exchanged.values() for pair in pairs)
    words = "".join(f"{c.text}{''.join(r.wording for r in c.requirements)}" for c in new.clauses.values())
    systematic = {pair for pair, count in often.items() if count >= _SYSTEMATIC and pair[0] not in words}
    return tuple(c for c, pairs in exchanged.items() if pairs - systematic)


def _doubled(old: Guide, new: Guide) -> tuple[str, ...]:
    """Clauses that repeat an earlier one word for word, as a page that was scanned twice does; more of them than there were."""
    before, seen = Counter(map(_said, old.clauses.values())), Counter[str]()
    found = []
    for clause in new.clauses.values():
        said = _said(clause)
        seen[said] += 1
        if seen[said] > max(1, before[said]):
            found.append(clause.id)
    return tuple(found)


def _said(clause: Clause) -> str:
    return folded(clause.text + "".join(r.wording for r in clause.requirements))


def _letters(runs: Sequence[WordRun]) -> Iterator[tuple[tuple[str, str], str, str]]:
    """Single letters exchanged, lost or come in between the same letters: these, what went and what came."""
    same = [n for n, r in enumerate(runs) if r.kind == "same"]
    for start, end in pairwise(same):
        gone, came = ("".join(r.text for r in runs[start:end] if r.kind == kind) for kind in ("old", "new"))
        if 0 < max(len(gone), len(came)) == 1 and (gone + came).isalpha():
            yield (runs[start].text[-1:], runs[end].text[:1]), gone, came


def _crossed(changes: Diff) -> Iterator[Crossed]:
    partners = {(a, b) for c in changes.clauses for a in c.olds for b in c.news}
    was = {b: c.olds[0] for c in changes.clauses if c.olds for b in c.news}
    living = {a for c in changes.clauses if c.news for a in c.olds}
    for line in (line for clause in changes.clauses for line in clause.lines):
        for old, new in ((a, b) for a in line.olds for b in line.news if not b.endswith("/n0")):
            before, after = old.split("/")[0], new.split("/")[0]
            home = was.get(after)
            if home is not None and before in living and (before, after) not in partners:
                yield Crossed(old=old, new=new, home=home, text=line.after or "")


def _turned(changes: Diff) -> Iterator[Turned]:
    for old, new, before, after in _texts(changes):
        for how in turns(*(_PRINTED.sub("", text) for text in (before, after))):
            yield Turned(old=old, new=new, before=before, after=after, how=how)


def _pairs(changes: Diff) -> Iterator[tuple[str | None, str, str, str]]:
    """(old id, new clause, before, after) of every text that lives on in other words."""
    for clause in changes.clauses:
        for old, _, before, after in _texts(Diff(old="", new="", clauses=(clause,))) if clause.news else ():
            if before:
                yield old, clause.news[0], before, after


def _texts(changes: Diff) -> Iterator[tuple[str | None, str, str, str]]:
    """(old id, new id, before, after) of every sentence and line whose words are not the same; ``before`` is empty for new ones."""
    for clause in changes.clauses:
        for one in (clause, *clause.lines):
            apart = one.change in ("split", "merged") or getattr(one, "by_terms", False)
            if one.news and one.after and not apart and folded(one.before or "") != folded(one.after):
                yield next(iter(one.olds), None), one.news[0], one.before or "", one.after
