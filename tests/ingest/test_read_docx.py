"""Word documents: automatic numbers by Word's rules, and what else the text of a document does not show."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest.read.docx.document import read_docx
from ingest.read.docx.number_formats import number_as
from ingest.source import Source
from tests.ingest.word import Level, Numbering, listed, number


def shown(path: Path) -> list[str]:
    """The lines that a document shows."""
    rows, _ = read_docx(path.read_bytes(), path.name)
    return [text for _, text in Source(name="x", format="docx", rows=rows, fingerprint="").lines]


@pytest.mark.parametrize(
    ("style", "numbers"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {3: "03", 12: "12"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九"}),
        ("chineseCountingThousand", {10: "十", 17: "十七", 100: "一百", 101: "一百零一", 117: "一百一十七", 1005: "一千零五"}),
        ("ideographDigital", {9: "九", 10: "一〇", 21: "二一"}),
        ("chineseLegalSimplified", {3: "叁", 12: "壹拾贰"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalFullWidth", {12: "１２"}),
        ("ideographTraditional", {1: "甲", 10: "癸"}),
        ("upperRoman", {4: "IV", 19: "XIX"}),
        ("lowerLetter", {1: "a", 26: "z", 27: "aa"}),
        ("none", {5: ""}),
        ("unheardOf", {5: "5"}),
    ],
)
def test_number_formats(style: str, numbers: dict[int, str]) -> None:
    """Each number format is written as Word shows it; an unknown one in decimal digits."""
    assert {n: number_as(style, n) for n in numbers} == numbers


LISTS: dict[str, tuple[list[tuple[str, int | None]], list[Level], list[str]]] = {
    "第1项": ([("甲", 0), ("无号", None), ("乙", 0)], [("decimal", "第%1项")], ["第1项甲", "无号", "第2项乙"]),
    "deeper levels begin anew": (
        [("甲", 0), ("子", 1), ("丑", 1), ("乙", 0), ("子", 1)],
        [("decimal", "%1．"), ("decimal", "（%2）")],
        ["1．甲", "（1）子", "（2）丑", "2．乙", "（1）子"],
    ),
    "numbers of the levels above": (
        [("甲", 0), ("子", 1), ("丑", 1)],
        [("chineseCounting", "%1、"), ("decimal", "%1.%2 ")],
        ["一、甲", "一.1 子", "一.2 丑"],
    ),
    "a level before the one above it": ([("子", 1), ("甲", 0)], [("decimal", "%1．"), ("decimal", "%1.%2．")], ["1.1．子", "2．甲"]),
    "bullets are no numbers": ([("甲", 0), ("子", 1)], [("bullet", "•"), ("decimal", "（%2）")], ["甲", "（1）子"]),
    "a text that names a deeper level": ([("甲", 0)], [("decimal", "%1．%2")], ["甲"]),
    "a blank between Latin number and text": ([("Alpha", 0)], [("decimal", "Item %1")], ["Item 1 Alpha"]),
}


@pytest.mark.parametrize("case", LISTS)
def test_lists(case: str, tmp_path: Path) -> None:
    """Levels count and begin anew as Word counts them."""
    texts, levels, expected = LISTS[case]
    assert shown(listed(texts, levels, tmp_path / "a.docx")) == expected


def test_a_level_that_never_begins_anew(tmp_path: Path) -> None:
    """LvlRestart 0 counts on under the next higher number, as the guide's categories and items do."""
    document = docx.Document()
    outline = Numbering(document).add([("chineseCounting", "%1、"), ("chineseCounting", "（%2）")], never_restart=[1])
    for text, level in (("甲", 0), ("子", 1), ("乙", 0), ("丑", 1)):
        number(document.add_paragraph(text), outline, level)
    document.save(str(tmp_path / "a.docx"))
    assert shown(tmp_path / "a.docx") == ["一、甲", "（一）子", "二、乙", "（二）丑"]


def test_lists_of_one_kind_count_on_together(tmp_path: Path) -> None:
    """Lists with the same abstract list share their numbers; one that is told to begin at 1 does so once."""
    document = docx.Document()
    numbering = Numbering(document)
    first = numbering.add([("decimal", "%1．")])
    same, anew = numbering.instance(numbering.latest, None), numbering.instance(numbering.latest, 1)
    for list_id in (first, same, anew, anew, first):
        number(document.add_paragraph("甲"), list_id)
    document.save(str(tmp_path / "a.docx"))
    assert shown(tmp_path / "a.docx") == ["1．甲", "2．甲", "1．甲", "2．甲", "3．甲"]


def test_numbers_that_come_with_a_style(tmp_path: Path) -> None:
    """A paragraph style may carry the list, on the level that names the style; numId 0 takes the number off."""
    document = docx.Document()
    list_id = Numbering(document).add([("decimal", "%1．"), ("decimal", "（%2）")], level1='<w:pStyle w:val="Heading2"/>')
    for style in ("Heading 1", "Heading 2"):
        properties = document.styles[style].element.get_or_add_pPr()
        numbering = OxmlElement("w:numPr")
        element = OxmlElement("w:numId")
        element.set(qn("w:val"), str(list_id))
        numbering.append(element)
        properties.append(numbering)
    for text, style in (("甲", "Heading 1"), ("子", "Heading 2"), ("乙", "Heading 1")):
        document.add_paragraph(text, style=style)
    number(document.add_paragraph("无号", style="Heading 1"), 0)
    document.save(str(tmp_path / "a.docx"))
    assert shown(tmp_path / "a.docx") == ["1．甲", "（1）子", "2．乙", "无号"]


def test_an_empty_numbered_cell_holds_its_number(tmp_path: Path) -> None:
    """A column in which Word counts the rows has no text at all, and still shows numbers; merged cells count nothing."""
    document = docx.Document()
    list_id = Numbering(document).add([("decimal", "%1")])
    table = document.add_table(3, 2)
    for row in table.rows:
        number(row.cells[0].paragraphs[0], list_id)
        row.cells[1].text = "甲"
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(tmp_path / "a.docx"))
    assert shown(tmp_path / "a.docx") == ["1", "甲", "2", "甲", "甲"]


def test_the_finding_counts_the_numbers(tmp_path: Path) -> None:
    """A finding tells how many numbers were written out."""
    path = listed([("甲", 0), ("乙", 0)], [("decimal", "%1．")], tmp_path / "a.docx")
    _, findings = read_docx(path.read_bytes(), path.name)
    assert [(f.code, f.values) for f in findings] == [("renumbered", {"count": 2})]


def test_what_word_shows_is_read_and_what_it_hides_is_not(tmp_path: Path) -> None:
    """Fields, links, insertions and breaks are text; deletions, hidden runs and instructions are not."""
    document = docx.Document()
    paragraph = document.add_paragraph("甲")
    runs = {
        "fldSimple": '<w:fldSimple {ns} w:instr="DATE"><w:r><w:t>乙</w:t></w:r></w:fldSimple>',
        "hyperlink": '<w:hyperlink {ns} w:anchor="x"><w:r><w:t>丙</w:t></w:r></w:hyperlink>',
        "inserted": '<w:ins {ns} w:id="1" w:author="a"><w:r><w:t>丁</w:t></w:r></w:ins>',
        "deleted": '<w:del {ns} w:id="2" w:author="a"><w:r><w:delText>删</w:delText></w:r></w:del>',
        "hidden": "<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>",
        "break": "<w:r {ns}><w:br/><w:t>戊</w:t></w:r>",
        "control": "<w:sdt {ns}><w:sdtContent><w:r><w:t>己</w:t></w:r></w:sdtContent></w:sdt>",
        "instruction": "<w:r {ns}><w:instrText>PAGE</w:instrText></w:r>",
    }
    for markup in runs.values():
        paragraph._p.append(parse_xml(markup.format(ns=nsdecls("w"))))
    document.save(str(tmp_path / "a.docx"))
    assert shown(tmp_path / "a.docx") == ["甲乙丙丁", "戊己"]


def test_nested_tables_and_rows_that_begin_further_right(tmp_path: Path) -> None:
    """A table in a cell is text of that cell; a row with a gap before it keeps its columns."""
    document = docx.Document()
    table = document.add_table(2, 3)
    for index, cell in enumerate(c for row in table.rows for c in row.cells):
        cell.text = f"格{index}"
    inner = table.cell(0, 2).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内一", "内二"
    second = table.rows[1]._tr
    second.remove(second.tc_lst[0])
    second.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    document.save(str(tmp_path / "a.docx"))
    rows, findings = read_docx((tmp_path / "a.docx").read_bytes(), "a.docx")
    assert [[c.text for c in row.cells] for row in rows] == [["格0", "格1", "格2\n内一\n内二"], ["", "格4", "格5"]]
    assert not findings
