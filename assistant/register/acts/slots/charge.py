"""Who has a slot, until when, and when it is asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.acts.doing.acting import Acting
from assistant.register.facts.events import Draft
from assistant.register.facts.naming import Roster
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader
from assistant.register.rules.evidence import life

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who


class Charges(Acting):
    """Owners and dates of slots."""

    def snooze(self, slot: str, until: date, who: Who, reason: str = "") -> Entry:
        """Ask for this slot again only from a date on."""
        with self._acting(slot, "snooze", who) as (tx, entry, me):
            draft = life.snooze(entry, until, me.actor, me.at, self.policy.longest_snooze_days, reason, me.origin)
            return self._one(tx, draft, entry)

    def reassign(self, slot: str, to: str, who: Who) -> Entry:
        """Give one slot to somebody else."""
        with self._acting(slot, "reassign", who) as (tx, entry, me):
            return self._one(tx, life.reassign(entry, Roster(tx.people()).id_of(to), me.actor, me.at, me.origin), entry)

    def set_due(self, slot: str, due: date | None, who: Who) -> Entry:
        """Set a slot's due date; None: the one that follows from the rules."""
        with self._acting(slot, "set_due", who) as (tx, entry, me):
            return self._one(tx, life.set_due(entry, due, me.actor, me.at, me.origin), entry)

    def reassign_all(self, slots: Sequence[str], to: str, who: Who) -> tuple[list[Entry], list[RegisterError]]:
        """Give several slots to somebody else as one act: what was given, and why the others were not.

        Raises:
            RegisterError: none of them could be given. Repeated: it was done already.
        """

        def given(tx: RegisterReader, entry: Entry, me: Who, _: str) -> list[Draft]:
            return [life.reassign(entry, Roster(tx.people()).id_of(to), me.actor, me.at, me.origin)]

        return self._each(slots, "reassign", who, given)

    def set_due_all(self, slots: Sequence[str], due: date, who: Who) -> tuple[list[Entry], list[RegisterError]]:
        """Set the due date of several slots as one act: what was set, and why the others were not.

        Raises:
            RegisterError: none of them could be set. Repeated: it was done already.
        """
        return self._each(slots, "set_due", who, lambda tx, e, me, _: [life.set_due(e, due, me.actor, me.at, me.origin)])
