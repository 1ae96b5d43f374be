"""The people of a workspace, as deciding about nudges needs them."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from assistant.register.facts.people import Absence, Person
from assistant.register.ports import Reading, Workspace
from assistant.register.rules.in_charge import by_person
from assistant.register.rules.nudges import Desk


def desk_of(tx: Reading, workspace: Workspace) -> Desk:
    """The people of a workspace, as deciding needs them."""
    return desk_with(workspace, tx.people(), tx.absences())


def desk_with(workspace: Workspace, people: dict[str, Person], absences: Iterable[Absence]) -> Desk:
    """The same from people and absences that were read already."""
    return Desk(workspace.key, workspace.lead, ZoneInfo(workspace.zone), people, by_person(absences))
