"""Files that cannot be read: one clear sentence in both languages that names the file, fast, and nothing else."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
import pytest
from reportlab.pdfgen import canvas

from assistant.errors import SourceError
from assistant.texts import LANGUAGES
from ingest.parse.guide import parse
from ingest.read.file import MAX_FILE, read
from tests.ingest.conftest import WORD

pytestmark = pytest.mark.thorough

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def packed(change: dict[str, Callable[[bytes], bytes]] | None = None, add: dict[str, bytes] | None = None, leave: str = "") -> bytes:
    """The guide's Word package with parts changed, added, or left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(WORD) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name in source.namelist():
            if name != leave:
                package.writestr(name, (change or {}).get(name, bytes)(source.read(name)))
        for name, data in (add or {}).items():
            package.writestr(name, data)
    return target.getvalue()


def doctype(declaration: bytes) -> bytes:
    """The guide's Word package whose document declares something and uses it."""
    return packed({"word/document.xml": lambda d: d.replace(b"?>", b"?>" + declaration, 1).replace(b"<w:t>", b"<w:t>&e;", 1)})


def picture_pdf() -> bytes:
    """A PDF that shows something and holds no text."""
    target = io.BytesIO()
    page = canvas.Canvas(target)
    page.rect(10, 10, 100, 100, fill=1)
    page.save()
    return target.getvalue()


def locked_pdf() -> bytes:
    """A PDF with a password."""
    target = io.BytesIO()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(picture_pdf()))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(target)
    return target.getvalue()


def wide_xlsx() -> bytes:
    """A workbook of two cells that claims the largest possible sheet."""
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "海关"
    book.active["XFD1048576"] = "海关"
    book.save(target)
    return target.getvalue()


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty": ("a.docx", bytes, "empty"),
    "blank": ("a.txt", lambda: b" \n\t\r\n \n", "blank"),
    "binary": ("a.txt", lambda: bytes(range(256)) * 20, "binary"),
    "big5": ("a.txt", lambda: "海關認證企業標準指南，內部審計應當依規定辦理。\n".encode("big5") * 30, "encoding"),
    "utf8 with one bad byte": ("a.txt", lambda: "海关认证企业标准\n".encode() * 30 + b"\xff\n", "encoding"),
    "doc": ("a.doc", lambda: COMPOUND + "WordDocument".encode("utf-16-le"), "old_word"),
    "doc called docx": ("a.docx", lambda: COMPOUND + "WordDocument".encode("utf-16-le"), "old_word"),
    "xls": ("a.xls", lambda: COMPOUND + "Workbook".encode("utf-16-le"), "old_excel"),
    "docx with a password": ("a.docx", lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "pdf with a password": ("a.pdf", locked_pdf, "encrypted"),
    "macros": ("a.docm", lambda: packed(add={"word/vbaProject.bin": b"x"}), "macros"),
    "half a docx": ("a.docx", lambda: packed()[:9000], "broken"),
    "broken xml": ("a.docx", lambda: packed({"word/document.xml": lambda d: d[:-20]}), "broken"),
    "broken pdf": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 9, "broken"),
    "external entity": ("a.docx", lambda: doctype(b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'), "unsafe_xml"),
    "nested entities": (
        "a.docx",
        lambda: doctype(b'<!DOCTYPE d [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;">]>'),
        "unsafe_xml",
    ),
    "zip bomb": ("a.docx", lambda: packed({"word/document.xml": lambda d: d + b" " * 60_000_000}), "unpacks_too_big"),
    "claimed sheet": ("a.xlsx", wide_xlsx, "too_complex_table"),
    "other zip": ("a.zip", lambda: packed(leave="word/document.xml"), "archive"),
    "rtf": ("a.doc", lambda: b"{\\rtf1 text}", "rtf"),
    "picture": ("a.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture"),
    "web archive": ("a.mht", lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "web_archive"),
    "pictures only": ("a.pdf", picture_pdf, "image_only"),
    "deep html": ("a.html", lambda: b"<div>" * 100_000, "too_complex_table"),
    "long text": ("a.txt", lambda: "海关认证\n".encode() * 900_000, "too_long"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_says_what_is_wrong(case: str, tmp_path: Path) -> None:
    """What cannot be read is refused by its own sentence, which names the file and has no line break."""
    name, content, key = CASES[case]
    path = tmp_path / name
    path.write_bytes(content())
    with pytest.raises(SourceError) as caught:
        read(path)
    assert caught.value.key == f"source.{key}"
    for lang in LANGUAGES:
        sentence = caught.value.sentence(lang)
        assert name in sentence
        assert "\n" not in sentence


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    """A missing file, a folder and a device are told apart, and a device is not opened."""
    for path, key in (
        (tmp_path / "none.txt", "not_found"),
        (tmp_path / "a.txt" / "b", "not_found"),
        (Path("a\0b"), "not_found"),
        (tmp_path, "folder"),
        (Path(os.devnull), "not_a_file"),
    ):
        with pytest.raises(SourceError) as caught:
            read(path)
        assert caught.value.key == f"source.{key}"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """50 MB are refused at once, whatever is in them."""
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE)
    began = time.perf_counter()
    with pytest.raises(SourceError) as caught:
        read(path)
    assert caught.value.key == "source.too_big"
    assert time.perf_counter() - began < 0.5


UNRELATED = {
    "prose": "今天天气很好。\n我们去公园。\n" * 50,
    "recipe": "红烧肉\n一、材料\n1．五花肉\n2．生抽\n二、步骤\n（1）焯水。\n（2）炒糖色。\n（3）炖煮。\n",
    "contract": "劳动合同\n第一条 合同期限\n（1）本合同为固定期限。\n（2）试用期三个月。\n第二条 工作内容\n（1）从事销售工作。\n" * 3,
    "announcement": "海关总署公告\n为了贯彻落实有关办法，海关总署制定了《海关认证企业标准》，现予公布。\n一、本公告自2019年1月1日起施行。\n"
    "二、原公告同时废止。\n特此公告。\n",
    "staff": "序号,姓名,部门\n1,张三,关务部\n2,李四,报关部\n3,王五,单证部\n",
    "code": "def parse():\n    # 海关 AEO\n    return 1\n" * 30,
}


@pytest.mark.parametrize("case", UNRELATED)
def test_a_readable_text_that_is_no_guide_is_refused(case: str, tmp_path: Path) -> None:
    """A file without items and clauses of the standard is refused by ``parse``, even if it speaks of customs."""
    path = tmp_path / ("a.csv" if case == "staff" else "a.txt")
    path.write_text(UNRELATED[case], encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        parse(read(path), "any")
    assert caught.value.key == "source.no_guide"
