"""What nobody sees, and what a format writes for a character, is gone before numbers are looked for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from assistant.adapters.sheet import read_cells
from ingest.parse.guide import parse
from ingest.printed_numbers import mark
from ingest.read.file import read
from ingest.read.markdown import rows_of_markdown
from ingest.read.pdf.document import read_pdf
from ingest.shipped import SHIPPED
from ingest.source import Row
from tests.ingest.conftest import WORD, structure

pytestmark = pytest.mark.thorough


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u200e", "\ufe0f"])
@pytest.mark.parametrize("suffix", ["txt", "md", "html"])
def test_invisible_characters_change_nothing(unseen: str, suffix: str, likeness: Any, tmp_path: Path) -> None:
    """Before numbers, inside numbers and between words: the guide is the same one."""
    text = SHIPPED.read_text(encoding="utf-8").replace("\t", "")
    spoilt = re.sub(r"(?m)^([（(]?)(\d)", rf"{unseen}\1{unseen}\2{unseen}", text).replace("企业", f"企{unseen}业")
    path = tmp_path / f"guide.{suffix}"
    path.write_text("".join(f"<p>{line}</p>\n" for line in spoilt.split("\n")) if suffix == "html" else spoilt, encoding="utf-8")
    assert structure(parse(read(path), "any")) == likeness


@pytest.mark.parametrize(
    ("printed", "style", "value", "rest"),
    [
        ("⒈2018年以来", "arabic", 1, "2018年以来"),
        ("⒓建立", "arabic", 12, "建立"),
        ("㈠组织机构控制", "chinese_bracket", 1, "组织机构控制"),
        ("⼀、内部控制标准", "chinese", 1, "内部控制标准"),
        ("（⼗⼆）进⼊", "chinese_bracket", 12, "进⼊"),
        ("❸培训", "circle", 3, "培训"),
        ("（３）访客", "bracket", 3, "访客"),
    ],
)
def test_characters_that_hold_a_number(printed: str, style: str, value: int, rest: str) -> None:
    """A number is known in whatever characters; label and rest stay as printed."""
    found = mark(printed)
    assert found is not None
    assert (found.style, found.value, found.rest, found.label + found.rest) == (style, value, rest, printed)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: re.sub(r"(?m)^(\d+)．", r"\1\\.", t),
        lambda t: re.sub(r"（(\d+)）", r"\\(\1\\)", t),
        lambda t: t.replace("\n", "\\\n"),
        lambda t: re.sub(r"(?m)^", "> ", t),
        lambda t: t.replace("（", "&#65288;"),
        lambda t: re.sub(r"(?m)^(\d+．.*)$", r"**\1 **", t),
        lambda t: re.sub(r"(?m)^（(\d+)）", r"__（\1）__", t),
    ],
)
def test_markdown_escapes_are_undone(spoil: Callable[[str], str]) -> None:
    """What converters write for punctuation, line ends and quotations is read as a browser shows it."""
    text = "海关认证企业标准\n1．海关业务培训\n（1）建立（2）制度。"
    read_back = [c.text for row in rows_of_markdown(spoil(text)) for c in row.cells]
    narrow = str.maketrans("（）．", "().")
    assert [t.translate(narrow).strip() for t in read_back] == text.translate(narrow).split("\n")


@pytest.mark.parametrize("suffix", ["txt", "md", "html"])
def test_radicals_are_the_characters_that_they_look_like(suffix: str, likeness: Any, tmp_path: Path) -> None:
    """⼀, ⼈ and ⻔ are 一, 人 and 门 in every format, in numbers and in words."""
    text = SHIPPED.read_text(encoding="utf-8").replace("\t", "").translate(str.maketrans("一二十人文门见", "⼀⼆⼗⼈⽂⻔⻅"))
    path = tmp_path / f"guide.{suffix}"
    path.write_text("".join(f"<p>{line}</p>\n" for line in text.split("\n")) if suffix == "html" else text, encoding="utf-8")
    assert structure(parse(read(path), "any")) == likeness


def test_excel_escapes_are_decoded(tmp_path: Path) -> None:
    """``_x000D_`` is a line break in a guide and in a table of owners; ``_x005F_`` guards a text that looks like one."""
    book = openpyxl.Workbook()
    rows = [["项目", "标准", "指南"], ["1．培训", "（1）海关培训制度。_x000D_", "1．书面文件：_x000D_\n企业制度_x005F_x000D_。"]]
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    guide = parse(read(tmp_path / "a.xlsx"), "any")
    assert [r.text for r in guide.requirements.values()] == ["企业制度_x000D_。"]
    assert read_cells(tmp_path / "a.xlsx")[1][1][1] == "（1）海关培训制度。\r"


@pytest.mark.parametrize("rename", [lambda n: n.replace("/", "\\"), lambda n: n.replace("xl/", "XL/")], ids=["backslashes", "other case"])
def test_a_workbook_packed_by_other_tools(rename: Callable[[str], str], tmp_path: Path) -> None:
    """Parts whose names have backslashes or another case are the same parts."""
    book = openpyxl.Workbook()
    for row in [["项目", "标准", "指南"], ["1．培训", "（1）海关培训制度。", "1．书面文件：\n企业制度。"]]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(repacked(rename, source=tmp_path / "a.xlsx"))
    assert read(tmp_path / "b.xlsx").rows == read(tmp_path / "a.xlsx").rows


def repacked(rename: Callable[[str], str], change: Callable[[bytes], bytes] = lambda d: d, source: Path = WORD) -> bytes:
    """An Office file, the Word guide by default, with other names for its parts; ``change`` is applied to relations and content types."""
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(rename(name), change(data) if name in ("_rels/.rels", "[Content_Types].xml") else data)
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        repacked(lambda n: n.replace("document.xml", "document2.xml"), lambda d: d.replace(b"/document.xml", b"/document2.xml")),
        repacked(lambda n: n.replace("/", "\\")),
        repacked(lambda n: n.replace("word/document.xml", "Word/Document.xml")),
        repacked(lambda n: f"./{n}"),
        repacked(lambda n: n.replace("document.xml", "文档.xml"), lambda d: d.replace(b"/document.xml", b"/%E6%96%87%E6%A1%A3.xml")),
        repacked(lambda n: n.replace("word/", "office/"), lambda d: d.replace(b"word/document.xml", b"office/document.xml")),
    ],
    ids=["other name", "backslashes", "other case", "dots", "escaped", "other folder"],
)
def test_the_relations_name_the_document(data: bytes, likeness: Any, tmp_path: Path) -> None:
    """Which part of a Word file is the document stands in its relations."""
    path = tmp_path / "guide.docx"
    path.write_bytes(data)
    assert structure(parse(read(path), "any")) == likeness


def _slanting(page: canvas.Canvas) -> None:
    page.setFillGray(0.4)
    page.setFont("STSong-Light", 30)
    page.translate(60, 300)
    page.rotate(40)
    page.drawString(0, 0, "内部资料 严禁外传")


def _across(page: canvas.Canvas) -> None:
    page.setFillGray(0.85)
    page.setFont("STSong-Light", 30)
    page.drawString(60, 560, "内部资料 严禁外传")


def _tiled(page: canvas.Canvas) -> None:
    page.setFillAlpha(0.1)
    page.setFillGray(0)
    page.setFont("STSong-Light", 11)
    for x in (30, 110, 230):
        for y in range(420, 780, 37):
            page.drawString(x, y, "内部资料8817")


def _white(page: canvas.Canvas) -> None:
    page.setFillGray(1)
    page.setFont("STSong-Light", 10)
    page.drawString(60, 600, "内部资料")


def _invisible(page: canvas.Canvas) -> None:
    text = page.beginText(60, 600)
    text.setTextRenderMode(3)
    text.setFont("STSong-Light", 10)
    text.textLine("内部资料")
    page.drawText(text)


def _dark_header(page: canvas.Canvas) -> None:
    page.setFillGray(0.1)
    page.rect(50, 765, 320, 20, fill=1)
    page.setFillGray(1)
    page.setFont("STSong-Light", 10)
    page.drawString(60, 770, "认证标准")


def printed(path: Path, stamp: Callable[[canvas.Canvas], None], pages: int = 4) -> tuple[tuple[Row, ...], set[str]]:
    """Rows and findings of a text of several pages with a stamp on each."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(path), pagesize=(420, 842))
    for number in range(pages):
        page.setFillGray(0)
        page.setFont("STSong-Light", 10)
        for line in range(20 + number):
            page.drawString(50, 740 - 14.5 * line, f"{number * 40 + line}．海关业务培训的历史记录与第{line}项要求相符。")
        page.saveState()
        stamp(page)
        page.restoreState()
        page.showPage()
    page.save()
    rows, findings = read_pdf(path.read_bytes(), path.name)
    return rows, {f.code for f in findings}


@pytest.mark.parametrize(
    ("stamp", "code"),
    [(_slanting, "watermark"), (_across, "watermark"), (_tiled, "watermark"), (_white, "unseen"), (_invisible, "unseen")],
)
def test_watermarks_and_unseen_text_are_left_out(stamp: Callable[[canvas.Canvas], None], code: str, tmp_path: Path) -> None:
    """Text across the page, tiled, white or painted by no ink is left out with a finding; every line of the text stays whole."""
    plain, none = printed(tmp_path / "plain.pdf", lambda page: None)
    rows, codes = printed(tmp_path / "a.pdf", stamp)
    assert codes - none == {code}
    assert rows == plain


@pytest.mark.parametrize("stamp", [_slanting, _across, _tiled])
def test_a_watermark_on_a_single_page_is_left_out(stamp: Callable[[canvas.Canvas], None], tmp_path: Path) -> None:
    """Where nothing is repeated on other pages, what runs over the text is none of it."""
    plain, none = printed(tmp_path / "plain.pdf", lambda page: None, pages=1)
    rows, codes = printed(tmp_path / "a.pdf", stamp, pages=1)
    assert (rows, codes - none) == (plain, {"watermark"})


def test_a_large_heading_on_a_single_page_is_text(tmp_path: Path) -> None:
    """A title in larger letters over a page of its own stays; so does one in grey."""

    def heading(page: canvas.Canvas) -> None:
        page.setFont("STSong-Light", 18)
        page.drawString(60, 790, "认证企业标准")
        page.setFillGray(0.5)
        page.setFont("STSong-Light", 9)
        page.drawString(60, 770, "海关总署公告")

    rows, codes = printed(tmp_path / "a.pdf", heading, pages=1)
    assert "watermark" not in codes
    shown = "".join(c.text for row in rows for c in row.cells)
    assert "认证企业标准" in shown
    assert "海关总署公告" in shown


def test_white_on_dark_is_text(tmp_path: Path) -> None:
    """White letters in a dark box are a header that everybody sees."""
    rows, codes = printed(tmp_path / "a.pdf", _dark_header, pages=1)
    assert not codes & {"watermark", "unseen"}
    assert any("认证标准" in c.text for row in rows for c in row.cells)
