"""Guides laid out otherwise are parsed as far as they can be: the same clauses and lines, with findings, nothing invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.guide import Guide
from ingest.parse.check import check
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.read.text import rows_of_text
from ingest.source import Numbering, Row, Source
from tests.ingest import layouts
from tests.ingest.layouts import HALF_WIDTH, Layout
from tests.ingest.printed import printed_lines
from tests.ingest.test_parse import held

pytestmark = pytest.mark.thorough

STANDARD = ("category", "item", "clause")

SAME: dict[str, Layout] = {
    "half-width numbers": Layout(half_width=True),
    "continuous clause numbers": Layout(continuous=True),
    "第1条": Layout(item="第1条"),
    "第一项": Layout(item="第一项"),
    "1、": Layout(item="1、"),
    "items 一、 under parts 一、": Layout(item="一、"),
    "items （一） under categories （一）": Layout(item="（一）"),
    "clauses ①": Layout(clause="①"),
    "clauses 1)": Layout(clause="1)"),
    "no category column": Layout(columns=("item", "clause", "guide")),
    "row numbers, scores and remarks": Layout(columns=("rows", *STANDARD, "scores", "scores", "guide", "remarks")),
    "owners and remarks behind": Layout(columns=(*STANDARD, "guide", "owner", "remarks")),
    "item number in a column of its own": Layout(columns=("category", "item_number", "item_title", "clause", "guide")),
    "items without numbers": Layout(columns=("category", "item_title", "clause", "guide")),
    "item and clause in one cell": Layout(columns=("category", "item_and_clause", "guide")),
    "two columns": Layout(columns=("item_and_clause", "guide")),
    "cells filled down": Layout(fill_down=True, columns=("rows", *STANDARD, "guide", "remarks")),
    "header on every page": Layout(header_every=10),
    "a table for each part": Layout(table_per_part=True),
    "a table for each part, named above it": Layout(table_per_part=True, parts="loose"),
    "no parts": Layout(parts="none"),
    "no header": Layout(header=False),
}
LINES = (
    "half-width numbers",
    "continuous clause numbers",
    "第1条",
    "1、",
    "items 一、 under parts 一、",
    "clauses ①",
    "clauses 1)",
    "header on every page",
)


def requirements(guide: Guide) -> list[str]:
    """The texts of all requirement lines, in one width and without blanks."""
    return ["".join(r.text.split()).translate(HALF_WIDTH) for r in guide.requirements.values()]


@pytest.mark.parametrize("name", SAME)
def test_the_same_clauses_and_lines(name: str, guide: Guide) -> None:
    """Other columns and numbers give the same 31 items, 64 clauses and 319 lines, and every character one place."""
    source = layouts.source(guide, SAME[name])
    parsed = parse(source, "any")
    assert requirements(parsed) == requirements(guide)
    assert list(parsed.items) == list(guide.items)
    assert len(parsed.clauses) == 64
    assert held(printed_lines(parsed)) == held(source.lines)
    assert {f.code for f in check(parsed)} <= {
        "lone.line", "shared", "empty_clause", "other_column", "owner_column", "period_column", "number_cells", "no_item_number", "heading_again", "header_rows",
    }  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_the_same_as_bare_lines(name: str, guide: Guide) -> None:
    """The same layouts as lines that lost their table."""
    source = Source(name="x", format="text", rows=rows_of_text(layouts.lines(guide, SAME[name])), fingerprint="")
    parsed = parse(source, "any")
    assert requirements(parsed) == requirements(guide)
    assert len(parsed.clauses) == 64
    assert held(printed_lines(parsed)) == held(source.lines)


def test_continuous_numbers_make_the_ids(guide: Guide) -> None:
    """Clauses numbered on through the guide are called item(number), and no gap is reported."""
    parsed = parse(layouts.source(guide, SAME["continuous clause numbers"]), "any")
    assert list(parsed.clauses)[:5] == ["1(1)", "1(2)", "2(3)", "2(4)", "3(5)"]
    assert not [f for f in check(parsed) if f.code.startswith(("gap", "first", "duplicate"))]


@pytest.mark.parametrize("columns", [STANDARD, ("item", "clause"), (*STANDARD, "scores", "scores", "remarks")])
def test_no_guide_column(columns: tuple[str, ...], guide: Guide) -> None:
    """A standard without a guide gives its clauses, no lines, and one finding that says so."""
    parsed = parse(layouts.source(guide, Layout(columns=columns)), "any")
    assert [c.text for c in parsed.clauses.values()] == [c.text for c in guide.clauses.values()]
    assert not parsed.requirements
    assert [f.values["count"] for f in check(parsed) if f.code == "no_guide_text"] == [64]


def test_clause_and_guide_in_one_cell(guide: Guide) -> None:
    """Where standard and guide share a cell, a guide heading parts them."""
    parsed = parse(layouts.source(guide, Layout(columns=("category", "item", "clause_and_guide"))), "any")
    outside_notes = [r.text for c in guide.clauses.values() for s in c.sections if s.heading for r in s.requirements]
    assert [r.text for c in parsed.clauses.values() for s in c.sections if s.heading for r in s.requirements] == outside_notes


def test_a_cell_in_one_paragraph(guide: Guide) -> None:
    """A guide cell whose lines ran together is parted at its headings and numbers, and nowhere else."""
    parsed = parse(layouts.source(guide, Layout(one_line=True)), "any")
    assert [[s.kind for s in c.sections] for c in parsed.clauses.values()] == [[s.kind for s in c.sections] for c in guide.clauses.values()]
    numbered = [r.text for r in guide.requirements.values() if r.number and not r.continuation]
    assert len(set(numbered) - {r.text for r in parsed.requirements.values()}) < 0.1 * len(numbered)


def test_the_html_of_a_foreign_layout(guide: Guide, tmp_path: Path) -> None:
    """Read from a file, a foreign layout gives what its rows give."""
    layout = Layout(half_width=True, continuous=True, columns=("rows", *STANDARD, "guide"))
    path = tmp_path / "guide.html"
    path.write_text(layouts.markup(guide, layout), encoding="utf-8")
    assert requirements(parse(read(path), "any")) == requirements(guide)


def table(*rows: tuple[str, ...], loose: str = "海关认证企业标准指南") -> Source:
    """A source of one table; line breaks part the lines of a cell."""
    numbering = Numbering()
    body = [Row(cells=tuple(numbering.cell([c]) for c in row)) for row in rows]
    return Source(name="t", format="html", rows=(*numbering.loose(loose), *body), fingerprint="")


def shape(guide: Guide) -> Any:
    """Clause ids with their texts and the lines of their sections."""
    return {c.id: (c.text, [(s.kind, [r.printed for r in s.requirements]) for s in c.sections]) for c in guide.clauses.values()}


def test_several_clauses_in_one_cell_with_their_guides() -> None:
    """Guide text beside several clauses is parted where its headings begin again; else the clauses share it."""
    parted = parse(
        table(("4．单证保管", "（1）建立保管制度。（2）妥善保管印章。", "1．书面文件：\n保管制度。\n1．书面文件：\n印章制度。")), "any"
    )
    assert shape(parted) == {
        "4(1)": ("建立保管制度。", [("documents", ["保管制度。"])]),
        "4(2)": ("妥善保管印章。", [("documents", ["印章制度。"])]),
    }
    shared = parse(table(("4．单证保管", "（1）建立保管制度。\n（2）妥善保管印章。", "1．书面文件：\n保管制度。")), "any")
    assert shared.clauses["4(2)"].shares_with == "4(1)"
    assert "one_cell" in {f.code for f in check(shared)}


def test_heading_and_text_on_one_line() -> None:
    """A heading may be followed by its text, on either side of the table."""
    parsed = parse(table(("3．单证控制（1）建立复核制度。", "1．书面文件：复核制度。2．抽查记录：（1）复核记录。（2）差错记录。")), "any")
    assert parsed.items["3"].title == "单证控制"
    assert shape(parsed) == {
        "3(1)": ("建立复核制度。", [("documents", ["复核制度。"]), ("records", ["（1）复核记录。", "（2）差错记录。"])])
    }


def test_references_in_running_text_part_nothing() -> None:
    """Numbers that refer to clauses are no lines of their own."""
    text = "企业可以将第（1）、（2）分项标准规定的审计合并；（3）分项标准除外，要求同本条分项标准（1）。"
    parsed = parse(table(("6．内审制度", "（1）建立审计制度。", "1．审计情况：\n" + text)), "any")
    assert shape(parsed)["6(1)"][1] == [("situation", [text])]


def test_titles_over_several_lines() -> None:
    """A title that is broken in its cell is one title, and each of its lines keeps its place."""
    source = table(("（一）组织\n机构控制", "1．\n海关业务\n培训", "（1）建立培训制度。", "1．书面文件：\n培训制度。"))
    parsed = parse(source, "any")
    assert parsed.parts[0].categories[0].title == "组织机构控制"
    assert parsed.items["1"].title == "海关业务培训"
    assert held(printed_lines(parsed)) == held(source.lines)


def test_a_clause_that_goes_on_in_the_next_row() -> None:
    """A row that names nothing and has no number carries on the clause above it."""
    parsed = parse(
        table(
            ("1．海关业务培训", "（1）建立培训制度，", "1．书面文件：\n培训制度。"),
            ("", "并有效落实。", "2．抽查记录：\n培训记录。"),
            ("", "（2）每年培训。", "1．抽查记录：\n签到表。"),
        ),
        "any",
    )
    assert parsed.clauses["1(1)"].text == "建立培训制度，\n并有效落实。"
    assert [s.kind for s in parsed.clauses["1(1)"].sections] == ["documents", "records"]


def test_the_same_number_twice() -> None:
    """Two items or clauses of one number are both kept, the second under a name of its own, with a finding."""
    parsed = parse(
        table(
            ("1．海关业务培训", "（1）建立培训制度。", "1．书面文件：\n甲。"),
            ("", "（1）每年培训。", "1．书面文件：\n乙。"),
            ("1．内部组织架构", "（1）职责明确。", "1．书面文件：\n丙。"),
        ),
        "any",
    )
    assert list(parsed.clauses) == ["1(1)", "1(1)#2", "1#2(1)"]
    assert {"duplicate_clause", "duplicate_item"} <= {f.code for f in parsed.findings}


def test_self_assessment_form() -> None:
    """One column with everything and columns to tick: titles in rows of their own, clauses beside scores."""
    parsed = parse(
        table(
            ("认证标准", "达标0", "不达标-2", "不适用—"),
            ("一、内部控制标准", "", "", ""),
            ("（一）组织机构控制", "", "", ""),
            ("1. 内部组织架构", "", "", ""),
            ("指定高级管理人员负责关务。", "0", "", ""),
            ("2. 海关业务培训", "", "", ""),
            ("（1）建立内部培训制度。", "0", "", ""),
            ("（2）每年参加培训。", "", "-2", ""),
        ),
        "any",
    )
    assert list(parsed.clauses) == ["1", "2(1)", "2(2)"]
    assert parsed.parts[0].categories[0].title == "组织机构控制"


def test_items_called_xiang_and_running_clauses() -> None:
    """The form 第4项.内部审计 with clauses that run on, as later editions are quoted."""
    text = "一、内部控制标准\n第4项.内部审计和改进\n（11）每年实施海关内部审计。\n（12）对问题进行改进。\n第5项.财务状况\n（13）提供审计报告。\n"
    parsed = parse(Source(name="x", format="text", rows=rows_of_text(text), fingerprint=""), "any")
    assert list(parsed.clauses) == ["4(11)", "4(12)", "5(13)"]
    assert {f.code for f in check(parsed)} == {"first.item", "first.clause", "no_guide_text"}
