"""The register follows an edition: what was accepted stays, what changed is asked again, nothing is deleted, and all of it goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.sql.register import open_register
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.plans.fates import Adopted, Adoption
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment
from assistant.register.papers.said.messages import message_text
from assistant.register.ports import Filter, Register
from assistant.register.rules.evidence.shortfall import rest_of
from ingest.compare.moves import moves
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED
from tests.register.company import LINK, RENEWAL, START, Postbox, company, courier, part_of, who

TEXT = SHIPPED.read_text(encoding="utf-8")
REWORDED = ("（2）企业访客临时身份标识发放与回收记录。", "（2）企业访客临时身份标识发放、更换与回收记录。")
WITHDRAWN = ("企业记录员工身份标识的发放、更换、补发、回收记录。\n", "")
ADDED = ("（3）企业访客车辆的登记记录。", "（3）访客预约审批单。\n（4）企业访客车辆的登记记录。")
BRIEFING = ("（3）访客登记记录的保存情况，保存方式、保存期限。", "（3）访客登记记录的保存情况，保存方式、保存期限、销毁方式。")
OWNERS = [Assignment("item", "24", owner="wang", reviewer="li"), Assignment("clause", "24(2)", owner="zhao")]
LATER = START + timedelta(days=1)


def edition(tmp_path: Path, label: str, *edits: tuple[str, str], item: str = "24") -> Guide:
    """Item 24 of the shipped guide with its words edited, and the item's number."""
    text = TEXT
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    if item != "24":
        text = text.replace("\t24．进入安全", f"\t{item}．进入安全")
    path = tmp_path / f"{label}.txt"
    path.write_text(text, encoding="utf-8")
    return part_of(parse(read(path), label), item)


def adopted(service: RegisterService, old: Guide, new: Guide, notice: str = "edition", days: int = 1) -> Adopted:
    """The register follows from ``old`` to ``new``."""
    words = Adoption(f"{days}:{new.edition}", notice)  # type: ignore[arg-type]
    return service.adopt(new, RENEWAL, moves(old, new), who("lead", START + timedelta(days=days)), words)


def hand_in(service: RegisterService, slot: str, accept: bool = True, days: int = 0) -> None:
    """Hand something in, and have it accepted."""
    service.submit(slot, [LINK], who("wang", START + timedelta(days=days)))
    if accept:
        service.accept(slot, who("li", START + timedelta(days=days)), seen=WHOLE)


def names(service: RegisterService) -> dict[str, str]:
    """Slot -> state, of what is planned."""
    return {e.slot.id: e.state.name for e in service.entries(START)}


@pytest.fixture
def before(tmp_path: Path) -> Guide:
    """The edition that the register begins with."""
    return edition(tmp_path, "2018-177")


def test_what_was_accepted_stays_and_what_changed_is_asked_again(before: Guide, tmp_path: Path) -> None:
    """Unchanged lines stay accepted; a reworded one waits for its owner, its evidence in place; a withdrawn one is kept aside."""
    service = company(before, owners=OWNERS)
    accepted = [f"24({c})/records/{n}@2024" for c, n in ((2, 1), (3, 1), (3, 2), (3, 3))] + ["24(3)/situation"]
    for slot in accepted:
        hand_in(service, slot)
    after = edition(tmp_path, "next", REWORDED, WITHDRAWN, ADDED, BRIEFING)
    weighed = service.weigh(after, RENEWAL, moves(before, after), LATER)
    assert names(service)["24(3)/records/2@2024"] == "accepted"  # weighing changes nothing
    done = adopted(service, before, after)
    assert weighed.counts() == done.counts()
    states = names(service)
    assert states["24(3)/records/1@2024"] == "accepted"
    assert states["24(3)/records/4@2024"] == "accepted"  # the line about vehicles, under its new number
    assert states["24(3)/records/3@2024"] == "missing"  # the new line
    assert states["24(3)/records/2@2024"] == states["24(3)/situation"] == "to_confirm"
    assert "24(2)/records/1@2024" not in states
    gone = [e for e in service.entries(START, Filter(withdrawn=True)) if e.slot.text.startswith("企业记录员工身份标识")]
    assert {e.state.name for e in gone if e.slot.period == "2024"} == {"accepted"}
    waiting = service.entry("24(3)/records/2@2024")
    assert (waiting.state.reason, waiting.state.reviewed_by) == ("", "li")
    assert [p.text for p in service.pieces([waiting.slot.key])] == [LINK.text]
    assert service.confirm(waiting.slot.id, who("wang", LATER)).state.name == "submitted"
    assert service.accept(waiting.slot.id, who("li", LATER), seen=WHOLE).state.name == "accepted"
    with pytest.raises(RegisterError, match="24\\(3\\)/records/3@2024"):
        service.confirm("24(3)/records/3@2024", who("wang", LATER))
    assert service.verify()[0].intact
    assert service.verify()[1] == []


def test_what_a_line_demands_anew_is_still_to_come(before: Guide, tmp_path: Path) -> None:
    """Confirmed for the words of a new edition, what was accepted covers what it covered: the element that came with them stays open."""
    service, slot = company(before, owners=OWNERS), "24(3)/records/2@2024"
    hand_in(service, slot)
    after = edition(tmp_path, "next", REWORDED)
    line = after.requirements["24(3)/records/2"]
    profile = RENEWAL.model_copy(update={"elements": {line.key: ("发放", "更换", "回收")}})
    service.adopt(after, profile, moves(before, after), who("lead", LATER), Adoption("1:next", "edition"))
    service.confirm(slot, who("wang", LATER))
    part = service.accept(slot, who("li", LATER))
    assert (part.state.name, [s.elements for s in rest_of(part.slot, part.state)]) == ("missing", [("更换",)])
    assert service.verify()[1] == []


def test_exactly_the_owners_of_changed_lines_hear_once(before: Guide, tmp_path: Path) -> None:
    """One message each, with before and after, several years of a line told once; adopting again tells nobody."""
    service = company(before, owners=[*OWNERS, Assignment("clause", "24(4)", owner="qian")])
    hand_in(service, "24(3)/records/2@2024")
    after = edition(tmp_path, "next", REWORDED, WITHDRAWN)
    adopted(service, before, after)
    adopted(service, before, after, days=2)
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(START + timedelta(days=3))
    told = {m.recipient: [s.slot.partition("@")[0] for s in m.says.slots] for m in postbox.got}
    assert told == {"wang": ["24(3)/records/2"], "zhao": ["24(2)/records/1"]}
    text = message_text(next(m for m in postbox.got if m.recipient == "wang"), "zh")
    assert f"原：{REWORDED[0].removeprefix('（2）')}" in text or f"原：{REWORDED[0]}" in text
    assert "更换与回收记录。" in text
    assert "确认" in text
    assert "指南已删除" in message_text(next(m for m in postbox.got if m.recipient == "zhao"), "zh")


def test_going_back_restores_the_register(before: Guide, tmp_path: Path) -> None:
    """After a rollback every state is what it was; what was handed in meanwhile goes back with its line."""
    service = company(before, owners=OWNERS)
    for slot in ("24(3)/records/1@2024", "24(3)/records/2@2024", "24(2)/records/1@2024", "24(3)/situation"):
        hand_in(service, slot)
    was = names(service)
    after = edition(tmp_path, "next", REWORDED, WITHDRAWN, BRIEFING)
    adopted(service, before, after)
    adopted(service, after, before, "edition_back", days=2)
    assert names(service) == was
    adopted(service, before, after, days=3)
    service.confirm("24(3)/records/2@2024", who("wang", START + timedelta(days=4)))
    hand_in(service, "24(3)/records/1@2023", days=4)
    adopted(service, after, before, "edition_back", days=5)
    states = names(service)
    assert states["24(3)/records/1@2023"] == "accepted"
    assert states["24(3)/records/2@2024"] == "accepted"  # confirmed for other words: as it was for these
    assert states["24(2)/records/1@2024"] == states["24(3)/situation"] == "accepted"
    assert [p.text for p in service.pieces([service.entry("24(3)/records/2@2024").slot.key])][:1] == [LINK.text]
    assert service.verify()[1] == []


def test_owners_move_with_the_numbers(before: Guide, tmp_path: Path) -> None:
    """Item 24 becomes 26: its owners are those of 26, what was accepted stays, nobody is bothered; and back."""
    service = company(before, owners=OWNERS)
    hand_in(service, "24(3)/records/1@2024")
    after = edition(tmp_path, "next", item="26")
    done = adopted(service, before, after)
    assert done.counts()["confirm"] == done.counts()["added"] == done.counts()["archived"] == 0
    entry = service.entry("26(3)/records/1@2024")
    assert (entry.state.name, entry.owner, entry.reviewer) == ("accepted", "wang", "li")
    assert service.entry("26(2)/records/1@2024").owner == "zhao"
    assert [e.kind for e in service.history("26(3)/records/1@2024")][:2] == ["submitted", "accepted"]
    assert {(a.level, a.target) for a in Owners(service).assignments()} == {("item", "26"), ("clause", "26(2)")}
    assert service.messages(kind="edition") == []
    adopted(service, after, before, "edition_back", days=2)
    assert {(a.level, a.target) for a in Owners(service).assignments()} == {("item", "24"), ("clause", "24(2)")}


def test_assignments_of_gone_places_come_back_with_the_edition(guide: Guide) -> None:
    """An item that the new edition lacks loses its assignment, said so; going back brings it back."""
    both, one = part_of(guide, "24", "25"), part_of(guide, "24").model_copy(update={"edition": "next"})
    service = company(both, owners=[Assignment("item", "25", owner="sun"), Assignment("item", "24", owner="wang")])
    done = adopted(service, both, one)
    assert [a.target for a in done.lost] == ["25"]
    assert [a.target for a in Owners(service).assignments()] == ["24"]
    adopted(service, one, both, "edition_back", days=2)
    assert {a.target for a in Owners(service).assignments()} == {"24", "25"}
    assert service.entry("25(1)/documents/1").owner == "sun"


def test_two_accepted_lines_joined_in_one_keep_both_pieces(before: Guide, tmp_path: Path) -> None:
    """Lines merged: the new one is to be confirmed, with what was handed in for both."""
    service = company(before, owners=OWNERS)
    one, two = "企业访客临时身份标识发放与回收记录。", "企业访客出入登记记录。应包括访客姓名、身份证件类型、来访时间、离开时间等信息。"
    hand_in(service, "24(3)/records/1@2024")
    service.submit("24(3)/records/2@2024", [replace(LINK, text="https://example.invalid/other")], who("wang"))
    after = edition(tmp_path, "next", (f"（1）{two}\n（2）{one}", f"（1）{two[:-1]}；{one}"), ("（3）企业访客车辆", "（2）企业访客车辆"))
    found = moves(before, after)
    assert {m.change for m in found.lines if m.change == "merged"}, "the comparison sees a merge"
    adopted(service, before, after)
    entry = service.entry("24(3)/records/1@2024")
    assert entry.state.name == "to_confirm"
    assert len([p for p in service.pieces([entry.slot.key]) if p.version == entry.state.version]) == 2


def test_a_register_does_not_slip_into_another_edition(before: Guide, tmp_path: Path) -> None:
    """Planning from another edition without adopting it would part evidence from its lines: refused."""
    service = company(before)
    with pytest.raises(RegisterError, match="next"):
        service.sync(edition(tmp_path, "next", REWORDED), RENEWAL, who())


def test_killed_inside_nothing_is_half_done(before: Guide, tmp_path: Path) -> None:
    """An adoption that breaks off leaves the register as it was; the next one does all of it."""
    register: Register = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    service = company(before, register=register, owners=OWNERS)
    hand_in(service, "24(3)/records/2@2024")
    after = edition(tmp_path, "next", REWORDED)
    was, head = names(service), service.verify()[0]

    class Broken(Exception):
        pass

    def breaks(*_: object) -> list[object]:
        raise Broken

    broken = RegisterService(service.workspace, register, service.files, service.policy, "lead", service.rules.zone, announce=breaks)  # type: ignore[arg-type]
    with pytest.raises(Broken):
        adopted(broken, before, after)
    assert names(service) == was
    assert service.verify()[0] == head
    adopted(service, before, after)
    assert names(service)["24(3)/records/2@2024"] == "to_confirm"
    assert len(service.messages(kind="edition")) == 1


def test_what_a_line_is_held_against_is_confirmed(before: Guide, tmp_path: Path) -> None:
    """A changed clause sentence and a changed heading put what was accepted to be confirmed, with before and after; other clauses rest."""
    service = company(before, owners=OWNERS)
    for slot in ("24(3)/records/1@2024", "24(2)/records/1@2024", "24(1)/documents/1"):
        hand_in(service, slot)
    sentence = ("登记时必须检查带有照片的身份证件。", "登记时必须检查带有照片的身份证件，并留存影像。")
    done = adopted(service, before, edition(tmp_path, "next", sentence))
    states = names(service)
    assert states["24(3)/records/1@2024"] == "to_confirm"
    assert states["24(2)/records/1@2024"] == states["24(1)/documents/1"] == "accepted"
    [fate] = [f for f in done.fates if f.slot.id == "24(3)/records/1@2024"]
    assert (fate.what, fate.change) == ("confirm", "sentence")
    assert sentence[0] in fate.before
    assert sentence[1] in fate.after
    postbox = Postbox()
    courier(service, postbox).deliver_waiting(LATER + timedelta(days=1))
    assert "留存影像" in message_text(next(m for m in postbox.got if m.recipient == "wang"), "zh")
