"""Another compliance lead: named by the present one or an admin, never by a file alone."""

from __future__ import annotations

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.plans.planning import MergedPlan
from assistant.register.acts.service import RegisterService
from assistant.register.facts.naming import Roster
from assistant.register.facts.people import Person
from assistant.register.facts.profile import Profile


def successor(service: RegisterService, person: str) -> str:
    """The id of whoever is to lead.

    Raises:
        RegisterError: the register knows nobody of that name, so that a slip of the pen makes nobody the lead.
    """
    known = {p.id: p for p in Owners(service).everybody()}
    found = Roster(known).find(person)
    if found is None:
        raise RegisterError("register.nobody_known", person=person)
    return found


def hand_over(service: RegisterService, lead: str, guide: Guide, profile: Profile, who: Who) -> MergedPlan:
    """Make somebody (by id) the lead: what nobody else has is theirs from now on.

    Who led before stays an admin, so that nobody is locked out.

    Raises:
        RegisterError: whoever acts is neither the lead nor an admin.
    """
    service.require("assign", who)
    with service.register.reading(service.workspace) as tx:
        before = service.lead_of(tx)
    Owners(service).know(Person(before, admin=True), who)
    rules = service.rules
    theirs = RegisterService(
        service.workspace, service.register, service.files, service.policy, lead, rules.zone, service.window.calendar, rules.announce
    )
    return theirs.sync(guide, profile, who)
