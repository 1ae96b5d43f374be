"""What a run must show: invariants, named cases, floors of every group, enough that was measured; and no loss against a base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from evals.gates.failure import Failure
from evals.gates.policy import GatePolicy, floors_of
from evals.runs.compared.summary import Grouping, grouped, names_of, totals
from evals.runs.record import Result, Run
from evals.runs.scoring.scorers import METRICS

if TYPE_CHECKING:
    from evals.runs.compared.compare import Comparison, Pair


def gate(run: Run, policy: GatePolicy, *, whole: bool = False, base: Run | None = None) -> list[Failure]:
    """Every gate that a single run fails; an empty list opens the way.

    Args:
        run: what was measured.
        policy: what must hold.
        whole: it is a run of all sets, so that a named case that is absent is missed.
        base: a run of the edition in force: what that answers from elsewhere too is no loss of this one.
    """
    apart = [*_invariants(run, policy), *_must_pass(run, policy, whole), *_coverage(run, policy), *_unmeasured(run, policy, base)]
    return [*apart, *_below(run, policy, base)]


def _below(run: Run, policy: GatePolicy, base: Run | None = None) -> Iterator[Failure]:
    """The floors that any group of a run with enough cases does not reach."""
    for grouping in policy.floors:
        before = grouped(base.gated, grouping) if base else {}
        for group, results in grouped(run.gated, grouping).items():
            if len(results) < (policy.clause_cases if grouping == "clause" else policy.least_cases):
                continue
            title = run.header.items.get(group, "") if grouping == "item" else ""
            yield from _floors(grouping, group, title, results, policy, before.get(group, ()))


def gate_against(comparison: Comparison, policy: GatePolicy, *, whole: bool = False) -> list[Failure]:
    """Every gate that the new run of a comparison fails, the non-inferiority bounds included."""
    failures = gate(comparison.new, policy, whole=whole, base=comparison.base)
    for score, bound in policy.bounds.items():
        difference = comparison.difference(score)
        if difference is None or difference.low is None or difference.high is None:
            continue
        worst = difference.low if METRICS[score].better == "higher" else -difference.high
        if worst < -bound - 1e-9:
            cases = difference.down if METRICS[score].better == "higher" else difference.up
            failures.append(Failure(rule="non_inferiority", score=score, value=-worst, limit=bound, cases=cases))
    return [*failures, *_lost(comparison, policy)]


def few(run: Run, policy: GatePolicy) -> tuple[str, ...]:
    """The clauses with too few cases for a floor of their own: only the cases that they lose against a base speak for them."""
    return tuple(c for c, results in grouped(run.gated, "clause").items() if len(results) < policy.clause_cases)


def _lost(comparison: Comparison, policy: GatePolicy) -> Iterator[Failure]:
    """Clauses of the base that lose more cases than they win, by more than is allowed, however many they have."""
    changed: dict[str, list[Pair]] = {}
    for pair in comparison.pairs:
        if pair.verdict:
            for clause in names_of(pair.base, "clause"):
                changed.setdefault(clause, []).append(pair)
    for clause, pairs in changed.items():
        net = -sum(p.verdict for p in pairs)
        if net > policy.most_lost:
            cases = tuple(p.id for p in pairs if p.verdict < 0)
            yield Failure(rule="lost", score="correct", grouping="clause", group=clause, value=net, limit=policy.most_lost, cases=cases)


def _invariants(run: Run, policy: GatePolicy) -> Iterator[Failure]:
    for score in policy.invariants:
        broken = tuple(r.case.id for r in run.gated if r.scores.get(score, 0.0) > 0)
        if broken:
            yield Failure(rule="invariant", score=score, value=sum(r.scores.get(score, 0.0) for r in run.gated), cases=broken)


def _must_pass(run: Run, policy: GatePolicy, whole: bool) -> Iterator[Failure]:
    """Named cases that are wrong, or of which nobody can say that they are right: absent, or waiting for labels and astray."""

    def right(case: str) -> bool:
        if case not in run.by_id:
            return not whole
        result = run.by_id[case]
        return (result.scores.get("correct") if result.gated else result.provisional) == 1.0

    wrong = tuple(i for i in policy.must_pass if not right(i))
    if wrong:
        yield Failure(rule="must_pass", score="correct", value=float(len(wrong)), cases=wrong)


def _coverage(run: Run, policy: GatePolicy) -> Iterator[Failure]:
    """Too few cases stand in this edition for the gates to mean anything."""
    share = len(run.gated) / len(run.results) if run.results else 0.0
    if share < policy.least_standing:
        waiting = tuple(r.case.id for r in run.results if not r.gated)
        yield Failure(rule="coverage", score="correct", value=share, limit=policy.least_standing, cases=waiting)


def _unmeasured(run: Run, policy: GatePolicy, base: Run | None) -> Iterator[Failure]:
    """Clauses and items that had enough cases, of which too few can be measured in this edition: what nobody measures is named.

    A case that waits for labels measures where it is known what its clauses became, and counts as wrong where it is answered from
    anywhere else and the base was right. Clauses that are gone are told by the edition's own figures.
    """
    for clause, results in _by_home(run).items():
        if len(results) < policy.least_cases or _gone(clause, results):
            continue
        waiting = [r for r in results if not r.gated]
        standing = [r for r in results if r.gated or r.provisional is not None]
        if len(standing) < policy.least_cases:
            cases = tuple(r.case.id for r in waiting)
            yield Failure(
                rule="unmeasured",
                score="correct",
                grouping="clause",
                group=clause,
                value=len(standing),
                limit=policy.least_cases,
                cases=cases,
            )
        known = [r for r in waiting if r.provisional is not None and _was_right(r, base)]
        astray = tuple(r.case.id for r in known if r.provisional == 0.0)
        if len(known) >= policy.least_cases and len(astray) / len(known) > policy.most_astray:
            value = len(astray) / len(known)
            yield Failure(
                rule="astray", score="correct", grouping="clause", group=clause, value=value, limit=policy.most_astray, cases=astray
            )


def _was_right(result: Result, base: Run | None) -> bool:
    """Whether the base, if there is one, answered a case from where it should."""
    before = base.by_id.get(result.case.id) if base is not None else None
    return before is None or (before.scores.get("correct") if before.gated else before.provisional) == 1.0


def _gone(clause: str, results: Sequence[Result]) -> bool:
    """Whether the clause itself lives on nowhere, so that no case of it can be measured."""
    if any(r.gated or r.provisional is not None for r in results):
        return False
    return any(c.label == clause and c.now is None and c.suggestion is None for r in results for c in r.changes)


def _by_home(run: Run) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in run.results:
        for clause in result.home:
            found.setdefault(clause, []).append(result)
    return found


def as_in_force(run: Run, policy: GatePolicy, failures: Sequence[Failure]) -> list[Failure]:
    """The floors that a run misses without being worse than the edition in force: told, but no fault of the edition.

    Args:
        run: what was measured.
        policy: what must hold.
        failures: what it fails against the run of the edition in force.
    """
    mine = {(f.rule, f.score, f.grouping, f.group) for f in failures}
    return [f for f in _below(run, policy) if (f.rule, f.score, f.grouping, f.group) not in mine]


def _as_good(score: str, limit: float, policy: GatePolicy, results: Sequence[Result], before: Sequence[Result]) -> bool:
    """Whether the edition in force all but holds a floor on its own cases, and reaches no more on the very cases that are measured here.

    No more but for what is chance: ``most_lost`` cases of a group, and in a small one no more than ``floor_slack`` of it.
    """
    least = limit - policy.floor_slack if METRICS[score].better == "higher" else limit + policy.floor_slack
    if score not in (whole := totals(before)) or _under(score, whole[score].value, least):
        return False
    known = {r.case.id: r.scores[score] for r in before if score in r.scores}
    measured = {r.case.id: r.scores[score] for r in results if score in r.scores}
    if not measured.keys() <= known.keys():
        return False
    gain = sum(value - known[name] for name, value in measured.items())
    allowed = min(policy.most_lost, policy.floor_slack * len(measured))
    return not _under(score, gain, -allowed if METRICS[score].better == "higher" else allowed)


def _under(score: str, value: float, limit: float) -> bool:
    """Whether a value misses its floor, or its ceiling where less is better."""
    return value < limit - 1e-9 if METRICS[score].better == "higher" else value > limit + 1e-9


def _floors(
    grouping: Grouping, group: str, title: str, results: Sequence[Result], policy: GatePolicy, before: Sequence[Result]
) -> Iterator[Failure]:
    """Floors that a group does not reach.

    It is no fault of an edition that is as good as the one in force (``before``): where cases wait the rest may fall below, and what the
    product narrowly misses in either edition is no reason to keep the old one.
    """
    found = totals(results)
    for score, limit in floors_of(policy, grouping, group, title).items():
        if score not in found:
            continue
        value = found[score].value
        if _under(score, value, limit) and not _as_good(score, limit, policy, results, before):
            best = 1.0 if METRICS[score].better == "higher" else 0.0
            short = tuple(r.case.id for r in results if r.scores.get(score, best) != best)
            yield Failure(rule="floor", score=score, grouping=grouping, group=group, title=title, value=value, limit=limit, cases=short)
