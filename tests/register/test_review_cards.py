"""One card for each hand-in, one word for each decision, one message for each hand-over; what is decided is what a card showed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.slots.review_notes import PER_CARD, shown_by
from assistant.register.acts.telling.announce import announce
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.outbox import Arrived, Message
from assistant.register.facts.people import Assignment
from tests.register.company import LINK, START, company, part_of, who


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """A company whose people are told what concerns them."""
    made = company(part_of(guide, "24"), owners=[Assignment("item", "24", owner="wang", reviewer="li")])
    made.rules = replace(made.rules, announce=announce)
    return made


def told(service: RegisterService, kind: str) -> list[Message]:
    """What people were told of a kind, oldest first."""
    return list(reversed(service.messages(kind=kind)))


def slots(service: RegisterService, count: int) -> list[str]:
    """Slots that something is owed for."""
    return [e.slot.id for e in service.entries(START) if e.owed][:count]


def test_a_hand_in_is_one_card(service: RegisterService) -> None:
    """All of it on one card; more than a card holds comes on the next, none is left out."""
    given = slots(service, PER_CARD + 2)
    service.submit_all(given, [LINK], who("wang"))
    first, second = told(service, "review")
    assert [len(c.says.slots) for c in (first, second)] == [PER_CARD, 2]
    assert [s.slot for c in (first, second) for s in c.says.slots] == given


def test_a_decision_is_one_word(service: RegisterService) -> None:
    """All of a card decided at once: the owner hears once; done twice, nothing more happens."""
    service.submit_all(slots(service, 3), [LINK], who("wang"))
    [card] = told(service, "review")
    click = Who("li", START, "slack", "E1")
    done, refused = service.review_all(shown_by(card), "accepted", click, saw={s.slot: WHOLE for s in shown_by(card)})
    assert (len(done), refused) == (3, [])
    [word] = told(service, "verdict")
    assert (word.recipient, len(word.says.slots)) == ("wang", 3)
    with pytest.raises(Repeated):
        service.review_all(shown_by(card), "accepted", click, saw={s.slot: WHOLE for s in shown_by(card)})


def test_only_what_was_shown_is_decided(service: RegisterService) -> None:
    """What was added to since, or decided by somebody else, is left and named; the rest is decided. With nothing left it is refused."""
    one, two, three = slots(service, 3)
    service.submit_all([one, two, three], [LINK], who("wang"))
    [card] = told(service, "review")
    service.submit(two, [LINK], who("wang"))
    service.give_back(three, "缺盖章", who("li"))
    done, refused = service.review_all(shown_by(card), "accepted", who("li"), saw={s.slot: WHOLE for s in shown_by(card)})
    assert [e.slot.id for e in done] == [one]
    assert [e.key for e in refused] == ["register.added_since", "register.nothing_pending"]
    with pytest.raises(RegisterError):
        service.review_all(shown_by(card), "accepted", who("li"), saw={s.slot: WHOLE for s in shown_by(card)})
    assert service.entry(two).state.name == "submitted"


def test_an_addition_has_its_own_card(service: RegisterService) -> None:
    """Under the first card where that stands in a chat; its digest is another one, so the two are never taken for each other."""
    [slot] = slots(service, 1)
    service.submit(slot, [LINK], who("wang"))
    with service.register.writing(service.workspace) as tx:
        [card] = tx.messages(kind="review")
        tx.mark(replace(card, state="sent", receipt=Arrived(channel="D1", ts="1.0")))
    service.submit(slot, [LINK], who("wang", START + timedelta(hours=1)))
    first, added = told(service, "review")
    assert isinstance(first.says, ToReview)
    assert isinstance(added.says, ToReview)
    assert (added.says.adds, added.says.channel, added.says.thread) == (True, "D1", "1.0")
    assert first.says.given != added.says.given
    service.review_all(shown_by(added), "accepted", who("li"), saw={s.slot: WHOLE for s in shown_by(added)})
    assert service.entry(slot).state.name == "accepted"


def test_a_new_reviewer_gets_what_waits_once(service: RegisterService) -> None:
    """However often the plan is looked at again."""
    service.submit_all(slots(service, 3), [LINK], who("wang"))
    for _ in range(2):
        Owners(service).assign([Assignment("item", "24", owner="wang", reviewer="zhao")], who())
    assert [(m.recipient, len(m.says.slots)) for m in told(service, "review")] == [("li", 3), ("zhao", 3)]


def test_a_hand_over_is_one_message(service: RegisterService) -> None:
    """All slots that an act gave to somebody; what they have already is refused and named."""
    given = slots(service, 4)
    service.reassign(given[3], "zhao", who())
    done, refused = service.reassign_all(given, "zhao", who())
    assert (len(done), [e.key for e in refused]) == (3, ["register.same_owner"])
    assert [len(m.says.slots) for m in told(service, "handed")] == [1, 3]
