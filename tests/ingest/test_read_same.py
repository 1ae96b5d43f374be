"""The guide in any format has the structure of the shipped text: ids, texts, numbers, roles, kinds, references, keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.guide import Guide
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED
from ingest.source import Row
from tests.ingest import made
from tests.ingest.conftest import structure

pytestmark = pytest.mark.thorough

Rows = tuple[Row, ...]

MAKERS: dict[str, Callable[[Rows, Path], Path]] = {
    "html_breaks": lambda rows, folder: made.html_file(rows, folder / "guide.html"),
    "html_paragraphs_gbk": lambda rows, folder: made.html_file(rows, folder / "guide.htm", "gb18030", paragraphs=True),
    "xlsx": lambda rows, folder: made.xlsx_file(rows, folder / "guide.xlsx"),
    "docx_numbered_by_word": lambda rows, folder: made.numbered_docx(rows, folder / "guide.docx"),
    "tab_separated": lambda rows, folder: made.tab_file(rows, folder / "guide.tsv"),
    "pdf": lambda rows, folder: made.pdf_file(rows, folder / "guide.pdf"),
}

TEXTS: dict[str, Callable[[str], bytes]] = {
    "utf8_bom": lambda text: text.encode("utf-8-sig"),
    "utf16": lambda text: text.encode("utf-16"),
    "utf16_be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "gb18030": lambda text: text.encode("gb18030"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "lost_tabs": lambda text: text.replace("\t", "").encode(),
    "lost_tabs_gbk": lambda text: text.replace("\t", "    ").encode("gbk"),
    "lost_blank_lines": lambda text: "\n".join(line for line in text.replace("\t", "").split("\n") if line.strip()).encode(),
}


def test_the_word_table_is_the_shipped_text(word: Path, likeness: Any) -> None:
    """The usual form, a four-column Word table with merged cells, gives the structure of the text."""
    assert structure(parse(read(word), "any")) == likeness


@pytest.mark.parametrize("maker", MAKERS)
def test_other_formats_are_the_shipped_text(maker: str, table: Rows, likeness: Any, tmp_path: Path) -> None:
    """HTML, Excel, Word with automatic numbers, TAB-separated cells and PDF give the structure of the text."""
    assert structure(parse(read(MAKERS[maker](table, tmp_path)), "any")) == likeness


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_and_lost_tabs(encoding: str, likeness: Any, tmp_path: Path) -> None:
    """Character sets, line ends and lost TABs change nothing."""
    path = tmp_path / "guide.txt"
    path.write_bytes(TEXTS[encoding](SHIPPED.read_text(encoding="utf-8")))
    assert structure(parse(read(path), "any")) == likeness


def test_items_that_word_calls_xiang(table: Rows, guide: Guide, tmp_path: Path) -> None:
    """Word's level text may say 第%1项; the item is the same, only its label differs."""
    path = made.numbered_docx(table[:12], tmp_path / "guide.txt", item="第%3项", whole=False)
    source = read(path)
    parsed = parse(source, "any")
    assert source.format == "docx"
    assert [(i.label, i.number, i.title) for i in parsed.items.values()] == [
        (f"第{n}项", str(n), guide.items[str(n)].title) for n in (1, 2, 3, 4)
    ]
    assert [c.text for c in parsed.clauses.values()] == [c.text for c in guide.clauses.values()][: len(parsed.clauses)]


def test_lines_of_text_keep_their_numbers(tmp_path: Path) -> None:
    """In a text a line is named by its own number, in other formats paragraphs are counted from 1."""
    path = tmp_path / "a.txt"
    path.write_text("\n\n甲\n\n乙", encoding="utf-8")
    assert read(path).lines == [(3, "甲"), (5, "乙")]
    page = tmp_path / "a.html"
    page.write_text("<p>甲</p>\n\n<p>乙<br>丙</p>", encoding="utf-8")
    assert read(page).lines == [(1, "甲"), (2, "乙"), (3, "丙")]
