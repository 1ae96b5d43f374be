"""Files: what is taken, what is refused, and that bytes and events never part."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.files import FileStore, open_files
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.facts.policy import Policy
from assistant.register.rules.evidence.accepted_files import TYPES, examine, plain_name
from tests.register.company import company, part_of, who

SLOT = "24(3)/records/1@2024"
PDF = b"%PDF-1.4\n%%EOF"


def zipped(*names: str, encrypted: bool = False, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    raw = bytearray(out.getvalue())
    if encrypted:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = 0
            while (start := raw.find(mark, start)) >= 0:
                raw[start + offset] |= 1
                start += 4
    return bytes(raw)


def locked_pdf(password: str) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
TAKEN: dict[str, bytes] = {
    "访客登记.pdf": PDF,
    "a.docx": zipped("[Content_Types].xml", "word/document.xml"),
    "a.XLSX": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "a.xls": OLE,
    "a.wps": OLE,
    "a.txt": "记录".encode("gb18030"),
    "a.csv": "a,b".encode("utf-16"),
    "照片.jpg": b"\xff\xd8\xff\xe0" + b"0" * 60,
    "a.png": b"\x89PNG\r\n\x1a\n" + b"0" * 60,
    "a.mp4": b"\0\0\0\x18ftypmp42" + b"0" * 60,
    "a.zip": zipped("一.pdf", "二.docx"),
    "restricted.pdf": locked_pdf(""),
}
REFUSED: dict[str, tuple[str, bytes]] = {
    "a.xlsm": ("file_macro", zipped("x")),
    "a.docx": ("file_macro", zipped("word/document.xml", "word/vbaProject.bin")),
    "b.zip": ("file_macro", zipped("x.docm")),
    "a.doc": ("file_macro", OLE + "_VBA_PROJECT".encode("utf-16-le") + b"\0" * 100),
    "a.exe": ("file_program", b"MZ" + b"0" * 60),
    "a.pdf": ("file_program", b"MZ" + b"0" * 60),
    "run.sh": ("file_program", b"#!/bin/sh"),
    "c.zip": ("file_inside", zipped("setup.exe")),
    "locked.zip": ("file_encrypted", zipped("a.pdf", encrypted=True)),
    "locked.xlsx": ("file_encrypted", OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100),
    "locked.xls": ("file_encrypted", OLE + "EncryptionInfo".encode("utf-16-le") + b"\0" * 100),
    "locked.pdf": ("file_encrypted", locked_pdf("secret")),
    "a.html": ("file_type", b"<script>"),
    "a.svg": ("file_type", b"<svg"),
    "noending": ("file_type", PDF),
    "b.pdf": ("file_other", b"hello world"),
    "b.png": ("file_really", PDF),
    "b.txt": ("file_other", b"\x00\x01\x02"),
    "b.mp4": ("file_other", b"0" * 60),
    "b.docx": ("file_broken", b"PK\x03\x04" + b"0" * 60),
    "bomb.zip": ("file_bomb", zipped("a.txt", content=b"0" * 5_000_000)),
    "empty.pdf": ("file_empty", b""),
}


@pytest.mark.parametrize("name", TAKEN)
def test_taken(name: str) -> None:
    """Ordinary documents, pictures, films and archives are taken, Chinese names and old Office included."""
    assert examine(name, io.BytesIO(TAKEN[name])) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """Macros, programs, encryption, wrong content, bombs and unknown types are refused, each with its own sentence."""
    key, raw = REFUSED[name]
    with pytest.raises(RegisterError) as refused:
        examine(name, io.BytesIO(raw))
    assert refused.value.key in {f"register.{key}"} | ({"register.file_other"} if name == "locked.xlsx" else set())
    assert name in refused.value.sentence("zh")


@given(st.text(max_size=30), st.binary(max_size=300), st.sampled_from(["pdf", "docx", "doc", "zip", "txt", "mp4", "jpg", "x"]))
@settings(max_examples=150, deadline=None)
def test_any_file(stem: str, raw: bytes, ending: str) -> None:
    """Whatever the bytes and the name, the answer is a type or a refusal."""
    marks = {"pdf": b"%PDF-1.7 /Encrypt ", "docx": b"PK\x03\x04", "doc": OLE[:8], "zip": b"PK\x05\x06"}
    with suppress(RegisterError):
        assert examine(f"{stem}.{ending}", io.BytesIO(marks.get(ending, b"") + raw)) in TYPES


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\访客 登记.pdf", "访客 登记.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\x00b\nc.pdf", "ab c.pdf"),
        ("..", "file"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 180 + ".pdf"),
    ],
)
def test_names(name: str, plain: str) -> None:
    """A name is data: no folders, no control or direction characters, bounded; Chinese stays."""
    assert plain_name(name) == plain


def test_bytes_follow_the_event(guide: Guide, tmp_path: Path) -> None:
    """A file is visible after its submission, never before; the same content twice is stored once."""
    files = open_files(None, tmp_path)
    service = company(part_of(guide, "24"), files=files)
    piece = service.take_file(io.BytesIO(PDF), "登记.pdf")
    assert list(files.visible()) == []
    service.submit(SLOT, [piece], who("wang"))
    assert list(files.visible()) == [piece.sha256]
    service.submit("24(3)/records/2@2024", [service.take_file(io.BytesIO(PDF), "另一个名字.pdf")], who("wang"))
    assert list(files.visible()) == [piece.sha256]
    assert [p.name for p in service.pieces()] == ["登记.pdf", "另一个名字.pdf"]
    assert service.open_file(piece.sha256).read() == PDF


def test_refused_submission_leaves_no_file(guide: Guide, tmp_path: Path) -> None:
    """A file whose submission is refused never becomes visible, and is gone from the side after a day."""
    files = open_files(None, tmp_path)
    service = company(part_of(guide, "24"), files=files)
    piece = service.take_file(io.BytesIO(PDF), "a.pdf")
    with pytest.raises(RegisterError):
        service.submit("24(9)/records/1", [piece], who("wang"))
    now = datetime.now(UTC)
    assert service.settle_files(now) == (0, 0)
    assert service.settle_files(now + timedelta(hours=25)) == (0, 1)
    assert list(files.visible()) == list(files.staged()) == []


def test_killed_between_event_and_place(guide: Guide, tmp_path: Path) -> None:
    """A worker that dies after the event and before publishing costs nothing: reading, or the next run, brings the file home."""

    class Dies(FileStore):
        def publish(self, sha256: str) -> None:
            raise KeyboardInterrupt

    healthy = open_files(None, tmp_path)
    dying = Dies(healthy.system, healthy.root)
    service = company(part_of(guide, "24"), files=dying)
    for slot, content in ((SLOT, PDF), ("24(3)/records/2@2024", PDF + b"2")):
        with pytest.raises(KeyboardInterrupt):
            service.submit(slot, [service.take_file(io.BytesIO(content), "a.pdf")], who("wang"))
    assert list(healthy.visible()) == []
    service.files = healthy
    first, second = (p.sha256 for p in service.pieces())
    assert service.open_file(first).read() == PDF
    assert service.settle_files(datetime.now(UTC)) == (1, 0)
    assert healthy.has(second)


def test_too_large(guide: Guide) -> None:
    """The policy's size limit is a clear refusal."""
    service = company(part_of(guide, "24"), policy=Policy(largest_file_mb=1))
    with pytest.raises(RegisterError, match="1 MB"):
        service.take_file(io.BytesIO(b"%PDF" + b"0" * (1 << 20)), "a.pdf")


@pytest.mark.parametrize(
    ("name", "content", "really"),
    [
        ("微信图片_20260105.jpg", b"\x89PNG\r\n\x1a\n" + b"\0" * 56, "png"),
        ("微信图片.jpg", b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40, "webp"),
        ("现场.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 40, "heic"),
        ("照片.png", b"\xff\xd8\xff\xe0" + b"\0" * 60, "jpg"),
        ("导出.xls", "日期\t姓名\t证件\r\n2026-01-05\t张三\t身份证\r\n".encode("gb18030"), "csv"),
        ("制度.doc", b"{\\rtf1 hello}", "doc"),
        ("录音.amr", b"#!AMR\n" + b"\x3c" * 40, "amr"),
        ("图纸.dwg", b"AC1032" + b"\0" * 40, "dwg"),
        ("网上存的.jpg", b"\0\0\0\x1cftypavif" + b"\0" * 40, "avif"),
        ("扫描.jpg", b"II*\0" + b"\x11" * 40, "tif"),
        ("截图.jpg", b"BM" + b"\x11" * 40, "bmp"),
        ("下载.jfif", b"\xff\xd8\xff\xe0" + b"\0" * 60, "jfif"),
        ("录音.m4a", b"\0\0\0\x20ftypM4A " + b"\0" * 40, "m4a"),
        ("导出.xls", "日期\t姓名\r\n2026-01-05\t张三\r\n".encode("utf-16"), "csv"),
        ("制度.wps", zipped("word/document.xml"), "wps"),
        ("制度.doc", zipped("word\\document.xml"), "docx"),
        ("合同.ofd", zipped("OFD.xml"), "ofd"),
    ],
)
def test_evidence_as_offices_and_phones_make_it(name: str, content: bytes, really: str) -> None:
    """Harmless content under another harmless ending of its family is taken as what it is."""
    assert examine(name, io.BytesIO(content)) == really


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        (
            "访客登记表.xls",
            "<html><meta charset=gb2312><table><tr><td>姓名</td></tr></table></html>".encode("gb18030"),
            "register.file_page",
        ),
        ("登记.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "register.file_xml"),
        ("制度.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "register.file_page"),
        ("资料.rar", b"Rar!\x1a\x07\x01\0", "register.file_packed"),
        ("资料.zip", b"7z\xbc\xaf\x27\x1c\0\x04", "register.file_packed"),
        ("照片.jpg", b"#!/bin/sh\nrm -rf /\n", "register.file_program"),
        ("照片.jpg", b"<html><script>", "register.file_saved_page"),
        ("回执.pdf", b"\n<!DOCTYPE html><title>login</title>", "register.file_saved_page"),
        ("登记.xls", "<html><table>".encode("utf-16"), "register.file_page"),
        ("台账.xls", b"<style>td{}</style><table>", "register.file_page"),
        ("台账.xlsx", "日期,姓名\r\n".encode("gb18030"), "register.file_really"),
        ("照片.jpg", b"\0\0\0\x20ftypisom" + b"\0" * 40, "register.file_really"),
        ("照片.jpg", b"RIFF\x10\0\0\0WAVEfmt " + b"\0" * 40, "register.file_really"),
        ("录像.mp4", b"\0\0\0\x18ftypheic" + b"\0" * 40, "register.file_really"),
        ("台账.csv", OLE + "Workbook".encode("utf-16-le") + b"\0" * 100, "register.file_really"),
        ("台账.pdf", zipped("[Content_Types].xml", "word/document.xml"), "register.file_really"),
        ("制度.docx", zipped("[Content_Types].xml", "xl/workbook.xml"), "register.file_really"),
        ("制度.doc", zipped("OFD.xml", "Doc_0/Document.xml"), "register.file_really"),
        ("照片.jpg", b"\0" * 600, "register.file_broken"),
        ("语音.amr", b"\x02#!SILK_V3" + b"\x11" * 40, "register.file_foreign"),
        ("语音.amr", b"#!SILK_V3" + b"\x11" * 40, "register.file_foreign"),
        ("录像.mp4", b"\x1a\x45\xdf\xa3" + b"\x11" * 40, "register.file_foreign"),
        ("资料.zip", b"\x1f\x8b\x08" + b"\0" * 40, "register.file_packed"),
        ("资料.tar", b"a" * 257 + b"ustar" + b"\0" * 400, "register.file_packed"),
        ("资料.zip", b"a" * 257 + b"ustar" + b"\0" * 400, "register.file_packed"),
        ("表.xlsx", zipped("xl/workbook.xml", "xl/macrosheets/sheet2.xml"), "register.file_macro"),
        ("台账.pdf", b"\xff\xd8\xff\xe0", "register.file_really"),
        ("照片.jpg", b"%PDF-1.7", "register.file_really"),
        ("材料.pdf", b"PK\x03\x04", "register.file_other"),
    ],
)
def test_what_is_something_else_is_named_with_what_to_do(name: str, content: bytes, key: str) -> None:
    """A page, an archive that cannot be looked into, a program: refused in a sentence of its own."""
    with pytest.raises(RegisterError) as refused:
        examine(name, io.BytesIO(content))
    assert refused.value.key == key
    assert name in refused.value.sentence("zh")
