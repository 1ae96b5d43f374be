"""One enterprise as a conversation meets it: its register, guide, profile and rules of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.conversation.scene import Scene, links_of
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.in_bulk.offers import Offer, offers, take
from assistant.register.acts.slots.together import reviewed_with
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile
from assistant.register.ports import WITH_WITHDRAWN, Filter

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.plans.planning import MergedPlan
    from assistant.register.acts.service import RegisterService
    from assistant.register.facts.slots import Entry


@dataclass(frozen=True)
class Desk:
    """One enterprise's register. ``profile`` is None where no profile was written yet: questions work, evidence is not set up.

    ``keep`` writes the profile down again; None where a conversation may not change it. ``went`` tells where the clauses of older
    editions went, as a lead confirmed it.
    """

    team: str
    service: RegisterService
    guide: Guide
    profile: Profile | None
    policy: Policy
    keep: Callable[[Profile], None] | None = None
    went: Callable[[], Mapping[str, Sequence[str]]] = dict

    @property
    def workspace(self) -> str:
        """The register's name of the enterprise."""
        return self.service.workspace

    @property
    def lead(self) -> str:
        """The compliance lead, as the register names people; with several workspaces that of the profile, or nobody (empty)."""
        return self.service.rules.lead

    def declare(self, fresh: Profile, who: Who) -> MergedPlan:
        """Write the profile and bring the plan up to date; the register's change.

        Raises:
            AeoError: it cannot be written, or the register refuses it.
        """
        assert self.keep is not None, "somebody who may not change it was let through"
        self.keep(fresh)
        return self.service.sync(self.guide, fresh, who)

    def offers(self, at: datetime) -> dict[str, Offer]:
        """By slot (key), what was accepted for a clause of an older edition and may serve it now; of several the first."""
        went = self.went()
        found = offers(self.service.entries(at, WITH_WITHDRAWN), went) if went else []
        return {o.slot.slot.key: o for o in reversed(found)}

    def offered(self, shown: Iterable[Entry], at: datetime) -> dict[str, Entry]:
        """By slot (key), the older one whose accepted evidence may serve it; looked for where one of those shown may have one."""
        into = {clause for news in self.went().values() for clause in news}
        if not any(e.state.name == "missing" and e.slot.clause in into for e in shown):
            return {}
        return {slot: offer.source for slot, offer in self.offers(at).items()}

    def take(self, slot: str, who: Who) -> Entry:
        """Hand in for a slot (key) what is offered for it; it waits for its reviewer like anything handed in.

        Raises:
            RegisterError: nothing is offered for it, or the actor may not.
        """
        entry = self.service.entry(slot)
        if (offer := self.offers(who.at).get(entry.slot.key)) is None:
            raise RegisterError("register.nothing_offered", slot=entry.slot.id)
        return take(self.service, offer, who)

    def scene(self, keys: Iterable[str], at: datetime, lang: str, reader: str = "") -> Scene:
        """What is shown of some slots (by key) at a moment, to one reader."""
        service, wanted = self.service, tuple(dict.fromkeys(keys))
        today = service.day(at)
        with service.register.reading(self.workspace) as tx:
            found = service.as_told(tx, tx.entries(today, Filter(keys=wanted, withdrawn=True))) if wanted else []
            papers = [e for e in found if e.slot.joined and e.state.name == "submitted"]
            along = [o for e in papers for o in reviewed_with(tx, e, today)]
            pieces = tuple(service.given(tx, wanted)) if wanted else ()
            people, workspace = tx.people(), tx.workspace()
            links = links_of(tx, wanted, reader) if reader and any(p.kind == "file" for p in pieces) else {}
        edition = workspace.edition if workspace else ""
        shown = {e.slot.key: e for e in (*along, *found)}
        return Scene(lang, str(service.rules.zone), today, self.lead, shown, people, pieces, edition, links, self.offered(found, at))
