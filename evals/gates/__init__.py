"""Gates: the policy file, what a run must show, what an edition itself may have lost."""

from evals.gates.failure import Failure, Rule
from evals.gates.measured import as_in_force, gate, gate_against
from evals.gates.policy import SHIPPED, EditionLimits, GatePolicy, floors_of, load_policy

__all__ = ["SHIPPED", "EditionLimits", "Failure", "GatePolicy", "Rule", "as_in_force", "floors_of", "gate", "gate_against", "load_policy"]
