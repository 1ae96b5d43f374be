"""Owner tables as offices keep them: days in their spellings, people in theirs, titles and stars around the header."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.adapters.sheet import read_cells
from assistant.guide import Guide
from assistant.register.acts.owning import Owners
from assistant.register.rules.owner_table import TableError, parse_table
from tests.register.company import company, part_of, who

DATA = Path(__file__).parent / "data"


def table(guide: Guide, *rows: str) -> tuple[list[object], list[object]]:
    """A table of comma-separated lines, read."""
    assignments, people = parse_table([(n, row.split(",")) for n, row in enumerate(rows, 1)], guide, "t.csv")
    return list(assignments), list(people)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 8, 10])
def test_days(guide: Guide, number: int) -> None:
    """A day in any of the spellings that spreadsheets and people write is that day."""
    [row], _ = parse_table(read_cells(DATA / f"d{number}.csv"), guide, "d.csv")
    assert (row.deputy_from, row.deputy_until) == (date(2026, 1, 5), date(2026, 1, 9))


@pytest.mark.parametrize("number", [7, 9])
def test_other_numbers_are_named(guide: Guide, number: int) -> None:
    """What may be another day, or none, is refused cell by cell."""
    with pytest.raises(TableError, match="2026-03-01"):
        parse_table(read_cells(DATA / f"d{number}.csv"), guide, "d.csv")


def test_one_person_in_two_spellings(guide: Guide) -> None:
    """Wang@Example.cn and wang@example.cn are one person with one pile of slots; owner = reviewer is seen through it."""
    service = company(part_of(guide, "24", "25"))
    rows, people = parse_table(read_cells(DATA / "two.csv"), guide, "two.csv")
    Owners(service).assign(rows, who(), people)
    assert {e.owner for e in service.entries(who().at)} == {"wang@example.cn"}
    with pytest.raises(TableError, match="同一人"):
        parse_table(read_cells(DATA / "owners.csv"), guide, "owners.csv")


def test_around_the_header(guide: Guide) -> None:
    """A title row, stars, other headings, an item's title, several clauses in a cell, name and mail in one, two people."""
    rows, people = table(
        guide, "2026 年 AEO 责任分工", "项目*,责任人（必填）", "单证控制,王芳<Wang@example.cn>", "24(1)、24(2),李雷；韩梅梅"
    )
    assert [(a.target, a.owner, a.deputy) for a in rows] == [  # type: ignore[attr-defined]
        ("3", "wang@example.cn", ""), ("24(1)", "李雷", "韩梅梅"), ("24(2)", "李雷", "韩梅梅")
    ]  # fmt: skip
    assert {p.id: p.name for p in people}["wang@example.cn"] == "王芳"  # type: ignore[attr-defined]
