"""PDF: cells over pages, wrapped lines, header rows and page numbers that are printed again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from ingest.parse.guide import parse
from ingest.read.pdf.characters import PrintedLine, lines_of
from ingest.read.pdf.document import read_pdf
from ingest.read.pdf.paragraphs import Strip, paragraphs
from ingest.read.pdf.ruled_grid import tables_of
from ingest.read.visible import written_out
from ingest.source import Row, Source
from tests.ingest import made

TEXTS = [
    "1．建立以下书面文件并有效落实：",
    "企业内部培训制度的书面文件，应有海关法律法规等相关规定培训的内容，并由企业负责人签发。",
    "2．海关业务培训情况：",
    "（1）负责海关法律法规等相关规定内部培训的具体部门（岗位）、人员及职责分工、人数等。",
    "（2）培训计划、方式、内容、频次、培训人员范围以及培训效果等。",
    "3．按照海关认证人员要求提供抽查记录：",
    "企业内部培训的历史记录。",
    "重新认证企业，自成为认证企业或者最近一次重新认证后每一年的培训记录。",
]


def pdf(path: Path, cells: list[list[list[str]]], width: float, height: int = 842, spacing: float = 0, **style: Any) -> Source:
    """A ruled table of cells of texts with a last column of that width, read."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    look = ParagraphStyle("x", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK", spaceAfter=spacing, **style)
    data = [[[Paragraph(t, look) for t in cell] for cell in row] for row in cells]
    table = Table(data, colWidths=[80] * (len(cells[0]) - 1) + [width], repeatRows=0, splitInRow=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    frame = SimpleDocTemplate(str(path), pagesize=(width + 300, height), leftMargin=20, rightMargin=20, topMargin=20, bottomMargin=20)
    frame.build([table])
    rows, findings = read_pdf(path.read_bytes(), path.name)
    return Source(name="x", format="pdf", rows=rows, fingerprint="", findings=findings)


def texts(row: Row) -> list[list[str]]:
    """The paragraphs of each cell."""
    return [[p.text for p in c.paragraphs] for c in row.cells]


@pytest.mark.parametrize("width", [70, 97, 118, 149, 183, 260])
@pytest.mark.parametrize("look", [{}, {"spacing": 5}, {"firstLineIndent": 18}, {"alignment": 4}])
def test_wrapped_lines_become_paragraphs(width: int, look: dict[str, Any], tmp_path: Path) -> None:
    """Whatever the width, spacing, indent or alignment: the lines of a paragraph are joined and no two paragraphs are."""
    source = pdf(tmp_path / "a.pdf", [[["1．海关业务培训"], TEXTS]], width, **look)
    assert texts(source.rows[0]) == [["1．海关业务培训"], TEXTS]


@pytest.mark.parametrize("height", [110, 140, 200])
def test_a_row_over_several_pages_is_one_row(height: int, tmp_path: Path) -> None:
    """A cell that goes on over page breaks is one cell, and the next row is a row of its own."""
    rows = [[["1．海关业务培训"], ["（1）建立培训制度。"], TEXTS], [[], ["（2）每年培训。"], TEXTS[3:]]]
    source = pdf(tmp_path / "a.pdf", rows, 150, height)
    assert [texts(row) for row in source.rows] == rows


def test_small_pages_and_repeated_headers(table: tuple[Row, ...], likeness: Any, tmp_path: Path) -> None:
    """On many small pages header rows, running headers and page numbers leave no trace but findings."""
    path = made.pdf_file(table[:14], tmp_path / "a.pdf", size=11, widths=(60, 70, 120, 180), height=400)
    rows, findings = read_pdf(path.read_bytes(), path.name)
    assert {f.code for f in findings} == {"furniture", "header_again"}
    guide = parse(Source(name="x", format="pdf", rows=rows, fingerprint=""), "any")
    assert [[p.text for c in row.cells for p in c.paragraphs] for row in rows] == [
        ["".join(p.text.split()) for c in row.cells for p in c.paragraphs] for row in table[:14]
    ]
    assert len(guide.clauses) == 10


def test_text_without_a_table(tmp_path: Path) -> None:
    """Lines outside tables are joined to paragraphs too, over page breaks."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    look = ParagraphStyle("x", fontName="STSong-Light", fontSize=12, leading=18, wordWrap="CJK")
    path = tmp_path / "a.pdf"
    SimpleDocTemplate(str(path), pagesize=(300, 200)).build([Paragraph(t, look) for t in TEXTS])
    rows, _ = read_pdf(path.read_bytes(), path.name)
    assert [c.text for row in rows for c in row.cells] == TEXTS


def test_a_table_without_rules(tmp_path: Path) -> None:
    """Where no lines are drawn, gutters part the columns, and a row begins where a column begins anew."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(tmp_path / "a.pdf"))
    page.setFont("STSong-Light", 10)
    page.drawString(50, 750, "一、内部控制标准，以及其他各项认证标准")
    rows = [[f"{n}．海关业务", f"（1）建立第{n}类制度并落实。"] for n in range(1, 9)]
    for n, (item, clause) in enumerate(rows):
        page.drawString(50, 700 - 42 * n, item)
        page.drawString(125, 700 - 42 * n, clause[:8])
        page.drawString(125, 686 - 42 * n, clause[8:])
    page.save()
    read, _ = read_pdf((tmp_path / "a.pdf").read_bytes(), "a.pdf")
    assert [[c.text for c in row.cells if c.text] for row in read] == [["一、内部控制标准，以及其他各项认证标准"], *rows]


def edge(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    """A ruled line."""
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": "v" if x0 == x1 else "h"}


def test_cells_that_a_page_break_left_open() -> None:
    """A table whose frame is open at the page's end has all its cells; a merged cell is a rectangle."""
    rules = [edge(0, 0, 300, 0), edge(100, 50, 300, 50)] + [edge(x, 0, x, 200) for x in (0, 100, 300)]
    assert tables_of(rules) == [[(0, 0, 100, 200), (100, 0, 300, 50), (100, 50, 300, 200)]]


def test_a_row_that_begins_where_no_rule_is_drawn() -> None:
    """Where all upright lines begin anew, rows part without a level line."""
    rules = [edge(0, 0, 300, 0), edge(0, 100, 300, 100)] + [edge(x, *y) for x in (0, 100, 300) for y in ((0, x, 20), (20, x, 100))]
    assert tables_of(rules) == [[(0, 0, 100, 20), (100, 0, 300, 20), (0, 20, 100, 100), (100, 20, 300, 100)]]


def test_radicals_and_double_strokes() -> None:
    """Look-alike codes are written as ordinary characters; a character that is printed twice to look bold is one."""
    assert written_out("⼀、⽂件⻔⼾⻅") == "一、文件门户见"
    character = {"text": "海", "x0": 0.0, "x1": 10.0, "top": 0.0, "bottom": 10.0, "size": 10.0}
    shifted = character | {"x0": 0.3, "x1": 10.3}
    following = character | {"x0": 10.0, "x1": 20.0}
    assert [line.text for line in lines_of([character, shifted, following], 1)] == ["海海"]


def test_marked_content_parts_full_lines() -> None:
    """Where each paragraph is marked content of its own, that decides about lines that are full and end a sentence."""

    def line(text: str, number: int, tagged: bool) -> PrintedLine:
        return PrintedLine(text, 0, 10.0 * len(text), 14.0 * number, 14.0 * number + 10, (10.0,) * len(text), 1, tagged)

    printed = [
        "甲甲甲甲甲甲甲甲甲",
        "甲甲甲",
        "乙乙乙乙乙乙乙乙。",
        "乙乙乙乙",
        "丙丙丙丙丙丙丙丙。",
        "丁丁丁丁丁丁丁丁丁",
        "丁丁",
        "戊戊戊戊戊戊戊戊戊",
        "戊",
        "己己己己己己己己己",
        "己",
    ]
    tagged = [True, False, True, False, True, True, False, True, False, True, False]
    strip = Strip(tuple(line(t, n, g) for n, (t, g) in enumerate(zip(printed, tagged, strict=True))), 0, 91)
    assert [p[0] for p in paragraphs([strip])[0]] == ["甲", "乙", "丙", "丁", "戊", "己"]
