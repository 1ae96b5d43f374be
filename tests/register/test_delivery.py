"""The outbox: what happens to a message whose delivery fails, is uncertain, is late, or is no longer wanted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.notices.reviewing import Comment, Decided, ToReview
from assistant.register.facts.notices.screens import CardEdit
from assistant.register.facts.outbox import Message, Receipt
from assistant.register.facts.people import Assignment
from tests.register.company import LINK, START, Clock, Postbox, at, company, courier, part_of, who

NOON = START + timedelta(hours=2)


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """A company whose item 24 is wang's."""
    return company(part_of(guide, "24"), owners=[Assignment("all", "*", owner="wang")])


def states(service: RegisterService) -> list[str]:
    with service.register.reading(service.workspace) as tx:
        return [m.state for m in tx.messages()]


@pytest.mark.parametrize("lost", [False, True])
def test_uncertain(service: RegisterService, lost: bool) -> None:
    """A delivery of unknown fate is looked up first, and repeated only when it did not arrive: one message either way."""
    postbox, clock = Postbox([ConnectionResetError("after send")], lost), Clock()
    [told] = courier(service, postbox, clock).run(START)
    assert (told.sent, states(service)) == (False, ["ambiguous"])
    assert courier(service, postbox, clock, "w2").run(NOON) == []
    clock.now += timedelta(hours=1)
    postbox.lost = False
    [told] = courier(service, postbox, clock, "w2").run(NOON)
    assert (told.sent, len(postbox.got), len(postbox.looked), states(service)) == (True, 1, 1, ["sent"])


def test_killed_before_or_after_delivery(service: RegisterService) -> None:
    """A worker that dies with a message in hand leaves it to the next one, once its lease has ended."""

    class Dies(BaseException):
        """Not an error: the end of the process."""

    class Mortal(Postbox):
        def deliver(self, message: Message) -> Receipt:
            super().deliver(message)
            raise Dies

    postbox, clock = Mortal(), Clock()
    with pytest.raises(Dies):
        courier(service, postbox, clock).run(START)
    healthy = Postbox(got=postbox.got)
    assert courier(service, healthy, clock, "w2").run(NOON) == []
    clock.now += timedelta(seconds=service.policy.lease_seconds)
    [told] = courier(service, healthy, clock, "w2").run(NOON)
    assert (told.sent, len(healthy.got)) == (True, 1)


def test_retry_then_give_up(service: RegisterService) -> None:
    """A delivery to be retried waits as long as it was told; after the policy's attempts the lead hears of it."""
    postbox, clock = Postbox([Receipt("retry", detail="429", retry_after=30)] * 9), Clock()
    worker = courier(service, postbox, clock)
    assert not worker.run(START)[0].sent
    clock.now += timedelta(seconds=29)
    assert worker.run(NOON) == []
    told = []
    for _ in range(5):
        clock.now += timedelta(hours=2)
        told += worker.run(NOON)
    assert states(service).count("failed") == 1
    assert {t.reason for t in told if t.recipient == "lead"} == {"escalation"}
    with service.register.reading(service.workspace) as tx:
        assert len(tx.messages(recipient="lead")) == 1
    assert "undelivered" in [e.kind for e in service.history()]


def test_no_such_person(service: RegisterService) -> None:
    """A message that can never arrive does not stop the others, and the lead is told at the next run."""
    postbox = Postbox([Receipt("failed", detail="user_disabled")])
    told = courier(service, postbox).run(START)
    assert [(t.recipient, t.sent) for t in told] == [("wang", False)]
    assert [(t.recipient, t.sent) for t in courier(service, postbox).run(NOON)] == [("lead", True)]


def test_not_in_the_night(service: RegisterService) -> None:
    """What was left over from the day is not delivered at night."""
    postbox, clock = Postbox([ConnectionResetError()], lost=True), Clock()
    courier(service, postbox, clock).run(START)
    clock.now += timedelta(hours=9)
    postbox.lost = False
    assert courier(service, postbox, clock).run(at("2026-06-01T22:00")) == []
    [told] = courier(service, postbox, clock).run(at("2026-06-02T09:00"))
    assert told.sent
    assert len(postbox.got) == 1


def test_answered_in_the_meantime(service: RegisterService) -> None:
    """What was answered before a repeated delivery is left out of it; with nothing left the message is dropped."""
    postbox, clock = Postbox([ConnectionResetError()], lost=True), Clock()
    [told] = courier(service, postbox, clock).run(START)
    for slot in told.slots[:-1]:
        service.submit(slot, [LINK], who("wang"))
    clock.now += timedelta(hours=1)
    postbox.lost = False
    [again] = courier(service, postbox, clock).run(NOON)
    assert [s.slot for s in postbox.got[0].says.slots] == list(again.slots) == [told.slots[-1]]

    other = company(part_of(service_guide(service), "24"), owners=[Assignment("all", "*", owner="wang")])
    postbox, clock = Postbox([ConnectionResetError()], lost=True), Clock()
    [told] = courier(other, postbox, clock).run(START)
    for slot in told.slots:
        other.submit(slot, [LINK], who("wang"))
    clock.now += timedelta(hours=1)
    courier(other, postbox, clock).deliver_waiting(NOON)
    assert states(other) == ["dropped"]


def service_guide(service: RegisterService) -> Guide:
    """The guide again, for a second company."""
    from assistant.settings import Settings
    from connectors.cli.opened import load_guide

    return load_guide(Settings())


def test_lease_that_ended(service: RegisterService) -> None:
    """A worker whose lease ended before it came to deliver leaves the message alone."""
    postbox, clock = Postbox(), Clock()
    worker = courier(service, postbox, clock)
    worker.clock = lambda: clock.now
    original = worker._claim

    def slow(*args: object) -> object:
        message = original(*args)  # type: ignore[arg-type]
        clock.now += timedelta(seconds=service.policy.lease_seconds + 1)
        return message

    worker._claim = slow  # type: ignore[method-assign,assignment]
    [told] = worker.run(START)
    assert (told.sent, told.detail, postbox.got) == (False, "lease", [])
    worker._claim = original  # type: ignore[method-assign]
    [told] = courier(service, postbox, clock, "w2").run(NOON)
    assert told.sent


def test_other_messages_too(service: RegisterService) -> None:
    """The outbox carries any kind of message, at any hour, once for a dedup key."""
    card = Message(service.workspace, Comment(by="wang"), "li", "comment:24(1):1", created_at=START)
    for _ in range(2):
        with service.register.writing(service.workspace) as tx:
            tx.enqueue(card)
    postbox = Postbox()
    worker = courier(service, postbox)
    assert [t.reason for t in worker.deliver_waiting(at("2026-06-06T23:00"))] == ["comment"]
    assert worker.deliver_waiting(at("2026-06-06T23:00")) == []
    assert [m.kind for m in postbox.got] == ["comment"]


def test_message_says_what_is_wanted(service: RegisterService) -> None:
    """The console's text names the line as the guide prints it, due date and how to answer, in both languages; no ids."""
    from assistant.register.papers.said.messages import message_text

    postbox = Postbox()
    courier(service, postbox).run(START)
    text = message_text(postbox.got[0], "zh")
    assert all(word in text for word in ("wang", "24(2) 抽查记录（1） · 2022", "2026-07-01", "2018-177", "不适用"))
    assert "records/1" not in text
    assert "24(2) records (1) · 2022" in message_text(postbox.got[0], "en")


def test_later_is_no_attempt(service: RegisterService) -> None:
    """A limit of pace or a closed door puts a message off as often as it must, and never makes it undeliverable."""
    postbox, clock = Postbox([Receipt("later", detail="429", retry_after=7)] * 20), Clock()
    worker = courier(service, postbox, clock)
    worker.run(START)
    for _ in range(19):
        clock.now += timedelta(seconds=6)
        assert worker.deliver_waiting(NOON) == []
        clock.now += timedelta(seconds=1)
        assert not worker.deliver_waiting(NOON)[0].sent
    clock.now += timedelta(seconds=7)
    [told] = worker.deliver_waiting(NOON)
    assert (told.sent, states(service), postbox.looked) == (True, ["sent"], [])


def test_prompt_deliveries(service: RegisterService) -> None:
    """A worker for what somebody waits for leaves reminders to the others."""
    card = Message(service.workspace, ToReview(), "li", "review:24(1):1", created_at=START)
    postbox, clock = Postbox([Receipt("later")]), Clock()
    worker = courier(service, postbox, clock)
    worker.run(START)
    with service.register.writing(service.workspace) as tx:
        tx.enqueue(card)
    assert [t.reason for t in worker.deliver_waiting(NOON, nudges=False)] == ["review"]
    assert len(worker.deliver_waiting(NOON)) == 1


def test_to_lead_instead(service: RegisterService) -> None:
    """What somebody must act on and cannot be reached with goes to the lead; the slots are not chased for it."""
    with service.register.writing(service.workspace) as tx:
        key = tx.entries(START.date())[0].slot.key
        tx.enqueue(Message(service.workspace, ToReview(else_lead=True, channel="D1"), "li", "r:1", (key,), created_at=START))
        tx.enqueue(Message(service.workspace, Decided(), "li", "o:1", (key,), created_at=START))
    postbox = Postbox([Receipt("failed", detail="user_disabled")] * 2)
    worker = courier(service, postbox)
    worker.deliver_waiting(START)
    assert [(t.recipient, t.sent) for t in worker.deliver_waiting(START)] == [("lead", True)]
    assert postbox.got[0].says == ToReview(else_lead=True, instead_of="li")
    assert worker.deliver_waiting(START) == []
    assert [e.body["slots"] for e in service.history() if e.kind == "undelivered"] == [{}, {}]


def test_edits_are_not_logged(service: RegisterService) -> None:
    """Bringing a shown card up to date is no news: its fate is kept in the outbox and not in the log."""
    with service.register.writing(service.workspace) as tx:
        tx.enqueue(Message(service.workspace, CardEdit(), "li", "edit:1", created_at=START))
    before = len(service.history())
    assert courier(service, Postbox()).deliver_waiting(START)[0].sent
    assert len(service.history()) == before
