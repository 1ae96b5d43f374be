"""Every action by every role in the library and at the terminal, against a table written by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from assistant.adapters.editions import Editions
from assistant.adapters.files import open_files
from assistant.adapters.sql.register import open_register
from assistant.errors import RegisterError
from assistant.families import combined
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.in_bulk.drill import Drills
from assistant.register.acts.people.allowed import allowed
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.policy import Policy
from assistant.register.rules.people.roles import PERMITTED, TERMINAL, Action, Role
from connectors.cli import opened as register
from tests.access.rules import ACTIONS, LEADS, MAY, MAY_AT_TERMINAL, PEOPLE, pending, slots_of, staffed
from tests.connectors.test_cli import aeo
from tests.register.company import LEAD, LINK, RENEWAL, SHANGHAI, START, company, part_of

LATER = (START + timedelta(days=9)).date()
PROFILE = "enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\n"
REFUSALS = {"register.may_hold", "register.may_lead", "register.may_review"}
ROLES: tuple[Role, ...] = get_args(Role)
OF_THE_WHOLE = ("assign", "drill", "export", "activate", "erase")
"""Actions on no single line."""
FROM, UNTIL = date(2026, 1, 1), date(2027, 12, 31)

Act = Callable[[RegisterService, str, Who], object]
ACTS: dict[Action, Act] = {
    "see": lambda service, slot, who: allowed(service, slot, "see", who),
    "submit": lambda service, slot, who: service.submit(slot, [LINK], who),
    "na": lambda service, slot, who: service.claim_na(slot, "没有这项业务", who),
    "snooze": lambda service, slot, who: service.snooze(slot, LATER, who),
    "reassign": lambda service, slot, who: service.reassign(slot, "new@example.cn", who),
    "review": lambda service, slot, who: service.accept(slot, who, seen=WHOLE),
    "assign": lambda service, slot, who: Owners(service).assign([Assignment("item", "24", "new@example.cn")], who),
    "set_due": lambda service, slot, who: service.set_due(slot, LATER, who),
    "drill": lambda service, slot, who: Drills(service).start(1, 1.0, "s", who),
    "export": lambda service, slot, who: service.require("export", who),
    "activate": lambda service, slot, who: service.require("activate", who),
    "erase": lambda service, slot, who: service.require("erase", who),
}
COMMANDS: dict[Action, Callable[[str], list[str]]] = {
    "see": lambda slot: ["evidence", "history", slot],
    "submit": lambda slot: ["evidence", "submit", slot, "--note", "在附件里"],
    "na": lambda slot: ["evidence", "na", slot, "--reason", "没有这项业务"],
    "snooze": lambda slot: ["evidence", "snooze", slot, "--until", LATER.isoformat()],
    "reassign": lambda slot: ["evidence", "reassign", slot, "--to", "new@example.cn"],
    "review": lambda slot: ["evidence", "accept", "--whole", slot],
    "assign": lambda slot: ["evidence", "assign", "24(1)", "--reviewer", "rui@example.cn"],
    "set_due": lambda slot: ["evidence", "due", slot, "--on", LATER.isoformat()],
    "drill": lambda slot: ["evidence", "drill", "start", "--size", "1"],
    "export": lambda slot: ["evidence", "binder"],
    "activate": lambda slot: ["guide", "rollback"],
    "erase": lambda slot: ["person", "erase", "someone@example.cn"],
}
NAMELESS = {"see"}
"""Commands that only read, and take nobody's name."""


def refused(act: Callable[[], object]) -> str:
    """The key of the sentence in which an act was refused; empty when it was done."""
    try:
        act()
    except RegisterError as error:
        return error.key
    return ""


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES)
def test_who_may_forget(home: Path, role: Role) -> None:
    """Dropping old conversations of everybody is for whoever may erase a person."""
    done = aeo("person", "forget", "--older-than", "30", "--confirm", "--as", PEOPLE[role], home=home, lead=LEAD, actor=LEAD)
    assert (done.returncode == 0) is (role in LEADS.split()), done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1


def test_the_tables_are_whole() -> None:
    """Every action and every role stands in the table, in the product's two, and is acted out here."""
    for table in (MAY, MAY_AT_TERMINAL, PERMITTED, TERMINAL, ACTS, COMMANDS):
        assert set(table) == set(ACTIONS)
    assert set(PEOPLE) == set(ROLES)


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """A register in which every role has its person."""
    small = part_of(guide, "24")
    made = company(small)
    staffed(made, small)
    return made


@pytest.mark.parametrize(("origin", "table"), [("slack", MAY), ("api", MAY), ("cli", MAY_AT_TERMINAL)])
@pytest.mark.parametrize("action", ACTIONS)
def test_in_the_library(service: RegisterService, action: Action, origin: str, table: dict[Action, str]) -> None:
    """Who may, does; who may not is told whose it is, and nothing is logged."""
    for slot, role in zip(slots_of(service), ROLES, strict=False):
        if action == "review":
            pending(service, slot)
        before = len(service.history())
        refusal = refused(lambda s=slot, r=role: ACTS[action](service, s, Who(PEOPLE[r], START, origin)))
        assert (refusal == "") is (role in table[action].split()), f"{action} by {role} from {origin}"
        assert refusal in ("", *REFUSALS)
        assert refusal == "" or len(service.history()) == before


@pytest.fixture
def second(guide: Guide) -> RegisterService:
    """A register of two families; only the second one's lines are in the hands of the roles."""
    small = part_of(guide, "24")
    made = company(combined({"通用": small, "报关企业": small.model_copy(update={"edition": "other"})}))
    row = Assignment("item", "报关:24", PEOPLE["owner"], PEOPLE["deputy"], FROM, UNTIL, reviewer=PEOPLE["reviewer"])
    Owners(made).assign([row], Who(LEAD, START))
    Owners(made).know(Person(PEOPLE["admin"], admin=True), Who(LEAD, START))
    return made


@pytest.mark.parametrize(("origin", "table"), [("slack", MAY), ("cli", MAY_AT_TERMINAL)])
@pytest.mark.parametrize("action", ACTIONS)
def test_in_a_second_family(second: RegisterService, action: Action, origin: str, table: dict[Action, str]) -> None:
    """There the table holds as in the first; in the first, whoever has a line of the second may do no more than a stranger."""
    slots = slots_of(second)
    for family in ("报关:", ""):
        own = [s for s in slots if s.startswith("报关:") == bool(family)]
        for slot, role in zip(own, ROLES, strict=False):
            if action == "review":
                pending(second, slot)
            refusal = refused(lambda s=slot, r=role: ACTS[action](second, s, Who(PEOPLE[r], START, origin)))
            holds = family or role in LEADS.split() or action in OF_THE_WHOLE
            assert (refusal == "") is ((role if holds else "stranger") in table[action].split()), f"{action} by {role} from {origin}"
            assert refusal in ("", *REFUSALS)


@pytest.fixture
def home(tmp_path: Path, guide: Guide, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose register has every role, as the command line opens it."""
    (tmp_path / "profile.yaml").write_text(PROFILE, encoding="utf-8")
    small = part_of(guide, "24")
    monkeypatch.setattr(register, "load_guide", lambda settings: small)
    opened = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    service = RegisterService(RENEWAL.key, opened, open_files(None, tmp_path), Policy(), LEAD, SHANGHAI)
    service.sync(small, RENEWAL, Who(LEAD, START))
    staffed(service, small)
    for slot in slots_of(service)[10:16]:
        pending(service, slot)
    opened.close()
    return tmp_path


@pytest.mark.thorough
def test_at_the_terminal(home: Path, guide: Guide) -> None:
    """``--as`` somebody: the same rules, and a refusal is one sentence with status 2."""
    listed = json.loads(aeo("evidence", "list", "--json", home=home, lead=LEAD).stdout)
    first, *slots = [e["slot"] for e in listed if e["kind"] == "records"]
    of_their_own: dict[Action, list[str]] = {"review": slots[9:15], "na": slots[:6], "reassign": slots[15:21], "snooze": slots[6:7] * 6}
    for action in ACTIONS:
        for number, role in enumerate(ROLES):
            words = COMMANDS[action](of_their_own[action][number] if action in of_their_own else first)
            words += ["--out", str(home / "binder.zip"), "--force"] if action == "export" else []
            named = [] if action in NAMELESS else ["--as", PEOPLE[role]]
            done = aeo(*words, *named, home=home, lead=LEAD, clock=lambda: START, actor=LEAD)
            may = role in MAY_AT_TERMINAL[action].split()
            told = done.returncode == 2 and PEOPLE[role] in done.stderr and "editions" not in done.stderr
            if action == "activate" and may:
                assert done.returncode == 2  # there is no edition to go back to
                assert PEOPLE[role] not in done.stderr
                continue
            assert (done.returncode == 0) is may, f"{action} by {role}: {done.stderr or done.stdout}"
            assert may or told
            assert len(done.stderr.strip().splitlines()) <= 1
    assert not Editions(home).pointer.exists()


@pytest.mark.parametrize("role", ["owner", "lead", "admin", "reviewer"])
@pytest.mark.parametrize("origin", ["cli", "slack"])
def test_nobody_accepts_their_own(service: RegisterService, guide: Guide, role: Role, origin: str) -> None:
    """Whatever the role, on every surface."""
    slot = slots_of(service)[0]
    service.submit(slot, [LINK], Who(PEOPLE[role], START))
    with pytest.raises(RegisterError) as caught:
        service.accept(slot, Who(PEOPLE[role], START, origin), seen=WHOLE)
    assert caught.value.key == ("register.may_review" if role == "owner" else "register.own")


@pytest.mark.parametrize("actor", ["", " ", "\u202elead", "lead\n", "le\x00ad", "x" * 500])
def test_an_actor_has_a_name(service: RegisterService, actor: str) -> None:
    """No name, and names that look like another's, act nowhere."""
    with pytest.raises(RegisterError):
        service.submit(slots_of(service)[0], [LINK], Who(actor, START))


def test_rights_are_given_by_leads_only(service: RegisterService) -> None:
    """Nobody makes themselves an admin, and what a surface learns of somebody gives no right."""
    from assistant.register.facts.people import Person

    owners, stranger = Owners(service), PEOPLE["stranger"]
    with pytest.raises(RegisterError):
        owners.know(Person(stranger, admin=True), Who(stranger, START, "slack"))
    owners.learn(Person(stranger, "史", admin=True), Who(stranger, START, "slack"))
    assert not owners.people()[0][stranger].admin
    owners.know(Person(stranger, admin=True), Who(PEOPLE["admin"], START, "slack"))
    assert owners.people()[0][stranger].admin


def test_a_drawn_record_is_answered_by_those_in_charge(service: RegisterService) -> None:
    """An answer to a drill is an act on the slot: owner, deputy and leads, nobody else."""
    for slot in slots_of(service):
        service.submit(slot, [LINK], Who("someone@example.cn", START))
    drills = Drills(service)
    drill = drills.start(1, 4.0, "s", Who(LEAD, START))
    slot = drill.drawn[0].slot
    for role in ROLES:
        refusal = refused(lambda r=role: drills.answer(drill.id, slot, Who(PEOPLE[r], START, "slack")))
        assert refusal == ("" if role in MAY["submit"].split() else "register.may_hold"), role


def test_leads_are_those_of_the_workspace(guide: Guide, service: RegisterService) -> None:
    """The lead and the admins of one enterprise are strangers in another that shares the database."""
    small = part_of(guide, "24")
    theirs = RENEWAL.model_copy(update={"enterprise": "另一家"})
    other = RegisterService(theirs.key, service.register, service.files, Policy(), "chief@other.cn", SHANGHAI)
    other.sync(small, theirs, Who("chief@other.cn", START))
    for role in LEADS.split():
        with pytest.raises(RegisterError):
            other.require("activate", Who(PEOPLE[role], START, "slack"))  # type: ignore[index]
    assert {e.slot.id for e in other.entries(START)} == {e.slot.id for e in service.entries(START)}
    service.submit(slots_of(service)[0], [LINK], Who(PEOPLE["owner"], START))
    assert {e.state.name for e in other.entries(START)} == {"missing"}
