"""One act: who it is, whether they may, in one transaction; what every part of the register's service rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.register.acts.doing.recording import Announce, Rules, record
from assistant.register.acts.doing.who import LONGEST_NAME, Who, once, slot_id
from assistant.register.acts.log.ledger import ledger_of
from assistant.register.acts.log.rights import entitled, told_rights
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Carried, Reopened, Returned
from assistant.register.facts.naming import Roster
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry
from assistant.register.ports import Files, Register, RegisterReader, Writing
from assistant.register.rules.evidence import life
from assistant.register.rules.evidence.telling import ToldRegister
from assistant.register.rules.people.roles import Action
from assistant.register.rules.people.workdays import Window, WorkCalendar

_YEARS = re.compile(r"(?:…|\.{2,})[^#]*")
"""What a list writes behind the first year where several stand alike."""


class Acting:
    """One workspace over its ports, and how something is done in it."""

    def __init__(
        self,
        workspace: str,
        register: Register,
        files: Files,
        policy: Policy,
        lead: str,
        zone: ZoneInfo,
        calendar: WorkCalendar | None = None,
        announce: Announce | None = None,
    ) -> None:
        self.workspace = workspace
        self.register = register
        self.files = files
        self.policy = policy
        self.rules = Rules(policy, lead, zone, announce)
        self.window = Window(policy, calendar or WorkCalendar())

    def require(self, action: Action, who: Who) -> None:
        """Refuse an act on the register as a whole to those who may not.

        Raises:
            RegisterError: says whose it is.
        """
        with self.register.reading(self.workspace) as tx:
            entitled(tx, action, who.actor, who.origin, None, self.lead_of(tx), self.day(who.at))

    def day(self, at: datetime) -> date:
        """The date of a moment in the enterprise's zone."""
        return at.astimezone(self.rules.zone).date()

    def note(self, drafts: Iterable[Draft], who: Who) -> None:
        """Log events that concern the register and not one slot."""
        with self.register.writing(self.workspace, who.by) as tx:
            record(tx, drafts, self.rules)

    def lead_of(self, tx: RegisterReader) -> str:
        """The compliance lead: whom the register was planned with, before that whom the profile names."""
        workspace = tx.workspace()
        return workspace.lead if workspace is not None and workspace.lead else self.rules.lead

    def told(self, tx: RegisterReader) -> ToldRegister:
        """What the log tells now; to be read only.

        Raises:
            RegisterError: an event was written by no version of this product.
        """
        return ledger_of(self.register).told(tx, self.rules.zone)

    @contextmanager
    def _acting(self, slot: str, action: Action, who: Who) -> Iterator[tuple[Writing, Entry, Who]]:
        """A transaction on one slot by somebody who may; who they are, and the moment in the enterprise's zone."""
        if not who.actor or life.clean(who.actor, LONGEST_NAME) != who.actor:
            raise RegisterError("register.no_actor")
        with self.register.writing(self.workspace, who.by) as tx:
            once(tx, who)
            yield tx, *self._allowed(tx, slot, action, who)

    def _allowed(self, tx: RegisterReader, slot: str, action: Action, who: Who, told: ToldRegister | None = None) -> tuple[Entry, Who]:
        """One slot, for somebody who may act on it so; who they are, and the moment in the enterprise's zone."""
        roster = Roster(tx.people())
        entry = canonical(self._known(tx, slot), roster)
        by = roster.id_of(who.by) if who.by else ""
        me = replace(who, actor=roster.id_of(who.actor), at=who.at.astimezone(self.rules.zone), by=by)
        entitled(tx, action, who.actor, who.origin, entry, self.lead_of(tx), self.day(who.at), told)
        return entry, me

    def _each(
        self, slots: Sequence[str], action: Action, who: Who, make: Callable[[RegisterReader, Entry, Who, str], list[Draft]]
    ) -> tuple[list[Entry], list[RegisterError]]:
        """One act on several slots, in one transaction: those that allow it, and the refusals of the others."""
        drafts: dict[str, Draft] = {}
        refused: list[RegisterError] = []
        with self.register.writing(self.workspace, who.by) as tx:
            once(tx, who)
            told = told_rights(tx)
            for slot in dict.fromkeys(slots):
                try:
                    entry, me = self._allowed(tx, slot, action, who, told)
                    if entry.slot.key not in drafts:
                        drafts |= {d.slot: d for d in make(tx, entry, me, slot) if d.slot not in drafts}
                except RegisterError as error:
                    refused.append(error)
            if refused and not drafts:
                raise refused[0]
            changed = {e.slot.key: e for e in record(tx, drafts.values(), self.rules)} if drafts else {}
        return [changed[key] for key in drafts], refused

    def _one(self, tx: Writing, draft: Draft, entry: Entry) -> Entry:
        changed = record(tx, [draft], self.rules)
        return next(e for e in changed if e.slot.key == entry.slot.key)

    def _known(self, tx: RegisterReader, slot: str) -> Entry:
        entry = tx.entry(slot_id(slot))
        if entry is None and (several := _YEARS.search(slot)):
            raise RegisterError("register.several_years", typed=slot, one=slot[: several.start()] + slot[several.end() :])
        if entry is None:
            raise RegisterError("register.no_slot", slot=slot)
        return entry


def canonical(entry: Entry, roster: Roster) -> Entry:
    """The entry with everybody in it by their id, so that two spellings are one person."""
    state, held = entry.state, entry.held
    people = replace(held, owner=roster.id_of(held.owner), deputy=roster.id_of(held.deputy), reviewer=roster.id_of(held.reviewer))
    submitters = tuple(dict.fromkeys(roster.id_of(s) for s in state.submitters))
    return replace(
        entry,
        state=replace(state, submitters=submitters),
        held=people,
        owner=roster.id_of(entry.owner),
        reviewer=roster.id_of(entry.reviewer),
    )


def returned_by_edition(tx: RegisterReader, entry: Entry) -> bool:
    """Whether it was an edition that returned it: so an earlier version's log says what is called to confirm now."""
    if entry.state.name != "returned":
        return False
    last = next((e.says for e in reversed(list(tx.events(entry.slot.key))) if isinstance(e.says, Carried | Returned | Reopened)), None)
    return isinstance(last, Carried) and last.was.name != "returned"
