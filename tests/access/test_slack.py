"""Every action that Slack has by every role, asked for by forged payloads; and whose payloads are heard at all."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.handed_in import Said
from assistant.register.facts.notices.leading import Staged
from assistant.register.facts.notices.stored import read
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.slots import Entry
from assistant.register.rules.people.roles import Action, Role
from connectors.slack.manifest import manifest
from evals.release import activate as activation
from tests.access.payloads import Payload, button, form, send
from tests.access.rules import ACTIONS, MAY, PEOPLE
from tests.register.company import LINK, memory_files
from tests.slack.evidence.bureau import LEAD, Bureau, clock_at
from tests.slack.evidence.test_editions import STAGED
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback import Person as Member
from tests.twins.register import MemoryRegister

pytestmark = pytest.mark.thorough


def _colleague(bureau: Bureau) -> str:
    """The Slack id of somebody to whom a slot can be given."""
    return next(u.id for u in bureau.slack.workspace.users.values() if u.email == PEOPLE["stranger"])


Sent = Callable[[Bureau, Member, str], Payload]
IN_SLACK: dict[str, tuple[Action, Sent]] = {
    "submit": ("submit", lambda bureau, member, slot: form(bureau, member, "evidence_submit_form", slot, note="在附件里")),
    "na": ("na", lambda bureau, member, slot: form(bureau, member, "evidence_na_form", slot, reason="没有这项业务")),
    "snooze": ("snooze", lambda bureau, member, slot: form(bureau, member, "evidence_snooze_form", slot, until="2026-12-01", why="")),
    "reassign": ("reassign", lambda bureau, member, slot: form(bureau, member, "evidence_hand_form", slot, to=_colleague(bureau))),
    "accept": ("review", lambda bureau, member, slot: button(bureau, member, "evidence_accept", s=slot, v=1)),
    "accept the whole": ("review", lambda bureau, member, slot: form(bureau, member, "evidence_accept_form", slot, 1, ("whole",))),
    "return": ("review", lambda bureau, member, slot: form(bureau, member, "evidence_return_form", slot, 1, reason="看不清")),
}
"""Act -> the action whose rule it keeps, and how Slack sends it."""
ELSEWHERE: dict[Action, str] = {
    "see": "tests/slack/evidence/test_home.py: whose slots a Home tab and a list of gaps show",
    "activate": "below: the buttons under a staged edition",
    "assign": "terminal only", "set_due": "terminal only", "drill": "terminal only", "export": "terminal only", "erase": "terminal only",
}  # fmt: skip


class Company(NamedTuple):
    """The app, and the member who holds each role."""

    bureau: Bureau
    members: dict[Role, Member]
    slots: list[Entry]


@pytest.fixture(scope="module")
def bureau(guide: Guide) -> Iterator[Bureau]:
    """One app for this file."""
    with LoopbackSlack(manifest()) as slack:
        made = Bureau(slack, guide).start()
        yield made
        made.close()
        assert slack.problems == []


@pytest.fixture
def company(bureau: Bureau) -> Company:
    """A register in which every role has its person, known by mail address."""
    bureau.idle()
    bureau.register, bureau.files = MemoryRegister(), memory_files()
    bureau.clock.at = clock_at("2026-11-24T10:00").at
    slack = bureau.slack
    slack.run(lambda: [slack.workspace.users.pop(u.id) for u in list(slack.workspace.users.values()) if u.email])
    mails = PEOPLE | {"lead": LEAD}
    members = {role: slack.person(role, real_name=role, email=mail) for role, mail in mails.items()}
    row = Assignment("all", "*", mails["owner"], mails["deputy"], date(2026, 1, 1), date(2027, 12, 31), reviewer=mails["reviewer"])
    bureau.planned(row)
    Owners(bureau.service).know(Person(mails["admin"], admin=True), bureau.who())
    slots = [e for e in bureau.service.entries(bureau.clock()) if e.owed and e.slot.kind == "records"]
    return Company(bureau, members, slots)


def test_every_action_has_its_place() -> None:
    """What Slack offers is tried here; what it does not offer, or is tried elsewhere, is named."""
    here = {action for action, _ in IN_SLACK.values()}
    assert here | set(ELSEWHERE) == set(ACTIONS)
    assert not here & set(ELSEWHERE)


@pytest.mark.parametrize("decision", ["edition_decline", "edition_activate"])
def test_the_buttons_of_an_edition(company: Company, decision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leads and admins decide on a staged edition; a forged click of anybody else decides nothing."""
    bureau, decided = company.bureau, []

    def activate(settings: object, edition: str, who: Who, **_: object) -> activation.Activated:
        decided.append(who.actor)
        return activation.Activated(edition, None, activation.Active(edition=edition, build="b", activated="now"), {})

    monkeypatch.setattr(activation, "activate", activate)
    for role, member in company.members.items():
        message = Message(bureau.service.workspace, read("staged", STAGED), LEAD, f"staged:{role}", created_at=bureau.clock())
        with bureau.service.register.writing(bureau.service.workspace) as tx:
            tx.enqueue(message)
        send(bureau, button(bureau, member, decision, m=message.id))
        bureau.idle()
        with bureau.service.register.reading(bureau.service.workspace) as tx:
            stored = tx.message(message.id)
        done = bool(decided) or (stored is not None and isinstance(stored.says, Staged) and bool(stored.says.declined_by))
        assert done is (role in MAY["activate"].split()), role
        decided.clear()


@pytest.mark.parametrize("act", IN_SLACK)
def test_in_slack(company: Company, act: str) -> None:
    """Who may, does; the others change nothing, whatever slot a forged payload names."""
    bureau, before = company.bureau, {}
    action, sent = IN_SLACK[act]
    for entry, (role, member) in zip(company.slots, company.members.items(), strict=False):
        if action == "review":
            covers = Said(covers=entry.slot.ticks if act == "accept" else ())  # else a form asks what is covered
            bureau.service.submit(entry.slot.id, [LINK], Who("someone@example.cn", bureau.clock()), said=covers)
        before[role] = bureau.entry(entry.slot.id)
        status, _ = send(bureau, sent(bureau, member, entry.slot.key))
        assert status == 200
    bureau.idle()
    for entry, role in zip(company.slots, company.members, strict=False):
        done = bureau.entry(entry.slot.id) != before[role]
        assert done is (role in MAY[action].split()), f"{act} by {role}"


def test_the_same_payload_again(company: Company) -> None:
    """A signed request that is replayed within its five minutes is not acted on twice."""
    bureau, owner = company.bureau, company.members["owner"]
    payload = form(bureau, owner, "evidence_submit_form", company.slots[0].slot.key, note="一次")
    for _ in range(3):
        send(bureau, payload)
    bureau.idle()
    assert len(bureau.service.pieces([company.slots[0].slot.key])) == 1


@pytest.mark.parametrize("wrong", ["forged", "stale", "future", "unsigned", "of another body"])
def test_requests_that_are_not_slacks(company: Company, wrong: str) -> None:
    """No signature, another one, or an old one: refused, and nothing happens."""
    bureau, owner = company.bureau, company.members["owner"]
    payload = form(bureau, owner, "evidence_submit_form", company.slots[0].slot.key, note="x")
    body, signed = urlencode({"payload": json.dumps(payload)}), bureau.slack.core.courier.signed
    headers = {
        "forged": signed(body) | {"X-Slack-Signature": "v0=" + "0" * 64},
        "stale": signed(body, time.time() - 3600),
        "future": signed(body, time.time() + 3600),
        "unsigned": {},
        "of another body": signed(body + "x"),
    }
    assert send(bureau, payload, headers[wrong])[0] == 401
    bureau.idle()
    assert bureau.entry(company.slots[0].slot.id).state.name == "missing"


def test_another_workspace_is_another_register(company: Company) -> None:
    """The owner's id and slot, sent as from another team, reach nothing of this one."""
    bureau, owner = company.bureau, company.members["owner"]
    payload = form(bureau, owner, "evidence_submit_form", company.slots[0].slot.key, note="x")
    payload |= {"team": {"id": "T0ELSEWHERE", "domain": "x"}, "user": payload["user"] | {"team_id": "T0ELSEWHERE"}}
    send(bureau, payload)
    bureau.idle()
    assert bureau.entry(company.slots[0].slot.id).state.name == "missing"
