"""The lead's own reminder to one owner, now: beside the schedule of the nudges, which it does not move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.register.acts.doing.who import Who, once
from assistant.register.acts.mentions import mention
from assistant.register.facts.notices.asking import Reminded
from assistant.register.facts.notices.screens import HomeEdit
from assistant.register.facts.outbox import Message
from assistant.register.ports import Filter

if TYPE_CHECKING:
    from assistant.register.acts.service import RegisterService

_LOOKED = 300  # undelivered messages that are looked through


def remind(service: RegisterService, person: str, slots: Sequence[str], more: int, who: Who) -> str:
    """Tell an owner what of these slots (keys) is asked of them and by whom; ``more`` wait besides. Returns the message's id.

    Raises:
        RegisterError: the actor is no lead.
    """
    service.require("set_due", who)
    day = service.day(who.at)
    with service.register.writing(service.workspace) as tx:
        found = {e.slot.key: e for e in tx.entries(day, Filter(keys=tuple(slots)))}
        workspace = tx.workspace()
        message = Message(
            workspace=service.workspace,
            says=Reminded(
                edition=workspace.edition if workspace else "",
                enterprise=workspace.profile.get("enterprise", "") if workspace else "",
                by=who.actor,
                more=more,
                slots=tuple(mention(found[key], "reminder", day) for key in slots if key in found),
            ),
            recipient=person,
            dedup=f"{Reminded.named}:{person}:{who.event_id or who.at.isoformat()}",
            slots=tuple(slots),
            created_at=who.at,
        )
        tx.enqueue(message)
        tx.enqueue(Message(service.workspace, HomeEdit(), who.actor, f"home:{message.id}:0", created_at=who.at))
    return message.id


def resend(service: RegisterService, wanted: Callable[[Message], bool], who: Who) -> int:
    """Try again to deliver what was given up; how many messages.

    Raises:
        RegisterError: the actor is no lead. Repeated: it was done already.
    """
    service.require("set_due", who)
    with service.register.writing(service.workspace) as tx:
        once(tx, who)
        found = [m for m in tx.messages(limit=_LOOKED, stuck=True) if m.state == "failed" and wanted(m)]
        for message in found:
            tx.mark(replace(message, state="pending", attempts=0, detail="", not_before=None, claimed_by="", lease_until=None))
        tx.enqueue(Message(service.workspace, HomeEdit(), who.actor, f"home:{who.event_id or who.at.isoformat()}:0", created_at=who.at))
    return len(found)
