"""``aeo evidence offered``: accepted evidence of an older edition for the clauses that took the place of its own."""

from __future__ import annotations

from pathlib import Path

import typer

from assistant.adapters.editions import Editions
from assistant.errors import RegisterError
from assistant.register.acts.in_bulk.offers import offers, take
from assistant.register.ports import WITH_WITHDRAWN
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, document, opened
from connectors.cli.output import JSON_OPTION, emit, write


def offered(
    slots: list[str] = typer.Option([], "--take"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """List what earlier evidence may serve, or hand it in for slots."""
    desk = opened(profile, actor)
    service = desk.synced() if slots else desk.service
    found = offers(service.entries(desk.now, WITH_WITHDRAWN), Editions(desk.settings.home).went())
    if slots:
        by_slot = {o.slot.slot.id: o for o in reversed(found)}
        for slot in (s for s in slots if s not in by_slot):
            raise RegisterError("register.nothing_offered", slot=slot)
        done = [take(service, by_slot[slot], desk.who) for slot in dict.fromkeys(slots)]
        if json_:
            emit([document(e, desk.today) for e in done])
        else:
            write(say("evidence.offers_taken", desk.settings.lang, count=len(done)))
        return
    if json_:
        emit([{"slot": o.slot.slot.id, "text": o.slot.slot.text, "from": o.source.slot.id, "was": o.source.slot.text} for o in found])
        return
    for o in found:
        here, there = (f"{e.slot.id}  {e.slot.text.splitlines()[0][:40]}" for e in (o.slot, o.source))
        write(f"{here}  ←  {there}")
    write(say("evidence.offers", desk.settings.lang, count=len(found)))
