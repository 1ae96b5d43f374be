"""What reviewers do with what was handed in, and what anybody says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from assistant.errors import RegisterError
from assistant.register.acts.doing.acting import Acting
from assistant.register.acts.doing.recording import record
from assistant.register.acts.doing.who import Who, slot_id
from assistant.register.acts.log.history import alike
from assistant.register.acts.slots.review_notes import Shown
from assistant.register.acts.slots.together import reviewed_with
from assistant.register.facts.events import Draft
from assistant.register.facts.handed_in import UNSEEN, Seen
from assistant.register.facts.happened import Accepted, Returned
from assistant.register.facts.slots import Entry, State
from assistant.register.ports import RegisterReader
from assistant.register.rules.evidence import life
from assistant.register.rules.evidence.shortfall import enumerated
from assistant.register.rules.evidence.telling import tell


class Reviews(Acting):
    """Reviewing."""

    def accept(self, slot: str, who: Who, version: int | None = None, reason: str = "", given: str = "", seen: Seen = UNSEEN) -> Entry:
        """Accept what is pending: only if it is still this ``version``, and exactly what was shown (``given``, see ``State.given``).

        ``seen`` is what the reviewer found in it; without it, what the submission says of itself counts.

        Raises:
            NotTicked: neither says what of the line it covers.
        """
        return self._review(slot, "accepted", who, version, reason, given, seen=seen)

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
        seen: Seen = UNSEEN,
    ) -> Entry:
        with self._acting(slot, "review", who) as (tx, entry, me):
            drafts = self._verdict(tx, entry, me, verdict, Shown(slot, version, given), reason, lacking, seen)
            changed = record(tx, drafts, self.rules)
            return next(e for e in changed if e.slot.key == entry.slot.key)

    def review_all(
        self,
        shown: Sequence[Shown],
        verdict: Literal["accepted", "returned"],
        who: Who,
        reason: str = "",
        lacking: Mapping[str, Sequence[str]] | None = None,
        saw: Mapping[str, Seen] | None = None,
    ) -> tuple[list[Entry], list[RegisterError]]:
        """Decide on several at once, as one act: what was decided, and why the others were not.

        ``lacking`` is slot (as in ``shown``) -> the elements that its return misses; of others, those that they did not say they cover.
        ``saw`` is slot -> what its reviewer found in it.

        Raises:
            RegisterError: none of them could be decided. Repeated: it was done already.
        """
        seen = {slot_id(one.slot): one for one in shown}
        missed = {slot_id(slot): names for slot, names in (lacking or {}).items()}
        found = {slot_id(slot): one for slot, one in (saw or {}).items()}

        def decided(tx: RegisterReader, e: Entry, me: Who, slot: str) -> list[Draft]:
            return self._verdict(tx, e, me, verdict, seen[slot], reason, missed.get(slot), found.get(slot, UNSEEN), saw, missed)

        return self._each(list(seen), "review", who, decided)

    def _verdict(
        self,
        tx: RegisterReader,
        entry: Entry,
        me: Who,
        verdict: Literal["accepted", "returned"],
        shown: Shown,
        reason: str = "",
        lacking: Sequence[str] | None = None,
        seen: Seen = UNSEEN,
        known: Mapping[str, Seen] | None = None,
        missed: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Draft]:
        """The decision on one slot and on what was handed in along with it: only on exactly what was shown.

        ``lacking`` is of all of them where ``missed`` (slot -> elements) does not name one apart.
        """
        told = tell(tx.events(entry.slot.key), self.rules.zone)
        if not alike(entry.state, told.states.get(entry.slot.key, State())):
            raise RegisterError("register.not_as_told", slot=entry.slot.id)
        pieces = [p for p in told.pieces.get(entry.slot.key, ()) if p.version == entry.state.version]
        given, reason = shown.given, reason or enumerated(lacking or ())
        try:
            one = life.review(entry, verdict, me.actor, me.at, reason, shown.version, me.origin, given, lacking, me.by, pieces, seen)
        except life.AddedSince:
            raise life.AddedSince("register.added_since", slot=entry.slot.id, pieces=tuple(p.shown for p in pieces)) from None
        why = one.says.reason if isinstance(one.says, Returned) else reason
        whole = isinstance(one.says, Accepted) and not one.says.partial  # only then are the others asked about
        drafts = [one]
        for other in reviewed_with(tx, entry, self.day(me.at)):
            theirs = [p for p in tx.pieces([other.slot.key]) if p.version == other.state.version]
            saw = (known or {}).get(other.slot.key) or replace(seen, count=0)
            lacks = (missed or {}).get(other.slot.key) or [e for e in lacking or () if e in other.slot.ticks] or None
            drafts.append(
                life.review(other, verdict, me.actor, me.at, why, None, me.origin, "", lacks, me.by, theirs, saw, along=not whole)
            )
        return drafts

    def reopen(self, slot: str, reason: str, who: Who) -> Entry:
        """Take an acceptance back, with a reason (undone by confirming or handing in again, and accepting)."""
        with self._acting(slot, "review", who) as (tx, entry, me):
            return self._one(tx, life.reopen(entry, reason, me.actor, me.at, me.origin), entry)

    def comment(self, slot: str, text: str, who: Who) -> Entry:
        """Say something of a slot; it stands in its history."""
        with self._acting(slot, "see", who) as (tx, entry, me):
            return self._one(tx, life.comment(entry, text, me.actor, me.at, me.origin), entry)
