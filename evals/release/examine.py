"""What is said about an edition before it goes live: a run of all sets, its gates, those on the edition itself, and what needs labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from assistant.guide import Guide
from assistant.register.acts.plans.fates import Adopted
from evals.cases.carried.resolved import Resolved
from evals.cases.named_sets import guides_of, of_edition, standing
from evals.gates.edition import Figures, figures
from evals.gates.failure import Failure
from evals.gates.measured import as_in_force, gate, gate_against
from evals.gates.policy import GatePolicy, load_policy
from evals.release.opened import opened, set_aside
from evals.runs.compared.compare import Comparison, compare
from evals.runs.processes import processes
from evals.runs.record import Result, Run, folders, load_run
from evals.runs.run import Elsewhere, Step, run
from evals.runs.source import AssistantSource
from ingest.compare.damage import damage
from ingest.compare.diff import Diff, diff

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.settings import Settings


class Examination(NamedTuple):
    """Whether an edition may go live: ``failures`` is empty then. ``comparison`` and ``figures`` are there if another one is in force.

    ``below`` are floors that it misses and the edition in force no less: told, they stop nothing. ``changes`` compares the edition with
    the one in force. ``untested`` are clauses of the edition that no case asks for: how they are answered nobody has measured. ``opened``
    are refusals that the edition answers from its own new words.
    """

    run: Run
    failures: list[Failure]
    relabel: tuple[Resolved, ...]
    comparison: Comparison | None
    figures: Figures | None = None
    untested: tuple[str, ...] = ()
    changes: Diff | None = None
    below: tuple[Failure, ...] = ()
    opened: tuple[Result, ...] = ()

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


def examined(
    settings: Settings,
    edition: str,
    at: datetime,
    step: Step = lambda stage, done, total: None,
    registers: Mapping[str, Adopted] | None = None,
) -> Examination:
    """What all case sets and the edition itself say, by the lead's own gates where there are some.

    Raises:
        EditionError, IndexMissing: no such edition. CaseError: sets or policy are wrong.
    """
    from assistant.app import Assistant

    own = settings.home / "evals" / "policy.yaml"
    return examine(Assistant(settings), edition, at, policy=load_policy(own if own.exists() else None), registers=registers, step=step)


def examine(
    assistant: Assistant,
    edition: str,
    at: datetime,
    *,
    sets: Sequence[str] = (),
    policy: GatePolicy | None = None,
    registers: Mapping[str, Adopted] | None = None,
    step: Step = lambda stage, done, total: None,
) -> Examination:
    """Run case sets (all by default) on an edition, which need not be active, and apply the gates.

    Without a chat model the same build answers the same, so a finished run of the same things is not run again. The base of the
    comparison is a run of the edition in force over the same sets; where there is none yet it is made. ``registers`` is what the edition
    would mean for every enterprise's register.

    Raises:
        CaseError: sets or policy are wrong. IndexMissing, EditionError: there is no such edition.
    """
    home = assistant.settings.home
    rules = policy or load_policy()
    source = AssistantSource(assistant, edition)
    guides = guides_of(assistant.store)
    family = source.family
    stand = standing(of_edition(sets, assistant.store, guides, edition, family), source.guide, guides, source.maps)
    same = source.identity.chat_model is None
    with processes(assistant, len(stand.cases)) as others:
        source.prepare(stand.questions, others is not None)
        done = run(source, stand, home, at, reuse=same, empty=not sets, elsewhere=others, step=step)
        base = _base(assistant, done, family, sets, at, step, others)
    whole = not sets
    comparison = compare(base, done) if base is not None and _meet(base, done) else None
    standing_now = assistant.store.active(family) if base is not None else None
    before = assistant.store.guide(assistant.store.manifest(standing_now.edition)) if standing_now else None
    changes = diff(before, source.guide) if before else None
    answers = opened(comparison, changes, rules.invariants) if comparison and changes else ()
    if base is not None and answers:
        done = set_aside(done, answers)
        comparison = compare(base, done) if _meet(base, done) else None
    failures = gate(done, rules, whole=whole) if comparison is None else gate_against(comparison, rules, whole=whole)
    below = as_in_force(done, rules, failures) if comparison is not None else []
    found = None
    if not any(s.cases for s in stand.sets):
        failures, below = [], []  # a family that nobody wrote cases for yet: what was measured of another one says nothing of it
    if before is not None and changes is not None:
        found = figures(damage(changes, before, source.guide), registers or {}, rules.edition)
        failures = [*found.failures, *failures]
    waiting = tuple(r for r in stand.cases if r.state == "relabel")
    untested = _untested(stand.cases, source.guide) if whole else ()
    return Examination(done, failures, waiting, comparison, found, untested, changes, tuple(below), answers)


def _untested(cases: Sequence[Resolved], guide: Guide) -> tuple[str, ...]:
    """Clauses that no case asks for, nor one that waits for what its clauses became."""
    asked = {c for r in cases if r.state != "relabel" for e in r.case.asked for c in e.clauses}
    asked |= {c for r in cases for went in (r.successors or {}).values() for c in went}
    return tuple(c for c in guide.clauses if c not in asked)


def _meet(base: Run, new: Run) -> bool:
    """Whether there is a case that counts in both."""
    return any(r.gated and r.case.id in base.by_id and base.by_id[r.case.id].gated for r in new.results)


def _base(
    assistant: Assistant, new: Run, family: str, sets: Sequence[str], at: datetime, step: Step, others: Elsewhere | None
) -> Run | None:
    """The newest finished run of the family's active build over its own cases, by the same models and code; made if there is none."""
    active = assistant.store.active(family)
    if active is None or active.build == new.header.identity.build:
        return None
    home = assistant.settings.home
    source, guides = AssistantSource(assistant, active.edition), guides_of(assistant.store)
    own = of_edition(sets, assistant.store, guides, active.edition, family)
    asked = {(s.name, s.fingerprint) for s in own}
    for folder in reversed(folders(home)):
        if folder.done and folder.path != new.folder:
            header = folder.header()
            same = {(s.name, s.fingerprint) for s in header.sets} >= asked
            now, then = new.header.identity, header.identity
            if same and then.build == active.build and (then.chat_model, then.code) == (now.chat_model, now.code):
                return load_run(str(folder.path), home)
    stand = standing(own, source.guide, guides, source.maps)
    source.prepare(stand.questions, others is not None)
    return run(source, stand, home, at, reuse=True, elsewhere=others, step=step)
