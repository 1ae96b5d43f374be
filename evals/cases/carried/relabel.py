"""A case set in another edition: what stands unchanged, what is carried to new ids, what a lead must label again.

A case stands when every clause it expects lives on and every line it expects has the same words in it (``lineage``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from assistant.guide import Guide
from evals.cases.carried.lineage import LabelLineage, Went
from evals.cases.carried.numbering import PlaceNumbers
from evals.cases.carried.resolved import Change, Resolved
from evals.cases.carried.rewording import quotes, reworded
from evals.cases.case import Case, Expected
from evals.cases.labels import Labels, labelled


class Relabeller:
    """Resolves cases of one home edition against ``target``; arguments as of ``LabelLineage``."""

    def __init__(self, home: Guide | None, target: Guide, mapped: Went | None = None) -> None:
        self._lives = LabelLineage(home, target, mapped)
        self.home, self.target = self._lives.home, self._lives.target

    @property
    def numbering(self) -> PlaceNumbers | None:
        """The places of both editions by number; None where the home edition is not at hand."""
        return self._lives.numbering

    def resolve(self, case: Case) -> Resolved:
        """The case with the target's ids, and how it got there."""
        found = self._resolved(case)
        clauses = tuple(dict.fromkeys(c for e in case.asked for c in e.clauses))
        asked = self._asked(case)
        changed = asked if asked != tuple(e.question for e in case.asked) else ()
        if self._lives.restructured and any(e.count is not None for e in case.asked):
            found = found._replace(case=case, state="relabel")
        if any(e.act == "listing" for e in case.asked):
            found = self._listing(found, clauses)
        told = self.numbering is None or not self._misnamed(case, asked)
        if not told:
            found = found._replace(case=case, state="relabel")
        successors = None
        asks_otherwise = any(e.act == "listing" or quotes(e.question, *c.words) for e in case.asked for c in found.changes)
        if found.state == "relabel" and told and not asks_otherwise:
            went = {c: self._lives.went(c, case) for c in clauses}
            successors = went if all(went.values()) else None
        return found._replace(home=clauses, questions=changed, successors=successors)

    def _listing(self, found: Resolved, clauses: Sequence[str]) -> Resolved:
        """A list in an edition that added or changed clauses: any of these may belong to it now; one that was listed may do so no more."""
        if self.home is None or not self._lives.touched[1]:
            return found
        if self._lives.touched[0] & set(clauses):
            return found._replace(state="relabel")
        keys = {c: self.target.keys[c] for c in self._lives.touched[1]}

        def open_to(expected: Expected) -> Expected:
            further = tuple(c for c in keys if c not in (*expected.clauses, *expected.acceptable))
            return expected.model_copy(update={"acceptable": (*expected.acceptable, *further)})

        asked = tuple(open_to(e) if e.act == "listing" and e.clauses else e for e in found.case.asked)
        return found._replace(case=found.case.with_expected(asked, keys=found.case.keys | keys))

    def _asked(self, case: Case) -> tuple[str, ...]:
        """A case's questions with the numbers of the target."""
        numbering = self.numbering
        return tuple(e.question if numbering is None else numbering.asked(e.question, n > 0) for n, e in enumerate(case.asked))

    def _misnamed(self, case: Case, asked: Sequence[str]) -> bool:
        """Whether what a case names by number is not there, or is something else, in the target."""
        assert self.numbering is not None
        fresh = any(e.reason == "no_such_clause" and self.numbering.appeared(q) for e, q in zip(case.asked, asked, strict=True))
        return fresh or self.numbering.misread(case, asked)

    def _resolved(self, case: Case) -> Resolved:
        now = {label: self._lives.now(label, case) for label in case.ids}
        for expected in case.asked:
            now |= dict.fromkeys(i for i in expected.lines if now[i] and self._astray(i, now[i] or "", expected, now))
        needed = {i for e in case.asked for i in (*e.clauses, *e.lines)}
        changes = tuple(self._lives.change(label, new) for label, new in now.items() if new != label and label in needed)
        if any(c.now is None for c in changes):
            return Resolved(case, "relabel", changes)
        asked, unsaid = zip(*(self._in_new_words(e, case) for e in case.asked), strict=True)
        if lines := tuple(dict.fromkeys(line for each in unsaid for line in each)):
            return Resolved(case, "relabel", tuple(self._lives.change(line, None) for line in lines))
        return Resolved(self._translated(case.with_expected(asked), now), "carried" if changes else "unchanged", changes)

    def _in_new_words(self, expected: Expected, case: Case) -> tuple[Expected, tuple[str, ...]]:
        """With its facts as the lines that live on are worded by now (重新认证 → 复核), and the lines to look at where that cannot be said.

        A fact that nothing stands for any more, and a changed one that a verdict or a count hangs on, are for a lead.
        """
        if self.home is None:
            return expected, ()
        ids = expected.lines or tuple(p.id for c in expected.clauses for p in self.home.groups.get(c, ()))
        went = {i: new for i in ids if (new := self._lives.now(i, case))}
        printed, before = self.target.words(went.values()), self.home.words(ids)
        if all(f in printed or f not in before for f in expected.facts):
            return expected, ()
        changes = [c for i, new in went.items() if (c := self._lives.change(i, new)).before != c.after]
        facts = _worded(expected.facts, printed, changes)
        if not all(facts) or expected.verdict or expected.count is not None:
            lost = [f for f in expected.facts if f in before and f not in printed]
            return expected, tuple(i for i in ids if any(f in self.home.words((i,)) for f in lost)) or expected.clauses
        return expected.model_copy(update={"facts": tuple(facts)}), ()

    def _astray(self, line: str, moved: str, expected: Expected, now: dict[str, str | None]) -> bool:
        """Whether a line went out of the clauses that a question expects it in; one of an acceptable clause may be in any of them."""
        held = [c for c in expected.clauses if self.home is None or c in self.home.owners.get(line, ())] or [
            *expected.clauses,
            *expected.acceptable,
        ]
        return not self.target.owners[moved] & {now[c] or self._lives.suggestion(c) for c in held}

    def suggested(self, case: Case) -> Case | None:
        """The case with every suggestion taken, for a lead to confirm; None where no clause can be suggested."""
        now = {label: self._lives.now(label, case) or self._lives.suggestion(label) for label in case.ids}
        found = self._translated(case, now)
        if any(not (e.refuse or e.clauses or e.context) for e in found.asked):
            return None
        changes = [self._lives.change(label, new) for label, new in now.items()]
        astray = [{n for i in e.lines if (n := now[i]) and self._astray(i, n, e, now)} for e in case.asked]
        expected = [self._consistent(e, changes, lines) for e, lines in zip(found.asked, astray, strict=True)]
        asked = (e.model_copy(update={"question": q}) for e, q in zip(expected, self._asked(case), strict=True))
        return labelled(found.with_expected(tuple(asked)), self.target)

    def certain(self, case: Case) -> Case | None:
        """With every suggestion taken, where nobody needs to look; None where a lead has to.

        Its lines live on in their clauses, reworded or merged, every fact has its words in them, and where these changed no verdict or
        count hangs on them; the numbers that its questions name are read as the same places, and no question holds words that went.
        """
        resolved = self.resolve(case)
        if not resolved.changes or any(c.now is None and c.suggestion is None for c in resolved.changes):
            return None
        if any(e.act == "listing" for e in case.asked) or (self.numbering is not None and self._misnamed(case, self._asked(case))):
            return None
        if any(quotes(e.question, *c.words) for e in case.asked for c in resolved.changes):
            return None
        found = self.suggested(case)
        pairs = [] if found is None else list(zip(case.asked, found.asked, strict=True))
        lost = any(len(was.facts) != len(now.facts) or (was.facts != now.facts and (was.verdict or was.count)) for was, now in pairs)
        return None if lost or any(len(now.clauses) > len(was.clauses) for was, now in pairs) else found

    def _consistent(self, expected: Expected, changes: Sequence[Change], astray: Set[str]) -> Expected:
        """With the clauses that lines which went ``astray`` stand in by now, and facts in the new words; those without any are dropped."""
        clauses = list(expected.clauses)
        for line in expected.lines:
            if line in astray and self.target.passages[line].clause not in clauses:
                clauses.append(self.target.passages[line].clause)
        words = self.target.words((*expected.lines, *clauses))
        facts = tuple(filter(None, _worded(expected.facts, words, changes)))
        return expected.model_copy(update={"clauses": tuple(clauses), "facts": facts})

    def _translated(self, case: Case, now: dict[str, str | None]) -> Case:
        known = {label: new for label, new in now.items() if new}
        keys = {new: self.target.keys[new] for new in known.values()}
        asked = tuple(_renamed(e, known) for e in case.asked)
        return case.with_expected(asked, keys=keys, edition=self.target.guide.edition)


def answered(case: Case, clauses: Sequence[str], target: Guide) -> Case:
    """A refusal that an edition answers, as the case that it is there: these clauses are expected of it."""
    (expected,) = case.asked
    now = expected.model_copy(update={"refuse": False, "reason": None, "clauses": tuple(clauses), "acceptable": ()})
    return labelled(case.with_expected((now,), edition=target.edition, keys={}), Labels(target))


def waiting(cases: Iterable[tuple[str, Sequence[Change]]]) -> list[tuple[Change, list[str]]]:
    """What keeps cases waiting, each change once with the ids of its cases.

    Args:
        cases: case id and changes of every case that needs new labels.
    """
    found: dict[Change, list[str]] = {}
    for case, changes in cases:
        for change in changes:
            if change.now is None:
                found.setdefault(change, []).append(case)
    return list(found.items())


def _worded(facts: Sequence[str], printed: str, changes: Sequence[Change]) -> list[str]:
    """Each fact as the words ``printed`` by now have it, after the changes of its line; empty where they have it no more."""
    by_now = [f if f in printed else next(filter(None, (reworded(f, *c.words) for c in changes)), "") for f in facts]
    return [f if f in printed else "" for f in by_now]


def _renamed(expected: Expected, now: dict[str, str]) -> Expected:
    """The same question with new ids; acceptable clauses that are gone are left out."""
    renamed = {
        name: tuple(dict.fromkeys(now[i] for i in getattr(expected, name) if i in now)) for name in ("clauses", "acceptable", "lines")
    }
    return expected.model_copy(update=renamed)
