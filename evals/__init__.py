"""Cases, scorers, runs, comparisons and reports: does an edition still answer right?

``evals.gate(run, evals.load_policy())`` lists what must hold and does not; ``evals.examine`` runs every set on an edition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evals.gates import Failure, Policy, gate, load_policy
    from evals.release.examine import Verdict, examine

__all__ = ["Failure", "Policy", "Verdict", "examine", "gate", "load_policy"]
_HOME = {"examine": "evals.release.examine", "Verdict": "evals.release.examine"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOME.get(name, "evals.gates")), name)
