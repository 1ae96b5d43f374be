"""Whatever people, files and guides bring: every card, form and Home tab keeps to Slack's types and limits, and pings nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversation.in_words.handing_in import received
from assistant.conversation.scene import Scene
from assistant.register.acts.mentions import mention
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.notices.stored import read
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Person
from assistant.register.facts.slots import Entry, Slot, State
from connectors.slack.cards.asking.saying import drawn
from connectors.slack.cards.blocks.rich_text import SlackMessage
from connectors.slack.cards.carried import Click
from connectors.slack.cards.evidence import forms
from connectors.slack.cards.home.owner_home import desktop, home_view
from connectors.slack.cards.shown import show
from tests.slack.schemas import check_request
from tests.slack.wild import texts as words

pytestmark = pytest.mark.thorough

TODAY = date(2026, 11, 24)
MOMENT = datetime(2026, 11, 24, 2, tzinfo=UTC)
STATES = ("missing", "submitted", "returned", "accepted", "not_applicable")


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """A slot in any state, with wild words wherever words come from outside."""
    number = draw(st.integers(0, 9999))
    period = draw(st.sampled_from(("", "2024", "2024-12-31", "3y")))
    kind = draw(st.sampled_from(("documents", "situation", "records", "onsite")))
    slot = Slot(
        key=f"{number:016x}" + (f"@{period}" if period else ""),
        id=f"24(3)/{kind}/{number}" + (f"@{period}" if period else ""),
        position=number, part="四", category="（十一）", item="24", clause="24(3)", kind=kind, requirement=None, line=number,
        text=draw(words) or "x", why="evidence", period=period, due=draw(st.sampled_from((None, date(2024, 1, 31), date(2027, 1, 31)))),
        criteria=tuple(draw(st.lists(words, max_size=3))),
    )  # fmt: skip
    name = draw(st.sampled_from(STATES))
    state = State(
        name=name, version=int(name != "missing"), claim=draw(st.sampled_from(("evidence", "not_applicable"))), reason=draw(words),
        submitters=("wang",) if name != "missing" else (), submitted_at=MOMENT, reviewed_by="li",
        snoozed_until=draw(st.sampled_from((None, date(2026, 12, 1)))),
    )  # fmt: skip
    return Entry(slot, state, owner=draw(st.sampled_from(("wang", "zhao"))), reviewer="li", planned=draw(st.booleans()), due=slot.due)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Up to twelve of them, with what was handed in."""
    found = {e.slot.key: e for e in draw(st.lists(entries(), min_size=1, max_size=12))}
    pieces = tuple(
        Piece(kind, text=draw(words), name=draw(words) or "a", sha256="f" * 64, size=9, version=1, slot=key, valid_until=TODAY)
        for key in found
        for kind in draw(st.lists(st.sampled_from(("file", "link", "note", "paper")), max_size=1))
    )
    people = {"wang": Person("wang", name=draw(words)), "li": Person("li", name="李雷")}
    return Scene(draw(st.sampled_from(("zh", "en"))), "Asia/Shanghai", TODAY, "lead", found, people, pieces)


def sent(of: Scene, kind: str, **payload: Any) -> Message:
    """A message of the outbox about all slots of a scene."""
    listed = [
        mention(e, "reminder", TODAY).model_dump(mode="json") | {"change": "reworded", "before": e.state.reason}
        for e in of.entries.values()
    ]
    says = read(kind, {"slots": listed, "edition": "2018-177", "enterprise": "某", **payload})
    return Message("acme", says, "wang", "d", tuple(of.entries))


def problems(shown: SlackMessage) -> list[str]:
    """What Slack would refuse of a post."""
    assert "<!" not in shown.text
    assert "<@" not in shown.text
    return check_request("chat.postMessage", {"channel": "D1", "text": shown.text, "blocks": shown.blocks})


quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@quick
@given(at=scenes(), other=words)
def test_cards(at: Scene, other: str) -> None:
    """Digests, drills, hand-overs, notices of editions, reviews and verdicts."""
    messages = [
        sent(at, "nudge", reason="reminder", more=3, estimated=True),
        sent(at, "drill", reason="drill", deadline="2026-11-25 10:00", hours="24", seed=other),
        sent(at, "drill", reason="drill", deadline="2026-11-25T10:00+08:00", hours="24", seed=other),
        sent(at, "handed", by="li", instead_of=other or "x"),
        sent(at, "missing"),
        sent(at, "edition", before="2018-177"),
        sent(at, "review", version=1, by=["wang"], at=MOMENT.isoformat(), claim=other, files=1),
        sent(at, "verdict", verdict="returned", by="li", reason=other),
    ]
    for message in messages:
        assert problems(show(message, at)) == []


@quick
@given(at=scenes(), other=words)
def test_views_and_confirmations(at: Scene, other: str) -> None:
    """Every form for every slot; every tab of the Home tab; what is said of a hand-in."""
    click = Click("T1", "U1", "t", "D1", "1.2", "k" * 60, "m" * 24, 3)
    for entry in list(at.entries.values())[:1]:
        views = [
            forms.submit_form(click, entry, TODAY, at.lang),
            forms.na_form(click, entry, TODAY, at.lang),
            forms.snooze_form(click, entry, TODAY, 60, at.lang),
            forms.hand_form(click, entry, TODAY, at.lang),
            forms.ask_form(click, entry, TODAY, at.lang),
            forms.return_form(click, [entry], at.lang),
            forms.notice(other or "x", at.lang),
        ]
        for view in views:
            assert check_request("views.open", {"trigger_id": "1", "view": view}) == []
        pieces = [p for p in at.pieces if p.slot == entry.slot.key]
        told = drawn(received({}, [entry], pieces, [other] if other or not pieces else [], at.lang), at.lang)
        assert problems(told) == []
    everything = [replace(e, planned=True) for e in at.entries.values()]
    for person in ("wang", "li", "lead"):
        mine = desktop(everything, person, "lead", TODAY, UTC)
        for tab in ("mine", "review", "lead"):
            view = home_view(mine, tab, 0, at, [{"type": "divider"}])  # type: ignore[arg-type]
            assert check_request("views.publish", {"user_id": "U1", "view": view}) == []


def _many(count: int, state: State) -> dict[str, Entry]:
    """So many lines with the longest words."""
    found = {}
    for number in range(count):
        slot = Slot(f"{number:016x}@2024-12-31", f"24(3)/records/{number}@2024-12-31", number, "四", "（十一）", "24", "24(3)", "records", None, 686,
                    "企业访客出入登记记录。" * 80, "evidence", "2024-12-31", due=date(2024, 1, 31), criteria=("应当与实际相符。" * 90,) * 12)  # fmt: skip
        found[slot.key] = Entry(slot, state, owner="wang", reviewer="li", due=slot.due)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_longest_digest(lang: str) -> None:
    """Ten slots with the longest words still make one message."""
    found = _many(10, State("returned", 1, reason="缺" * 4000, reviewed_by="li", submitters=("wang",)))
    at = Scene(lang, "Asia/Shanghai", TODAY, "lead", found, {})
    for kind in ("nudge", "edition", "missing"):
        assert problems(show(sent(at, kind, reason="returned"), at)) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_gathered_letter_as_a_card(lang: str) -> None:
    """A letter that mail could not deliver comes to the lead's chat: what fits on a card, and how many more there are."""
    found = _many(30, State("submitted", 1, submitters=("wang",)))
    at = Scene(lang, "Asia/Shanghai", TODAY, "lead", found, {})
    slots = tuple(mention(e, "review", TODAY) for e in found.values())
    says = ToReview(slots=slots, version=1, by=("wang",), together=True, instead_of="li")
    shown = show(Message("w", says, "lead", "d", tuple(found), "sent"), at)
    assert problems(shown) == []
    assert "22" in json.dumps(shown.blocks[-2:], ensure_ascii=False)
    assert "all" not in [b.get("block_id") for b in shown.blocks]  # nobody decides what nobody saw
