"""Word documents: automatic numbers are written out, then mammoth makes HTML of a cleaned copy, then its tables are read."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import Any

import mammoth

from assistant.errors import SourceError
from assistant.guide import Finding
from ingest.read.docx.cleaning import cleaned
from ingest.read.docx.findings import seen_in
from ingest.read.docx.numbering import write_numbers
from ingest.read.html import rows_of_html
from ingest.read.office import main_part, related
from ingest.read.visible import visible
from ingest.read.zip import Package
from ingest.source import Row

MAX_ELEMENTS = 200_000  # of a document; bounds what a hostile file costs
_DOCUMENT = "word/document.xml"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def read_docx(data: bytes, name: str) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Rows of a Word document.

    mammoth sees a package that holds the document alone: no links, pictures, macros or foreign parts. What Word shows
    but the text does not hold (automatic numbers) is written into it first, by Word's rules; a finding counts them.

    Raises:
        SourceError: the document is broken, encrypted, declares entities, or is far larger than any guide.
    """
    package = Package(data, name)
    main = main_part(package, _DOCUMENT)
    document = package.xml(main)
    numbering, styles = (_beside(package, main, kind) for kind in ("numbering", "styles"))
    told = list(seen_in(document, package))
    written = write_numbers(document, numbering, styles)
    body, left_out = cleaned(document)
    if sum(1 for _ in body.iter()) > MAX_ELEMENTS:
        raise SourceError("source.too_complex_table", name=name)
    rows = rows_of_html(_html(_package_of(body)), name)
    return rows, (*told, *_findings(written, left_out, document, rows))


def _beside(package: Package, main: str, kind: str) -> Any:
    """The numbering or the styles of a document, None where it has none."""
    usual = f"{main.rpartition('/')[0]}/{kind}.xml"
    path = related(package, main, kind) or (usual if package.holds(usual) else None)
    return package.xml(path) if path else None


def _package_of(document: Any) -> bytes:
    from lxml import etree

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        package.writestr(_DOCUMENT, etree.tostring(document, encoding="UTF-8", xml_declaration=True))
    return target.getvalue()


def _html(package: bytes) -> str:
    return str(mammoth.convert_to_html(io.BytesIO(package)).value)


def _findings(written: int, left_out: int, document: Any, rows: tuple[Row, ...]) -> list[Finding]:
    found: list[Finding] = []
    if written:
        found.append(Finding(line=1, code="renumbered", values={"count": written}))
    if left_out:
        found.append(Finding(line=1, code="left_out", values={"count": left_out}))
    shown = Counter(c for text in document.itertext() for c in visible(text) if not c.isspace())
    read = Counter(c for row in rows for cell in row.cells for p in cell.paragraphs for c in p.text if not c.isspace())
    lost = sum((shown - read).values())
    if lost:
        found.append(Finding(line=1, code="lost", values={"count": lost}))
    return found
