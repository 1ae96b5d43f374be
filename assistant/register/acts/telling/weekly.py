"""The lead's summary of a week: how things stand, and where the log ends, so that whoever rewrites it later is found out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.register.acts.log.desks import desk_of
from assistant.register.acts.log.history import readably_told
from assistant.register.facts.notices.leading import Week
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Held
from assistant.register.ports import Register, RegisterReader, Workspace, overdue
from assistant.register.rules.people.in_charge import acting as stands_in
from assistant.register.rules.people.in_charge import by_person
from assistant.register.rules.people.workdays import Window


def summarise(register: Register, window: Window, at: datetime, only: str | None = None) -> int:
    """Store each lead's summary once a week, from the first moment of the week at which they may be asked; how many are new.

    They are stored for whoever delivers next; a second worker, or a second run, stores none.
    """
    stored = 0
    for workspace in register.workspaces():
        if only not in (None, workspace.key):
            continue
        with register.reading(workspace.key) as tx:
            zone = desk_of(tx, workspace).zone_of(workspace.lead)
            day = at.astimezone(zone).date()
            year, week, _ = day.isocalendar()
            dedup = f"{Week.named}:{year}-W{week:02d}"
            known = any(m.dedup == dedup for m in tx.messages(kind=Week.named))
            here = stands_in(workspace.lead, Held(), by_person(tx.absences()), day) is not None
            if known or not here or not window.open(at, zone):
                continue
            message = _message(tx, workspace, dedup, at, register)
        with register.writing(workspace.key) as tx:
            stored += tx.enqueue(message)
    return stored


def _message(tx: RegisterReader, workspace: Workspace, dedup: str, at: datetime, register: Register) -> Message:
    zone = ZoneInfo(workspace.zone)
    today = at.astimezone(zone).date()
    entries = readably_told(register, tx, tx.entries(today), zone)
    owed = [e for e in entries if e.counts and e.open(today)]
    states = [e.shown(today) for e in owed]
    says = Week(
        edition=workspace.edition,
        enterprise=workspace.profile.get("enterprise", ""),
        owed=len(owed),
        accepted=states.count("accepted") + states.count("not_applicable"),
        waiting=states.count("submitted"),
        overdue=sum(overdue(e, today) for e in owed),
        undelivered=sum(m.state == "failed" for m in tx.messages(limit=500, stuck=True)),
        events=workspace.head_seq,
        head=workspace.head,
    )
    return Message(workspace.key, says, workspace.lead, dedup, created_at=at)
