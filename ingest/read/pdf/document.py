"""PDF with a text layer -> rows: tables over several pages are put together again, wrapped lines become paragraphs."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from assistant.errors import SourceError
from assistant.guide import Finding
from ingest.read.pdf.characters import PrintedLine
from ingest.read.pdf.gutters import find_columns
from ingest.read.pdf.ink import InkedPage, drawn
from ingest.read.pdf.page import PdfPage, page_of
from ingest.read.pdf.rows import rows_of_pages
from ingest.read.pdf.watermarks import without_watermarks
from ingest.source import Row

MAX_PAGES = 400  # of a file; bounds what a hostile file costs
MAX_CHARACTERS = 1_000_000  # of a file; bounds what a hostile file costs
_UNREADABLE_SHARE = 0.3  # of the characters, beyond which the file is refused
_EDGE_LINES = 2  # at the head and foot of a page that may be running titles
_SAME_HEIGHT = 4  # points within which they stand at the same height
_SHOWN = 40  # characters of what was found


def read_pdf(data: bytes, name: str) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Rows of a PDF.

    Watermarks and text that nobody sees, running headers, footers and page numbers are the print's and not the guide's:
    they are left out with a finding, and so are header rows that are printed again on each page.

    Raises:
        SourceError: the PDF is encrypted, broken, holds pictures only, or is far longer than any guide.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    sheets, readable, unreadable = _pages(data, name)
    if readable == 0 or unreadable > _UNREADABLE_SHARE * (readable + unreadable):
        raise SourceError("source.unreadable_text" if unreadable else "source.image_only", name=name)
    marks, unseen = without_watermarks(sheets)
    pages = [page_of(sheet) for sheet in sheets]
    furniture = _without_furniture(pages)
    if not any(page.tables for page in pages):
        find_columns(pages)
    rows, headers = rows_of_pages(pages)
    findings: list[Finding] = []
    for code, texts in (("watermark", marks), ("unseen", unseen)):
        if texts:
            findings.append(Finding(line=1, code=code, values={"count": len(texts), "text": " ".join(texts[0].split())[:_SHOWN]}))
    if furniture:
        findings.append(Finding(line=1, code="furniture", values={"count": len(furniture), "text": furniture[0]}))
    if headers:
        findings.append(Finding(line=1, code="header_again", values={"count": headers}))
    if unreadable:
        findings.append(Finding(line=1, code="lost", values={"count": unreadable}))
    return rows, tuple(findings)


def _pages(data: bytes, name: str) -> tuple[list[InkedPage], int, int]:
    """The pages as drawn, and how many of their characters have a Unicode value and how many have none."""
    pages: list[InkedPage] = []
    readable = unreadable = 0
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise SourceError("source.too_many_pages", name=name, limit=MAX_PAGES)
            for page in pdf.pages:
                pages.append(drawn(page))
                unreadable += pages[-1].nameless
                readable += sum(1 for c in pages[-1].characters if not c["text"].isspace())
                if readable + unreadable > MAX_CHARACTERS:
                    raise SourceError("source.too_long", name=name, limit=MAX_CHARACTERS)
                page.close()
    except PdfminerException as error:
        key = "encrypted" if any(isinstance(a, PDFPasswordIncorrect) for a in error.args) else "broken"
        raise SourceError(f"source.{key}", name=name) from error
    return pages, readable, unreadable


def _without_furniture(pages: list[PdfPage]) -> list[str]:
    """Take off lines at the top or bottom of at least half the pages (and of two) that differ in their digits only."""
    edges = [_edge_lines(page) for page in pages]
    seen = Counter(key for lines in edges for key in {_folded(line) for line in lines})
    furniture = {key for key, count in seen.items() if count >= 2 and count * 2 >= len(pages)}
    taken: list[str] = []
    for page, lines in zip(pages, edges, strict=True):
        off = {id(line) for line in lines if _folded(line) in furniture}
        taken += [line.text for line in page.loose if id(line) in off]
        page.loose = [line for line in page.loose if id(line) not in off]
    return taken


def _edge_lines(page: PdfPage) -> list[PrintedLine]:
    """The first and last lines of a page, above and below its tables."""
    tops = [t.top for t in page.tables]
    above = [line for line in page.loose if not tops or line.top < min(tops)]
    below = [line for line in page.loose if not tops or line.top > max(tops)]
    return above[:_EDGE_LINES] + below[-_EDGE_LINES:]


def _folded(line: PrintedLine) -> tuple[str, int]:
    """What a running line has in common on all pages: its words and its height."""
    return re.sub(r"\d+", "0", line.text), round(line.top / _SAME_HEIGHT)
