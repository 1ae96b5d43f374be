"""The one policy file: what must hold before an edition, a model or a change goes live.

Hard invariants are zero. Named cases must be right. Every item, clause, kind and type has a floor of its own, so that no average
hides one. Against a base run a score may not be worse by more than its bound. An edition itself may lose so much and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from assistant.errors import CaseError, reason
from assistant.guide import Frozen
from assistant.typed_file import read_typed
from evals.runs.compared.summary import Grouping
from evals.runs.scoring.scorers import METRICS

SHIPPED = Path(__file__).parents[1] / "policy.yaml"
Share = Annotated[float, Field(ge=0, le=1)]
Floors = dict[str, float]


class EditionLimits(Frozen):
    """The most that an edition may show of what looks like damage. Counts, or shares of all clauses, lines, accepted slots or cases."""

    items_lost: Annotated[int, Field(ge=0)] = 0
    clauses_lost: Share = 0.05
    lines_lost: Share = 0.05
    unlike: Share = 0.15
    misread: Share = 0.05
    doubled: Annotated[int, Field(ge=0)] = 0
    swapped: Annotated[int, Field(ge=0)] = 0
    crossed: Share = 0.02
    archived: Share = 0.10


class GatePolicy(Frozen):
    """The one policy file. A floor of a score that should be low (``false_refusal``) is a ceiling.

    ``floors``: grouping -> group -> score -> floor; the group ``default`` stands for every group that is not named, and
    items may be named by number or by title, which survives renumbering. ``bounds``: score -> how much worse than the
    base run it may be. ``edition``: how much of the edition before may be gone. Clauses have floors from ``clause_cases`` cases on; with a
    base run no clause at all may lose more than ``most_lost`` cases net, and a floor that the base misses by no more than
    ``floor_slack`` is no fault of an edition that is as good on the same cases.
    """

    invariants: tuple[str, ...]
    must_pass: tuple[str, ...] = ()
    floors: dict[Grouping, dict[str, Floors]] = Field(default_factory=dict)
    bounds: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    edition: EditionLimits = EditionLimits()
    least_cases: int = Field(default=4, ge=1)
    clause_cases: int = Field(default=20, ge=1)
    most_lost: int = Field(default=2, ge=0)
    floor_slack: Share = 0.05
    least_standing: Share = 0.5
    most_astray: Share = 0.5

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


def load_policy(path: Path | None = None) -> GatePolicy:
    """The policy at ``path``, or the shipped one.

    Raises:
        CaseError: unreadable, not YAML, or with unknown keys or scores; names what is wrong.
    """
    file = path or SHIPPED
    try:
        return read_typed(file, GatePolicy, CaseError("evals.policy"))
    except OSError as error:
        raise CaseError("evals.no_policy", name=str(file.absolute()), what=reason(error)) from error


def floors_of(policy: GatePolicy, grouping: Grouping, group: str, title: str = "") -> Floors:
    """The floors of a group: the default ones, overruled by those of its name or title."""
    groups = policy.floors.get(grouping, {})
    return {**groups.get("default", {}), **(groups.get(group) or groups.get(title) or {})}


def _scores(names: Sequence[str] | Mapping[str, float]) -> Sequence[str] | Mapping[str, float]:
    unknown = [n for n in names if n not in METRICS]
    if unknown:
        raise ValueError(f"unknown score {', '.join(unknown)}")
    return names
