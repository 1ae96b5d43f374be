"""Two runs, case by case: what was won, what was lost, and how sure the difference is, per score, type, kind and item."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from assistant.errors import CaseError
from assistant.guide import Frozen
from evals.runs.compared.statistics import Difference, paired
from evals.runs.compared.summary import GROUPINGS, Grouping, names_of
from evals.runs.record import Result, Run
from evals.runs.scoring.scorers import METRICS

COMPARED = tuple(n for n, m in METRICS.items() if m.unit in ("share", "count") or n in ("latency_ms", "length"))
IN_GROUPS = ("correct", "clause_recall_5", "citation_recall", "citation_precision", "line_recall_20", "facts", "refusal", "false_refusal")


class Pair(Frozen):
    """One case in both runs."""

    base: Result
    new: Result

    @property
    def id(self) -> str:
        """The case's id."""
        return self.new.case.id

    @property
    def verdict(self) -> int:
        """1 where only the new run was right, -1 where only the base run was, else 0."""
        return int(self.new.scores.get("correct", 0.0)) - int(self.base.scores.get("correct", 0.0))

    @property
    def change(self) -> float:
        """How much better (or, negative, worse) the new run did, summed over all shares."""
        shares = [(n, m) for n, m in METRICS.items() if m.unit == "share" and n in self.base.scores and n in self.new.scores]
        return sum((self.new.scores[n] - self.base.scores[n]) * (1 if m.better == "higher" else -1) for n, m in shares)


class Comparison(Frozen):
    """Two runs side by side. ``changed`` are cases whose question differs, ``waiting`` those that need new labels."""

    base: Run
    new: Run
    pairs: tuple[Pair, ...]
    only_base: tuple[str, ...]
    only_new: tuple[str, ...]
    changed: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def won(self) -> tuple[Pair, ...]:
        """Cases that only the new run got right."""
        return tuple(p for p in self.pairs if p.verdict > 0)

    @property
    def lost(self) -> tuple[Pair, ...]:
        """Cases that only the base run got right."""
        return tuple(p for p in self.pairs if p.verdict < 0)

    @property
    def worse(self) -> tuple[Pair, ...]:
        """Every case that did worse in any share, lost ones first, worst first."""
        return tuple(sorted((p for p in self.pairs if p.verdict < 0 or p.change < -1e-9), key=lambda p: (p.verdict, p.change)))

    @cached_property
    def differences(self) -> dict[Grouping, dict[str, dict[str, Difference]]]:
        """Grouping -> group -> score -> difference; all scores over everything, the main ones per group."""
        found: dict[Grouping, dict[str, dict[str, Difference]]] = {}
        for grouping in (g for g in GROUPINGS if g != "clause"):  # too few cases a clause for an interval
            groups: dict[str, list[Pair]] = {}
            for pair in self.pairs:
                for name in names_of(pair.new, grouping):
                    groups.setdefault(name, []).append(pair)
            scores = COMPARED if grouping == "all" else IN_GROUPS
            found[grouping] = {name: self._differences(part, scores) for name, part in groups.items()}
        return found

    def difference(self, score: str) -> Difference | None:
        """The difference of a score over everything."""
        return self.differences["all"]["all"].get(score)

    def _differences(self, pairs: Sequence[Pair], scores: Sequence[str]) -> dict[str, Difference]:
        found: dict[str, Difference] = {}
        for name in scores:
            both = [p for p in pairs if name in p.base.scores and name in p.new.scores]
            if both:
                found[name] = paired(
                    [p.id for p in both],
                    [p.base.scores[name] for p in both],
                    [p.new.scores[name] for p in both],
                    yes_or_no=METRICS[name].yes_or_no,
                    share=METRICS[name].unit == "share",
                    seed=self.new.header.seed,
                )
        return found

    def document(self) -> dict[str, Any]:
        """The comparison as JSON."""
        return {
            "base": self.base.id,
            "new": self.new.id,
            "editions": [self.base.header.identity.edition, self.new.header.identity.edition],
            "pairs": len(self.pairs),
            "won": [p.id for p in self.won],
            "lost": [p.id for p in self.lost],
            "worse": [p.id for p in self.worse],
            "only_base": list(self.only_base),
            "only_new": list(self.only_new),
            "changed": list(self.changed),
            "needs_relabel": list(self.waiting),
            "differences": {
                g: {n: {s: _document(d) for s, d in scores.items()} for n, scores in groups.items()}
                for g, groups in self.differences.items()
            },
        }


def compare(base: Run, new: Run) -> Comparison:
    """Pair the cases of two runs.

    Raises:
        CaseError: they share no case.
    """
    pairs: list[Pair] = []
    changed: list[str] = []
    waiting: list[str] = []
    for result in new.results:
        other = base.by_id.get(result.case.id)
        if other is None:
            continue
        if other.case.fingerprint != result.case.fingerprint:
            changed.append(result.case.id)
        elif not (other.gated and result.gated):
            waiting.append(result.case.id)
        else:
            pairs.append(Pair(base=other, new=result))
    if not pairs:
        raise CaseError("evals.nothing_paired")
    return Comparison(
        base=base,
        new=new,
        pairs=tuple(pairs),
        only_base=tuple(i for i in base.by_id if i not in new.by_id),
        only_new=tuple(i for i in new.by_id if i not in base.by_id),
        changed=tuple(changed),
        waiting=tuple(waiting),
    )


def _document(difference: Difference) -> dict[str, Any]:
    rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in difference.model_dump(exclude={"up", "down"}).items()}
    return rounded | {"difference": round(difference.difference, 4), "up": list(difference.up), "down": list(difference.down)}
