"""Whether somebody may do something with a slot right now, asked before a form is filled in. The act itself asks again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.acts.log.rights import entitled
from assistant.register.facts.handed_in import Piece, Seen
from assistant.register.facts.slots import Entry
from assistant.register.rules.evidence import life
from assistant.register.rules.people.roles import Action

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who
    from assistant.register.acts.service import RegisterService


def allowed(service: RegisterService, slot: str, action: Action, who: Who, again: bool = False) -> Entry:
    """The slot (by id or key), if the act would not be refused whatever is filled in; ``again``: what was accepted may be replaced.

    Raises:
        RegisterError: the sentence that the act itself would end in.
    """
    at = who.at.astimezone(service.rules.zone)
    with service.register.reading(service.workspace) as tx:
        entry = tx.entry(slot)
        if entry is None:
            raise RegisterError("register.no_slot", slot=slot)
        entitled(tx, action, who.actor, who.origin, entry, service.lead_of(tx), service.day(who.at))
    if action == "submit":
        again = again or entry.renews(at.date(), service.policy.renew_days)
        life.submit(entry, [Piece("note", "?")], who.actor, at, again)
    elif action == "na":
        life.claim_na(entry, "?x", who.actor, at)
    elif action == "snooze":
        life.snooze(entry, at.date() + timedelta(days=1), who.actor, at, service.policy.longest_snooze_days)
    elif action == "review":
        life.review(entry, "accepted", who.actor, at, seen=Seen(whole=True, until=at.date()))
    return entry
