"""What surfaces build on: an act done once however often its click arrives, and messages stored with what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.events import Event
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.outbox import Arrived, Message
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.slots import Entry
from assistant.register.ports import RegisterReader
from tests.register.company import LINK, RENEWAL, START, Postbox, company, courier, part_of, who

SLOT = "24(3)/records/1@2024"


def cards(tx: RegisterReader, events: Sequence[Event], changed: Sequence[Entry]) -> Iterable[Message]:
    """A card to the reviewer for each submission, as a surface would have it."""
    workspace = tx.workspace()
    assert workspace is not None
    for event in events:
        if event.kind == "submitted":
            [entry] = changed
            version = event.body["version"]
            yield Message(
                workspace.key,
                ToReview(),
                entry.reviewer,
                f"review:{entry.slot.key}:{version}",
                slots=(entry.slot.key,),
                created_at=event.at,
            )


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """A company whose reviewer gets a card."""
    made = company(part_of(guide, "24"), owners=[Assignment("item", "24", owner="wang", reviewer="li")])
    made.rules = replace(made.rules, announce=cards)
    return made


def test_told_with_the_act(service: RegisterService) -> None:
    """What an act announces is stored with it, whatever surface it came from; a refused act announces nothing."""
    service.submit(SLOT, [LINK], who("wang"))
    with pytest.raises(RegisterError):
        service.submit(SLOT, [], who("wang"))
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(START)
    assert [(m.kind, m.recipient) for m in postbox.got] == [("review", "li")]
    [message] = service.messages(slot=service.entry(SLOT).slot.key)
    assert (message.state, message.receipt) == ("sent", Arrived(ts="0"))


def test_same_click_twice(service: RegisterService) -> None:
    """The same click is acted on once; a refused one may be will be retried; ids of two origins do not collide."""
    click = Who("wang", START, "slack", "Ev1")
    with pytest.raises(RegisterError, match="提交"):
        service.submit(SLOT, [], click)
    service.submit(SLOT, [LINK], click)
    with pytest.raises(Repeated):
        service.submit(SLOT, [LINK], click)
    service.submit(SLOT, [LINK], replace(click, origin="mail"))
    assert len(service.pieces()) == 2
    lead = Who("lead", START, "slack", "Ev2")
    Owners(service).know(Person("wang", address={"slack": "U1"}), lead)
    with pytest.raises(Repeated):
        Owners(service).know(Person("wang", address={"slack": "U2"}), lead)
    people, _ = Owners(service).people()
    assert people["wang"].address == {"slack": "U1"}


def test_names_are_bounded(service: RegisterService) -> None:
    """Names of people are short and plain wherever they come from."""
    for actor in ("", "x" * 121, "a\u202eb", "a\nb "):
        with pytest.raises(RegisterError):
            service.submit(SLOT, [LINK], who(actor))
    Owners(service).assign([Assignment("item", "24", owner=" w\x00ang ", reviewer="y" * 500)], who())
    entry = service.entry(SLOT)
    assert (entry.owner, len(entry.reviewer)) == ("wang", 120)


def test_new_owners_are_announced(service: RegisterService, guide: Guide) -> None:
    """When owners or the plan change, surfaces hear which slots changed, in the same transaction."""
    heard: list[set[str]] = []

    def hear(tx: RegisterReader, events: Sequence[Event], changed: Sequence[Entry]) -> Iterable[Message]:
        heard.append({e.slot.clause for e in changed})
        return ()

    service.rules = replace(service.rules, announce=hear)
    Owners(service).assign([Assignment("clause", "24(3)", owner="zhao")], who())
    assert heard[-1] == {"24(3)"}
    Owners(service).transfer("zhao", "qian", who())
    assert heard[-1] == {"24(3)"}
    service.sync(part_of(guide, "24", "25"), RENEWAL, who())
    assert "25(1)" in heard[-1]


def test_learning_gives_no_rights(service: RegisterService) -> None:
    """A surface may write down an address and, where none is set, name and time zone; never a right."""
    anybody = Who("slack", START, "slack")
    owners = Owners(service)
    owners.know(Person("wang", name="王芳"), who())
    learned = owners.learn(Person("wang", "Wang Fang", "Europe/Berlin", admin=True, address={"slack": "U1"}), anybody)
    assert (learned.name, learned.zone, learned.admin, learned.address) == ("王芳", "Europe/Berlin", False, {"slack": "U1"})
    assert owners.learn(Person("wang", zone="Asia/Tokyo", address={"slack": "U2"}), anybody).zone == "Europe/Berlin"
    assert [e.kind for e in service.history()].count("person_set") == 3
