"""What the comparison of two editions means for the evidence register: how what is owed and the numbered places live on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.guide import Guide
from assistant.line_ids import LineId
from assistant.register.facts.moves import Change, ChangedClause, Move, Moves, Touch
from assistant.register.facts.people import Level
from ingest.compare.diff import KEEPS, ClauseChange, Diff, LineChange, diff
from ingest.compare.matching.likeness import made_of
from ingest.compare.matching.terms import Term, compared, terms
from ingest.compare.matching.units import headings
from ingest.compare.owed import Owed, OwedLine, owed, sentence_key


def moves(old: Guide, new: Guide) -> Moves:
    """How ``old`` lives on in ``new``: everything owed, and the numbers of places."""
    return moves_of(diff(old, new), old, new)


def moves_together(olds: Mapping[str, Guide], news: Mapping[str, Guide], old: str, new: str) -> Moves:
    """How families that are in force together live on: each in its own; what one that leaves holds lives on nowhere.

    Args:
        olds: family -> guide before, with the ids that it had.
        news: family -> guide after, with the ids that it has.
        old: the joint label before.
        new: the joint label after.
    """
    lines: list[Move] = []
    clauses: list[ChangedClause] = []
    places: dict[tuple[Level, str], str | None] = {}
    for family, before in olds.items():
        if family in news:
            found = moves(before, news[family])
            lines += found.lines
            clauses += found.clauses
            places |= found.places or {}
        else:
            places |= {place: None for clause in before.clauses for place in _numbers(clause, before)}
    return Moves(old, new, tuple(lines), places, tuple(clauses))


def moves_of(changes: Diff, old: Guide, new: Guide) -> Moves:
    """The same from a comparison that was made already."""
    known = tuple(Term(t.old, t.new, t.lines) for t in changes.terms)
    told = _Told(changes, old, new, known)
    lines = (*told.lines(told.a.lines, told.b.lines), *told.lines(told.a.single, told.b.single))
    all_ = (*lines, *told.sentences(), *told.proofs())
    return Moves(old.edition, new.edition, all_, _places(changes, old, new), tuple(told.clauses()))


class _Part(NamedTuple):
    """A part of what is owed in the new edition: from which old lines it comes, and whether only its place changed."""

    olds: tuple[OwedLine, ...]
    new: OwedLine
    same: bool
    elsewhere: bool
    split: bool


class _Told:
    """Two editions as the register sees them, and what became of the one."""

    def __init__(self, changes: Diff, old: Guide, new: Guide, known: tuple[Term, ...]) -> None:
        self.changes, self.old, self.new, self.known = changes, old, new, known
        self.a: Owed = owed(old, known, terms(headings(old), headings(new)))
        self.b: Owed = owed(new)
        self.clause_of = {c: change for change in changes.clauses for c in change.news}
        self.wordings_old = {r.id: r.wording for r in old.requirements.values()}
        self.wordings_new = {r.id: r.wording for r in new.requirements.values()}

    def lines(self, there: Mapping[str, OwedLine], here: Mapping[str, OwedLine]) -> Iterator[Move]:
        """One move from each key to each key in which it lives on, of lines of both editions by their ids."""
        parts: dict[str, list[_Part]] = defaultdict(list)
        fresh: set[str] = set()
        lost: set[str] = set()
        for clause in self.changes.clauses:
            for line in clause.lines:
                for part in _parts(line, there, here, self.clause_of):
                    parts[part.new.key].append(part)
                if not line.olds:
                    fresh |= {here[i].key for i in line.news if i in here}
                if not line.news:
                    lost |= {there[i].key for i in line.olds if i in there}
        heirs: dict[str, set[str]] = defaultdict(set)
        for key, found in parts.items():
            for source in (o.key for p in found for o in p.olds):
                heirs[source].add(key)
        for key, found in parts.items():
            sources = list(dict.fromkeys(o.key for p in found for o in p.olds))
            same = all(p.same for p in found) and key not in fresh and not (lost & set(sources) if len(found) > 1 or key in sources else ())
            change = _change(found, sources, same, any(len(heirs[s]) > 1 for s in sources))
            before = "\n".join(dict.fromkeys(self.wordings_old[o.id] for p in found for o in p.olds))
            after = "\n".join(dict.fromkeys(self.wordings_new[p.new.id] for p in found))
            touched = self._touched(found)
            for source in sources:
                yield Move(source, key, change, before, after, touched, same)

    def sentences(self) -> Iterator[Move]:
        """What clauses owe by their own sentences."""
        for change in self.changes.clauses:
            for a in change.olds:
                for b in change.news:
                    same = self._same_sentence(change)
                    what: Change = "unchanged" if same else "reworded"
                    keys = sentence_key(self.old.clauses[a]), sentence_key(self.new.clauses[b])
                    yield Move(*keys, what, change.before or "", change.after or "", tuple(self._condition(change, b)), same)

    def proofs(self) -> Iterator[Move]:
        """What a lead wrote for clauses that print no list; a sentence that changed around it is told."""
        for change in self.changes.clauses:
            around = () if self._same_sentence(change) else (Touch("sentence", change.before or "", change.after or ""),)
            pairs = [(self.old.clauses[a], self.new.clauses[b]) for a in change.olds for b in change.news]
            for there, here in pairs:
                known = {p.text: p.key for p in there.proofs if p.text != there.text}
                for q in (q for q in here.proofs if q.text in known):
                    yield Move(known[q.text], q.key, "unchanged", q.text, q.text, around, True)

    def clauses(self) -> Iterator[ChangedClause]:
        """Clauses that say something else: their sentences, and the lines that are not the same."""
        for change in self.changes.clauses:
            own = () if self._same_sentence(change) else (change,)
            said = [*own, *(line for line in change.lines if line.change not in KEEPS and not line.by_terms)]
            if said:
                before, after = ("\n".join(filter(None, texts)) for texts in zip(*((s.before, s.after) for s in said), strict=True))
                yield ChangedClause(change.olds, change.news, before, after)

    def _touched(self, found: Sequence[_Part]) -> tuple[Touch, ...]:
        """What around the words changed: the clause's sentence, its condition, the section's heading and criteria."""
        clause = self.clause_of[found[0].new.clause]
        if not {o.clause for p in found for o in p.olds} & set(clause.olds):
            return ()
        touches: dict[Touch, None] = {}
        if not self._same_sentence(clause):
            touches[Touch("sentence", clause.before or "", clause.after or "")] = None
        touches |= dict.fromkeys(self._condition(clause, found[0].new.clause))
        for here, there in dict.fromkeys((o.section, p.new.section) for p in found for o in p.olds):
            touches |= dict.fromkeys(self._criteria(here, there, clause))
        return tuple(touches)

    def _same_sentence(self, change: ClauseChange) -> bool:
        olds = [compared(self.old.clauses[c].text, self.known) for c in change.olds]
        news = [compared(self.new.clauses[c].text) for c in change.news]
        return olds == news or (len(olds) + len(news) > 2 and made_of(olds, news))

    def _condition(self, change: ClauseChange, clause: str) -> Iterator[Touch]:
        there = self.new.clauses[clause].applicability
        before = [p.text for c in change.olds if (p := self.old.clauses[c].applicability)]
        if bool(before) != bool(there) or (there and compared(there.text) not in {compared(t, self.known) for t in before}):
            yield Touch("condition", "\n".join(before), there.text if there else "")

    def _criteria(self, here: str, there: str, change: ClauseChange) -> Iterator[Touch]:
        one, two = self.a.criteria[here], self.b.criteria[there]
        if one.heading[0] != two.heading[0] and LineId.of(here).section == LineId.of(there).section:
            yield Touch("heading", one.heading[1], two.heading[1])
        said_new = frozenset().union(*(self.b.said[c] for c in change.news))
        said_old = frozenset().union(*(self.a.said[c] for c in change.olds))
        gone = [t for words, t in one.texts.items() if words not in said_new]
        come = [t for words, t in two.texts.items() if words not in said_old]
        if gone or come:
            yield Touch("criteria", "\n".join(gone), "\n".join(come))


def _parts(
    line: LineChange, there: Mapping[str, OwedLine], here: Mapping[str, OwedLine], clause_of: Mapping[str, ClauseChange]
) -> Iterator[_Part]:
    olds = tuple(there[i] for i in line.olds if i in there)
    news = tuple(here[i] for i in line.news if i in here)
    if not olds:
        return
    same = "".join(o.words for o in olds) == "".join(n.words for n in news) or (
        len(olds) + len(news) > 2 and made_of([o.words for o in olds], [n.words for n in news])
    )
    for n in news:
        related = {o.clause for o in olds} & set(clause_of[n.clause].olds)
        kinds = {o.section.split("/")[1] for o in olds} == {n.section.split("/")[1]}
        yield _Part(olds, n, same, not related or not kinds, len(news) > 1)


def _change(found: Sequence[_Part], sources: Sequence[str], same: bool, parted: bool) -> Change:
    """What became of something owed; ``parted``: what it comes from lives on in others, too."""
    if not same:
        return "reworded"
    if len(sources) > 1:
        return "merged"
    if parted or any(p.split for p in found):
        return "split"
    return "moved" if all(p.elsewhere for p in found) else "unchanged"


def _places(changes: Diff, old: Guide, new: Guide) -> dict[tuple[Level, str], str | None]:
    """Clause, item, category and part numbers -> where most of their clauses went."""
    went: dict[tuple[Level, str], Counter[str]] = {}
    for clause_id in old.clauses:
        for place in _numbers(clause_id, old):
            went.setdefault(place, Counter())
    for clause in changes.clauses:
        for a in clause.olds:
            for b in clause.news:
                for (level, before), (_, after) in zip(_numbers(a, old), _numbers(b, new), strict=True):
                    went[level, before][after] += 1
    return {place: counts.most_common(1)[0][0] if counts else None for place, counts in went.items()}


def _numbers(clause: str, guide: Guide) -> tuple[tuple[Level, str], ...]:
    place = guide.places[clause]
    return ("clause", clause), ("item", place.item.number), ("category", place.category.number), ("part", place.part.number)
