"""The people of a workspace, as deciding about nudges needs them."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from assistant.register.facts.people import Absence, Person
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader, Workspace
from assistant.register.rules.people.in_charge import by_person
from assistant.register.rules.people.nudges import Staff


def desk_of(tx: RegisterReader, workspace: Workspace) -> Staff:
    """The people of a workspace, as deciding needs them."""
    return desk_with(workspace, tx.people(), tx.absences())


def desk_for(tx: RegisterReader, workspace: Workspace, *people: str, absences: Iterable[Absence] = ()) -> Staff:
    """Only the lead and some people of a workspace."""
    return desk_with(workspace, tx.people({workspace.lead, *people}), absences)


def met(entries: Iterable[Entry], absences: Iterable[Absence]) -> set[str]:
    """Whom deciding about some entries may come upon besides the lead: who holds them and who stands in."""
    return {p for e in entries for p in (e.owner, e.held.deputy)} | {a.deputy for a in absences}


def desk_with(workspace: Workspace, people: dict[str, Person], absences: Iterable[Absence]) -> Staff:
    """The same from people and absences that were read already."""
    visit = Profile.model_validate(workspace.profile).visit_on if workspace.profile else None
    return Staff(workspace.key, workspace.lead, ZoneInfo(workspace.zone), people, by_person(absences), visit)
