"""What may be handed in as a file: size, type by name and by content, no macros, no programs, nothing encrypted."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from assistant.errors import RegisterError
from assistant.register.rules.life import clean

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF",),
    "ofd": (_ZIP,),
    "docx": (_ZIP,),
    "xlsx": (_ZIP,),
    "pptx": (_ZIP,),
    "doc": (_OLE, b"{\\rtf"),
    "xls": (_OLE,),
    "ppt": (_OLE,),
    "wps": (_OLE, _ZIP),
    "et": (_OLE, _ZIP),
    "dps": (_OLE, _ZIP),
    "rtf": (b"{\\rtf",),
    "txt": (),
    "csv": (),
    "md": (),
    "eml": (),
    "msg": (_OLE,),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF8",),
    "bmp": (b"BM",),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
    "webp": (b"RIFF",),
    "heic": (),
    "mp4": (),
    "mov": (),
    "avi": (b"RIFF",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "wav": (b"RIFF",),
    "m4a": (),
    "amr": (b"#!AMR",),
    "dwg": (b"AC10",),
    "zip": (_ZIP, b"PK\x05\x06"),
}
_FAMILIES = (
    ("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic"),
    ("doc", "docx", "rtf", "wps"),
    ("xls", "xlsx", "et"),
    ("ppt", "pptx", "dps"),
)
"""Endings that programs exchange freely: a photograph sent on as .jpg is often a PNG, an export called .xls an xlsx."""
_PAGES = ("<html", "<!doctype", "<table", "<head", "<meta", "mime-version:", "<?xml", "<workbook")
_PACKED = {"rar": b"Rar!\x1a\x07", "7z": b"7z\xbc\xaf\x27\x1c"}
MACRO_NAMES = frozenset(("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"))
PROGRAM_NAMES = frozenset(
    "exe dll com scr msi msp bat cmd ps1 vbs vbe js jse wsf wsh hta lnk jar apk app dmg pkg sh py pl rb reg cpl sys iso img chm url".split()  # noqa: SIM905
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00")
_BOXED = frozenset(("heic", "mp4", "mov", "m4a"))
_MOST_MEMBERS = 5000  # entries of a zip; chosen, not measured
_MOST_RATIO = 200  # unpacked to packed bytes beyond which a zip is a bomb; chosen, not measured


def plain_name(name: str) -> str:
    """A file's name as data: its last part only, without control and direction characters; Chinese stays."""
    last = re.split(r"[/\\]", clean(name, 1000).replace("\n", " ").replace("\t", " "))[-1].strip(" .")
    stem, dot, ending = last.rpartition(".")
    shortened = f"{stem[:180]}{dot}{ending[:12]}" if dot else last[:190]
    return shortened or "file"


def ending_of(name: str) -> str:
    """The part after the last dot, lower case, without the dot."""
    return PurePosixPath(plain_name(name)).suffix[1:].lower()


def examine(name: str, content: IO[bytes]) -> str:
    """The type of a file that may be handed in.

    Args:
        name: the original name.
        content: seekable; read from its start, only in part.

    Returns:
        Its ending, or that of what it really is, where the two are of one family (a PNG named .jpg, a text table named .xls).

    Raises:
        RegisterError: the type is not accepted, the content is something else, or it is a program, carries macros, or is
            encrypted. The sentence says what it is and what to do.
    """
    shown, ending = plain_name(name), ending_of(name)
    if ending in MACRO_NAMES:
        raise RegisterError("register.file_macro", name=shown)
    content.seek(0)
    head = content.read(64)
    if ending in PROGRAM_NAMES or (head.startswith(_PROGRAMS) and not head.startswith(TYPES["amr"])):
        raise RegisterError("register.file_program", name=shown)
    if ending in _PACKED or head.startswith(tuple(_PACKED.values())):
        packed = next((kind for kind, mark in _PACKED.items() if head.startswith(mark)), ending)
        raise RegisterError("register.file_packed", name=shown, type=packed)
    if ending not in TYPES:
        raise RegisterError("register.file_type", name=shown, known=tuple(TYPES))
    if not head:
        raise RegisterError("register.file_empty", name=shown)
    if not _is(ending, head):
        ending = _really(shown, ending, head)
    if head.startswith(_ZIP):
        _zip(shown, content)
    elif head.startswith(_OLE):
        _ole(shown, content)
    elif ending == "pdf":
        _pdf(shown, content)
    return ending


def _is(ending: str, head: bytes) -> bool:
    """Whether content begins as files of an ending do."""
    if ending in _BOXED:
        return head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip")
    marks = TYPES[ending]
    if not marks:
        return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.startswith(marks) or (ending == "pdf" and b"%PDF" in head)


def _really(name: str, ending: str, head: bytes) -> str:
    """What a file is whose ending says something else of the same family.

    Raises:
        RegisterError: it is of another family, or a page that an office program should save anew.
    """
    family = next((f for f in _FAMILIES if ending in f), ())
    found = next((other for other in family if other != ending and _is(other, head)), "")
    if found:
        return found
    begins = head.decode("utf-8", "ignore").lstrip("\ufeff \r\n\t").lower()
    if family[:1] in (("doc",), ("xls",)) and begins.startswith(_PAGES):
        key = "register.file_xml" if begins.startswith("<?xml") and "html" not in begins else "register.file_page"
        raise RegisterError(key, name=name, type="xlsx" if "xls" in family else "docx")
    if ending in ("xls", "et") and b"\x00" not in head and re.search(rb"[\t,;]", head):
        return "csv"  # a table as plain text, which Excel opens without a word; under .xlsx it would refuse to
    if really := next((other for other, marks in TYPES.items() if not {_ZIP, _OLE} & set(marks) and head.startswith(marks)), ""):
        raise RegisterError("register.file_really", name=name, type=ending, really=really)
    raise RegisterError("register.file_other", name=name, type=ending)


def _zip(name: str, content: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(content) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise RegisterError("register.file_broken", name=name) from None
    if any(m.flag_bits & 0x1 for m in members):
        raise RegisterError("register.file_encrypted", name=name)
    packed, unpacked = sum(m.compress_size for m in members), sum(m.file_size for m in members)
    if len(members) > _MOST_MEMBERS or unpacked > max(packed, 1) * _MOST_RATIO:
        raise RegisterError("register.file_bomb", name=name)
    names = [m.filename.lower() for m in members]
    if any(n.endswith(("vbaproject.bin", "macrosheets/sheet1.xml")) for n in names) or any(
        n.rpartition(".")[2] in MACRO_NAMES for n in names
    ):
        raise RegisterError("register.file_macro", name=name)
    if program := next((m.filename for m in members if m.filename.lower().rpartition(".")[2] in PROGRAM_NAMES), ""):
        raise RegisterError("register.file_inside", name=name, inside=plain_name(program.rpartition("/")[2]))


def _ole(name: str, content: IO[bytes]) -> None:
    """An old Office file: its directory names streams in UTF-16, so the names that matter are looked for as such."""
    for block in _blocks(content):
        if any(word.encode("utf-16-le") in block for word in ("EncryptedPackage", "EncryptionInfo")):
            raise RegisterError("register.file_encrypted", name=name)
        if any(word.encode("utf-16-le") in block for word in ("_VBA_PROJECT", "VBA_PROJECT_CUR")):
            raise RegisterError("register.file_macro", name=name)


def _blocks(content: IO[bytes]) -> Iterator[bytes]:
    content.seek(0)
    kept = b""
    while block := content.read(1 << 20):
        yield kept + block
        kept = block[-64:]


def _pdf(name: str, content: IO[bytes]) -> None:
    """A PDF that opens without a password is fine, even one whose printing is restricted."""
    content.seek(0)
    if not any(b"/Encrypt" in block for block in _blocks(content)):
        return
    from pypdf import PasswordType, PdfReader
    from pypdf.errors import PyPdfError

    content.seek(0)
    try:
        reader = PdfReader(content)
        locked = reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
    except (PyPdfError, ValueError, OSError, NotImplementedError):
        locked = True
    if locked:
        raise RegisterError("register.file_encrypted", name=name)
