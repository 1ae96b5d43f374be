"""What changed between two editions, clause by clause and line by line: by lineage and likeness, never by number.

A line is *unchanged* when its words and its place (clause sentence, item title, section kind) are the same, whatever its
number; *moved* when the same words stand elsewhere; *reworded* when like words stand in their place; *split* and *merged*
when one line's words are spread over several, or several joined in one; *added* and *withdrawn* otherwise. Likeness is
the normalised edit similarity (rapidfuzz ``ratio``) of folded texts; below the floors nothing is claimed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from assistant.answers.passages import Passage, passages_of
from assistant.guide import Frozen, Guide, folded

Change = Literal["unchanged", "reworded", "moved", "split", "merged", "added", "withdrawn"]
SAME_CLAUSE = 0.60
"""Least likeness of two clauses (the better of title with sentence, and of their lines) to be one clause reworded."""
SAME_LINE, LINE_ELSEWHERE = 0.55, 0.85
"""Least likeness of two lines of one clause, and of lines of different clauses, to be one line."""
PARTS = 0.85
"""Least likeness of a line with the parts it was split into, or joined from."""
_SHORT = 12


class LineChange(Frozen):
    """One line's change; a split or merged line appears once per part."""

    change: Change
    old: str | None
    new: str | None
    before: str | None
    after: str | None


class ClauseChange(Frozen):
    """One clause's change, its sentence before and after, and its lines' changes.

    ``change`` is the sentence's class; a clause whose sentence stands but whose lines changed counts as reworded.
    """

    change: Change
    old: str | None
    new: str | None
    before: str | None
    after: str | None
    lines: tuple[LineChange, ...]


class Diff(Frozen):
    """The comparison of two editions, in the new edition's order with withdrawn clauses after their old neighbours."""

    old: str
    new: str
    clauses: tuple[ClauseChange, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many clauses and lines of each class."""
        return {
            "clauses": dict(Counter(c.change for c in self.clauses)),
            "lines": dict(Counter(line.change for c in self.clauses for line in c.lines)),
        }

    def passage_moves(self) -> dict[str, tuple[str, Change]]:
        """Old passage or clause id -> (new id, class), for everything that lives on in one place."""
        found: dict[str, tuple[str, Change]] = {}
        for clause in self.clauses:
            if clause.old and clause.new and clause.change not in ("split", "merged"):
                sentence: Change = "unchanged" if folded(clause.before or "") == folded(clause.after or "") else "reworded"
                found.setdefault(clause.old, (clause.new, sentence))
            for line in clause.lines:
                if line.old and line.new and line.change not in ("split", "merged"):
                    found.setdefault(line.old, (line.new, line.change))
        return found


def diff(old: Guide, new: Guide) -> Diff:
    """Compare two parsed editions.

    Args:
        old: the edition before.
        new: the edition after.
    """
    pairs = _clause_pairs(old, new)
    parts = _clause_parts(old, new, pairs)
    lines = _Lines(old, new, pairs, parts)
    moved = _out_of_order([(a, b) for a, b in pairs], list(old.clauses), list(new.clauses))
    changes: list[ClauseChange] = []
    by_new = {b: a for a, b in pairs}
    for clause in new.clauses.values():
        before = by_new.get(clause.id)
        told = lines.of(clause.id, before)
        if clause.id in parts.new:
            kind, source = parts.new[clause.id]
            changes.append(_clause(kind, old, new, source, clause.id, told))
        elif before is None:
            changes.append(_clause("added", old, new, None, clause.id, told))
        else:
            changes.append(_clause(_sentence(old, new, before, clause.id, told, moved), old, new, before, clause.id, told))
    return Diff(old=old.edition, new=new.edition, clauses=tuple(_with_withdrawn(changes, old, lines, {a for a, _ in pairs}, parts)))


def _clause(kind: Change, old: Guide, new: Guide, a: str | None, b: str | None, lines: tuple[LineChange, ...]) -> ClauseChange:
    return ClauseChange(
        change=kind, old=a, new=b, before=old.clauses[a].text if a else None, after=new.clauses[b].text if b else None, lines=lines
    )


def _sentence(old: Guide, new: Guide, a: str, b: str, lines: tuple[LineChange, ...], moved: set[tuple[str, str]]) -> Change:
    if folded(old.clauses[a].text) != folded(new.clauses[b].text) or any(line.change not in ("unchanged", "moved") for line in lines):
        return "reworded"
    elsewhere = folded(old.places[a].item.title) != folded(new.places[b].item.title)
    return "moved" if elsewhere or (a, b) in moved or any(line.change == "moved" for line in lines) else "unchanged"


def _with_withdrawn(changes: list[ClauseChange], old: Guide, lines: _Lines, paired: set[str], parts: _Parts) -> Iterable[ClauseChange]:
    gone = [c for c in old.clauses if c not in paired and c not in parts.old]
    order = list(old.clauses)
    after: dict[str | None, list[str]] = {}
    kept = {c.old for c in changes if c.old}
    for clause in gone:
        earlier = [o for o in order[: order.index(clause)] if o in kept]
        after.setdefault(earlier[-1] if earlier else None, []).append(clause)

    def withdrawn(clause: str) -> ClauseChange:
        return ClauseChange(
            change="withdrawn", old=clause, new=None, before=old.clauses[clause].text, after=None, lines=lines.withdrawn(clause)
        )

    yield from (withdrawn(c) for c in after.pop(None, []))
    for change in changes:
        yield change
        for clause in after.pop(change.old, []) if change.old else []:
            yield withdrawn(clause)


# -- clauses -----------------------------------------------------------------------------------------------------------


def _clause_pairs(old: Guide, new: Guide) -> list[tuple[str, str]]:
    """Clauses that are one and the same: equal keys, then equal sentences, then the most alike."""
    taken_new: set[str] = set()
    pairs: list[tuple[str, str]] = []

    def pair(a: str, b: str) -> None:
        pairs.append((a, b))
        taken_new.add(b)

    by_key: dict[str, list[str]] = {}
    for clause in new.clauses.values():
        by_key.setdefault(clause.key, []).append(clause.id)
    for clause in old.clauses.values():
        same = [b for b in by_key.get(clause.key, []) if b not in taken_new]
        if same:
            pair(clause.id, same[0])
    taken_old = {a for a, _ in pairs}
    scored = sorted(
        ((_clause_likeness(old, new, a, b), a, b) for a in old.clauses if a not in taken_old for b in new.clauses if b not in taken_new),
        key=lambda s: (-s[0], s[1], s[2]),
    )
    for score, a, b in scored:
        if score >= SAME_CLAUSE and a not in taken_old and b not in taken_new:
            pair(a, b)
            taken_old.add(a)
    return pairs


def _clause_likeness(old: Guide, new: Guide, a: str, b: str) -> float:
    """The better of sentence (with title) and lines; the sentence of a clause that only points elsewhere needs its title."""
    one, two = old.clauses[a], new.clauses[b]
    titled = _ratio(old.places[a].item.title + one.text, new.places[b].item.title + two.text)
    sentence = _ratio(one.text, two.text) if min(len(one.text), len(two.text)) > _SHORT else 0.0
    mine, theirs = _own(one), _own(two)
    shared = sum((mine & theirs).values()) / max(1, sum((mine | theirs).values()))
    return max(titled, sentence, shared if sum(mine.values()) > 1 else 0.0)


def _own(clause: object) -> Counter[str]:
    """Folded evidence lines of a clause; sentences that many clauses share say nothing about which clause it is."""
    requirements = clause.requirements  # type: ignore[attr-defined]
    return Counter(folded(r.text) for r in requirements if r.role in ("evidence", "statement") and not r.text.startswith("由海关认定"))


class _Parts:
    """Clauses split or merged: new id -> (class, old id), and old id -> class."""

    def __init__(self) -> None:
        self.new: dict[str, tuple[Change, str]] = {}
        self.old: dict[str, Change] = {}


def _clause_parts(old: Guide, new: Guide, pairs: list[tuple[str, str]]) -> _Parts:
    """Sentences whose words are spread over, or joined from, neighbours that are otherwise new or gone."""
    found = _Parts()
    free_new = [c for c in new.clauses if c not in {b for _, b in pairs}]
    free_old = [c for c in old.clauses if c not in {a for a, _ in pairs}]
    partner_new = {b: a for a, b in pairs}
    partner_old = dict(pairs)
    for whole, pieces in _joined(
        {c: old.clauses[c].text for c in old.clauses}, {c: new.clauses[c].text for c in new.clauses}, set(free_new)
    ):
        kept = partner_old.get(whole)
        if kept is None or kept in pieces:
            for piece in pieces:
                found.new[piece] = ("split", whole)
            found.old[whole] = "split"
    for whole, pieces in _joined(
        {c: new.clauses[c].text for c in new.clauses}, {c: old.clauses[c].text for c in old.clauses}, set(free_old)
    ):
        kept = partner_new.get(whole)
        if whole not in found.new and (kept is None or kept in pieces):
            found.new[whole] = ("merged", pieces[0])
            for piece in pieces:
                found.old[piece] = "merged"
    return found


def _joined(wholes: dict[str, str], pieces: dict[str, str], free: set[str]) -> Iterable[tuple[str, list[str]]]:
    """(whole, [pieces]) where two or three neighbouring pieces, one of them free, say together what the whole says."""
    order = list(pieces)
    words = {i: folded(t) for i, t in pieces.items()}
    used: set[str] = set()
    for whole, text in wholes.items():
        target = folded(text)
        if len(target) <= _SHORT:
            continue
        best: tuple[float, list[str]] = (0.0, [])
        for start in range(len(order)):
            for size in (2, 3):
                run = order[start : start + size]
                if len(run) < size or not free & set(run) or used & set(run) or not all(words[i] for i in run):
                    continue
                if not 0.6 < sum(len(words[i]) for i in run) / len(target) < 1.6:
                    continue
                single = max(_fold_ratio(target, words[i]) for i in run)
                together = _fold_ratio(target, "".join(words[i] for i in run))
                if together >= PARTS and together > single + 0.05 and together > best[0]:
                    best = (together, run)
        if best[1]:
            used |= set(best[1])
            yield whole, best[1]


# -- lines -------------------------------------------------------------------------------------------------------------


class _Lines:
    """Every line's change, worked out for all clauses together so that lines which moved between clauses are seen."""

    def __init__(self, old: Guide, new: Guide, pairs: list[tuple[str, str]], parts: _Parts) -> None:
        self.old = {c: _lines(old, c) for c in old.clauses}
        self.new = {c: _lines(new, c) for c in new.clauses}
        self.matched: dict[str, tuple[str, Change]] = {}
        self.origin: dict[str, tuple[Change, list[str]]] = {}
        self.targets: dict[str, Change] = {}
        self.texts = {p.id: p.wording for group in (*self.old.values(),) for p in group}
        self.new_texts = {p.id: p.wording for group in self.new.values() for p in group}
        related = [*pairs, *((source, b) for b, (_, source) in parts.new.items() if (source, b) not in set(pairs))]
        for a, b in related:
            self._exact(self.old[a], self.new[b])
        for a, b in related:
            self._parts(self.old[a], self.new[b])
        for a, b in related:
            self._alike(self.old[a], self.new[b], SAME_LINE)
        self._elsewhere()

    def of(self, new_clause: str, old_clause: str | None) -> tuple[LineChange, ...]:
        """The changes of one new clause: its lines, then the lines of its old self that are gone."""
        found: list[LineChange] = []
        for p in self.new[new_clause]:
            if p.id in self.origin:
                change, sources = self.origin[p.id]
                found += [LineChange(change=change, old=s, new=p.id, before=self.texts[s], after=p.wording) for s in sources]
            else:
                found.append(LineChange(change="added", old=None, new=p.id, before=None, after=p.wording))
        return (*found, *(self.withdrawn(old_clause) if old_clause else ()))

    def withdrawn(self, old_clause: str) -> tuple[LineChange, ...]:
        """Lines of an old clause that live on nowhere."""
        return tuple(
            LineChange(change="withdrawn", old=p.id, new=None, before=p.wording, after=None)
            for p in self.old[old_clause]
            if p.id not in self.targets
        )

    def _link(self, change: Change, sources: Sequence[str], targets: Sequence[str]) -> None:
        for target in targets:
            self.origin[target] = (change, list(sources))
        for source in sources:
            self.targets[source] = change

    def _free(self, old: Sequence[Passage], new: Sequence[Passage]) -> tuple[list[Passage], list[Passage]]:
        return [p for p in old if p.id not in self.targets], [p for p in new if p.id not in self.origin]

    def _exact(self, old: Sequence[Passage], new: Sequence[Passage]) -> None:
        for same_kind in (True, False):
            a, b = self._free(old, new)
            for p in a:
                like = [
                    q
                    for q in b
                    if q.id not in self.origin and folded(_words(q)) == folded(_words(p)) and (q.kind == p.kind or not same_kind)
                ]
                if like:
                    self._link("unchanged" if same_kind else "moved", [p.id], [like[0].id])
        mine = {p.id for p in old}
        pairs = [(s[0], q.id) for q in new for c, s in [self.origin.get(q.id, ("added", []))] if c == "unchanged" and s[0] in mine]
        for a_id, b_id in _out_of_order(pairs, [p.id for p in old], [q.id for q in new]):
            self._link("moved", [a_id], [b_id])

    def _parts(self, old: Sequence[Passage], new: Sequence[Passage]) -> None:
        a, b = self._free(old, new)
        for whole, pieces in _joined({p.id: _words(p) for p in a}, {q.id: _words(q) for q in b}, {q.id for q in b}):
            self._link("split", [whole], pieces)
        a, b = self._free(old, new)
        for whole, pieces in _joined({q.id: _words(q) for q in b}, {p.id: _words(p) for p in a}, {p.id for p in a}):
            self._link("merged", pieces, [whole])

    def _alike(self, old: Sequence[Passage], new: Sequence[Passage], floor: float) -> None:
        a, b = self._free(old, new)
        scored = sorted(
            (
                (_ratio(_words(p), _words(q)) + (0.05 if p.kind == q.kind else 0.0), p.id, q.id)
                for p in a
                for q in b
                if (p.role == q.role or p.kind == q.kind)
            ),
            key=lambda s: (-s[0], s[1], s[2]),
        )
        for score, x, y in scored:
            if score >= floor + 0.05 and x not in self.targets and y not in self.origin:
                self._link("reworded", [x], [y])

    def _elsewhere(self) -> None:
        """Evidence lines that left their clause: the same words once in each edition, or words very much alike."""
        a, b = self._free([p for g in self.old.values() for p in g], [q for g in self.new.values() for q in g])
        a = [p for p in a if p.role in ("evidence", "statement") and len(p.text) > _SHORT]
        b = [q for q in b if q.role in ("evidence", "statement") and len(q.text) > _SHORT]
        count_old = Counter(folded(_words(p)) for p in a)
        count_new = Counter(folded(_words(q)) for q in b)
        for p in a:
            words = folded(_words(p))
            if count_old[words] == count_new[words] == 1:
                self._link("moved", [p.id], [q.id for q in b if folded(_words(q)) == words])
        a, b = self._free(a, b)
        scored = sorted(((_ratio(_words(p), _words(q)), p.id, q.id) for p in a for q in b), key=lambda s: (-s[0], s[1], s[2]))
        for score, x, y in scored:
            if score < LINE_ELSEWHERE:
                break
            if x not in self.targets and y not in self.origin:
                self._link("reworded", [x], [y])


def _words(p: Passage) -> str:
    """What a line says, without its printed number: a renumbered line is unchanged."""
    return "\n".join([p.text, *p.continuation])


def _lines(guide: Guide, clause: str) -> list[Passage]:
    """A clause's own passages without its sentence."""
    return passages_of(guide.clauses[clause])[1:]


def _out_of_order(pairs: Sequence[tuple[str, str]], old: Sequence[str], new: Sequence[str]) -> set[tuple[str, str]]:
    """Pairs that do not keep the common order: all outside a longest increasing run, and both sides of a plain swap."""
    place_old = {i: n for n, i in enumerate(old)}
    place_new = {i: n for n, i in enumerate(new)}
    ordered = sorted(pairs, key=lambda p: place_old[p[0]])
    ranks = {b: n for n, b in enumerate(sorted((b for _, b in ordered), key=lambda i: place_new[i]))}
    sequence = [ranks[b] for _, b in ordered]
    kept = set(_longest_increasing(sequence))
    out = {n for n in range(len(sequence)) if n not in kept}
    swapped = {sequence[n] for n in out if sequence[sequence[n]] == n}
    return {ordered[n] for n in out | swapped}


def _longest_increasing(sequence: Sequence[int]) -> list[int]:
    """Positions of a longest increasing subsequence (patience sorting)."""
    from bisect import bisect_left

    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, value in enumerate(sequence):
        slot = bisect_left(tails, value)
        before.append(ends[slot - 1] if slot else -1)
        if slot == len(tails):
            tails.append(value)
            ends.append(position)
        else:
            tails[slot], ends[slot] = value, position
    found: list[int] = []
    position = ends[-1] if ends else -1
    while position >= 0:
        found.append(position)
        position = before[position]
    return found[::-1]


def _ratio(a: str, b: str) -> float:
    return _fold_ratio(folded(a), folded(b))


def _fold_ratio(a: str, b: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.ratio(a, b)) / 100
