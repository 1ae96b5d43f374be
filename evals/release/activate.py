"""An edition goes live: gates first, then the pointer is swapped in one step, then every register follows.

Killed before the swap, the old edition serves; killed after it, the new one does, and whoever opens the register next has it
follow (``follow``). Readers look at the pointer before every answer, so nothing is restarted and no answer mixes editions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.adapters.builds import Active, Manifest
from assistant.adapters.editions import Editions
from assistant.errors import IndexMissing
from assistant.families import combined, ordered
from assistant.guide import Guide
from assistant.register.acts.fates import Adopted
from assistant.register.acts.who import Who
from assistant.settings import Settings
from evals.release.registers import Registers, may

if TYPE_CHECKING:
    from assistant.register.ports import Register
    from evals.release.examine import Examination

log = logging.getLogger("aeo.editions")
Step = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Activated:
    """What an activation found and did. ``active`` is None when a gate failed: then nothing changed.

    ``registers`` holds what became of each enterprise's slots, by workspace.
    """

    edition: str
    verdict: Examination | None
    active: Active | None
    registers: dict[str, Adopted]


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
    from evals.gates import load_policy
    from evals.release.examine import examine

    own = settings.home / "evals" / "policy.yaml"
    return examine(Assistant(settings), edition, at, policy=load_policy(own if own.exists() else None), registers=registers, step=step)


def preview(settings: Settings, edition: str, at: datetime, register: Register | None = None) -> dict[str, Adopted]:
    """What an edition would mean for every register; nothing is changed.

    Raises:
        EditionError, IndexMissing: no such edition. Unavailable: the database does not answer.
    """
    store = Editions(settings.home)
    registers = Registers(settings, register)
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
    settings: Settings,
    edition: str,
    who: Who,
    step: Step = lambda stage, done, total: None,
    register: Register | None = None,
    override: str = "",
) -> Activated:
    """Put an edition in force if the gates hold, or all the same for a reason that is kept beside who gave it.

    Raises:
        EditionError, IndexMissing: no such edition. RegisterError: the actor may not. Busy: another one is at it.
        Unavailable: the database does not answer; nothing has changed then.
    """
    store = Editions(settings.home)
    registers, override = Registers(settings, register), override.strip()
    may(settings, who, registers)
    with store.lock():
        manifest = store.manifest(edition)
        current = store.pointed(manifest.family)
        if current is not None and current.build == manifest.build:
            return Activated(edition, None, current, registers.stood(who, registers.follow(store, who)))
        verdict = examined(settings, edition, who.at, step, _weighed(registers, _with(store, manifest), who.at))
        if not verdict.passed and not override:
            return Activated(edition, verdict, None, {})
        if not verdict.passed:
            gates = "; ".join(f"{f.rule} {f.score} {f.group}" for f in verdict.failures)
            log.warning("edition %s put in force by %s against its gates (%s): %s", edition, who.actor, gates, override)
        active = store.activate(manifest, who.at, who.actor, "" if verdict.passed else override)
        return Activated(edition, verdict, active, registers.stood(who, registers.follow(store, who)))


def rollback(settings: Settings, who: Who, register: Register | None = None, family: str | None = None) -> Activated:
    """Go back to a family's edition before, at once and without gates: it was in force already. With none before, it leaves force.

    Raises:
        EditionError: there is none, or it is not said which family. RegisterError: the actor may not. Busy: another one is at it.
    """
    store = Editions(settings.home)
    registers = Registers(settings, register)
    may(settings, who, registers)
    with store.lock():
        active = store.rollback(who.at, who.actor, family)
        return Activated(active.edition, None, active, registers.stood(who, registers.follow(store, who)))
