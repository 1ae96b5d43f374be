"""What the sets say about an edition before it goes live: one run, its gates, and the cases that need new labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from assistant.app import Assistant
from evals.cases.named_sets import find, guides_of, load, standing
from evals.cases.relabel import Resolved
from evals.gates import Failure, Policy, gate, gate_against, load_policy
from evals.runs.compare import Comparison, compare
from evals.runs.record import Result, Run, folders, load_run
from evals.runs.run import Step, run
from evals.runs.source import AssistantSource


class Verdict(NamedTuple):
    """Whether an edition may go live: ``failures`` is empty then. ``comparison`` is there if there was a run to compare with."""

    run: Run
    failures: list[Failure]
    relabel: tuple[Resolved, ...]
    comparison: Comparison | None

    @property
    def worst(self) -> list[Result]:
        """What a lead looks at first: cases that got worse, the worst first; without a comparison those that are not right."""
        if self.comparison is not None:
            return [p.new for p in self.comparison.worse]
        return sorted(
            (r for r in self.run.gated if r.scores.get("correct") != 1.0), key=lambda r: (r.scores.get("clause_recall_5", 0.0), r.case.id)
        )

    @property
    def passed(self) -> bool:
        """No gate fails."""
        return not self.failures


def examine(
    assistant: Assistant,
    edition: str,
    at: datetime,
    *,
    sets: Sequence[str] = (),
    policy: Policy | None = None,
    step: Step = lambda stage, done, total: None,
) -> Verdict:
    """Run case sets (all by default) on an edition, which need not be active, and apply the gates.

    Without a chat model the same build answers the same, so a finished run of the same things is not run again.

    The newest finished run of the active edition with the same sets, if there is one, is the base of the comparison.

    Raises:
        CaseError: sets or policy are wrong. IndexMissing, EditionError: there is no such edition.
    """
    home = assistant.settings.home
    rules = policy or load_policy()
    source = AssistantSource(assistant, edition)
    guides = guides_of(assistant.store)
    stand = standing(load(find(sets, home), guides), source.guide, guides)
    source.warm()
    done = run(source, stand, home, at, reuse=source.identity.chat_model is None, step=step)
    base = _base(assistant, done)
    comparison = compare(base, done) if base is not None else None
    failures = gate(done, rules) if comparison is None else gate_against(comparison, rules)
    return Verdict(done, failures, tuple(r for r in stand.cases if r.state == "relabel"), comparison)


def _base(assistant: Assistant, new: Run) -> Run | None:
    """The newest finished run of the active build over the same sets by the same models, other than ``new``."""
    active = assistant.store.active()
    if active is None or active.build == new.header.identity.build:
        return None
    for folder in reversed(folders(assistant.settings.home)):
        if folder.done and folder.path != new.folder:
            header = folder.header()
            same = {s.name for s in header.sets} >= {s.name for s in new.header.sets}
            if same and header.identity.build == active.build and header.identity.chat_model == new.header.identity.chat_model:
                return load_run(str(folder.path), assistant.settings.home)
    return None
