"""An edition goes live: gates first, then the pointer is swapped in one step, then every register follows.

Killed before the swap, the old edition serves; killed after it, the new one does, and whoever opens the register next has it
follow (``follow``). Readers look at the pointer before every answer, so nothing is restarted and no answer mixes editions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from assistant.adapters.builds import Active, Manifest
from assistant.adapters.editions import Editions
from assistant.errors import IndexMissing
from assistant.families import combined, ordered
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.plans.fates import Adopted
from evals.release.registers import may

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.release.examine import Examination
    from evals.release.registers import Registers

log = logging.getLogger("aeo.editions")
Step = Callable[[str, int, int], None]


class Examine(Protocol):
    """``evals.release.examine.examined``: what all case sets and the edition itself say."""

    def __call__(self, settings: Settings, edition: str, at: datetime, step: Step, registers: Mapping[str, Adopted], /) -> Examination:
        """Examine an edition; ``registers`` is what it would mean for each enterprise."""
        ...


@dataclass(frozen=True)
class Activated:
    """What an activation found and did. ``active`` is None when a gate failed: then nothing changed.

    ``registers`` holds what became of each enterprise's slots, by workspace.
    """

    edition: str
    verdict: Examination | None
    active: Active | None
    registers: dict[str, Adopted]


def preview(registers: Registers, edition: str, at: datetime) -> dict[str, Adopted]:
    """What an edition would mean for every register; nothing is changed.

    Raises:
        EditionError, IndexMissing: no such edition. Unavailable: the database does not answer.
    """
    store = registers.store
    return _weighed(registers, _with(store, store.manifest(edition)), at)


def _with(store: Editions, manifest: Manifest) -> Guide:
    """All that would be in force with that build: its own family's edition exchanged, those of the others as they are."""
    try:
        standing = store.guides()
    except IndexMissing:
        standing = {}
    standing[manifest.family] = store.guide(manifest)
    return combined({family: standing[family] for family in ordered(list(standing))})


def _weighed(registers: Registers, guide: Guide, at: datetime) -> dict[str, Adopted]:
    return {w.key: registers.weigh(w, guide, at) for w in registers.planned()}


def activate(
    registers: Registers,
    edition: str,
    who: Who,
    *,
    examine: Examine,
    step: Step = lambda stage, done, total: None,
    override: str = "",
) -> Activated:
    """Put an edition in force if the gates hold, or all the same for a reason that is kept beside who gave it.

    Raises:
        EditionError, IndexMissing: no such edition. RegisterError: the actor may not. Busy: another one is at it.
        Unavailable: the database does not answer; nothing has changed then.
    """
    store, override = registers.store, override.strip()
    may(registers, who)
    with store.lock():
        manifest = store.manifest(edition)
        current = store.pointed(manifest.family)
        if current is not None and current.build == manifest.build:
            return Activated(edition, None, current, registers.stood(who, registers.follow(who)))
        verdict = examine(registers.settings, edition, who.at, step, _weighed(registers, _with(store, manifest), who.at))
        if not verdict.passed and not override:
            return Activated(edition, verdict, None, {})
        if not verdict.passed:
            gates = "; ".join(f"{f.rule} {f.score} {f.group}" for f in verdict.failures)
            log.warning("edition %s put in force by %s against its gates (%s): %s", edition, who.actor, gates, override)
        active = store.activate(manifest, who.at, who.actor, "" if verdict.passed else override)
        return Activated(edition, verdict, active, registers.stood(who, registers.follow(who)))


def rollback(registers: Registers, who: Who, family: str | None = None) -> Activated:
    """Go back to a family's edition before, at once and without gates: it was in force already. With none before, it leaves force.

    Raises:
        EditionError: there is none, or it is not said which family. RegisterError: the actor may not. Busy: another one is at it.
    """
    store = registers.store
    may(registers, who)
    with store.lock():
        active = store.rollback(who.at, who.actor, family)
        return Activated(active.edition, None, active, registers.stood(who, registers.follow(who)))
