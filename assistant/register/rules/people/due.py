"""When a slot is due: with its period, never sooner than its owner can be ready, and in time for the visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from assistant.register.facts.people import Assignment
from assistant.register.facts.slots import Entry
from assistant.register.rules.people.in_charge import since_of

RULE = 3
"""The version of this rule and of when is asked, which a plan's event names: dates that another version gave are not held against it."""


def due_on(entry: Entry, since: date, days: int) -> date:
    """As somebody set it; else with its period, but not before so many days from ``since``; in any case for the visit.

    Args:
        entry: the slot with its state.
        since: the day from which its owner has it (see ``charged_on``); what was due before then is due from then on.
        days: how long an owner has (``Policy.due_days``).
    """
    if entry.state.due is not None:
        return entry.state.due
    wanted, soonest = entry.slot.wanted_on(entry.state.counted), since + timedelta(days=days)
    due = soonest if wanted is None else max(wanted, soonest)
    return due if entry.slot.latest is None else min(due, max(entry.slot.latest, since))


def too_late(entry: Entry, due: date) -> date | None:
    """The day by which a slot is wanted for the visit, where a due date lies behind it."""
    latest = entry.slot.latest
    return latest if latest is not None and entry.owed and due > latest else None


def charged_on(entry: Entry, planned: date, assignments: Iterable[Assignment], zone: ZoneInfo) -> date:
    """The day from which its owner has a slot: since it was planned, since the assignment, or since it was given to them alone."""
    if entry.state.owner:
        given = entry.state.given_at
        return max(planned, given.astimezone(zone).date()) if given is not None else planned
    since = since_of(assignments, entry.slot)
    return planned if since is None else max(planned, since)


def with_due(entry: Entry, assignments: Iterable[Assignment], zone: ZoneInfo, days: int) -> Entry:
    """The entry with its due date; one that was never planned has none."""
    if entry.planned_on is None:
        return entry
    return replace(entry, due=due_on(entry, charged_on(entry, entry.planned_on, assignments, zone), days))
