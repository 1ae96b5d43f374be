"""HTML, Excel, CSV and Markdown: spans, breaks, sheets, and what is markup rather than text."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from assistant.errors import SourceError
from ingest.read.csv import rows_of_csv
from ingest.read.file import read
from ingest.read.html import read_html, rows_of_html
from ingest.read.markdown import rows_of_markdown
from ingest.read.xlsx import read_xlsx
from ingest.source import Row


def cells(rows: tuple[Row, ...]) -> list[list[str]]:
    """The texts of all cells; ^ for one that continues the cell above."""
    return [["^" if c.merged else c.text for c in row.cells] for row in rows]


HTML = {
    "spans": (
        "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>丙<td>丁</table>",
        [["甲", "乙", ""], ["^", "丙", "丁"]],
    ),
    "rowspan over colspan": (
        "<table><tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<tr><td>丁<td>戊<td>己</table>",
        [["甲", "", "乙"], ["^", "^", "丙"], ["丁", "戊", "己"]],
    ),
    "to the end": ("<table><tr><td rowspan=0>甲<td>乙<tr><td>丙<tr><td>丁</table>", [["甲", "乙"], ["^", "丙"], ["^", "丁"]]),
    "breaks, paragraphs, items": (
        "<table><tr><td>甲<br>乙<p>丙</p><ul><li>丁<li>戊</ul><div>己<span>庚</span></div></table>",
        [["甲\n乙\n丙\n丁\n戊\n己庚"]],
    ),
    "nested table": ("<table><tr><td>甲<table><tr><td>乙<td>丙</table>丁<td>戊</table>", [["甲\n乙\n丙\n丁", "戊"]]),
    "around the table": ("<p>甲</p><table><caption>乙</caption><tr><td>丙</table>丁", [["甲"], ["乙"], ["丙"], ["丁"]]),
    "not text": (
        "<head><title>甲</title><style>乙</style></head><script>丙</script><!-- 丁 --><p hidden>戊</p><p style='display: none'>己</p><p>庚",
        [["庚"]],
    ),
    "white space": ("<p>  甲乙\n   丙  A\n B&nbsp;&lt;丁&gt;</p><pre>一\n二</pre>", [["甲乙丙 A B\xa0<丁>"], ["一"], ["二"]]),
    "nonsense spans": ("<table><tr><td rowspan=x colspan=-1>甲<td rowspan=99999999>乙</table>", [["甲", "乙"]]),
}


@pytest.mark.parametrize("case", HTML)
def test_html(case: str) -> None:
    """A table is read as its grid; what browsers do not show is not read."""
    markup, expected = HTML[case]
    assert cells(rows_of_html(markup, "a.html")) == expected


@pytest.mark.parametrize(
    "page",
    [
        '<meta charset="gb2312"><p>海关</p>'.encode("gb18030"),
        '<meta http-equiv="Content-Type" content="text/html; charset=GBK"><p>海关</p>'.encode("gbk"),
        "<p>海关</p>".encode("utf-16"),
        "<p>海关</p>".encode("utf-8-sig"),
        '<meta charset="nonsense"><p>海关</p>'.encode(),
        '<meta charset="big5"><p>海關</p>'.encode("big5"),
    ],
)
def test_html_character_sets(page: bytes) -> None:
    """The byte order mark, then the meta element, then trying tells the character set."""
    rows, _ = read_html(page, "a.html")
    assert cells(rows)[0][0] in ("海关", "海關")


def test_claimed_spans_cost_nothing() -> None:
    """Cells that claim millions of places are refused before they are made."""
    with pytest.raises(SourceError):
        rows_of_html("<table>" + "<tr><td rowspan=60000 colspan=1000>海" * 5_000, "a.html")


def test_xlsx_values_and_sheets(tmp_path: Path) -> None:
    """Merged ranges, line breaks and numbers as Excel shows them; a guide over two sheets is one, other sheets are named."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "一"
    for row in (["（一）控制", "1．培训", "（1）建立\n制度", 2.0], [None, None, "（2）每年", 0.5], [None, "2．架构", "（1）职责", True]):
        first.append(row)
    first.merge_cells("A1:A3")
    first.merge_cells("B1:B2")
    second = book.create_sheet("二")
    second.append(["（二）单证", "3．复核", "（1）复核"])
    cover = book.create_sheet("封面")
    cover.append(["资料汇编"])
    hidden = book.create_sheet("旧")
    hidden.append(["（一）旧", "1．旧", "（1）旧"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    rows, findings = read_xlsx((tmp_path / "a.xlsx").read_bytes(), "a.xlsx")
    assert cells(rows) == [
        ["（一）控制", "1．培训", "（1）建立\n制度", "2"],
        ["^", "^", "（2）每年", "0.5"],
        ["^", "2．架构", "（1）职责", "TRUE"],
        ["（二）单证", "3．复核", "（1）复核"],
    ]
    assert [f.values["sheet"] for f in findings] == ["封面"]


def test_csv_lines() -> None:
    """A cell in quotes runs over lines; each of its lines keeps its number."""
    rows = rows_of_csv('海关,"（1）甲\n（2）乙",丙\r\n"丁",戊,\n', "a.csv")
    assert [[(p.line, p.text) for c in row.cells for p in c.paragraphs] for row in rows] == [
        [(1, "海关"), (1, "（1）甲"), (2, "（2）乙"), (2, "丙")],
        [(3, "丁"), (3, "戊")],
    ]


def test_markdown_marks_are_no_text() -> None:
    """Heading marks, emphasis, bullets, bars and rules are markup; numbers and TABs are text."""
    text = "# 指南\n\n## （一）控制\n- **（1）**甲\n\n| 项目 | 标准 |\n|---|:-:|\n| 1．培训 | （1）乙<br>丙 |\n"
    assert cells(rows_of_markdown(text)) == [["指南"], ["（一）控制"], ["（1）甲"], ["项目", "标准"], ["1．培训", "（1）乙\n丙"]]


def test_the_format_is_told_by_content(tmp_path: Path) -> None:
    """HTML is HTML under any name, and a program that mentions PDF is text."""
    for name, content, form in (
        ("a.doc", "<html><body><p>海关</p></body></html>", "html"),
        ("a.txt", "MAGIC = b'%PDF-1.4'", "text"),
        ("a.md", "# 海关", "markdown"),
        ("a.csv", "海关,标准", "csv"),
    ):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert read(tmp_path / name).format == form
