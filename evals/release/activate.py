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

from assistant.adapters.editions import Active, Editions, Manifest
from assistant.adapters.standing import standing
from assistant.enterprises import Enterprises
from assistant.errors import EditionError, IndexMissing
from assistant.families import JOINT, apart, combined, ordered
from assistant.guide import Guide
from assistant.register.acts.fates import Adopted
from assistant.register.acts.service import Adoption, Who
from assistant.register.acts.standing import last_stood, stands
from assistant.register.facts.moves import Moves
from assistant.register.facts.profile import Profile
from assistant.register.rules.roles import require
from assistant.settings import Settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from assistant.register.ports import Register, Workspace, Writing
    from evals.release.examine import Verdict

log = logging.getLogger("aeo.editions")
Step = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Activated:
    """What an activation found and did. ``active`` is None when a gate failed: then nothing changed.

    ``registers`` holds what became of each enterprise's slots, by workspace.
    """

    edition: str
    verdict: Verdict | None
    active: Active | None
    registers: dict[str, Adopted]


def examined(
    settings: Settings,
    edition: str,
    at: datetime,
    step: Step = lambda stage, done, total: None,
    registers: Mapping[str, Adopted] | None = None,
) -> Verdict:
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


def follow(settings: Settings, register: Register, at: datetime) -> dict[str, Adopted]:
    """Let every register that was left behind (somebody was killed in between) follow the edition in force; cheap when none was."""
    store = Editions(settings.home)
    if not (settings.home / "active.json").exists():
        return {}
    return Registers(settings, register).follow(store, Who("", at, "edition"))


class Registers:
    """The registers of all enterprises, as an edition concerns them."""

    def __init__(self, settings: Settings, register: Register | None) -> None:
        self.settings = settings
        self.enterprises = Enterprises(settings, register)
        self.store = Editions(settings.home)
        self.planned = self.enterprises.planned
        self.service = self.enterprises.of

    def writing(self, workspace: Workspace) -> AbstractContextManager[Writing]:
        """A transaction of one workspace."""
        return self.enterprises.register.writing(workspace.key)

    def stood(self, who: Who, adopted: dict[str, Adopted]) -> dict[str, Adopted]:
        """Write down in every log what it rests on from here on; what was adopted, as it was given."""
        for workspace in self.planned():
            with self.writing(workspace) as tx:
                before = last_stood(tx) or {}
            profile = {n: h for n, h in before.items() if n == "profile.yaml"}
            stands(self.service(workspace), standing(self.settings, None) | profile, who)
        return adopted

    def weigh(self, workspace: Workspace, guide: Guide, at: datetime) -> Adopted:
        """What an edition would mean for one workspace; nothing is changed."""
        return self.service(workspace).weigh(guide, _profile(workspace), self.moves(workspace.edition, guide), at)

    def moves(self, before: str, guide: Guide) -> Moves:
        """How the edition that a register follows lives on; when it is gone, only what is the same is known again."""
        from ingest.compare.moves import moves_together

        try:
            olds = self.store.guides(before)
            news = apart(guide) if JOINT in guide.edition else {self.store.manifest(guide.edition).family: guide}
        except (EditionError, IndexMissing):
            return Moves(before, guide.edition)
        found = moves_together(apart(combined(olds)) if len(olds) > 1 else olds, news, before, guide.edition)
        return found.mapped({a: b for m in self.store.all() for a, b in self._went(m, olds, news).items()})

    def _went(self, manifest: Manifest, olds: Mapping[str, Guide], news: Mapping[str, Guide]) -> dict[str, tuple[str, ...]]:
        """Where a lead says that clauses went, in the ids that they have in force; only for what is exchanged here."""
        if manifest.family not in news or manifest.family not in olds:
            return {}
        if manifest.edition not in news[manifest.family].edition.split(JOINT):
            return {}
        prefix = next(iter(news[manifest.family].clauses), "").rpartition(":")[0]
        front = f"{prefix}:" if prefix else ""
        went = self.store.maps(manifest).get(olds[manifest.family].edition, {})
        return {f"{front}{a}": tuple(f"{front}{c}" for c in b) for a, b in went.items()}

    def follow(self, store: Editions, who: Who) -> dict[str, Adopted]:
        """Every register that follows another edition than the active one adopts that."""
        active = store.latest()
        label = store.label_in_force() if active is not None else ""
        behind = [w for w in self.planned() if active is not None and w.edition != label]
        if active is None or not behind:
            return {}
        guide = store.guide_of()
        found: dict[str, Adopted] = {}
        for workspace in behind:
            mark = f"{active.activated}:{workspace.edition}>{label}"
            words = Adoption(mark, "edition_back" if active.back else "edition")
            by = who if who.actor else Who(active.by or workspace.lead, who.at, who.origin)
            adopted = self.service(workspace).adopt(guide, _profile(workspace), self.moves(workspace.edition, guide), by, words)
            found[workspace.key] = adopted
        return found


def may(settings: Settings, who: Who, registers: Registers | None = None) -> None:
    """Leads and admins of a registered enterprise may; where there is none, the lead of the settings.

    Raises:
        RegisterError: the actor may not.
    """
    registers = registers or Registers(settings, None)
    planned = registers.planned()
    if not planned:
        require("activate", {"lead"} if who.actor == settings.lead else {"stranger"}, who.actor, who.origin)
    for workspace in planned:
        registers.service(workspace).require("activate", who)


def _profile(workspace: Workspace) -> Profile:
    return Profile.model_validate(workspace.profile)
