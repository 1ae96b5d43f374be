"""The port ``Notifier``: one body for Slack (on the loopback) and for mail (a real SMTP server): each message arrives once, or is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import pytest
from pydantic import SecretStr

from assistant.adapters.journal import Journal
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailServer
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.delivery import Courier, Told
from assistant.register.facts.outbox import Message, Notifier, Receipt
from assistant.register.facts.people import Assignment
from assistant.settings import Settings
from connectors.slack.calls.courier import courier_of
from connectors.slack.manifest import manifest
from tests.mail.office import MailOffice, mail_office
from tests.register.company import START, Clock, company, courier, part_of
from tests.slack.evidence.bureau import Bureau, clock_at
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback.faults import api_error, ratelimited, reset
from tests.twins.register import MemoryRegister

pytestmark = pytest.mark.thorough
WANG = "wang@example.cn"
Trouble = Literal["lost answer", "lost before", "refused", "busy"]


class Office(Protocol):
    """People to tell by one way, and a register whose item 24 is 王's."""

    service: RegisterService
    notifier: Notifier

    def next(self, trouble: Trouble) -> None:
        """What goes wrong with the next delivery."""
        ...

    def inbox(self) -> int:
        """How many messages 王 sees."""
        ...


@dataclass
class ByMail:
    """王 has a mailbox."""

    service: RegisterService
    notifier: Notifier
    office: MailOffice

    def next(self, trouble: Trouble) -> None:
        self.office.faults.append({"lost answer": "after", "lost before": "before", "refused": "550", "busy": "450"}[trouble])

    def inbox(self) -> int:
        return len(self.office.arrived)


@dataclass
class BySlack:
    """王 is in the workspace."""

    service: RegisterService
    notifier: Notifier
    slack: LoopbackSlack
    member: Any

    def next(self, trouble: Trouble) -> None:
        faults = {
            "lost answer": reset(),
            "lost before": reset(stored=False),
            "refused": api_error("user_disabled"),
            "busy": ratelimited(1),
        }
        self.slack.faults.add("chat.postMessage", faults[trouble])

    def inbox(self) -> int:
        return len(self.member.inbox)


@pytest.fixture(params=["mail", "slack"])
def office(request: pytest.FixtureRequest, guide: Guide, tmp_path: Path) -> Iterator[Office]:
    """The same company behind each way."""
    if request.param == "mail":
        service = company(part_of(guide, "24"), owners=[Assignment("all", "*", owner=WANG)])
        with mail_office() as found:
            yield ByMail(service, mailer(found, service, tmp_path), found)
        return
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide).start()
        bureau.register, bureau.clock.at = MemoryRegister(), clock_at("2026-06-01T10:00").at
        bureau.planned(Assignment("all", "*", owner=WANG))
        member = slack.person("wang", real_name="王芳", email=WANG)
        bureau.known(member)
        made = courier_of(bureau.deps, bureau.team)
        assert made is not None
        yield BySlack(bureau.service, made.notifier, slack, member)
        bureau.close()


def mailer(found: MailOffice, service: RegisterService, folder: Path) -> MailNotifier:
    """The way by mail to that office."""
    server = MailServer.of(Settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{found.port}"), smtp_sender="AEO 助手 <aeo@example.cn>"))
    assert server is not None
    return MailNotifier(server, service.register, Journal(folder / "mailed.txt"), lambda: service.policy, "zh")


def working(office: Office, clock: Clock, name: str = "w1") -> Courier:
    return courier(office.service, office.notifier, clock, name)


def asked(told: list[Told]) -> list[Told]:
    """What of a round told 王 of the reminder."""
    return [t for t in told if t.recipient == WANG and t.reason in ("first", "reminder")]


def nudge(office: Office) -> Message:
    return office.service.messages(recipient=WANG, kind="nudge")[0]


def test_it_arrives_once(office: Office) -> None:
    """However often it is run, and found again by its receipt."""
    clock = Clock()
    for name in ("w1", "w2", "w3"):
        working(office, clock, name).run(START)
    assert (office.inbox(), nudge(office).state) == (1, "sent")
    found = office.notifier.find(nudge(office))
    assert found is not None
    assert found.outcome == "sent"


@pytest.mark.parametrize("trouble", ["lost answer", "lost before"])
def test_nobody_knows_whether_it_arrived(office: Office, trouble: Trouble) -> None:
    """A line that breaks, before or after it was taken: in the end it is there once."""
    office.next(trouble)
    clock = Clock()
    [told] = asked(working(office, clock).run(START))
    assert not told.sent
    for hours in (1, 2):
        clock.now += timedelta(hours=1)
        working(office, clock, f"w{hours}").run(START + timedelta(hours=hours))
    assert (office.inbox(), nudge(office).state) == (1, "sent")


def test_killed_after_it_arrived(office: Office) -> None:
    """A worker that dies between delivering and writing it down: the next one finds it and says nothing twice."""

    class Dies(BaseException):
        """The end of the process."""

    class Mortal:
        def deliver(self, message: Message) -> Receipt:
            receipt = office.notifier.deliver(message)
            if message.kind == "nudge":
                raise Dies
            return receipt

        def find(self, message: Message) -> Receipt | None:
            return office.notifier.find(message)

    clock = Clock()
    with pytest.raises(Dies):
        courier(office.service, Mortal(), clock).run(START)
    clock.now += timedelta(hours=1)
    [told] = asked(working(office, clock, "w2").run(START + timedelta(hours=1)))
    assert (told.sent, office.inbox()) == (True, 1)


def test_refused_for_good(office: Office) -> None:
    """Not delivered: written down, and put before the lead."""
    office.next("refused")
    [told] = asked(working(office, Clock()).run(START))
    assert (told.sent, nudge(office).state, office.inbox()) == (False, "failed", 0)
    [event] = [e for e in office.service.history() if e.kind == "undelivered"]
    assert event.body["slots"]


def test_busy(office: Office) -> None:
    """Not now: tried again, and there once."""
    office.next("busy")
    clock = Clock()
    working(office, clock).run(START)
    assert nudge(office).state == "pending"
    clock.now += timedelta(hours=1)
    working(office, clock).run(START + timedelta(hours=1))
    assert (office.inbox(), nudge(office).state) == (1, "sent")
