"""The registers of all enterprises, as an edition concerns them: who may put one in force, what it means there, and following it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.adapters.builds import Manifest
from assistant.adapters.editions import Editions
from assistant.adapters.standing import standing
from assistant.errors import EditionError, IndexMissing
from assistant.families import apart, combined, labels_of
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.plans.fates import Adopted, Adoption
from assistant.register.acts.standing import last_stood, stands
from assistant.register.facts.moves import Moves
from assistant.register.facts.profile import Profile
from assistant.register.rules.people.roles import require

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from assistant.enterprises import Enterprises
    from assistant.register.ports import Workspace, Writing


def follow(enterprises: Enterprises, at: datetime) -> dict[str, Adopted]:
    """Let every register that was left behind (somebody was killed in between) follow the edition in force; cheap when none was."""
    there = (enterprises.settings.home / "active.json").exists()
    return Registers(enterprises).follow(Who("", at, "edition")) if there else {}


class Registers:
    """The registers of all enterprises, as an edition concerns them."""

    def __init__(self, enterprises: Enterprises) -> None:
        self.settings, self.enterprises = enterprises.settings, enterprises
        self.store = Editions(self.settings.home)
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
            news = apart(guide) if len(labels_of(guide.edition)) > 1 else {self.store.manifest(guide.edition).family: guide}
        except (EditionError, IndexMissing):
            return Moves(before, guide.edition)
        found = moves_together(apart(combined(olds)) if len(olds) > 1 else olds, news, before, guide.edition)
        return found.mapped({a: b for m in self.store.all() for a, b in self._went(m, olds, news).items()})

    def _went(self, manifest: Manifest, olds: Mapping[str, Guide], news: Mapping[str, Guide]) -> dict[str, tuple[str, ...]]:
        """Where a lead says that clauses went, in the ids that they have in force; only for what is exchanged here."""
        if manifest.family not in news or manifest.family not in olds:
            return {}
        if manifest.edition not in labels_of(news[manifest.family].edition):
            return {}
        prefix = next(iter(news[manifest.family].clauses), "").rpartition(":")[0]
        front = f"{prefix}:" if prefix else ""
        went = self.store.maps(manifest).get(olds[manifest.family].edition, {})
        return {f"{front}{a}": tuple(f"{front}{c}" for c in b) for a, b in went.items()}

    def follow(self, who: Who) -> dict[str, Adopted]:
        """Every register that follows another edition than the active one adopts that."""
        store = self.store
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


def may(registers: Registers, who: Who) -> None:
    """Leads and admins of a registered enterprise may; where there is none, the lead of the settings.

    Raises:
        RegisterError: the actor may not.
    """
    planned = registers.planned()
    if not planned:
        require("activate", {"lead"} if who.actor == registers.settings.lead else {"stranger"}, who.actor, who.origin)
    for workspace in planned:
        registers.service(workspace).require("activate", who)


def _profile(workspace: Workspace) -> Profile:
    return Profile.model_validate(workspace.profile)
