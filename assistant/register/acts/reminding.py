"""The lead's own reminder to one owner, now: beside the schedule of the nudges, which it does not move."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.register.acts.delivery import line
from assistant.register.acts.service import RegisterService, Who
from assistant.register.facts.outbox import Message
from assistant.register.ports import Filter

REMINDED = "reminded"
"""The kind of such a message."""


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
            kind=REMINDED,
            recipient=person,
            dedup=f"{REMINDED}:{person}:{who.event_id or who.at.isoformat()}",
            payload={
                "edition": workspace.edition if workspace else "",
                "enterprise": workspace.profile.get("enterprise", "") if workspace else "",
                "by": who.actor,
                "more": more,
                "slots": [line(found[key], "reminder", day) for key in slots if key in found],
            },
            slots=tuple(slots),
            created_at=who.at,
        )
        tx.enqueue(message)
    return message.id
