"""Owner tables as offices keep them: days in their spellings, people in theirs, titles and stars around the header."""

from __future__ import annotations

import re
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from assistant.adapters.sheet import read_cells
from assistant.errors import CaseError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.rules.people.owner_header import header_of, unread
from assistant.register.rules.people.owner_table import RowError, TableError, parse_row, parse_table
from assistant.texts import LANGUAGES
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


def test_an_unknown_heading_beside_the_clauses_is_named(guide: Guide) -> None:
    """Bare numbers of clauses whose item stands under a heading nobody knows give nothing away; a column that counts rows is none."""
    for heading in ("大项", "项目★编码", "模块"):
        with pytest.raises(TableError, match=re.escape(heading)):
            table(guide, f"{heading},条款,负责人", "24,1,甲")
    rows, _ = table(guide, "序号,条款,负责人", "1,24(1),甲")
    assert [a.target for a in rows] == ["24(1)"]  # type: ignore[attr-defined]
    rows, _ = table(guide, "部门,条款,负责人", "行政部,24(1),甲")
    assert [a.target for a in rows] == ["24(1)"]  # type: ignore[attr-defined]


def test_around_theheader_of(guide: Guide) -> None:
    """A title row, stars, other headings, an item's title, several clauses in a cell, name and mail in one, two people."""
    rows, people = table(
        guide, "2026 年 AEO 责任分工", "项目*,责任人（必填）", "单证控制,王芳<Wang@example.cn>", "24(1)、24(2),李雷；韩梅梅"
    )
    assert [(a.target, a.owner, a.deputy) for a in rows] == [  # type: ignore[attr-defined]
        ("3", "wang@example.cn", ""), ("24(1)", "李雷", "韩梅梅"), ("24(2)", "李雷", "韩梅梅")
    ]  # fmt: skip
    assert {p.id: p.name for p in people}["wang@example.cn"] == "王芳"  # type: ignore[attr-defined]


def test_what_offices_write(guide: Guide) -> None:
    """繁體 headings and titles, a longer heading, rows and ranges in a cell, lines in a cell, a blank row and who made the table."""
    rows, _ = parse_table(
        [
            (1, ["2026 年分工", "", ""]), (2, ["標準條款名稱", "負責人★", "審核人"]), (3, ["23-24", "甲", "乙"]), (4, ["24(1)~(2)", "丙", ""]),
            (5, ["24（3）\n第二十五项\n", "丁", ""]), (6, ["商業夥伴", "戊", ""]), (7, ["", "", ""]), (8, ["制表人：小李", "", ""]),
        ],
        guide, "表.xlsx",
    )  # fmt: skip
    assert [(a.target, a.owner) for a in rows] == [
        ("23", "甲"), ("24", "甲"), ("24(1)", "丙"), ("24(2)", "丙"), ("24(3)", "丁"), ("25", "丁"), ("26", "戊"),
    ]  # fmt: skip
    rows, _ = parse_table(
        [(1, ["项目", "条款", "负责人"]), (2, ["24", "(3)", "甲"]), (3, ["", "", ""]), (4, ["", "", "填表人：小李"])], guide, "表.xlsx"
    )
    assert [(a.target, a.owner) for a in rows] == [("24(3)", "甲")]


@pytest.mark.parametrize("said", ["24-3", "23-99", "安全", "十一", "24(9)", "24(2)~(1)", "24(3)等"])
def test_no_place_is_guessed(guide: Guide, said: str) -> None:
    """A range that runs backwards or ends nowhere, a word of many titles, a bare numeral: named, never taken for something near."""
    with pytest.raises(TableError, match="范围"):
        parse_table([(1, ["范围", "负责人"]), (2, [said, "甲"])], guide, "表.xlsx")


def test_every_heading_that_is_named_is_understood(guide: Guide) -> None:
    """What the error about a missing heading offers can be written."""
    with pytest.raises(TableError) as told:
        parse_table([(1, ["甲", "乙"])], guide, "表.xlsx")
    for lang in LANGUAGES:
        offered = re.split("[、,（(或)）]|or ", told.value.sentence(lang).split("：" if lang == "zh" else "can be:")[-1].split("；")[0])
        headings = [h.strip(" .。") for h in offered if h.strip(" .。")]
        known = header_of(headings)
        assert sum(map(len, known.values())) >= len(headings) - 1, (headings, known)  # two that mean the owner are one


def _book(path: Path, rows: list[list[str]], *merged: str) -> Path:
    """A workbook as somebody typed it, with merged cells."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    book.save(path)
    return path


def test_a_merged_cell_counts_for_all_its_rows(guide: Guide, tmp_path: Path) -> None:
    """Owner, reviewer and item merged over several rows stand in each of them; the title over all columns names nobody."""
    rows = [
        ["AEO 责任分工", "", "", ""],
        ["项目", "条款", "负责人", "审核人"],
        ["24 进入安全", "（1）", "王芳", "李雷"],
        ["", "2、3", "", ""],
        ["", "24(4)", "赵敏", ""],
        ["12", "", "陈静", ""],
    ]
    rows[2][0] = "24"
    path = _book(tmp_path / "t.xlsx", rows, "A1:D1", "A3:A5", "C3:C4", "D3:D6")
    found, _ = parse_table(read_cells(path), guide, "t.xlsx")
    assert [(a.target, a.owner, a.reviewer) for a in found] == [
        ("24(1)", "王芳", "李雷"), ("24(2)", "王芳", "李雷"), ("24(3)", "王芳", "李雷"), ("24(4)", "赵敏", "李雷"), ("12", "陈静", "李雷")
    ]  # fmt: skip


def test_an_empty_cell_takes_nobody_away(guide: Guide) -> None:
    """What a table leaves empty stays as it was; ``-`` or 无 takes somebody away; both hold for ``assign`` too."""
    service = company(part_of(guide, "24"))
    owners = Owners(service)

    def put(*rows: str) -> None:
        parsed, people = parse_table([(n, row.split(",")) for n, row in enumerate(("范围,负责人,审核人,代理人", *rows), 1)], guide, "t.csv")
        owners.assign(parsed, who(), people)

    put("24(1),王芳,李雷,赵敏", "24(2),王芳,李雷,")
    put("24(1),,韩梅梅,", "24(2),无,,")
    stands = {a.target: (a.owner, a.reviewer, a.deputy) for a in owners.assignments()}
    assert stands == {"24(1)": ("王芳", "韩梅梅", "赵敏"), "24(2)": ("", "李雷", "")}
    rows, people = parse_row({"target": "24(1)、24(2)", "owner": "陈静<Chen@example.cn>", "deputy": "-"}, guide)
    owners.assign(rows, who(), people)
    stands = {a.target: (a.owner, a.reviewer, a.deputy) for a in owners.assignments()}
    assert stands == {"24(1)": ("chen@example.cn", "韩梅梅", ""), "24(2)": ("chen@example.cn", "李雷", "")}
    with pytest.raises(RowError, match="自己不能审核自己") as error:
        parse_row({"target": "24(9)", "owner": "a", "reviewer": "A", "deputy_from": "昨天"}, guide)
    assert all(word in error.value.sentence("zh") for word in ("24(9)", "昨天"))
    assert not service.verify()[1]


def test_merged_cells_without_end(guide: Guide, tmp_path: Path) -> None:
    """A workbook that merges the whole sheet, or its rows many times over, is read in no time or refused."""
    small = _book(tmp_path / "s.xlsx", [["范围", "负责人"], ["24", "王芳"]], "D4:D5")
    whole = _with(small, tmp_path / "t.xlsx", '<mergeCell ref="D4:XFD1048576"/>')
    assert parse_table(read_cells(whole), guide, "t.xlsx")[0][0].owner == "王芳"  # type: ignore[attr-defined]
    rows = [["范围", "负责人"], *(["24", "王芳"] for _ in range(900))]
    many = _with(_book(tmp_path / "r.xlsx", rows, "D4:D5"), tmp_path / "m.xlsx", '<mergeCell ref="B2:B1048576"/>' * 5000)
    began = time.perf_counter()
    with pytest.raises(CaseError, match="merged"):
        read_cells(many)
    assert time.perf_counter() - began < 5


def _with(book: Path, out: Path, merged: str) -> Path:
    """The workbook with other merged cells, as no program writes them."""
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(
                info, content.replace(b'<mergeCell ref="D4:D5"/>', merged.encode()).replace(b'<mergeCell ref="D4:D5" />', merged.encode())
            )
    return out


@pytest.mark.parametrize(("item", "clause", "named"), [
    ("99", "1", "99(1)"), ("25", "7", "25(7)"), ("安全", "1", "安全(1)"), ("24", "九", "24(9)"), ("24", "25(1)", "24 25(1)"),
    ("", "2", "(2)"), ("24、25", "1", "24 25(1)"), ("*", "1", "*(1)"),
])  # fmt: skip
@pytest.mark.parametrize("heading", ["项目", "★项目", "【项目】", "项目："])
def test_a_clause_that_its_item_does_not_have_is_refused(guide: Guide, heading: str, item: str, clause: str, named: str) -> None:
    """No row gives away a whole item because the clause beside it is not in the guide: the row and what it says are named."""
    rows = [(1, [heading, "条款", "负责人"]), (2, ["24", "（三）", "王芳"]), (3, [item, clause, "李雷"])]
    with pytest.raises(TableError) as refused:
        parse_table(rows, guide, "t.csv")
    said = refused.value.sentence("zh")
    assert "第 3 行" in said
    assert f"“{named}”" in said
    found, _ = parse_table(rows[:2], guide, "t.csv")
    assert [a.target for a in found] == ["24(3)"]


def test_headings_that_stand_for_each_other_and_shorter_ones(guide: Guide) -> None:
    """项目/条款, 主责人（必填） and 审核 are read; a column for the day is not, and said to be."""
    cells = [
        (1, ["2026年责任分工表", "", "", ""]),
        (2, ["项目/条款*", "主责人（必填）", "审核", "完成时间"]),
        (3, ["单证控制", "王芳<wang@example.cn>；孙七<sun@example.cn>", "李雷<li@example.cn>", "2026/1/5"]),
    ]
    [row], people = parse_table(cells, guide, "分工.xlsx")
    assert (row.target, row.owner, row.deputy, row.reviewer) == ("3", "wang@example.cn", "sun@example.cn", "li@example.cn")
    assert {p.name for p in people} == {"王芳", "孙七", "李雷"}
    assert unread(cells) == ["完成时间"]
