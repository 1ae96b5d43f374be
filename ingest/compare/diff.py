"""What changed between two editions, clause by clause and line by line: by their words, never by number.

A line is *unchanged* when its words and its place (clause, section kind, order) are the same, whatever its number; *moved*
when the same words stand elsewhere; *reworded* when like words stand in their place; *split* and *merged* when one line's
words are spread over several, or several joined in one; *added* and *withdrawn* otherwise. Every id of either edition
stands in the comparison exactly once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from assistant.guide import Frozen, Guide, folded
from ingest.compare.matching.clauses import Side, clause_stars
from ingest.compare.matching.lines import line_stars
from ingest.compare.matching.order import out_of_order
from ingest.compare.matching.places import Retitled, Stays, place_changes
from ingest.compare.matching.stars import Stars
from ingest.compare.matching.terms import terms
from ingest.compare.matching.units import paragraphs, sentences, titles, units_of

Change = Literal["unchanged", "reworded", "moved", "split", "merged", "added", "withdrawn"]
Ids = str | tuple[str, ...] | None
KEEPS: tuple[Change, ...] = ("unchanged", "moved")


class _IdPair(Frozen):
    """Ids before and after: several where something was split or merged, none where it was added or withdrawn."""

    change: Change
    old: Ids
    new: Ids
    before: str | None
    after: str | None

    @property
    def olds(self) -> tuple[str, ...]:
        """The ids before."""
        return _ids(self.old)

    @property
    def news(self) -> tuple[str, ...]:
        """The ids after."""
        return _ids(self.new)

    @property
    def ids(self) -> str:
        """Both as people read them: 8(1) → 8(1)+8(2)."""
        olds, news = "+".join(self.olds), "+".join(self.news)
        return f"{olds} → {news}" if olds and news and olds != news else news or olds


class LineChange(_IdPair):
    """One line's change; ``by_terms`` says that it was reworded only by words exchanged throughout the edition."""

    by_terms: bool = False

    @property
    def heading(self) -> bool:
        """Whether it is the heading of a section and no line."""
        return next(iter((*self.news, *self.olds)), "").endswith("/n0")


class ClauseChange(_IdPair):
    """One clause's change, its sentence before and after, and its lines' changes.

    ``change`` is the sentence's class; a clause whose sentence stands but whose lines changed counts as reworded.
    """

    lines: tuple[LineChange, ...]
    by_terms: bool = False


class Renumbered(Frozen):
    """A clause whose number changed."""

    old: str
    new: str


class Exchanged(Frozen):
    """A word that stands for another throughout, and in how many lines that was seen."""

    old: str
    new: str
    lines: int


class Diff(Frozen):
    """The comparison of two editions, in the new edition's order with withdrawn clauses after their old neighbours."""

    old: str
    new: str
    clauses: tuple[ClauseChange, ...]
    renumbered: tuple[Renumbered, ...] = ()
    retitled: tuple[Retitled, ...] = ()
    terms: tuple[Exchanged, ...] = ()

    def counts(self) -> dict[str, dict[str, int]]:
        """How many clauses, lines and headings of each class."""
        lines = [line for c in self.clauses for line in c.lines]
        return {
            "clauses": dict(Counter(c.change for c in self.clauses)),
            "lines": dict(Counter(line.change for line in lines if not line.heading)),
            "headings": dict(Counter(line.change for line in lines if line.heading)),
        }

    def passage_moves(self) -> dict[str, tuple[str, Change]]:
        """Old passage or clause id -> (new id, class), for everything that lives on in one place."""
        found: dict[str, tuple[Ids, Change]] = {}
        for clause in self.clauses:
            sentence: Change = "unchanged" if folded(clause.before or "") == folded(clause.after or "") or clause.by_terms else "reworded"
            for old in clause.olds:
                found.setdefault(old, (clause.new, clause.change if clause.change == "merged" else sentence))
            for line in clause.lines:
                for old in line.olds:
                    found.setdefault(old, (line.new, "unchanged" if line.by_terms else line.change))
        return {old: (new, change) for old, (new, change) in found.items() if isinstance(new, str)}

    def successors(self) -> dict[str, tuple[str, ...]]:
        """Old passage or clause id -> the new ids in which its words live on: several where it was split, none where it is gone."""
        pairs = [pair for clause in self.clauses for pair in (clause, *clause.lines)]
        return {old: pair.news for pair in pairs for old in pair.olds}


def diff(old: Guide, new: Guide) -> Diff:
    """Compare two parsed editions.

    Args:
        old: the edition before.
        new: the edition after.
    """
    known = terms(paragraphs(old), paragraphs(new))
    a = Side(sentences(old, known), titles(old, known), units_of(old, known))
    b = Side(sentences(new), titles(new), units_of(new))
    clauses = clause_stars(a, b)
    compared = _Compared(old, new, a, b, clauses, line_stars(a.units, b.units, clauses))
    return Diff(
        old=old.edition,
        new=new.edition,
        clauses=tuple(compared.changes()),
        renumbered=tuple(Renumbered(old=x, new=y) for x, y in compared.same_clauses() if x != y),
        retitled=compared.stays.retitled,
        terms=tuple(Exchanged(old=t.old, new=t.new, lines=t.lines) for t in known),
    )


class _Compared:
    """Both editions, and which clauses and lines are which."""

    def __init__(self, old: Guide, new: Guide, a: Side, b: Side, clauses: Stars, lines: Stars) -> None:
        self.old, self.new, self.a, self.b = old, new, a, b
        self.clauses, self.lines = clauses, lines
        self.stays: Stays = place_changes(old, new, clauses)
        self.units_old = {u.id: u for units in a.units.values() for u in units}
        self.units_new = {u.id: u for units in b.units.values() for u in units}
        self.order_old, self.order_new = _order(self.units_old), _order(self.units_new)
        self.moved = out_of_order(self.same_clauses(), list(old.clauses), list(new.clauses))
        self.moved_lines = self._moved_lines()

    def same_clauses(self) -> list[tuple[str, str]]:
        """Clauses that are one clause in both editions, in the new one's order."""
        order = {c: n for n, c in enumerate(self.new.clauses)}
        single = [(x, y) for x, y in self.clauses.pairs() if len(self.clauses.old[x]) == len(self.clauses.new[y]) == 1]
        return sorted(single, key=lambda pair: order[pair[1]])

    def changes(self) -> Iterator[ClauseChange]:
        """Every clause's change; withdrawn ones stand behind the clause that they followed."""
        gone = self._withdrawn()
        yield from gone.get("", ())
        told: set[str] = set()
        for clause in self.new.clauses:
            if clause not in told:
                olds = tuple(sorted(self.clauses.new.get(clause, ()), key=list(self.old.clauses).index))
                news = self._whole(clause, olds)
                told |= set(news)
                yield self._clause(olds, news)
                for x in olds:
                    yield from gone.get(x, ())

    def _whole(self, clause: str, olds: Sequence[str]) -> tuple[str, ...]:
        """The clause, or with it the others that its old self was split into."""
        if len(olds) != 1:
            return (clause,)
        return tuple(sorted(self.clauses.old[olds[0]], key=list(self.new.clauses).index))

    def _withdrawn(self) -> dict[str, list[ClauseChange]]:
        """Old clause that lives on (or nothing) -> the clauses that followed it and are gone."""
        found: dict[str, list[ClauseChange]] = {}
        before = ""
        for clause in self.old.clauses:
            if clause in self.clauses.old:
                before = clause
            else:
                found.setdefault(before, []).append(self._clause((clause,), ()))
        return found

    def _clause(self, olds: tuple[str, ...], news: tuple[str, ...]) -> ClauseChange:
        lines = (*self._new_lines(news), *self._gone_lines(olds))
        before = "\n".join(self.old.clauses[c].text for c in olds) if olds else None
        after = "\n".join(self.new.clauses[c].text for c in news) if news else None
        same = "".join(self.a.sentences[c] for c in olds) == "".join(self.b.sentences[c] for c in news)
        change = _star(olds, news) or self._sentence(olds[0], news[0], same, lines)
        by_terms = same and folded(before or "") != folded(after or "")
        return ClauseChange(change=change, old=_shown(olds), new=_shown(news), before=before, after=after, lines=lines, by_terms=by_terms)

    def _sentence(self, x: str, y: str, same: bool, lines: Sequence[LineChange]) -> Change:
        printed = folded(self.old.clauses[x].text) == folded(self.new.clauses[y].text)
        if not same or not printed or any(line.change not in KEEPS for line in lines):
            return "reworded"
        elsewhere = not self.stays.same_item(x, y) or (x, y) in self.moved
        return "moved" if elsewhere or any(line.change == "moved" for line in lines) else "unchanged"

    # -- lines -----------------------------------------------------------------------------------------------------

    def _new_lines(self, clauses: Sequence[str]) -> Iterator[LineChange]:
        for clause in clauses:
            for unit in self.b.units[clause]:
                olds = self.lines.new.get(unit.id, [])
                news = self.lines.old[olds[0]] if len(olds) == 1 else [unit.id]
                if unit.id == min(news, key=self.order_new.__getitem__):
                    yield self._line(_sorted(olds, self.order_old), _sorted(news, self.order_new))

    def _gone_lines(self, clauses: Sequence[str]) -> Iterator[LineChange]:
        for clause in clauses:
            for unit in self.a.units[clause]:
                if unit.id not in self.lines.old:
                    yield self._line((unit.id,), ())

    def _line(self, olds: tuple[str, ...], news: tuple[str, ...]) -> LineChange:
        before = "\n".join(self.units_old[i].wording for i in olds) if olds else None
        after = "\n".join(self.units_new[i].wording for i in news) if news else None
        change, by_terms = _star(olds, news), False
        if change is None:
            x, y = self.units_old[olds[0]], self.units_new[news[0]]
            by_terms = x.words == y.words and x.printed != y.printed
            stands = y.clause in self.clauses.old.get(x.clause, ()) and x.kind == y.kind and (x.id, y.id) not in self.moved_lines
            change = "reworded" if by_terms or x.words != y.words else "unchanged" if stands else "moved"
        return LineChange(change=change, old=_shown(olds), new=_shown(news), before=before, after=after, by_terms=by_terms)

    def _moved_lines(self) -> set[tuple[str, str]]:
        """Lines with the same words that changed places inside their clause."""
        found: set[tuple[str, str]] = set()
        for x, y in self.clauses.pairs():
            here, there = self.a.units[x], {u.id: u for u in self.b.units[y]}
            linked = [(u, there[j]) for u in here for j in self.lines.old.get(u.id, ()) if j in there]
            same = [(u.id, v.id) for u, v in linked if u.words == v.words and u.kind == v.kind]
            found |= out_of_order(same, [u.id for u in here], list(there))
        return found


def _order(units: Iterable[str]) -> dict[str, int]:
    return {unit: n for n, unit in enumerate(units)}


def _sorted(ids: Iterable[str], order: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(ids, key=order.__getitem__))


def _star(olds: Sequence[str], news: Sequence[str]) -> Change | None:
    """The class that the numbers of ids tell: none for one to one."""
    if not olds or not news:
        return "added" if news else "withdrawn"
    return "merged" if len(olds) > 1 else "split" if len(news) > 1 else None


def _ids(found: Ids) -> tuple[str, ...]:
    return () if found is None else (found,) if isinstance(found, str) else found


def _shown(found: Sequence[str]) -> Ids:
    return None if not found else found[0] if len(found) == 1 else tuple(found)
