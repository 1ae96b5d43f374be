"""Cases in a spreadsheet: safe to open, and mistakes by row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from assistant.guide import Guide
from evals.cases.files import write
from evals.cases.named_sets import load
from evals.cases.problems import CaseMistakes
from evals.cases.sheet import COLUMNS, write_sheet
from tests.evals.stub import case


def mistakes(path: Path, guide: Guide) -> list[tuple[int, str, str]]:
    """(row, column, key) of everything wrong with a sheet."""
    with pytest.raises(CaseMistakes) as caught:
        load([path], lambda edition: guide if edition == guide.edition else None)
    return [(p.place.line, p.place.column, p.key) for p in caught.value.problems]


def sheet(path: Path, *rows: dict[str, object]) -> Path:
    """A sheet with a header and these rows."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(COLUMNS))
    for row in rows:
        page.append([row.get(c) for c in COLUMNS])  # type: ignore[arg-type]
    book.save(path)
    return path


ROW = {"id": "x-1", "type": "topic", "lang": "zh", "edition": "2018-177", "question": "门卫？", "clauses": "24(3)"}


def test_nothing_that_is_written_can_act_as_a_formula(tmp_path: Path) -> None:
    """Text that begins like a formula is stored as text and marked to stay text in Excel."""
    path = tmp_path / "safe.xlsx"
    write_sheet(path, [case(1, question=text) for text in ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)"]])
    page = load_workbook(path)["cases"]
    cells = [page.cell(row, COLUMNS.index("question") + 1) for row in range(2, 6)]
    assert [c.data_type for c in cells] == ["s"] * 4
    assert all(c.style and c.quotePrefix for c in cells)


def test_a_formula_that_is_read_is_refused(tmp_path: Path, guide: Guide) -> None:
    """What a cell shows is what the case says, so a formula is a mistake, by row and column."""
    path = sheet(tmp_path / "formula.xlsx", ROW, ROW | {"id": "x-2", "question": "=HYPERLINK(A1)"})
    assert (3, "F", "formula") in mistakes(path, guide)


def test_mistakes_are_named_by_row_and_column(tmp_path: Path, guide: Guide) -> None:
    """Wrong clause, wrong yes, unknown fact, turns out of order, repeated id."""
    path = sheet(
        tmp_path / "bad.xlsx",
        ROW | {"clauses": "24(3)\n24(99)"},
        ROW | {"id": "x-2", "refuse": "maybe"},
        ROW | {"id": "x-3", "facts": "没有这句"},
        ROW | {"id": "x-4", "turn": 1},
        ROW | {"id": "x-4", "turn": 3},
        ROW,
    )
    assert mistakes(path, guide) == [
        (2, "G", "no_clause"),
        (3, "K", "no_bool"),
        (4, "J", "no_fact"),
        (6, "E", "no_turn"),
        (7, "A", "repeated_id"),
    ]


def test_ids_may_be_separated_as_people_do_and_lines_given_by_number(tmp_path: Path, guide: Guide) -> None:
    """Commas, 、 and line breaks part ids; L686 and 第687行 are source lines; a clause typed as a number stays a clause."""
    row = ROW | {"clauses": "24(3)、24(1)，26", "lines": "L686, 第687行\n24(3)", "facts": "访客姓名\n身份证件类型"}
    path = sheet(tmp_path / "good.xlsx", row, ROW | {"id": "x-2", "clauses": 26})
    first, second = load([path], lambda edition: guide)[0].cases
    assert first.clauses == ("24(3)", "24(1)", "26")
    assert first.lines == ("24(3)/records/1", "24(3)/records/2", "24(3)")
    assert first.facts == ("访客姓名", "身份证件类型")
    assert second.clauses == ("26",)


def test_columns_may_stand_in_any_order_but_must_be_known(tmp_path: Path, guide: Guide) -> None:
    """An unknown column is refused by name rather than skipped."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["question", "id", "type", "edition", "clauses", "nonsense"])
    page.append(["门卫？", "x-1", "topic", "2018-177", "24(3)", ""])
    path = tmp_path / "order.xlsx"
    book.save(path)
    assert mistakes(path, guide) == [(1, "F", "unknown_column")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"no zip at all"])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, guide: Guide, content: bytes) -> None:
    """Empty, cut and foreign files are named as damaged."""
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    assert [k for _, _, k in mistakes(path, guide)] == ["broken"]


def test_a_workbook_without_cases_says_what_it_needs(tmp_path: Path, guide: Guide) -> None:
    """A table of something else is not taken for cases."""
    book = Workbook()
    book.save(tmp_path / "other.xlsx")
    assert [k for _, _, k in mistakes(tmp_path / "other.xlsx", guide)] == ["no_sheet"]


def test_the_guide_page_lists_every_line_to_copy_ids_from(tmp_path: Path, guide: Guide) -> None:
    """A lead finds every clause and line with its words in the workbook."""
    path = tmp_path / "with_guide.xlsx"
    write_sheet(path, [case(1)], guide)
    ids = {row[1].value for row in load_workbook(path)["guide"].iter_rows()}
    assert {*guide.clauses, *guide.requirements} <= ids


def test_the_ending_decides_the_format(tmp_path: Path) -> None:
    """``write`` makes a workbook of .xlsx."""
    write(tmp_path / "a.xlsx", [case(1)])
    assert load_workbook(tmp_path / "a.xlsx").sheetnames[0] == "cases"
