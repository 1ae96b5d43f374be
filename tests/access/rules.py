"""The table of who may do what, written down once more and by hand, and the people who hold the roles."""

from __future__ import annotations

from datetime import date
from typing import get_args

from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.people import Assignment, Person
from assistant.register.rules.people.roles import Action, Role
from tests.register.company import LEAD, LINK, START

PEOPLE: dict[Role, str] = {
    "owner": "wang@example.cn", "deputy": "deng@example.cn", "reviewer": "rui@example.cn", "lead": LEAD,
    "admin": "an@example.cn", "stranger": "shi@example.cn",
}  # fmt: skip
ACTIONS: tuple[Action, ...] = get_args(Action)
EVERYBODY = "owner deputy reviewer lead admin stranger"
HOLDERS = "owner deputy lead admin"
LEADS = "lead admin"
MAY: dict[Action, str] = {
    "see": "owner deputy reviewer lead admin", "submit": HOLDERS, "na": HOLDERS, "snooze": HOLDERS, "reassign": HOLDERS,
    "review": "reviewer lead admin", "assign": LEADS, "set_due": LEADS, "drill": LEADS, "export": LEADS, "activate": LEADS, "erase": LEADS,
}  # fmt: skip
"""In the library for anybody who is not at the terminal, and in Slack."""
MAY_AT_TERMINAL: dict[Action, str] = MAY | dict.fromkeys(("see", "submit", "na", "snooze"), EVERYBODY)
"""Whoever has a terminal may read and hand in, under their own name; who is in charge, when, and what leaves the house is for leads."""


def staffed(service: RegisterService, guide: Guide, lead: str = LEAD) -> None:
    """Give every role to its person, for all slots."""
    row = Assignment("all", "*", PEOPLE["owner"], PEOPLE["deputy"], date(2026, 1, 1), date(2027, 12, 31), reviewer=PEOPLE["reviewer"])
    owners = Owners(service)
    owners.assign([row], Who(lead, START))
    owners.know(Person(PEOPLE["admin"], admin=True), Who(lead, START))


def slots_of(service: RegisterService) -> list[str]:
    """Slots that can be handed in, claimed, put off and given away."""
    return [e.slot.id for e in service.entries(START) if e.owed and e.slot.applicable and e.slot.kind == "records"]


def pending(service: RegisterService, slot: str) -> None:
    """Somebody else handed something in, so that it can be reviewed."""
    service.submit(slot, [LINK], Who("someone@example.cn", START))
