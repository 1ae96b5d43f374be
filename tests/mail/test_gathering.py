"""Hand-ins one after another are one letter to a reviewer whom only mail reaches, whatever is killed in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.adapters.journal import Journal
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailServer
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.announce import announce
from assistant.register.acts.telling.delivery import Courier
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.settings import Settings
from tests.mail.office import MailOffice, mail_office
from tests.register.company import LINK, START, Clock, company, part_of, who
from tests.register.workers import Doomed, ended, forked

pytestmark = pytest.mark.thorough

WANG, LI = "wang@example.cn", "li@example.cn"
LINES = {f"24(3)/records/{n}@2024": f"24(3) 抽查记录（{n}）" for n in (1, 2)} | {"24(2)/records/1@2024": "24(2) 抽查记录（1）"}
RULES = Policy(lease_seconds=60)


@pytest.fixture
def office() -> Iterator[MailOffice]:
    """A server without login."""
    with mail_office() as found:
        yield found


@pytest.fixture
def service(guide: Guide, tmp_path: Path) -> Iterator[RegisterService]:
    """王 hands in, 李 reviews."""
    store = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    made = company(part_of(guide, "24"), register=store, policy=RULES, owners=[Assignment("all", "*", owner=WANG, reviewer=LI)])
    made.rules = type(made.rules)(made.rules.policy, made.rules.lead, made.rules.zone, announce)
    yield made
    store.close()


def mailer(office: MailOffice, service: RegisterService, folder: Path) -> MailNotifier:
    found = MailServer.of(Settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{office.port}?from=aeo@example.cn")))
    assert found is not None
    return MailNotifier(found, service.register, Journal(folder / "mailed.txt"), lambda: RULES, "zh")


def told(office: MailOffice) -> list[list[str]]:
    """The lines that each letter to 李 speaks of."""
    texts = [m.get_body(("plain",)).get_content() for m in office.arrived.values() if str(m["To"]) == LI]  # type: ignore[union-attr]
    return [[slot for slot, title in LINES.items() if title in text] for text in texts]


def test_one_letter_for_what_waits(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """One run tells all of them at once and nothing that was withdrawn; what comes after is the next run's letter; a run more tells nothing."""
    first, second, third = LINES
    worker = Courier(service.register, mailer(office, service, tmp_path), RULES, Clock(), "w")
    for slot in LINES:
        service.submit(slot, [LINK], who(WANG))
    service.withdraw(third, who(WANG))
    worker.deliver_waiting(START)
    assert told(office) == [[first, second]]
    service.submit(third, [LINK], who(WANG))
    worker.deliver_waiting(START)
    worker.deliver_waiting(START)
    assert told(office) == [[first, second], [third]]
    assert {m.state for m in service.messages(recipient=LI, kind="review")} == {"sent", "dropped"}


def test_a_worker_waits_a_little(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """Where rounds follow each other, the letter goes two minutes after the first hand-in, with what came in the meantime."""
    clock = Clock(START)
    worker = Courier(service.register, mailer(office, service, tmp_path), RULES, clock, "w", pace=timedelta(minutes=2))
    for number, slot in enumerate(LINES):
        service.submit(slot, [LINK], who(WANG, START + timedelta(seconds=50 * number)))
        clock.now = START + timedelta(seconds=50 * number + 2)
        worker.deliver_waiting(clock.now)
    assert told(office) == []
    clock.now = START + timedelta(seconds=121)
    worker.deliver_waiting(clock.now)
    assert told(office) == [list(LINES)]


def test_a_letter_that_waits_for_its_server_hurries_nothing(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """While an old letter is tried again, what is handed in waits its own two minutes for others, and all of it arrives in two letters."""
    first, second, third = LINES
    clock = Clock(START)
    worker = Courier(service.register, mailer(office, service, tmp_path), RULES, clock, "w", pace=timedelta(minutes=2))
    service.submit(first, [LINK], who(WANG))
    office.faults = ["450", "450"]
    for seconds in (0, 121, 500):
        clock.now = START + timedelta(seconds=seconds)
        worker.deliver_waiting(clock.now)
    for number, slot in enumerate((second, third)):
        handed_in = START + timedelta(seconds=510 + 50 * number)
        service.submit(slot, [LINK], who(WANG, handed_in))
        clock.now = handed_in + timedelta(seconds=2)
        worker.deliver_waiting(clock.now)
    assert told(office) == []
    for seconds in (635, 4000):
        clock.now = START + timedelta(seconds=seconds)
        worker.deliver_waiting(clock.now)
    assert sorted(told(office)) == sorted([[first], [second, third]])


@pytest.mark.parametrize("fault", ["", "after"])
def test_killed_anywhere(office: MailOffice, service: RegisterService, tmp_path: Path, fault: str) -> None:
    """Whichever step a worker dies at, each hand-in is told in one letter and in no second one."""
    slots = list(LINES)
    clock = Clock(START)
    assert isinstance(service.register, SqlRegister)
    for steps in range(2, 34, 5):
        office.arrived.clear()
        office.faults = [fault] if fault else []
        for slot in slots:
            service.submit(slot, [LINK], who(WANG, clock.now))

        def work(steps: int = steps) -> None:
            assert isinstance(service.register, SqlRegister)
            service.register.engine.dispose(close=False)
            left = [steps]
            Courier(Doomed(service.register, left), Doomed(mailer(office, service, tmp_path), left), RULES, clock, "d").deliver_waiting(
                START
            )

        ended(forked(work))
        for _ in range(2):
            clock.now += timedelta(hours=2)
            office.faults = []
            Courier(service.register, mailer(office, service, tmp_path), RULES, clock, "calm").deliver_waiting(START)
        assert sorted(s for letter in told(office) for s in letter) == sorted(slots), steps
        assert {m.state for m in service.messages(limit=500)} <= {"sent", "dropped"}
        for slot in slots:
            service.give_back(slot, "请重交", who(LI, clock.now))
        Courier(service.register, mailer(office, service, tmp_path), RULES, clock, "calm").deliver_waiting(START)


def test_a_clock_that_runs_backwards(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """What was added while a hand-in waits is in the letter, whatever hour the clock gave it: the reviewer accepts what they were told of."""
    slot = next(iter(LINES))
    service.submit(slot, [LINK], who(WANG))
    service.submit(slot, [Piece("note", text="补一页")], who(WANG, START - timedelta(days=2)))
    Courier(service.register, mailer(office, service, tmp_path), RULES, Clock(), "w").deliver_waiting(START)
    [letter] = [m.says for m in service.messages(recipient=LI, kind="review") if m.state == "sent"]
    entry = service.entry(slot)
    assert isinstance(letter, ToReview)
    assert entry.state.given.startswith(letter.given[entry.slot.key])
