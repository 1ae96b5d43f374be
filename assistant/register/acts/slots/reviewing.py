"""What reviewers do with what was handed in, and what anybody says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from assistant.errors import RegisterError
from assistant.register.acts.doing.acting import Acting
from assistant.register.acts.doing.recording import record
from assistant.register.acts.doing.who import Who, slot_id
from assistant.register.acts.log.history import alike
from assistant.register.acts.slots.review_notes import Shown
from assistant.register.acts.slots.together import reviewed_with
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Returned
from assistant.register.facts.slots import Entry, State
from assistant.register.ports import RegisterReader
from assistant.register.rules.evidence import life
from assistant.register.rules.evidence.telling import tell


class Reviews(Acting):
    """Reviewing."""

    def accept(self, slot: str, who: Who, version: int | None = None, reason: str = "", given: str = "") -> Entry:
        """Accept what is pending: only if it is still this ``version``, and exactly what was shown (``given``, see ``State.given``)."""
        return self._review(slot, "accepted", who, version, reason, given)

    def give_back(
        self, slot: str, reason: str, who: Who, version: int | None = None, given: str = "", lacking: Sequence[str] | None = None
    ) -> Entry:
        """Return what is pending, with a reason and the elements of its line that it lacks (None: those that it did not say it covers)."""
        return self._review(slot, "returned", who, version, reason, given, lacking)

    def _review(
        self,
        slot: str,
        verdict: Literal["accepted", "returned"],
        who: Who,
        version: int | None,
        reason: str,
        given: str,
        lacking: Sequence[str] | None = None,
    ) -> Entry:
        with self._acting(slot, "review", who) as (tx, entry, me):
            drafts = self._verdict(tx, entry, me, verdict, Shown(slot, version, given), reason, lacking)
            changed = record(tx, drafts, self.rules)
            return next(e for e in changed if e.slot.key == entry.slot.key)

    def review_all(
        self,
        shown: Sequence[Shown],
        verdict: Literal["accepted", "returned"],
        who: Who,
        reason: str = "",
        lacking: Mapping[str, Sequence[str]] | None = None,
    ) -> tuple[list[Entry], list[RegisterError]]:
        """Decide on several at once, as one act: what was decided, and why the others were not.

        ``lacking`` is slot (as in ``shown``) -> the elements that its return misses; of others, those that they did not say they cover.

        Raises:
            RegisterError: none of them could be decided. Repeated: it was done already.
        """
        seen = {slot_id(one.slot): one for one in shown}
        missed = {slot_id(slot): names for slot, names in (lacking or {}).items()}
        return self._each(
            list(seen), "review", who, lambda tx, e, me, slot: self._verdict(tx, e, me, verdict, seen[slot], reason, missed.get(slot))
        )

    def _verdict(
        self,
        tx: RegisterReader,
        entry: Entry,
        me: Who,
        verdict: Literal["accepted", "returned"],
        shown: Shown,
        reason: str = "",
        lacking: Sequence[str] | None = None,
    ) -> list[Draft]:
        """The decision on one slot and on what was handed in along with it: only on exactly what was shown."""
        told = tell(tx.events(entry.slot.key), self.rules.zone)
        if not alike(entry.state, told.states.get(entry.slot.key, State())):
            raise RegisterError("register.not_as_told", slot=entry.slot.id)
        try:
            drafts = [life.review(entry, verdict, me.actor, me.at, reason, shown.version, me.origin, shown.given, lacking, me.by)]
        except life.AddedSince:
            pieces = [p.shown for p in told.pieces.get(entry.slot.key, ()) if p.version == entry.state.version]
            raise life.AddedSince("register.added_since", slot=entry.slot.id, pieces=tuple(pieces)) from None
        why = drafts[0].says.reason if isinstance(drafts[0].says, Returned) else reason
        for other in reviewed_with(tx, entry, self.day(me.at)):
            drafts.append(life.review(other, verdict, me.actor, me.at, why, None, me.origin, by=me.by))
        return drafts

    def reopen(self, slot: str, reason: str, who: Who) -> Entry:
        """Take an acceptance back, with a reason (undone by confirming or handing in again, and accepting)."""
        with self._acting(slot, "review", who) as (tx, entry, me):
            return self._one(tx, life.reopen(entry, reason, me.actor, me.at, me.origin), entry)

    def comment(self, slot: str, text: str, who: Who) -> Entry:
        """Say something of a slot; it stands in its history."""
        with self._acting(slot, "see", who) as (tx, entry, me):
            return self._one(tx, life.comment(entry, text, me.actor, me.at, me.origin), entry)
