"""What a file is: told by its first bytes, then by its suffix; types that have to be converted first say how."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from assistant.errors import SourceError
from ingest.read.office import office_format

Format = Literal["text", "markdown", "csv", "html", "docx", "xlsx", "pdf"]

_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|div|p|meta)[\s>]", re.IGNORECASE)
_PDF = re.compile(rb"[\s\0\xef\xbb\xbf]*%PDF-\d")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ")
_WEB_ARCHIVE = re.compile(rb"^(MIME-Version:|From:|Content-Type:\s*multipart)", re.IGNORECASE)


def format_of(data: bytes, path: Path) -> Format:
    """The format that ``data`` is in, or a SourceError that says what to do with it."""
    head = data[:1024]
    suffix = path.suffix.lower()
    if _PDF.match(head) or (suffix == ".pdf" and b"%PDF-" in head):
        return "pdf"
    if head.startswith(b"PK"):
        return office_format(data, path.name)
    refusal = _refusal(head, data)
    if refusal:
        raise SourceError(f"source.{refusal}", name=path.name)
    if suffix in (".html", ".htm", ".xhtml") or _HTML.search(_narrow(head)):
        return "html"
    if suffix in (".csv", ".tsv"):
        return "csv"
    return "markdown" if suffix in (".md", ".markdown") else "text"


def _refusal(head: bytes, data: bytes) -> str | None:
    if head.startswith(_COMPOUND):
        return _compound(data)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_PICTURES):
        return "picture"
    if head.startswith(_ARCHIVES):
        return "archive"
    return "web_archive" if _WEB_ARCHIVE.match(head.lstrip()) else None


def _compound(data: bytes) -> str:
    """What an OLE file of the old Office is: its directory names its streams in UTF-16."""
    for stream, refusal in (("EncryptedPackage", "encrypted"), ("WordDocument", "old_word"), ("Workbook", "old_excel")):
        if stream.encode("utf-16-le") in data:
            return refusal
    return "old_word"


def _narrow(head: bytes) -> bytes:
    """UTF-16 markup as ASCII, for the look at its first tag only."""
    return head.replace(b"\0", b"") if head.startswith(_UTF16) else head
