"""What may be handed in as a file: size, type by name and by content, no macros, no programs, nothing encrypted."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from assistant.errors import RegisterError
from assistant.register.rules.evidence.life import clean

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
    "jfif": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF8",),
    "bmp": (b"BM",),
    "tif": (b"II*\x00", b"MM\x00*"),
    "tiff": (b"II*\x00", b"MM\x00*"),
    "webp": (b"RIFF",),
    "heic": (),
    "heif": (),
    "avif": (),
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
    ("jpg", "jpeg", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif", "avif"),
    ("doc", "docx", "rtf", "wps"),
    ("xls", "xlsx", "et"),
    ("ppt", "pptx", "dps"),
)
"""Endings that programs exchange freely: a photograph sent on as .jpg is often a PNG, an export called .xls an xlsx."""
_PACKED = {
    "rar": b"Rar!\x1a\x07",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "gz": b"\x1f\x8b",
    "bz2": b"BZh",
    "xz": b"\xfd7zXZ\0",
    "zst": b"\x28\xb5\x2f\xfd",
    "cab": b"MSCF\0\0\0\0",
}
_PACKED_NAMES = frozenset((*_PACKED, "tar", "tgz", "lzh", "arj"))
_FOREIGN = {
    "silk": (b"\x02#!SILK", b"#!SILK"),
    "psd": (b"8BPS",),
    "ogg": (b"OggS",),
    "flac": (b"fLaC",),
    "mkv": (b"\x1a\x45\xdf\xa3",),
    "wmv": (b"\x30\x26\xb2\x75",),
    "flv": (b"FLV\x01",),
    "rmvb": (b".RMF",),
    "sqlite": (b"SQLite format 3",),
}
"""What is known by its first bytes and not taken: named, so that its owner knows what to turn it from."""
_RIFF = {"webp": b"WEBP", "avi": b"AVI ", "wav": b"WAVE"}
_BRANDS = {"avif": (b"avif", b"avis"), "heic": (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")}
_BRANDS["heif"] = _BRANDS["heic"]
_INSIDE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx", "ofd.xml": "ofd"}
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "PowerPoint Document": "ppt", "__substg1.0_": "msg"}
MACRO_NAMES = frozenset(("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"))
PROGRAM_NAMES = frozenset(
    "exe dll com scr msi msp bat cmd ps1 vbs vbe js jse wsf wsh hta lnk jar apk app dmg pkg sh py pl rb reg cpl sys iso img chm url".split()  # noqa: SIM905
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00")
_BOXED = frozenset(("mp4", "mov", "m4a"))
_HEAD = 512  # bytes read to know what a file is; the mark of a tar stands at 257
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
    head = content.read(_HEAD)
    if ending in PROGRAM_NAMES or (head.startswith(_PROGRAMS) and not head.startswith((*TYPES["amr"], *_FOREIGN["silk"]))):
        raise RegisterError("register.file_program", name=shown)
    packed = next((kind for kind, mark in _PACKED.items() if head.startswith(mark)), "tar" if head[257:262] == b"ustar" else "")
    if packed or ending in _PACKED_NAMES:
        raise RegisterError("register.file_packed", name=shown, type=packed or ending)
    if ending not in TYPES:
        raise RegisterError("register.file_type", name=shown, known=tuple(TYPES))
    if not head:
        raise RegisterError("register.file_empty", name=shown)
    if not _is(ending, head):
        ending = _really(shown, ending, head, content)
    if head.startswith(_ZIP):
        really = _zip(shown, content)
        if really not in ("zip", ending, *_family(ending)) and ending != "zip":
            raise RegisterError("register.file_really", name=shown, type=ending, really=really)
    elif head.startswith(_OLE):
        _ole(shown, content)
    elif ending == "pdf":
        _pdf(shown, content)
    return ending


def _family(ending: str) -> tuple[str, ...]:
    return next((f for f in _FAMILIES if ending in f), ())


def _is(ending: str, head: bytes) -> bool:
    """Whether content begins as files of an ending do."""
    if ending in _BRANDS:
        return head[4:8] == b"ftyp" and head[8:12] in _BRANDS[ending]
    if ending in _BOXED:
        pictures = any(_is(picture, head) for picture in _BRANDS)
        return head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip") and not pictures
    if ending in _RIFF:
        return head.startswith(b"RIFF") and head[8:12] == _RIFF[ending]
    marks = TYPES[ending]
    if not marks:
        return bool(_text(head))
    return head.startswith(marks) or (ending == "pdf" and b"%PDF" in head)


def _text(head: bytes) -> str:
    """The beginning as text, where it is text."""
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    return head.decode("utf-16" if b"\x00" in head else "utf-8", "replace").lstrip("\ufeff")


def _really(name: str, ending: str, head: bytes, content: IO[bytes]) -> str:
    """What a file is whose ending says something else of the same family.

    Raises:
        RegisterError: it is of another family, or a page that an office program should save anew.
    """
    family = _family(ending)
    if found := next((other for other in family if other != ending and _is(other, head)), ""):
        return found
    begins = _text(head).strip().lower()
    if re.match(r"<[a-z!?]|mime-version:", begins):
        office = family[:1] in (("doc",), ("xls",))
        key = "file_xml" if office and begins.startswith("<?xml") and "html" not in begins else "file_page" if office else "file_saved_page"
        raise RegisterError(f"register.{key}", name=name, type=("xlsx" if "xls" in family else "docx") if office else ending)
    table = re.search(r"[\t,;]", begins)
    if ending in ("xls", "et") and table:
        return "csv"  # a table as plain text, which Excel opens without a word; under .xlsx it would refuse to
    if not head.strip(b"\0"):
        raise RegisterError("register.file_broken", name=name)
    if foreign := next((kind for kind, marks in _FOREIGN.items() if head.startswith(marks)), ""):
        raise RegisterError("register.file_foreign", name=name, really=foreign)
    if really := _known(name, head, content) or ("csv" if ending == "xlsx" and table else ""):
        raise RegisterError("register.file_really", name=name, type=ending, really=really)
    raise RegisterError("register.file_other", name=name, type=ending)


def _known(name: str, head: bytes, content: IO[bytes]) -> str:
    """The ending that fits content whose own does not; nothing where none is sure."""
    if head.startswith(_ZIP):
        return "" if len(head) < len(_ZIP) + 4 else _zip(name, content)
    if head.startswith(_OLE):
        block = next(_blocks(content))
        return next((kind for stream, kind in _STREAMS.items() if stream.encode("utf-16-le") in block), "")
    return next((other for other in TYPES if (TYPES[other] or other in _BRANDS or other in _BOXED) and _is(other, head)), "")


def _zip(name: str, content: IO[bytes]) -> str:
    """What the members of a zip make it: an office document, else a zip.

    Raises:
        RegisterError: broken, encrypted, a bomb, or with macros or programs in it.
    """
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
    names = [m.filename.lower().replace("\\", "/") for m in members]
    if any(n.endswith("vbaproject.bin") or "macrosheets/" in n for n in names) or any(n.rpartition(".")[2] in MACRO_NAMES for n in names):
        raise RegisterError("register.file_macro", name=name)
    if program := next((m.filename for m in members if m.filename.lower().rpartition(".")[2] in PROGRAM_NAMES), ""):
        raise RegisterError("register.file_inside", name=name, inside=plain_name(program.rpartition("/")[2]))
    return next((kind for begin, kind in _INSIDE.items() if any(n.startswith(begin) for n in names)), "zip")


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
