"""Gates: what must hold before an edition, a model or a change goes live, from one policy file.

Hard invariants are zero. Named cases must be right. Every item, kind and type has a floor of its own, so that no average
hides one. Against a base run a score may not be worse by more than its bound, shown by the paired interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator

from assistant.errors import CaseError
from assistant.guide import Frozen
from assistant.texts import say
from assistant.typed_file import read_typed
from evals.runs.record import Result, Run
from evals.runs.scorers import METRICS
from evals.runs.summary import Grouping, grouped, label, totals

if TYPE_CHECKING:
    from evals.runs.compare import Comparison

SHIPPED = Path(__file__).parent / "policy.yaml"
Share = Annotated[float, Field(ge=0, le=1)]
Floors = dict[str, float]
Rule = Literal["invariant", "must_pass", "floor", "coverage", "non_inferiority"]


class Policy(Frozen):
    """The one policy file. A floor of a score that should be low (``false_refusal``) is a ceiling.

    ``floors``: grouping -> group -> score -> floor; the group ``default`` stands for every group that is not named, and
    items may be named by number or by title, which survives renumbering. ``bounds``: score -> how much worse than the
    base run it may be.
    """

    invariants: tuple[str, ...]
    must_pass: tuple[str, ...] = ()
    floors: dict[Grouping, dict[str, Floors]] = Field(default_factory=dict)
    bounds: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    least_cases: int = Field(default=4, ge=1)
    least_standing: Share = 0.5

    @field_validator("invariants", "bounds")
    @classmethod
    def _known(cls, names: Sequence[str] | Mapping[str, float]) -> Sequence[str] | Mapping[str, float]:
        return _scores(names)

    @field_validator("floors")
    @classmethod
    def _known_floors(cls, floors: dict[Grouping, dict[str, Floors]]) -> dict[Grouping, dict[str, Floors]]:
        for groups in floors.values():
            for scores in groups.values():
                _scores(scores)
        return floors


class Failure(Frozen):
    """One gate that does not hold: ``value`` where ``limit`` was asked for, and the cases behind it."""

    rule: Rule
    score: str
    grouping: Grouping = "all"
    group: str = "all"
    title: str = ""
    value: float = 0.0
    limit: float = 0.0
    cases: tuple[str, ...] = ()

    def sentence(self, lang: str = "zh") -> str:
        """The failure in words."""
        key = f"report.failure.{self.rule}"
        if self.rule == "floor" and METRICS[self.score].better == "lower":
            key = "report.failure.ceiling"
        where = label(self.grouping, self.group, {self.group: self.title}, lang)
        if self.grouping != "all":
            where = say("report.in_group", lang, grouping=say(f"report.grouping.{self.grouping}", lang), group=where)
        score = say(f"report.score.{self.score}", lang)
        listed = say("report.between", lang).join(self.cases[:8]) + ("…" if len(self.cases) > 8 else "")
        return say(
            key, lang, where=where, score=score, value=_shown(self.score, self.value), limit=_shown(self.score, self.limit), cases=listed
        )


def load_policy(path: Path | None = None) -> Policy:
    """The policy at ``path``, or the shipped one.

    Raises:
        CaseError: unreadable, not YAML, or with unknown keys or scores; names what is wrong.
    """
    file = path or SHIPPED
    try:
        return read_typed(file, Policy, CaseError("evals.policy"))
    except OSError as error:
        raise CaseError("evals.no_policy", name=str(file.absolute()), what=error.strerror or type(error).__name__) from error


def gate(run: Run, policy: Policy) -> list[Failure]:
    """Every gate that a single run fails; an empty list opens the way."""
    failures = [*_invariants(run, policy), *_must_pass(run, policy), *_coverage(run, policy)]
    for grouping in policy.floors:
        for group, results in grouped(run.gated, grouping).items():
            if len(results) < policy.least_cases:
                continue
            title = run.header.items.get(group, "") if grouping == "item" else ""
            failures += _floors(grouping, group, title, results, floors_of(policy, grouping, group, title))
    return failures


def gate_against(comparison: Comparison, policy: Policy) -> list[Failure]:
    """Every gate that the new run of a comparison fails, the non-inferiority bounds included."""
    failures = gate(comparison.new, policy)
    for score, bound in policy.bounds.items():
        difference = comparison.difference(score)
        if difference is None or difference.low is None or difference.high is None:
            continue
        worst = difference.low if METRICS[score].better == "higher" else -difference.high
        if worst < -bound - 1e-9:
            cases = difference.down if METRICS[score].better == "higher" else difference.up
            failures.append(Failure(rule="non_inferiority", score=score, value=-worst, limit=bound, cases=cases))
    return failures


def _invariants(run: Run, policy: Policy) -> Iterator[Failure]:
    for score in policy.invariants:
        broken = tuple(r.case.id for r in run.gated if r.scores.get(score, 0.0) > 0)
        if broken:
            yield Failure(rule="invariant", score=score, value=sum(r.scores.get(score, 0.0) for r in run.gated), cases=broken)


def _must_pass(run: Run, policy: Policy) -> Iterator[Failure]:
    wrong = tuple(i for i in policy.must_pass if i in run.by_id and run.by_id[i].gated and run.by_id[i].scores.get("correct") != 1.0)
    if wrong:
        yield Failure(rule="must_pass", score="correct", value=float(len(wrong)), cases=wrong)


def _coverage(run: Run, policy: Policy) -> Iterator[Failure]:
    """Too few cases stand in this edition for the gates to mean anything."""
    share = len(run.gated) / len(run.results) if run.results else 0.0
    if share < policy.least_standing:
        waiting = tuple(r.case.id for r in run.results if not r.gated)
        yield Failure(rule="coverage", score="correct", value=share, limit=policy.least_standing, cases=waiting)


def floors_of(policy: Policy, grouping: Grouping, group: str, title: str = "") -> Floors:
    """The floors of a group: the default ones, overruled by those of its name or title."""
    groups = policy.floors.get(grouping, {})
    return {**groups.get("default", {}), **(groups.get(group) or groups.get(title) or {})}


def _floors(grouping: Grouping, group: str, title: str, results: Sequence[Result], floors: Floors) -> Iterator[Failure]:
    found = totals(results)
    for score, limit in floors.items():
        if score not in found:
            continue
        higher = METRICS[score].better == "higher"
        value = found[score].value
        if (value < limit - 1e-9) if higher else (value > limit + 1e-9):
            best = 1.0 if higher else 0.0
            short = tuple(r.case.id for r in results if r.scores.get(score, best) != best)
            yield Failure(rule="floor", score=score, grouping=grouping, group=group, title=title, value=value, limit=limit, cases=short)


def _scores(names: Sequence[str] | Mapping[str, float]) -> Sequence[str] | Mapping[str, float]:
    unknown = [n for n in names if n not in METRICS]
    if unknown:
        raise ValueError(f"unknown score {', '.join(unknown)}")
    return names


def _shown(score: str, value: float) -> str:
    return f"{value:.1%}" if METRICS[score].unit == "share" and value <= 1 else f"{value:g}"
