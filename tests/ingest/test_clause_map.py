"""From an edition to one of another structure: a clause map proposed, corrected, and what it does for owners and evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.errors import CaseError
from assistant.families import apart
from assistant.guide import Guide
from assistant.register.acts.in_bulk.offers import offers, take
from assistant.register.acts.plans.fates import Adoption
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment
from assistant.register.ports import Filter
from ingest.compare.clause_map import header, proposed, rows, taken
from ingest.compare.moves import moves
from ingest.learn.banks.bank import BankEntry
from ingest.learn.banks.carried import carried
from tests.ingest.later import later_guide
from tests.register.company import INITIAL, LINK, START, company, part_of, who


@pytest.fixture
def later() -> Guide:
    """An edition of another structure: three clauses, two of them about what two of item 24 and item 10 are about."""
    return later_guide()


def test_every_old_clause_is_proposed_once(guide: Guide, later: Guide) -> None:
    """The likest clause by text and title, empty where nothing is like it; the corrected table is what counts."""
    old = part_of(guide, "10", "24", "12")
    found = {m.old: m for m in proposed(old, later)}
    assert list(found) == list(old.clauses)
    assert (found["24(3)"].news, found["10"].news, found["12"].news) == (("1",), ("2",), ())
    table = [["条款对应"], header("zh"), *rows(list(found.values()), old, later, "zh")]
    kept = taken(list(enumerate(table, 1)), old, later, "表.xlsx")
    assert (kept["24(3)"], kept["12"]) == (("1",), ())
    table[3][2] = "1；2"
    assert ("1", "2") in taken(list(enumerate(table, 1)), old, later, "表.xlsx").values()
    table[3][2] = "9(9)"
    with pytest.raises(CaseError, match=r"4: 9\(9\)"):
        taken(list(enumerate(table, 1)), old, later, "表.xlsx")
    with pytest.raises(CaseError, match="旧条款"):
        taken([(1, ["甲", "乙"])], old, later, "表.xlsx")


def test_questions_go_where_the_lead_found_their_clause(later: Guide) -> None:
    """A question of a mapped clause is asked of its successor; without the map it is not, with two it is of both."""
    asked = [
        BankEntry(question="访客要登记吗", clause="24(3)", kind="records", passages=("24(3)/records/1",)),
        BankEntry(question="食堂几点开"),
    ]
    assert [e.clause for e in carried(asked, later)] == ["", ""]
    assert [(e.clause, e.passages) for e in carried(asked, later, {"24(3)": ("1",)})] == [("1", ()), ("", ())]
    assert [e.clause for e in carried(asked, later, {"24(3)": ("1", "2")})] == ["1", "2", ""]


def test_accepted_evidence_is_offered_and_owners_go_along(guide: Guide, later: Guide) -> None:
    """What was accepted for a mapped clause is offered to its successor and waits for review; whoever had the old clause has the new."""
    old, went = part_of(guide, "24"), {"24(3)": ("1",)}
    desk = company(old, INITIAL, owners=[Assignment("clause", "24(3)", owner="wang")])
    desk.submit("24(3)/records/1", [LINK], who("wang"))
    desk.accept("24(3)/records/1", who(), seen=WHOLE)
    assert apart(later).keys() == {""}
    desk.adopt(later, INITIAL, moves(old, later).mapped(went), who(), Adoption("later", "edition"))
    entries = desk.entries(START, Filter(withdrawn=True))
    found = offers(entries, went)
    assert [(o.slot.slot.id, o.source.slot.id) for o in found] == [("1/clause", "24(3)/records/1")]
    assert found[0].slot.owner == "wang"
    assert offers(entries, {}) == []
    done = take(desk, found[0], who("wang"))
    assert (done.state.name, replace(done).state.accepted_version) == ("submitted", 0)
    assert offers(desk.entries(START, Filter(withdrawn=True)), went) == []
