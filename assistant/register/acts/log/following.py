"""What the log tells of who is asked for what: nobody is reminded, and nobody left out, for what was written into a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.register.acts.log.desks import desk_for, desk_of, desk_with, met
from assistant.register.acts.log.history import as_told
from assistant.register.acts.log.ledger import ledger_of
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, Register, RegisterReader, Workspace
from assistant.register.rules.people.nudges import Staff, scheduled, woken


def followed(
    register: Register, tx: RegisterReader, workspace: Workspace, policy: Policy, at: datetime, keys: Sequence[str] = ()
) -> tuple[list[Entry], Staff]:
    """The slots of the plan (all, or by key) with their charge, dates and next reminders, and the people who may be asked.

    A log that cannot be read, or (of an early version) tells no lead, leaves them as they are stored: ``evidence verify`` says so.
    """
    zone = ZoneInfo(workspace.zone)
    stored = tx.entries(at.astimezone(zone).date(), Filter(keys=tuple(keys), withdrawn=True))
    try:
        told = ledger_of(register).told(tx, zone)
    except RegisterError:
        return stored, desk_of(tx, workspace)
    if not told.lead:
        return stored, desk_of(tx, workspace)
    planned = [replace(e, planned=True) for e in as_told((e for e in stored if e.slot.key in told.planned), told, zone)]
    entries = [woken(scheduled(e, policy, zone), policy, zone, at) for e in planned]
    led, absences = replace(workspace, lead=told.lead), told.absences.values()
    if not keys:
        return entries, desk_with(led, tx.people(), absences)
    return entries, desk_for(tx, led, *met(entries, absences), absences=absences)
