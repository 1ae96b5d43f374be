"""An edition that was taken back: what was queued is held against the present, and who was told hears of it once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.notices.asking import Renewed
from assistant.register.facts.outbox import Receipt
from assistant.register.papers.said.messages import message_text
from tests.register.company import START, Clock, Postbox, company, courier, who
from tests.register.test_adopt import ADDED, OWNERS, REWORDED, WITHDRAWN, adopted, edition, hand_in, names

pytestmark = pytest.mark.thorough


@pytest.fixture
def before(tmp_path: Path) -> Guide:
    """The edition that the register begins with."""
    return edition(tmp_path, "2018-177")


@pytest.fixture
def after(tmp_path: Path) -> Guide:
    """One line reworded, one withdrawn, one added."""
    return edition(tmp_path, "next", REWORDED, WITHDRAWN, ADDED)


@pytest.fixture
def service(before: Guide) -> RegisterService:
    """A company that handed in what the edition changes."""
    made = company(before, owners=OWNERS)
    hand_in(made, "24(3)/records/2@2024")
    hand_in(made, "24(2)/records/1@2024")
    return made


def told(service: RegisterService, postbox: Postbox, days: int) -> list[tuple[str, str, str]]:
    """Deliver what waits; who hears what of which edition, of what arrived just now."""
    had = len(postbox.got)
    courier(service, postbox, Clock(START + timedelta(days=days))).deliver_waiting(START + timedelta(days=days))
    return sorted((m.recipient, m.says.edition, s.change) for m in postbox.got[had:] if isinstance(m.says, Renewed) for s in m.says.slots)


def test_what_never_went_and_is_taken_back_is_never_said(service: RegisterService, before: Guide, after: Guide) -> None:
    """Activated and rolled back before anything was delivered: nobody hears of either; a later activation is told, once."""
    postbox = Postbox()
    adopted(service, before, after)
    adopted(service, after, before, "edition_back", days=2)
    assert told(service, postbox, 3) == []
    adopted(service, before, after, days=4)
    first = told(service, postbox, 5)
    assert first == [("wang", "next", "added"), ("wang", "next", "reworded"), ("zhao", "next", "withdrawn")]
    assert told(service, postbox, 6) == []


def test_who_was_told_hears_once_that_it_was_taken_back(service: RegisterService, before: Guide, after: Guide) -> None:
    """New, reworded and no longer required: each is taken back in words of its own, one message for each owner."""
    postbox, was = Postbox(), names(service)
    adopted(service, before, after)
    assert len(told(service, postbox, 1)) == 3
    adopted(service, after, before, "edition_back", days=2)
    back = told(service, postbox, 3)
    assert back == [("wang", "2018-177", "reworded"), ("wang", "2018-177", "withdrawn"), ("zhao", "2018-177", "added")]
    texts = {m.recipient: message_text(m, "zh") for m in postbox.got[-2:]}
    assert "新版本增加的要求已删除" in texts["wang"]
    assert "恢复要求" in texts["zhao"]
    assert told(service, postbox, 4) == []
    assert names(service) == was


def test_there_and_back_and_there_again_is_told_once(service: RegisterService, before: Guide, after: Guide) -> None:
    """Told, taken back and put in force again before the second message went: nothing new to say."""
    postbox = Postbox()
    adopted(service, before, after)
    told(service, postbox, 1)
    adopted(service, after, before, "edition_back", days=2)
    adopted(service, before, after, days=3)
    assert told(service, postbox, 4) == []
    assert service.entry("24(3)/records/2@2024").state.name == "to_confirm"


def test_a_third_edition_keeps_what_still_holds(service: RegisterService, before: Guide, after: Guide, tmp_path: Path) -> None:
    """A notice that waited while another edition came says only what is so in that one as well."""
    postbox = Postbox()
    adopted(service, before, after)
    third = edition(tmp_path, "third", REWORDED, WITHDRAWN)
    adopted(service, after, third, days=2)
    heard = told(service, postbox, 3)
    assert ("wang", "next", "added") not in heard
    assert ("wang", "next", "reworded") in heard
    assert ("zhao", "next", "withdrawn") in heard


def test_what_may_have_arrived_is_taken_back(service: RegisterService, before: Guide, after: Guide) -> None:
    """A notice whose delivery is uncertain counts as heard."""
    postbox = Postbox([Receipt("unknown"), Receipt("unknown")])
    adopted(service, before, after)
    told(service, postbox, 1)
    adopted(service, after, before, "edition_back", days=2)
    heard = {recipient for recipient, label, _ in told(service, postbox, 3) if label == "2018-177"}
    assert heard == {"wang", "zhao"}


def test_confirmed_and_accepted_in_between_returns_to_what_it_was(service: RegisterService, before: Guide, after: Guide) -> None:
    """What was only confirmed for the other words is, after going back, accepted as it was for these."""
    was = service.entry("24(3)/records/2@2024").state
    adopted(service, before, after)
    service.confirm("24(3)/records/2@2024", who("wang", START + timedelta(days=2)))
    service.accept("24(3)/records/2@2024", who("li", START + timedelta(days=2)), seen=WHOLE)
    adopted(service, after, before, "edition_back", days=3)
    now = service.entry("24(3)/records/2@2024").state
    assert (now.name, now.version, now.reviewed_at, now.accepted_version) == (was.name, was.version, was.reviewed_at, was.accepted_version)
    assert service.verify()[1] == []


def test_slots_handed_over_that_are_gone_are_not_announced(service: RegisterService, before: Guide, after: Guide) -> None:
    """A handing over that waited while the edition dropped the slot is not delivered."""
    adopted(service, before, after)
    new = next(e for e in service.entries(START) if e.slot.text.startswith("访客预约审批单"))
    service.reassign(new.slot.id, "qian", who("wang", START + timedelta(days=1)))
    adopted(service, after, before, "edition_back", days=2)
    postbox = Postbox()
    told(service, postbox, 3)
    assert [m for m in postbox.got if m.kind == "handed"] == []
