"""The register of one enterprise: every act on it and every question to it. Surfaces translate and call this.

Acts take the acting person, the moment and where they come from; each is one transaction. ``at`` is always passed in. Handing in,
reviewing, being in charge and the past stand in rooms of their own; here is what follows from the guide: the plan and its editions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from assistant.guide import Guide
from assistant.register.acts.doing.past import Past
from assistant.register.acts.doing.recording import record
from assistant.register.acts.log.following import followed
from assistant.register.acts.plans.adopt import carried, move_places, notices
from assistant.register.acts.plans.fates import Adopted, Adoption, Carries, fates, unowed
from assistant.register.acts.plans.planning import MergedPlan, bring_in, foreseen, overlaid, same_edition
from assistant.register.acts.slots.charge import Charges
from assistant.register.acts.slots.handing_in import HandsIn
from assistant.register.acts.slots.reviewing import Reviews
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Carried, Exported
from assistant.register.facts.moves import Moves
from assistant.register.facts.outbox import Message
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Entry
from assistant.register.ports import ALL, WITH_WITHDRAWN, Filter, RegisterReader, Workspace
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.people.nudges import Decision, decide, due_of

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who


class RegisterService(HandsIn, Reviews, Charges, Past):
    """The register of one workspace over its ports."""

    def sync(self, guide: Guide, profile: Profile, who: Who) -> MergedPlan:
        """Bring the plan of this moment into the register; nothing handed in is lost, unchanged plans change nothing.

        Raises:
            RegisterError: the register follows another edition, and must adopt this one.
        """
        with self.register.writing(self.workspace, who.by) as tx:
            same_edition(tx.workspace(), guide)
            return bring_in(tx, self.workspace, guide, profile, self.rules, who.at, who.actor, who.origin)

    def planned(self, guide: Guide, profile: Profile, at: datetime) -> MergedPlan:
        """What ``sync`` would make of the register; nothing is changed."""
        with self.register.reading(self.workspace) as tx:
            same_edition(tx.workspace(), guide)
            return foreseen(tx, guide, profile, self.rules, at)

    def weigh(self, guide: Guide, profile: Profile, moves: Moves, at: datetime) -> Adopted:
        """What adopting an edition would mean for every slot; nothing is changed."""
        with self.register.reading(self.workspace) as tx:
            return self._weighed(tx, guide, profile, moves, at)[0]

    def adopt(self, guide: Guide, profile: Profile, moves: Moves, who: Who, words: Adoption) -> Adopted:
        """Put another edition in force for the register, in one transaction: plan, carry over, tell the owners of changed lines.

        A register that follows this edition already is left as it is.
        """
        with self.register.writing(self.workspace, who.by) as tx:
            adopted, known = self._weighed(tx, guide, profile, moves, who.at)
            if adopted.old in ("", guide.edition):
                return adopted
            places = move_places(tx, moves, who.actor, who.at, who.origin)
            drafts = carried(adopted.fates, known, (adopted.old, guide.edition), who.actor, who.at, self.policy)
            bring_in(tx, self.workspace, guide, profile, self.rules, who.at, who.actor, who.origin)
            record(tx, drafts, self.rules)
            today = self.day(who.at)
            entries = {e.slot.key: e for e in tx.entries(today, WITH_WITHDRAWN)}
            adopted = replace(adopted, lost=tuple(places))
            back = words.notice == "edition_back"
            workspace = tx.workspace() or Workspace(self.workspace, self.rules.lead, str(self.rules.zone))
            for message in notices(workspace, adopted, entries, words.mark, today, who.at, back, profile.enterprise):
                tx.enqueue(message)
            return adopted

    def _weighed(self, tx: RegisterReader, guide: Guide, profile: Profile, moves: Moves, at: datetime) -> tuple[Adopted, Carries]:
        before = tx.workspace()
        stored = tx.entries(self.day(at), WITH_WITHDRAWN)
        planned = plan(guide, profile, at.astimezone(self.rules.zone)).slots

        @cache
        def known(slot: str) -> Carried | None:
            carried = (e.says for e in reversed(list(tx.events(slot))) if isinstance(e.says, Carried))
            return next((says for says in carried if len(set(says.editions)) > 1), None)

        found = fates(stored, planned, moves.lines, known, guide.edition)
        lost = tuple(moves.assignments(tx.assignments())[1])
        return Adopted(before.edition if before else "", guide.edition, found, lost, unowed(found, moves.clauses)), known

    def entries(self, at: datetime, where: Filter = ALL, guide: Guide | None = None, profile: Profile | None = None) -> list[Entry]:
        """The slots as they stand. With guide and profile, as a plan of this moment leaves them, without changing anything."""
        with self.register.reading(self.workspace) as tx:
            if guide is None or profile is None:
                return tx.entries(self.day(at), where)
            return [e for e in overlaid(tx, guide, profile, self.rules, at) if where.fits(e, self.day(at))]

    def entry(self, slot: str) -> Entry:
        """One slot by its visible id or its key.

        Raises:
            RegisterError: there is none.
        """
        with self.register.reading(self.workspace) as tx:
            return self._known(tx, slot)

    def preview(self, at: datetime, entries: Sequence[Entry] | None = None) -> Decision:
        """Who would be asked at a moment, and who is held back; nothing is changed. ``entries`` stand for those that are stored."""
        with self.register.reading(self.workspace) as tx:
            workspace = tx.workspace() or Workspace(self.workspace, self.rules.lead, str(self.rules.zone))
            stored, desk = followed(self.register, tx, workspace, self.policy, at)
        due = [d for e in (stored if entries is None else entries) for d in due_of(e, self.workspace, at, self.day(at))]
        return decide(due, replace(desk, lead=self.rules.lead), self.window, at)

    def messages(self, slot: str = "", recipient: str = "", kind: str = "", limit: int = 100) -> list[Message]:
        """What people were told, newest first: about a slot key, to a person, of a kind; with state, receipt and detail."""
        with self.register.reading(self.workspace) as tx:
            return tx.messages(slot, recipient, kind, limit)

    def exported(self, what: str, who: Who, sha256: str = "") -> None:
        """Log that something left the house."""
        self.note([Draft(Exported(what=what, sha256=sha256 or None), who.actor, who.at, who.origin)], who)
