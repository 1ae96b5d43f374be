"""Who may do what: one table of actions and roles for each surface.

A person at the terminal is trusted to hand in for others (they can reach the database anyway); in Slack only the people
in charge can. Reviews are for reviewers and leads everywhere, and never for those who handed in; what edition is in force, and
whose data is erased, is for leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from assistant.errors import RegisterError
from assistant.register.facts.people import Absence, Person, acting
from assistant.register.facts.slots import Entry

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
    **dict.fromkeys(PERMITTED, _ANYBODY),
    "review": _REVIEWERS,
    "activate": _LEADS,
    "erase": _LEADS,
}


def roles(
    actor: str, entry: Entry | None, lead: str, people: Mapping[str, Person], absences: Mapping[str, Sequence[Absence]], day: date
) -> set[Role]:
    """The roles that somebody has, for one slot or (without one) for the register."""
    found: set[Role] = set()
    if actor == lead:
        found.add("lead")
    if actor in people and people[actor].admin:
        found.add("admin")
    if entry is not None:
        if actor == entry.owner:
            found.add("owner")
        if actor == entry.reviewer:
            found.add("reviewer")
        if actor != entry.owner and actor in (acting(entry.owner, entry.held, absences, day), entry.held.deputy):
            found.add("deputy")
    return found or {"stranger"}


def require(action: Action, held: set[Role], actor: str, origin: str, slot: str = "", owner: str = "", reviewer: str = "") -> None:
    """Refuse an action that none of the actor's roles permits on this surface.

    Raises:
        RegisterError: says whose it is.
    """
    table = TERMINAL if origin == "cli" else PERMITTED
    if not held & table[action]:
        name = "may_review" if action == "review" else "may_lead" if table[action] == _LEADS else "may_hold"
        raise RegisterError(f"register.{name}", actor=actor, slot=slot or "—", owner=owner or "—", reviewer=reviewer or "—")
