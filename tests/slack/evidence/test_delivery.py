"""Delivery when things go wrong: each message arrives once, waits for a door to open, or the lead hears that it cannot arrive."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.adapters.journal import Journal
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailServer
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment
from assistant.settings import Settings
from connectors.slack.calls.courier import courier_of
from tests.mail.office import mail_office
from tests.register.company import LINK
from tests.slack.evidence.bureau import LI, WANG, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.faults import Fault, api_error, ratelimited, reset, server_error

SLOT = "24(2)/records/1@2022"


def nudge(office: Office, person: str = WANG) -> Message:
    """The last reminder to somebody, as the outbox has it."""
    return office.bureau.service.messages(recipient=person, kind="nudge")[0]


def again(office: Office, seconds: float = 600.0) -> None:
    """Another round, later."""
    office.bureau.clock.at += timedelta(seconds=seconds)
    office.bureau.round()


@pytest.mark.parametrize("fault", [reset(), reset(stored=False), server_error(503), server_error(503, stored=True), server_error(500)])
def test_nobody_knows_whether_it_arrived(office: Office, fault: Fault) -> None:
    """After a reset or a 5xx the digest is looked up by its id before it is repeated: it is there once."""
    office.slack.faults.add("chat.postMessage", fault)
    office.bureau.round()
    assert nudge(office).state == "ambiguous"
    again(office)
    assert nudge(office).state == "sent"
    [card] = office.wang.inbox
    assert nudge(office).receipt.ts == card.ts
    assert card.metadata is not None
    assert card.metadata["event_payload"] == {"key": nudge(office).id}


def test_looking_up_fails_too(office: Office) -> None:
    """While Slack cannot say whether it arrived, nothing is repeated."""
    office.slack.faults.add("chat.postMessage", reset())
    office.slack.faults.add("conversations.history", server_error(), times=2)
    office.bureau.round()
    for _ in range(3):
        again(office)
    assert nudge(office).state == "sent"
    assert len(office.wang.inbox) == 1


def test_rate_limited(office: Office) -> None:
    """A 429 is waited for as long as Slack says, by everybody, and is no failed attempt."""
    office.slack.faults.add("chat.postMessage", ratelimited(30), times=1)
    office.bureau.round()
    found = nudge(office)
    assert (found.state, found.attempts, found.detail) == ("pending", 0, "ratelimited")
    assert found.not_before is not None
    assert found.not_before - office.bureau.clock.at > timedelta(seconds=29)
    assert office.bureau.deps.paces(office.bureau.team).turn("chat.postMessage", "C1", longest=5) > 25
    again(office, 5)
    assert office.wang.inbox == []
    office.bureau.waited += 31
    again(office, 31)
    assert len(office.wang.inbox) == 1


@pytest.mark.parametrize("code", ["user_disabled", "channel_not_found", "user_not_found", "cannot_dm_bot"])
def test_a_person_who_cannot_be_reached(office: Office, code: str) -> None:
    """The digest is given up, the batch goes on, and the lead is asked to see to it."""
    Owners(office.bureau.service).assign([Assignment("clause", "24(3)", owner=LI)], office.bureau.who())
    office.bureau.known(office.wang, office.li)
    office.slack.faults.add("chat.postMessage", api_error(code), when=lambda args: args["channel"] == office.wang.id)
    office.bureau.round()
    assert (nudge(office).state, nudge(office).detail) == ("failed", code)
    assert nudge(office, LI).state == "sent"
    again(office)
    [told] = [m for m in office.lead.inbox if "未回复" in m.text]
    assert "王芳" in words_of(told)


def test_a_person_who_left(office: Office) -> None:
    """A deactivated account: the next digest fails with Slack's own answer."""
    office.bureau.known(office.wang)
    office.wang.leaves_company()
    office.bureau.round()
    assert nudge(office).state == "failed"


def test_nobody_of_that_name(office: Office) -> None:
    """An owner whom Slack does not know is not guessed at by display name: the lead hears of it."""
    office.slack.person("impostor", real_name="zhang", email="evil@example.com")
    Owners(office.bureau.service).assign([Assignment("item", "24", owner="zhang")], office.bureau.who())
    office.bureau.round()
    assert (nudge(office, "zhang").state, nudge(office, "zhang").detail) == ("failed", "no_slack_user")
    again(office)
    assert any("未回复" in m.text for m in office.lead.inbox)


@pytest.mark.parametrize("code", ["messages_tab_disabled", "token_revoked", "account_inactive", "invalid_auth"])
def test_a_closed_door_is_waited_for(office: Office, code: str) -> None:
    """An app that is out of the workspace, or whose Messages tab is off, gives nothing up: it goes out when the door opens."""
    office.bureau.known(office.wang)
    office.slack.faults.add("chat.postMessage", api_error(code), times=2)
    office.bureau.round()
    assert (nudge(office).state, nudge(office).attempts, nudge(office).detail) == ("pending", 0, code)
    again(office, 30)
    assert nudge(office).state == "pending"
    again(office, 700)
    again(office, 700)
    assert nudge(office).state == "sent"
    assert len(office.wang.inbox) == 1


def test_whom_slack_does_not_reach_gets_a_letter(office: Office, tmp_path: Path) -> None:
    """Mail for an owner without Slack, and while Slack's door is closed; what Slack delivered is not mailed as well; cards go on."""
    service = office.bureau.service
    Owners(service).assign([Assignment("item", "24", owner="zhang@example.cn", reviewer=LI)], office.bureau.who())
    Owners(service).assign([Assignment("clause", "24(1)", owner=WANG)], office.bureau.who())
    office.bureau.known(office.wang)
    with mail_office() as mail:
        found = MailServer.of(Settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{mail.port}?from=aeo@example.cn")))
        assert found is not None
        letters = MailNotifier(found, service.register, Journal(tmp_path / "mailed.txt"), lambda: service.policy, "zh", chat=True)
        worker = courier_of(replace(office.bureau.deps, mail=letters), office.bureau.team)
        assert worker is not None
        worker.run(office.bureau.clock(), "acme")
        assert [str(m["To"]) for m in mail.arrived.values()] == ["zhang@example.cn"]
        assert "Slack" in next(iter(mail.arrived.values())).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert len(office.wang.inbox) == 1
        service.submit(SLOT, [LINK], office.bureau.who("zhang@example.cn"))
        worker.deliver_waiting(office.bureau.clock(), "acme")
        assert len(office.li.inbox) == 1
        service.give_back(SLOT, "年份不对", office.bureau.who(LI))
        office.slack.faults.add("chat.postMessage", api_error("token_revoked"))
        service.reassign("24(2)/records/1@2023", WANG, office.bureau.who())
        for _ in range(2):
            worker.deliver_waiting(office.bureau.clock(), "acme")
        assert [str(m["To"]) for m in mail.arrived.values()] == ["zhang@example.cn", "zhang@example.cn", WANG]
        with service.register.reading(service.workspace) as tx:
            assert {m.state for m in tx.messages(limit=500)} == {"sent"}


def test_a_mail_address_finds_the_person(office: Office) -> None:
    """The register learns the Slack id, name and zone of its people from the workspace's mail addresses, once."""
    before = len(office.slack.calls("users.lookupByEmail"))
    office.bureau.round()
    again(office, 86400)
    people, _ = Owners(office.bureau.service).people()
    assert (people[WANG].address, people[WANG].name, people[WANG].zone) == ({"slack": office.wang.id}, "王芳", "Asia/Shanghai")
    asked = [call.args["email"] for call in office.slack.calls("users.lookupByEmail")[before:]]
    assert asked.count(WANG) == 1


def test_an_edit_waits_for_its_card(office: Office) -> None:
    """A change while the digest's fate is unknown is shown once it is known; a card that is gone is no trouble."""
    office.slack.faults.add("chat.postMessage", reset())
    office.bureau.round()
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who(WANG))
    office.bureau.deliver()
    again(office)
    again(office, 30)
    [card] = office.wang.inbox
    assert "已提交" in words_of(card)
    office.slack.faults.add("chat.update", api_error("message_not_found"), when=lambda args: args["ts"] == card.ts)
    office.bureau.service.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    office.bureau.deliver()
    assert {m.state for m in office.bureau.service.messages(recipient=WANG, kind="edit")} == {"sent"}


def test_workers_share_the_work(office: Office) -> None:
    """Several workers at once: every person has one digest, every submission one card."""
    owners = [office.slack.person(f"p{n}", real_name=f"人{n}", email=f"p{n}@example.cn") for n in range(6)]
    places = ["24(1)", "24(2)", "24(3)", "24(4)"]
    Owners(office.bureau.service).assign(
        [Assignment("clause", c, owner=owners[n].user.email) for n, c in enumerate(places)], office.bureau.who()
    )
    office.bureau.known(*owners, office.li, office.lead)
    office.bureau.service.submit(SLOT, [LINK], office.bureau.who())
    workers = [threading.Thread(target=office.bureau.round) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    again(office)
    assert [len(o.inbox) for o in owners] == [1, 1, 1, 1, 0, 0]
    assert len([m for m in office.li.inbox if "请您审核" in m.text]) == 1


def test_killed_between_claim_and_confirm(office: Office) -> None:
    """A worker that dies after posting leaves a message that the next one finds; one that dies before posting, one that it sends."""
    posted = office.slack.calls("chat.postMessage")
    for stored in (True, False):
        office.slack.faults.add("chat.postMessage", reset(stored=stored))
        office.bureau.round()
        with office.bureau.register.writing("acme") as tx:
            message = tx.messages(recipient=WANG, kind="nudge")[0]
            tx.mark(replace(message, state="claimed", claimed_by="dead", lease_until=office.bureau.clock.at + timedelta(seconds=60)))
        again(office, 30)
        assert nudge(office).state == "claimed"
        again(office, 60)
        assert nudge(office).state == "sent"
        office.bureau.clock.at += timedelta(days=8)
    assert len(office.wang.inbox) == 2
    assert len(office.slack.calls("chat.postMessage")) - len(posted) >= 3


@pytest.mark.thorough
def test_an_old_card_follows_too(office: Office) -> None:
    """A digest is edited also when much was said of its slot since."""
    service = office.bureau.service
    card = office.bureau.asked(office.wang)
    for number in range(8):
        service.submit(SLOT, [LINK], office.bureau.who(WANG))
        office.bureau.deliver()
        service.give_back(SLOT, f"第 {number} 次", office.bureau.who(LI))
        office.bureau.deliver()
    assert "第 7 次" in words_of(card)
    service.submit(SLOT, [LINK], office.bureau.who(WANG))
    service.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    office.bureau.deliver()
    assert "已通过" in words_of(card)
