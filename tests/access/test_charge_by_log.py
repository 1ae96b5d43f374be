"""Who is in charge, until when, and who is reminded of what: as the log tells it, whatever is written into a table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.adapters.files import open_files
from assistant.adapters.sql.register import open_register
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.people import Absence, Assignment
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter
from tests.access.test_attacks import by_hand
from tests.register.company import LINK, START, Clock, Postbox, at, company, courier, part_of, who

pytestmark = pytest.mark.thorough

WANG, LI, ZHAO, MALLORY = "wang@example.cn", "li@example.cn", "zhao@example.cn", "mallory"
SLOT, LATE = "24(3)/records/2@2024", at("2026-07-20")

ATTACKS = [
    ("another owner", "UPDATE slots SET owner = 'mallory', held_owner = 'mallory'", "owners"),
    ("another reviewer", "UPDATE slots SET reviewer = 'mallory', held_reviewer = 'mallory'", "owners"),
    ("a deputy", "UPDATE slots SET deputy = 'mallory', deputy_from = '2026-01-01', deputy_until = '2027-01-01'", "owners"),
    ("an owner of the slot itself", "UPDATE slots SET owner = 'mallory', state_doc = json_set(state_doc, '$.owner', 'mallory')", "states"),
    ("a later day", "UPDATE slots SET due = '2039-01-01'", "due"),
    ("a later day, set", "UPDATE slots SET due = '2039-01-01', state_doc = json_set(state_doc, '$.due', '2039-01-01')", "states"),
    ("no reminder", "UPDATE slots SET next_ask = NULL, escalate_at = NULL", ""),
    ("a reminder in years", "UPDATE slots SET next_ask = '2039-01-01 00:00:00.000000'", ""),
    ("set aside", "UPDATE slots SET planned = 0", "states"),
    ("away", "UPDATE absences SET start = '2026-01-01', deputy = 'mallory'", "absences"),
    ("another lead", "UPDATE workspaces SET lead = 'mallory'", "lead"),
    ("assignments", "UPDATE assignments SET owner = 'mallory', reviewer = 'mallory'", "assignments"),
]


def made(guide: Guide, folder: Path) -> RegisterService:
    """Two owners and their reviewer, something in review, somebody away in autumn."""
    folder.mkdir()
    store = open_register(f"sqlite:///{folder}/register.sqlite3")
    owners = [Assignment("item", "24", WANG, reviewer=LI), Assignment("clause", "24(2)", ZHAO, reviewer=LI)]
    found = company(part_of(guide, "24"), register=store, files=open_files(None, folder), owners=owners)
    Owners(found).away(Absence(ZHAO, date(2026, 10, 1), date(2026, 10, 20), "wu@example.cn"), who())
    found.submit(SLOT, [LINK], who(WANG))
    return found


@pytest.fixture
def pair(guide: Guide, tmp_path: Path) -> Iterator[tuple[RegisterService, RegisterService]]:
    """The same register twice: one is attacked, the other tells what is right."""
    both = made(guide, tmp_path / "one"), made(guide, tmp_path / "other")
    yield both
    for service in both:
        service.register.close()  # type: ignore[attr-defined]


def shown(entries: Sequence[Entry]) -> list[tuple[object, ...]]:
    """What is shown of each slot: how it stands, whose it is, until when."""
    return [(e.slot.id, e.state.name, e.owner, e.reviewer, e.held, e.due) for e in entries]


def asked(service: RegisterService) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Whom a run tells of what, with the days by which."""
    postbox = Postbox()
    courier(service, postbox, clock=Clock(LATE)).run(LATE)
    return [(m.recipient, tuple(s.slot for s in m.says.slots), [f"{s.owner} {s.due}" for s in m.says.slots]) for m in postbox.got]


@pytest.mark.parametrize(("what", "statement", "table"), ATTACKS, ids=[a[0] for a in ATTACKS])
def test_it_changes_nothing(pair: tuple[RegisterService, RegisterService], what: str, statement: str, table: str) -> None:
    """What people are shown, who is reminded of what and by when stays as the log tells it, and verifying names the table."""
    attacked, right = pair
    by_hand(attacked, statement)
    if what != "set aside":
        assert shown(attacked.standing(START)) == shown(right.standing(START))
        assert attacked.standing(START, Filter(owner=MALLORY)) == []
        assert shown(attacked.standing(START, Filter(reviewer=LI))) == shown(right.standing(START, Filter(reviewer=LI)))
    assert attacked.preview(LATE) == right.preview(LATE)
    wanted = asked(right)
    assert wanted
    assert asked(attacked) == wanted
    assert table in {"", *(d.table for d in attacked.verify()[1])}


def test_the_terminal_names_it(pair: tuple[RegisterService, RegisterService]) -> None:
    """Lists show what the log tells, and of how many lines a table says otherwise."""
    attacked, right = pair
    by_hand(attacked, "UPDATE slots SET owner = 'mallory', due = '2039-01-01' WHERE id = :id", id=SLOT)
    found, wrong = attacked.by_log(attacked.entries(START))
    assert (shown(found), wrong) == (shown(right.entries(START)), 1)
