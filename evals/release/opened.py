"""Refusals that an edition no longer gives because its own new words answer them: a lead looks at them, they count for nothing yet."""

from __future__ import annotations

from collections.abc import Sequence

from evals.runs.compared.compare import Comparison, Pair
from evals.runs.record import Result, Run
from ingest.compare.diff import KEEPS, Diff


def opened(comparison: Comparison, changes: Diff, invariants: Sequence[str] = ()) -> tuple[Result, ...]:
    """Cases that the edition in force refuses and that the new one answers only from clauses that are new or changed in it.

    What is answered from a clause that says what it said before is a loss, and stays one.

    Args:
        comparison: of the edition in force and the new one.
        changes: from the one to the other.
        invariants: scores that must be zero in a case that is set aside.
    """
    new = {c for one in changes.clauses if one.change not in KEEPS or any(i.change not in KEEPS for i in one.lines) for c in one.news}
    return tuple(p.new for p in comparison.pairs if p.verdict < 0 and _answered(p, new) and not any(map(p.new.scores.get, invariants)))


def set_aside(run: Run, cases: Sequence[Result]) -> Run:
    """The run with these cases waiting for a lead's label; what it left on disk is as it was."""
    ids = {r.case.id for r in cases}
    results = (r.model_copy(update={"state": "relabel"}) if r.case.id in ids else r for r in run.results)
    return run.model_copy(update={"results": tuple(results)})


def _answered(pair: Pair, new: set[str]) -> bool:
    """Whether all that is wrong in a case are refusals that were expected and questions answered from new words alone."""
    wrong = [(e, t) for e, t in zip(pair.new.case.asked, pair.new.turns, strict=True) if t.scores and t.scores.get("correct") != 1.0]
    return bool(wrong) and all(
        e.refuse and e.reason in (None, "not_in_guide") and t.answer is not None and t.answer.answered and new.issuperset(t.answer.clauses)
        for e, t in wrong
    )
