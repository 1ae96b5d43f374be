"""A case set in another edition: what stands unchanged, what is carried to new ids, what a lead must label again.

A case stands when every clause it expects lives on and every line it expects has the same words. Lineage keys decide
first. Where a key is gone because a title or a clause's sentence was reworded, the home edition, if it is at hand, tells
whether the line itself still has the same words.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal, NamedTuple

from assistant.answers.passages import Passage
from assistant.guide import Guide, folded
from evals.cases import Case, Expected
from evals.labels import Labels

State = Literal["unchanged", "carried", "relabel"]
LIKE = 0.5
"""Least likeness (0 to 1) for a line to be suggested in place of one that is gone."""


class Change(NamedTuple):
    """A label that does not stand as it is: what it became, or what is suggested in its place."""

    label: str
    now: str | None
    suggestion: str | None


class Resolved(NamedTuple):
    """A case in another edition: with that edition's ids, unless a lead must label it again."""

    case: Case
    state: State = "unchanged"
    changes: tuple[Change, ...] = ()


class Relabeller:
    """Resolves the labels of one home edition against ``target``; ``home`` is that edition's guide, if it is at hand."""

    def __init__(self, home: Guide | None, target: Guide) -> None:
        self.home = Labels(home) if home is not None else None
        self.target = Labels(target)
        self._by_key = {key: label for label, key in self.target.keys.items()}

    def resolve(self, case: Case) -> Resolved:
        """The case with the target's ids, and how it got there."""
        now = {label: self._now(label, case) for label in case.ids}
        needed = {i for e in case.asked for i in (*e.clauses, *e.lines)}
        changes = tuple(
            Change(label, new, None if new else self._suggestion(label)) for label, new in now.items() if new != label and label in needed
        )
        if any(c.now is None for c in changes):
            return Resolved(case, "relabel", changes)
        return Resolved(self._translated(case, now), "carried" if changes else "unchanged", changes)

    def suggested(self, case: Case) -> Case | None:
        """The case with every suggestion taken, for a lead to confirm; None where no clause can be suggested."""
        now = {label: self._now(label, case) or self._suggestion(label) for label in case.ids}
        found = self._translated(case, now)
        if any(not (e.refuse or e.clauses or e.context) for e in found.asked):
            return None
        words = [self.target.words((*e.lines, *e.clauses)) for e in found.asked]
        kept = (e.model_copy(update={"facts": tuple(f for f in e.facts if f in w)}) for e, w in zip(found.asked, words, strict=True))
        return found.with_expected(tuple(kept))

    def _translated(self, case: Case, now: dict[str, str | None]) -> Case:
        known = {label: new for label, new in now.items() if new}
        keys = {new: self.target.keys[new] for new in known.values()}
        asked = tuple(_renamed(e, known) for e in case.asked)
        return case.with_expected(asked, keys=keys, edition=self.target.guide.edition)

    def _now(self, label: str, case: Case) -> str | None:
        """The target's id of a label, or None where it needs a lead."""
        home = self.home.keys.get(label) if self.home else None
        key = case.keys.get(label, home)
        if key is not None and key in self._by_key:
            return self._by_key[key]
        if self.home is None or home is None or key != home:
            return None
        clause = self._lives.get(label.split("/")[0])
        if clause is None:
            return None
        words = folded(self.home.passages[label].wording)
        if "/" in label:
            kind = self.home.passages[label].kind
            return next((p.id for p in self.target.groups[clause] if p.kind == kind and folded(p.wording) == words), None)
        return clause if not _quoted(case, label) or words == folded(self.target.passages[clause].wording) else None

    def _suggestion(self, label: str) -> str | None:
        """The line most like the one that is gone, in its own clause if that has one like it, else anywhere."""
        if self.home is None or label not in self.home.passages:
            return None
        clause = self._lives.get(label.split("/")[0])
        if clause and "/" not in label:
            return clause
        everywhere = [p for p in self.target.passages.values() if ("/" in p.id) == ("/" in label)]
        inside = [p for p in self.target.groups[clause] if "/" in p.id] if clause else []
        return self._most_like(label, inside) or self._most_like(label, everywhere)

    def _most_like(self, label: str, candidates: list[Passage]) -> str | None:
        from rapidfuzz import fuzz

        assert self.home is not None
        words = folded(self.home.passages[label].wording)
        best = max(((fuzz.ratio(words, folded(p.wording)) / 100, p.id) for p in candidates), default=(0.0, ""))
        return best[1] if best[0] >= LIKE else None

    @cached_property
    def _lives(self) -> dict[str, str]:
        """Home clause id -> target clause id where the clause lives on."""
        from ingest.lineage import like_clauses

        assert self.home is not None
        return like_clauses(self.home.guide, self.target.guide)


def _quoted(case: Case, clause: str) -> bool:
    """Whether a case expects the clause's own sentence, or anything at all of it without saying which lines."""
    return any(clause in e.lines or (clause in e.clauses and not e.lines) for e in case.asked)


def _renamed(expected: Expected, now: dict[str, str]) -> Expected:
    """The same question with new ids; acceptable clauses that are gone are left out."""
    renamed = {
        name: tuple(dict.fromkeys(now[i] for i in getattr(expected, name) if i in now)) for name in ("clauses", "acceptable", "lines")
    }
    return expected.model_copy(update=renamed)
