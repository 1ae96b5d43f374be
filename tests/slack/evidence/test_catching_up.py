"""What was written in a digest's thread, or anywhere in a direct message, while the app was away: taken when it comes back, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connectors.slack.listeners.asking.catching_up import CatchingUp
from connectors.slack.listeners.asking.questions import accept
from tests.slack.evidence.bureau import LEAD, PDF, WANG
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.model import Message
from tests.slack.stage import Tokens

pytestmark = pytest.mark.thorough

SLOT = "24(2)/records/1@2022"


@contextmanager
def away(office: Office) -> Iterator[None]:
    """Nothing that Slack sends arrives; afterwards the app is back and looks for what it missed."""
    courier = office.slack.core.courier
    kept, courier.retry_after = courier.retry_after, ()
    office.slack.deliver_to("http://127.0.0.1:9/gone")
    yield
    office.slack.settle()
    courier.retry_after = kept
    office.slack.deliver_to(office.bureau.url)
    look_back(office)


def look_back(office: Office) -> None:
    CatchingUp(office.bureau.deps, Tokens(office.bureau), accept).look_back()  # type: ignore[arg-type]
    office.bureau.idle()


def known(office: Office) -> None:
    """The app saw something that 王芳 wrote before."""
    office.wang.dms("24(3)")
    office.bureau.idle()


def one_left(office: Office) -> Message:
    """A digest in which a single line is open."""
    card = office.bureau.asked(office.wang)
    told: list[Message] = office.bureau.service.messages(recipient=WANG, kind="nudge")
    for slot in told[0].says.slots[1:]:
        office.bureau.service.reassign(slot.slot, LEAD, office.bureau.who())
    return card


@pytest.mark.parametrize("seen", [True, False], ids=["known", "never wrote"])
def test_dropped_into_a_digest_while_away(office: Office, seen: bool) -> None:
    """A file and its words are handed in, whether or not the person ever wrote before; looking again changes nothing."""
    if seen:
        known(office)
    card = one_left(office)
    with away(office):
        office.wang.drops(office.wang.dm, "登记.pdf", PDF, thread=card.ts, text="2022 全年")
    entry = office.bureau.entry(SLOT)
    assert entry.state.name == "submitted"
    assert [p.name or p.text for p in office.bureau.service.pieces([entry.slot.key])] == ["登记.pdf", "2022 全年"]
    said = len(office.slack.posts(office.wang.dm, card.ts))
    look_back(office)
    assert len(office.slack.posts(office.wang.dm, card.ts)) == said


def test_a_reply_to_a_digest_while_away(office: Office) -> None:
    """A question written in its thread is answered there."""
    known(office)
    card = office.bureau.asked(office.wang)
    with away(office):
        office.wang.dms("访客登记要什么？", thread=card.ts)
    assert any("24(3)" in m.text for m in office.slack.posts(office.wang.dm, card.ts))


def test_every_direct_message_is_looked_through(office: Office) -> None:
    """However many people wrote more lately, what somebody wrote while the app was away is found."""
    known(office)
    for number in range(310):
        office.bureau.store.saw(office.bureau.team, f"D9{number:08}", f"{9_000_000_000 + number}.000100")
    with away(office):
        missed = office.wang.dms("标识呢？")
    assert len(office.slack.posts(office.wang.dm, missed.ts)) == 1
