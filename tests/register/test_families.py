"""One register for guides of several families: slots, owners, coverage and binder by family, and families that come and go."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.errors import RegisterError
from assistant.families import apart, combined
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.plans.fates import Adoption
from assistant.register.facts.handed_in import WHOLE, Piece
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.papers.for_customs.binder import bind
from assistant.register.papers.reports.coverage import counted, readiness
from assistant.register.papers.reports.report import named
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.filing.families import Filings
from assistant.register.rules.people.named_places import target_of, targets_of
from assistant.register.rules.people.owner_table import parse_table
from ingest.compare.moves import moves_together
from tests.register.company import INITIAL, LINK, SHANGHAI, START, Clock, Postbox, company, courier, part_of, who


def both(guide: Guide) -> Guide:
    """Two families in force; the second prints the same lines, so that nothing but the family tells them apart."""
    return combined({"通用": guide, "报关企业": guide.model_copy(update={"edition": "报关177"})})


def test_slots_of_all_families_stand_side_by_side(guide: Guide) -> None:
    """Every slot once, keys and ids apart; the first family's slots are those that it has alone."""
    alone, together = plan(guide, INITIAL, START).slots, plan(both(guide), INITIAL, START).slots
    assert together[: len(alone)] == alone
    assert [s.id for s in together[len(alone) :]] == [f"报关:{s.id}" for s in alone]
    assert len({s.key for s in together}) == len(together)


def test_owners_and_coverage_go_by_family(guide: Guide) -> None:
    """A family may be given to somebody whole, or a place in it by its number with the family before it."""
    whole = both(guide)
    rows, _ = parse_table(
        [(1, ["条款", "责任人"]), (2, ["报关企业", "li"]), (3, ["报关：24（3）", "wang"]), (4, ["24", "zhao"])], whole, "表"
    )
    assert [(a.level, a.target) for a in rows if a.owner == "li"] == [("part", f"报关:{n}") for n in "一二三四"]
    assert [(a.level, a.target) for a in rows if a.owner != "li"] == [("clause", "报关:24(3)"), ("item", "24")]
    desk = company(whole, INITIAL)
    Owners(desk).assign(rows, who(), [])
    owners = {e.slot.id: e.owner for e in desk.entries(START, guide=whole, profile=INITIAL)}
    found = [owners[f"{p}24(3)/records/1"] for p in ("", "报关:")] + [owners["报关:1(1)/documents/1"]]
    assert found == ["zhao", "wang", "li"]
    table = readiness(counted(desk.entries(START, guide=whole, profile=INITIAL), START.date()), "family")
    assert [(name, r.owed) for name, r in named(table, "family", whole, "zh")] == [
        ("通用", table[""].owed),
        ("报关企业", table["报关"].owed),
    ]
    assert table[""].owed == table["报关"].owed > 0


@pytest.mark.parametrize(
    ("said", "level", "target"),
    [
        ("报关:3", "item", "报关:3"),
        ("报关企业：第24项", "item", "报关:24"),
        ("《报关》:24（3）", "clause", "报关:24(3)"),
        ("报关:二", "part", "报关:二"),
        ("报关:（十一）", "category", "报关:（十一）"),
        ("报关:进入安全", "item", "报关:24"),
        ("进入安全", "item", "24"),
        ("24(3)", "clause", "24(3)"),
    ],
)
def test_whatever_is_owned_may_be_of_a_family(guide: Guide, said: str, level: str, target: str) -> None:
    """Every way to name a place, with the family before it; without one the first family is meant, though others have that title too."""
    assert target_of(said, both(guide)) == (level, target)


def test_a_row_of_places_is_of_one_family(guide: Guide) -> None:
    """The name stands before the first only; a family that is not in force has no places."""
    assert targets_of("报关:23至25", both(guide)) == ["报关:23", "报关:24", "报关:25"]
    with pytest.raises(RegisterError):
        target_of("快件:3", both(guide))


def test_one_message_for_all_families(guide: Guide) -> None:
    """Whoever has lines of two families is asked for both in one message a day, and reviews both."""
    whole, postbox = both(part_of(guide, "24")), Postbox()
    mine = [Assignment("clause", clause, "wang", reviewer="li") for clause in ("24(1)", "报关:24(1)")]
    desk = company(whole, policy=Policy(cap=10), owners=mine)
    later = START + timedelta(days=1)
    for _ in range(2):
        courier(desk, postbox, clock=Clock(later)).run(later)
    [message] = [m for m in postbox.got if m.recipient == "wang"]
    asked = Counter("报关" if s.slot.startswith("报关:") else "" for s in message.says.slots)
    assert asked["报关"] == asked[""] > 1
    slots = ("24(1)/documents/1", "报关:24(1)/documents/1")
    desk.submit_all(slots, [LINK], who("wang", later))
    assert {desk.accept(slot, who("li", later), seen=WHOLE).state.name for slot in slots} == {"accepted"}


def test_the_binder_has_a_folder_for_each_family(guide: Guide, tmp_path: Path) -> None:
    """Inside it stand the ids of its own guide."""
    whole = both(part_of(guide, "24"))
    desk = company(whole, INITIAL)
    for slot in ("24(3)/records/1", "报关:24(3)/records/1"):
        kept = desk.files.stage(io.BytesIO(b"%PDF-1.4 visitors"), 1000)
        desk.submit(slot, [Piece("file", sha256=kept[0], name="访客.pdf", size=kept[1])], who("wang"))
        desk.accept(slot, who(), seen=WHOLE)
    out = tmp_path / "b.zip"
    bind(out, whole, "某某公司", desk.entries(START), desk.pieces(), desk.open_file, START.date(), SHANGHAI)
    with zipfile.ZipFile(out) as archive:
        names = [n.split("/")[1:] for n in archive.namelist() if n.endswith("访客.pdf")]
    assert [n[0] for n in names] == ["通用", "报关企业"]
    assert names[0][1:] == names[1][1:]


def test_a_family_comes_beside_and_leaves(guide: Guide) -> None:
    """What was accepted stays when another family comes and when it leaves; what that owed is set aside, and comes back with it."""
    small = part_of(guide, "24")
    whole = both(small)
    desk = company(small, INITIAL)
    owed = len(plan(small, INITIAL, START).slots)

    def accept(slot: str) -> None:
        desk.submit(slot, [LINK], who("wang"))
        desk.accept(slot, who(), seen=WHOLE)

    accept("24(3)/records/1")
    come = moves_together({"通用": small}, apart(whole), small.edition, whole.edition)
    assert desk.adopt(whole, INITIAL, come, who(), Adoption("come", "edition")).counts() | {"kept": owed, "added": owed, "archived": 0} == (
        {"kept": owed, "restored": 0, "confirm": 0, "added": owed, "archived": 0}
    )
    accept("报关:24(3)/records/1")
    leave = moves_together(apart(whole), {"通用": small}, whole.edition, small.edition)
    assert desk.adopt(small, INITIAL, leave, who(), Adoption("leave", "edition_back")).counts()["confirm"] == 0
    assert desk.adopt(whole, INITIAL, come, who(), Adoption("again", "edition")).counts()["confirm"] == 0
    states = {e.slot.id: e.state.name for e in desk.entries(START)}
    assert [states[f"{p}24(3)/records/1"] for p in ("", "报关:")] == ["accepted", "accepted"]


def test_existing_files_find_their_family(guide: Guide) -> None:
    """A folder of a family's name, or an id as it is shown (报关:24(3)), files into that family; a word that begins like it does not."""
    whole = both(part_of(guide, "24"))
    filing = Filings(whole, company(whole, INITIAL).entries(START), {})
    paths = (
        "报关企业/24(3) 访客/登记制度.docx",
        "报关：24(3)制度.docx",
        "报关/第24项/（3）/登记.docx",
        "24(3) 报关单/登记.docx",
        "24(3)/制度.docx",
    )
    found = [{line.clause for line in filing.propose(path).lines} for path in paths]
    assert found == [{"报关:24(3)"}] * 3 + [{"24(3)"}] * 2
