"""The numbers that a case's words name, in an edition with other numbers: how they must be asked there, and when nobody can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.answers.question.places.references import references
from assistant.answers.question.places.renumber import names, renumbered
from assistant.answers.question.words import fold
from assistant.guide import Guide
from assistant.numerals import NUMBER
from evals.cases.case import Case

_NUMBER = re.compile(NUMBER)
_ITEM = re.compile("项|item")


class PlaceNumbers:
    """The places of two editions by their numbers.

    Args:
        home: the edition that cases were written for.
        target: the edition that they are asked of.
        moves: home passage or clause id -> target id, for what lives on in one place.
    """

    def __init__(self, home: Guide, target: Guide, moves: Mapping[str, str]) -> None:
        self.home, self.target = home, target
        self.clauses = {old: new for old, new in moves.items() if old in home.clauses and new in target.clauses}
        items: dict[str, Counter[str]] = {}
        for old, new in self.clauses.items():
            items.setdefault(home.places[old].item.number, Counter())[target.places[new].item.number] += 1
        self.items = {old: votes.most_common(1)[0][0] for old, votes in items.items()}
        here, there = _ordinals(home), _ordinals(target)
        self.reordered = {c for c in home.clauses if c not in self.clauses or here[c] != there[self.clauses[c]]}
        """Clauses of the home edition that are the third of their item no more, or are gone."""
        self._changed = {old: new for old, new in (self.clauses | self.items).items() if old != new}

    def asked(self, question: str, later: bool = False) -> str:
        """A question with every number that changed; in a ``later`` turn 第三条 goes by the order of clauses and is no item's number."""
        text = fold(question)
        return renumbered(question, self._changed, lambda p: not (later and p.number is None and not _ITEM.search(text[p.start : p.end])))

    def misread(self, case: Case, asked: Sequence[str]) -> bool:
        """Whether the words of a case name another place in the target edition than they did at home.

        A dialogue with numbers may go by the order of clauses (那第三条呢), which no rule writes anew; a question may name a clause by its
        item's title and a number.
        """
        counted = len(case.asked) > 1 and any(_NUMBER.search(fold(e.question)) for e in case.asked)
        if counted and self.reordered & {c for e in case.asked for c in e.clauses}:
            return True
        turns = zip(case.asked, asked, strict=True)
        return any(self._elsewhere(e.question, now, turn > 0) for turn, (e, now) in enumerate(turns))

    def appeared(self, question: str) -> bool:
        """Whether a question names a place that one of the two editions has and the home edition, as it was asked there, did not."""
        known = {*self.target.clauses, *self.target.items, *self.home.clauses, *self.home.items}
        return any(names(question, place) for place in known)

    def _elsewhere(self, question: str, now: str, later: bool) -> bool:
        """Whether the places that a question names are, by its new numbers, not all of those that these became."""
        meant = {c for r in references(question, self.home) for c in r.clauses}
        if not meant or ((later or now == question) and not self.reordered & meant):
            return False
        return not {self.clauses.get(c) for c in meant} <= {c for r in references(now, self.target) for c in r.clauses}


def _ordinals(guide: Guide) -> dict[str, int]:
    return {c.id: n for item in guide.items.values() for n, c in enumerate(item.clauses)}
