"""Spot checks, new editions, several workspaces, states in channels, terminal nudges: what the other files do not tell."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from assistant.register.acts.doing.recording import record
from assistant.register.acts.in_bulk.drill import Drills
from assistant.register.acts.mentions import mention
from assistant.register.facts.events import Draft
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.happened import Carried
from assistant.register.facts.notices.asking import Changed, Renewed
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import state_document
from connectors.slack.calls.people import Directory
from connectors.slack.manifest import manifest
from tests.register.company import LINK
from tests.slack.conftest import shot
from tests.slack.evidence.bureau import LEAD, LI, WANG, Bureau, actions, moments, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback.faults import api_error, reset

SLOT = "24(2)/records/1@2022"


def test_a_spot_check(office: Office) -> None:
    """What is on file is produced with one click, and only there; what is not is handed in now."""
    service = office.bureau.service
    service.submit(SLOT, [LINK], office.bureau.who(WANG))
    service.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    drill = Drills(service).start(100, 24, "7", office.bureau.who())
    office.bureau.deliver()
    card = office.wang.inbox[-1]
    assert "抽查演练" in words_of(card)
    [until] = moments(card.blocks)
    assert until["timestamp"] // 60 == int(drill.deadline.timestamp()) // 60
    assert until["fallback"] == "2026-11-25 10:00 (Asia/Shanghai)"
    assert len(card.blocks) <= 50
    listed = office.bureau.service.messages(recipient=WANG, kind="drill")[0].says.slots
    there = 1 + next(n for n, s in enumerate(listed[:10]) if s.slot == SLOT)
    missing = 1 + next(n for n, s in enumerate(listed[:10]) if s.slot != SLOT)
    assert actions(card, there) == ["found"]
    assert actions(card, missing)[0] == "submit"
    assert "found" not in actions(card, missing)
    office.wang.clicks(card, "evidence_found", block_id=f"do:{there}")
    office.bureau.idle()
    assert "按时" in office.wang.whispers[-1].text
    slot = listed[missing - 1].slot
    office.wang.clicks(card, "evidence_submit", block_id=f"do:{missing}")
    office.wang.wait_for_modal()
    office.wang.submits({"note": "在 3 号柜"})
    office.bureau.idle()
    assert {d.slot for d in Drills(service).report(drill.id, office.bureau.clock()).drawn if d.result == "found"} == {SLOT, slot}
    assert office.bureau.entry(slot).state.name == "submitted"


def test_a_new_edition(office: Office) -> None:
    """Before and after stand side by side; one click says that what was handed in still serves, and it is reviewed again."""
    service = office.bureau.service
    service.submit(SLOT, [LINK], office.bureau.who(WANG))
    service.accept(SLOT, office.bureau.who(LI), seen=WHOLE)
    entry = office.bureau.entry(SLOT)
    with service.register.writing("acme") as tx:
        state = state_document(entry.state) | {"name": "returned", "reason": "指南文字有变化，请确认"}
        payload = {
            "from": entry.slot.key,
            "before": entry.slot.id,
            "state": state,
            "change": "reworded",
            "words": ["旧", "新"],
            "editions": ["2018-177", "2026-34"],
            "was": state_document(entry.state),
        }
        record(tx, [Draft(Carried.model_validate(payload), LEAD, office.bureau.clock(), "edition", entry.slot.key)], service.rules)
        [now] = [e for e in tx.entries(service.day(office.bureau.clock())) if e.slot.key == entry.slot.key]
        shown = dict(mention(now, "edition", service.day(office.bureau.clock())))
        told = Changed(**shown, change="reworded", before="旧的文字", after="新")
        tx.enqueue(
            Message(
                "acme",
                Renewed(edition="2018-177", before="2016-1", slots=(told,)),
                WANG,
                "edition:1",
                (entry.slot.key,),
                created_at=office.bureau.clock(),
            )
        )
    office.bureau.deliver()
    card = office.wang.inbox[-1]
    shown = words_of(card)
    assert "指南更新到版本 2018-177" in shown
    assert "旧的文字" in shown
    assert actions(card)[0] == "confirm"
    office.wang.clicks(card, "evidence_confirm", block_id="do:1")
    office.bureau.idle()
    assert office.bureau.entry(SLOT).state.name == "submitted"
    assert "confirm" not in actions(card)
    assert "请您审核" in office.li.inbox[-1].text


def test_a_clause_for_which_nothing_is_owed(office: Office) -> None:
    """Before and after of its words, what to do, and nothing to press."""
    changed = Changed(
        slot="20(2)/clause", key="", clause="20(2)", text="不超过2%。", change="clause", before="不超过3%。", after="不超过2%。"
    )
    with office.bureau.service.register.writing("acme") as tx:
        says = Renewed(edition="2018-177", before="2016-1", slots=(changed,))
        tx.enqueue(Message("acme", says, WANG, "edition:2", created_at=office.bureau.clock()))
    office.bureau.deliver()
    card = office.wang.inbox[-1]
    shown = words_of(card)
    assert "20(2) 条款正文" in shown
    assert "核对企业是否仍然达标" in shown
    assert "不超过3%" in shown
    assert "不超过2%" in shown
    assert "仍然适用" not in shown
    assert "拖进" not in shown
    assert actions(card) == []


def test_guests_of_shared_channels_are_nobody(office: Office) -> None:
    """An account of another workspace that carries an owner's mail address is not that owner; nor is a deactivated one."""
    desk = office.bureau.deps.desk(office.bureau.team)
    client = office.bureau.client(office.bureau.team)
    guest = office.slack.person("guest", real_name="王芳", email=WANG.upper())
    guest.user.team = "T0ELSEWHERE"
    assert Directory(desk, client, office.bureau.clock()).person_of(guest.id) == guest.id
    assert Directory(desk, client, office.bureau.clock()).person_of(office.wang.id) == WANG
    office.slack.faults.add("users.info", api_error("internal_error"))
    assert Directory(desk, client, office.bureau.clock()).person_of(office.wang.id) == WANG
    office.slack.faults.clear()


def test_no_token_in_any_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever breaks, tokens are not written down."""
    caplog.set_level(logging.DEBUG, "aeo")
    office.slack.faults.add("chat.postMessage", reset(stored=False))
    office.bureau.round()
    office.slack.faults.add("conversations.open", api_error("invalid_auth"))
    office.bureau.clock.at = office.bureau.clock.at.replace(hour=11)
    office.bureau.round()
    assert "xoxb" not in caplog.text


@pytest.fixture
def two(guide: Guide) -> Iterator[tuple[LoopbackSlack, Bureau]]:
    """Two workspaces that have the app; only the first has a register with people in it."""
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide).start()
        yield slack, bureau
        bureau.close()
        shot("two_workspaces", slack)
        assert slack.problems == []


def test_workspaces_do_not_mix(two: tuple[LoopbackSlack, Bureau]) -> None:
    """The same mail address in another workspace is somebody else: their Home tab, gaps and clicks see another register."""
    slack, bureau = two
    other = slack.add_workspace("别的公司")
    wang = slack.person("wang", real_name="王芳", email=WANG)
    twin = slack.person("wang", workspace=other, real_name="王芳", email=WANG)
    bureau.planned().known(wang)
    card = bureau.asked(wang)
    asked = twin.dms("还缺什么")
    twin.opens_home()
    bureau.idle()
    assert twin.home_view is not None
    assert "未提交 0 项" in words_of(twin.home_view.body["blocks"])
    assert "没有要您交" in slack.posts(twin.dm, asked.ts)[0].text
    channel = slack.channel("转发", twin)
    shared = slack.run(lambda: other.post(other.channels[channel], other.bot, card.text, blocks=card.blocks))
    twin.clicks(shared, "evidence_submit", block_id="do:1")
    slack.wait(lambda: twin.whispers, "a private word")
    assert "已不在登记簿中" in twin.whispers[-1].text
    assert bureau.entry(SLOT).state.name == "missing"
