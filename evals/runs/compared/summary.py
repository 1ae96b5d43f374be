"""A run in numbers: means per score over everything, and per type, kind, item and language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from assistant.guide import Frozen
from assistant.texts import say, texts
from evals.cases.nearness import NEAR
from evals.runs.scoring.scorers import METRICS

if TYPE_CHECKING:
    from evals.runs.record import Result, Run

Grouping = Literal["all", "type", "kind", "item", "lang", "nearness", "clause"]
GROUPINGS: tuple[Grouping, ...] = ("all", "type", "kind", "item", "lang", "nearness", "clause")


class Total(Frozen):
    """A score over so many cases: a mean; for what must never happen a sum; for the length of answers the median."""

    cases: int
    value: float


def names_of(result: Result, grouping: Grouping) -> tuple[str, ...]:
    """The groups of a case: one for its type and language, one for every item and kind that it expects.

    What must be refused is also told apart by its nearness to the question banks.
    """
    named: Mapping[Grouping, tuple[str, ...]] = {
        "all": ("all",),
        "type": (result.case.type,),
        "kind": result.kinds,
        "item": result.items,
        "lang": (result.case.lang,),
        "clause": tuple(dict.fromkeys(c for e in result.case.asked for c in e.clauses)),
        "nearness": () if result.near is None else ("near" if result.near >= NEAR else "away",),
    }
    return named[grouping]


def grouped(results: Iterable[Result], grouping: Grouping) -> dict[str, list[Result]]:
    """Group name -> its cases, in the order in which groups are first met."""
    found: dict[str, list[Result]] = {}
    for result in results:
        for name in names_of(result, grouping):
            found.setdefault(name, []).append(result)
    return found


def label(grouping: Grouping, group: str, items: Mapping[str, str], lang: str) -> str:
    """A group's name for people: an item with its title, a kind or type in words."""
    if grouping == "item":
        return f"{group} {items.get(group, '')}".strip()
    named = texts("report", lang).get(f"{grouping}.{group}")
    return say("report.grouping.all", lang) if grouping == "all" else named or group


def totals(results: Sequence[Result]) -> dict[str, Total]:
    """Every score that any of these cases has."""
    found: dict[str, Total] = {}
    for name, metric in METRICS.items():
        values = [r.scores[name] for r in results if name in r.scores]
        if values:
            found[name] = Total(cases=len(values), value=metric.cases(values))
    return found


def latency(results: Sequence[Result]) -> dict[str, float]:
    """Median and 95th percentile of the milliseconds of single answers."""
    import numpy as np

    values = [t.scores["latency_ms"] for r in results for t in r.turns if "latency_ms" in t.scores]
    if not values:
        return {}
    return {"p50": round(float(np.percentile(values, 50)), 2), "p95": round(float(np.percentile(values, 95)), 2)}


def item_order(run: Run) -> list[str]:
    """Item numbers in the guide's order."""
    return list(run.header.items)


def document(run: Run) -> dict[str, Any]:
    """A run as JSON: who answered, totals, groups, and every case with its scores and citations."""
    header = run.header
    return {
        "run": run.id,
        "started": header.started,
        **header.identity.model_dump(),
        "sets": [s.model_dump() for s in header.sets],
        "workers": header.workers,
        "seed": header.seed,
        "judge": header.judge or None,
        "cases": len(run.results),
        "needs_relabel": [r.case.id for r in run.results if not r.gated],
        "metrics": _totals(run.gated),
        "latency_ms": latency(run.gated),
        **{f"by_{g}": {name: _totals(part) for name, part in grouped(run.gated, g).items()} for g in GROUPINGS if g != "all"},
        "results": [_result(r) for r in run.results],
    }


def _totals(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    return {name: {"value": round(t.value, 4), "cases": t.cases} for name, t in totals(results).items()}


def _result(result: Result) -> dict[str, Any]:
    return {
        "id": result.case.id,
        "type": result.case.type,
        "state": result.state,
        "scores": {k: round(v, 4) for k, v in result.scores.items()},
        "turns": [
            {
                "question": t.question,
                "answered": t.answer.answered if t.answer else None,
                "clauses": list(t.answer.clauses) if t.answer else [],
                "error": t.error,
            }
            for t in result.turns
        ],
    }
