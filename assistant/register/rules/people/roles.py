"""Who may do what: one table of actions and roles for each surface.

A person at the terminal is trusted to hand in where somebody else is in charge, under their own name; in Slack only the people in
charge can. Reviews are for reviewers and leads everywhere, and never for those who handed in. Who is in charge, what is due when, what
edition is in force, whose data is erased, and what leaves the house (binder, backup, another database) is for leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from assistant.errors import RegisterError
from assistant.register.facts.naming import Roster
from assistant.register.facts.people import Absence, Person
from assistant.register.facts.slots import Entry
from assistant.register.rules.people.in_charge import acting

Role = Literal["owner", "deputy", "reviewer", "lead", "admin", "stranger"]
Action = Literal["see", "submit", "na", "snooze", "reassign", "review", "assign", "set_due", "drill", "export", "activate", "erase"]

_HOLDERS: frozenset[Role] = frozenset(("owner", "deputy", "lead", "admin"))
_REVIEWERS: frozenset[Role] = frozenset(("reviewer", "lead", "admin"))
_LEADS: frozenset[Role] = frozenset(("lead", "admin"))
_ANYBODY: frozenset[Role] = frozenset(("owner", "deputy", "reviewer", "lead", "admin", "stranger"))

PERMITTED: Mapping[Action, frozenset[Role]] = {
    "see": _HOLDERS | _REVIEWERS,
    "submit": _HOLDERS,
    "na": _HOLDERS,
    "snooze": _HOLDERS,
    "reassign": _HOLDERS,
    "review": _REVIEWERS,
    "assign": _LEADS,
    "set_due": _LEADS,
    "drill": _LEADS,
    "export": _LEADS,
    "activate": _LEADS,
    "erase": _LEADS,
}
TERMINAL: Mapping[Action, frozenset[Role]] = {
    **PERMITTED,
    "see": _ANYBODY,
    "submit": _ANYBODY,
    "na": _ANYBODY,
    "snooze": _ANYBODY,
}


def permitted(origin: str) -> Mapping[Action, frozenset[Role]]:
    """The table of the surface that an act comes from."""
    return TERMINAL if origin.partition(":")[0] == "cli" else PERMITTED


def roles(
    actor: str, entry: Entry | None, lead: str, people: Mapping[str, Person], absences: Mapping[str, Sequence[Absence]], day: date
) -> set[Role]:
    """The roles that somebody has, for one slot or (without one) for the register; persons are compared, not spellings."""
    roster = Roster(people)
    found: set[Role] = set()
    me = roster.id_of(actor)
    if me and me == roster.id_of(lead):
        found.add("lead")
    if me in people and people[me].admin:
        found.add("admin")
    if entry is not None:
        owner = roster.id_of(entry.owner)
        if me == owner:
            found.add("owner")
        if me == roster.id_of(entry.reviewer):
            found.add("reviewer")
        stand_ins = (acting(entry.owner, entry.held, absences, day), entry.held.deputy)
        if me != owner and me in {roster.id_of(s) for s in stand_ins if s}:
            found.add("deputy")
    return found or {"stranger"}


def require(action: Action, held: set[Role], actor: str, origin: str, slot: str = "", owner: str = "", reviewer: str = "") -> None:
    """Refuse an action that none of the actor's roles permits on this surface.

    Raises:
        RegisterError: says whose it is.
    """
    table = permitted(origin)
    if not held & table[action]:
        name = "may_review" if action == "review" else "may_lead" if table[action] == _LEADS else "may_hold"
        raise RegisterError(f"register.{name}", actor=actor, slot=slot or "—", owner=owner or "—", reviewer=reviewer or "—")
