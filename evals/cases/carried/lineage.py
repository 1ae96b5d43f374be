"""What became of the labels of one edition in another: the same, gone on in other words, split, merged, or found by a lead.

Lineage keys decide first. Where a key is gone because a title or a clause's sentence was reworded, the comparison with the home
edition, if that is at hand, tells whether the line itself still has the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.guide import Guide
from evals.cases.carried.numbering import PlaceNumbers
from evals.cases.carried.resolved import Change
from evals.cases.labels import Labels

if TYPE_CHECKING:
    from evals.cases.case import Case
    from ingest.compare.diff import Diff

Went = Mapping[str, Sequence[str]]
"""Clause of an older edition -> the clauses that take its place, as a lead confirmed it."""


class LabelLineage:
    """The labels of one home edition against ``target``; ``home`` is that edition's guide, if it is at hand.

    Where no words of a clause live on, ``said`` says where a lead found it again: that is suggested, and measured by meanwhile.
    """

    def __init__(self, home: Guide | None, target: Guide, said: Went | None = None) -> None:
        self._said = said or {}
        self.home = Labels(home) if home is not None else None
        self.target = Labels(target)
        self._by_key = {key: label for label, key in self.target.keys.items()}

    @cached_property
    def numbering(self) -> PlaceNumbers | None:
        """The places of both editions by number; None where the home edition is not at hand."""
        if self.home is None:
            return None
        return PlaceNumbers(self.home.guide, self.target.guide, {old: new for old, (new, _) in self._moves.items()})

    def now(self, label: str, case: Case) -> str | None:
        """The target's id of a label, or None where it needs a lead."""
        home = self.home.keys.get(label) if self.home else None
        key = case.keys.get(label, home)
        if key is not None and key in self._by_key:
            return self._by_key[key]
        if home is None or key != home or label not in self._moves:
            return None
        moved, change = self._moves[label]
        lives = "/" not in label and not _quoted(case, label)
        return moved if lives or change in ("unchanged", "moved") else None

    def suggestion(self, label: str) -> str | None:
        """The line most like the one that is gone, as the comparison of the editions has it; of a clause, where a lead found it."""
        if label in self._mapped:
            return self._mapped[label][0]
        return self._moves[label][0] if self.home is not None and label in self._moves else None

    def went(self, clause: str, case: Case) -> tuple[str, ...]:
        """The target's clauses that an expected clause became: one, the parts it was split into, or what it was merged with."""
        if clause in self._mapped:
            return self._mapped[clause]
        one = self.now(clause, case) or self.suggestion(clause)
        return (one,) if one else self._parts.get(clause, ())

    def change(self, label: str, now: str | None) -> Change:
        """What a label became, or what is suggested in its place, with the words of both."""
        suggestion = None if now else self.suggestion(label)
        before = self.home.passages[label].wording if self.home and label in self.home.passages else None
        after = self.target.passages[now or suggestion or ""].wording if now or suggestion else None
        return Change(label=label, now=now, suggestion=suggestion, before=before, after=after)

    @cached_property
    def restructured(self) -> bool:
        """Whether an item has more or fewer clauses than at home, or there are other items: what was counted may count otherwise."""
        sizes = [[len(i.clauses) for i in labels.guide.items.values()] for labels in (self.home, self.target) if labels is not None]
        return len(sizes) == 2 and sizes[0] != sizes[1]

    @cached_property
    def touched(self) -> tuple[set[str], tuple[str, ...]]:
        """Home clauses whose words or lines changed, and the target's clauses that are new or changed."""
        from ingest.compare.diff import KEEPS

        changed = [c for c in self._diff.clauses if c.change not in KEEPS or any(line.change not in KEEPS for line in c.lines)]
        return {i for c in changed for i in c.olds}, tuple(i for c in changed for i in c.news)

    @cached_property
    def _parts(self) -> dict[str, tuple[str, ...]]:
        """Home clause -> the target's clauses that it was split into or merged with."""
        found: dict[str, tuple[str, ...]] = {}
        for change in self._diff.clauses:
            if change.change in ("split", "merged"):
                found |= dict.fromkeys(change.olds, change.news)
        return found

    @cached_property
    def _mapped(self) -> dict[str, tuple[str, ...]]:
        """Home clauses without words that live on -> where a lead found them again."""
        if self.home is None:
            return {}
        known = {old: tuple(c for c in news if c in self.target.guide.clauses) for old, news in self._said.items()}
        return {old: news for old, news in known.items() if news and old not in self._moves and old in self.home.groups}

    @cached_property
    def _diff(self) -> Diff:
        from ingest.compare.diff import diff

        assert self.home is not None
        return diff(self.home.guide, self.target.guide)

    @cached_property
    def _moves(self) -> dict[str, tuple[str, str]]:
        """Home id -> target id and what became of its words, for everything that lives on."""
        return dict(self._diff.passage_moves())


def _quoted(case: Case, clause: str) -> bool:
    """Whether a case expects the clause's own sentence, or anything at all of it without saying which lines."""
    return any(clause in e.lines or (clause in e.clauses and not e.lines) for e in case.asked)
