"""A staged edition put before the leads: evals run, report written, and one message with the verdict and what would change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.register.acts.plans.fates import Adopted
from assistant.register.facts.notices.leading import Staged, WorstCase
from assistant.register.facts.outbox import Message
from evals.release import written
from evals.release.activate import preview

if TYPE_CHECKING:
    from evals.release.activate import Examine
    from evals.release.examine import Examination
    from evals.release.registers import Registers
    from evals.runs.record import Result

WORST = 3  # that a proposal names


@dataclass(frozen=True)
class Proposal:
    """What the leads were told; ``told`` are workspace and lead, empty where nothing is registered yet.

    ``changes`` counts clauses and lines by what became of them against the edition in force; ``renumbered`` and ``retitled`` name the
    clauses that are numbered and the places that are called otherwise. All empty where none is in force.
    """

    verdict: Examination
    report: Path
    registers: dict[str, Adopted]
    told: tuple[tuple[str, str], ...]
    changes: dict[str, dict[str, int]]
    renumbered: list[dict[str, str]] = field(default_factory=list)
    retitled: list[dict[str, str]] = field(default_factory=list)


def propose(
    registers: Registers,
    edition: str,
    at: datetime,
    *,
    examine: Examine,
    step: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Proposal:
    """Examine a staged edition, write the report under ``AEO_HOME/evals/reports`` and tell the leads, once per verdict of a run.

    Raises:
        EditionError, IndexMissing: no such edition. CaseError: sets or policy are wrong. Unavailable: the database is down.
    """
    settings, store = registers.settings, registers.store
    manifest = store.manifest(edition)
    weighed = preview(registers, edition, at)
    verdict = examine(settings, edition, at, step, weighed)
    report = settings.home / "evals" / "reports" / f"{verdict.run.id}.html"
    active, found = store.active(manifest.family), verdict.changes
    written.write(verdict, report, settings.lang)
    changes = found.counts() if found else {}
    renumbered = [r.model_dump() for r in found.renumbered] if found else []
    retitled = [r.model_dump() for r in found.retitled] if found else []
    told = []
    for workspace in registers.planned():
        message = Message(
            workspace=workspace.key,
            says=Staged(
                edition=edition,
                active=active.edition if active else "",
                build=store.manifest(edition).build,
                run=verdict.run.id,
                report=str(report),
                link=f"{settings.reports_url.rstrip('/')}/{report.name}" if settings.reports_url else "",
                passed=verdict.passed,
                cases=len(verdict.run.gated),
                relabel=len(verdict.relabel) + len(verdict.opened),
                failures=len(verdict.failures),
                gates=tuple(f.sentence(settings.lang) for f in verdict.failures[:WORST]),
                worst=tuple(_case(r) for r in verdict.worst[:WORST]),
                changes=changes,
                renumbered=tuple(renumbered),
                retitled=tuple(retitled),
                in_register=weighed[workspace.key].counts(),
            ),
            recipient=workspace.lead,
            dedup=f"staged:{verdict.run.id}:{_mark(verdict)}",
            created_at=at,
        )
        with registers.writing(workspace) as tx:
            if tx.enqueue(message):
                told.append((workspace.key, workspace.lead))
    return Proposal(verdict, report, weighed, tuple(told), changes, renumbered, retitled)


def _mark(verdict: Examination) -> str:
    """Changes when other gates fail, so that a verdict that changed with its base is told again."""
    said = [(f.rule, f.score, f.grouping, f.group) for f in verdict.failures]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8] if said else "passed"


def _case(result: Result) -> WorstCase:
    """A case as a lead reads it: the question, what was expected, what came."""
    nth = next((n for n, t in enumerate(result.turns) if t.scores.get("correct") != 1.0), 0)
    expected, turn = result.case.asked[nth], result.turns[nth]
    got = turn.answer
    cited = tuple(turn.lines) if got is not None and got.answered else ()
    return WorstCase(id=result.case.id, question=expected.question, expected=tuple(expected.lines or expected.clauses), got=cited)
