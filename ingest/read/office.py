"""What an office package is and which of its parts is which: its relations say so, not the names of its entries."""

from __future__ import annotations

from posixpath import dirname, normpath
from typing import Literal
from urllib.parse import quote, unquote

from assistant.errors import SourceError
from ingest.read.zip import Package

_USUAL: tuple[tuple[Literal["docx", "xlsx"], str, str], ...] = (
    ("docx", "wordprocessingml", "word/document.xml"),
    ("xlsx", "spreadsheetml", "xl/workbook.xml"),
)


def office_format(data: bytes, name: str) -> Literal["docx", "xlsx"]:
    """Whether a zip file is a Word document or an Excel workbook; anything else, and macros, are refused."""
    package = Package(data, name)
    types = package.part("[Content_Types].xml") if package.holds("[Content_Types].xml") else b""
    if b"macroEnabled" in types or any(n.lower().endswith("vbaproject.bin") for n in package.names):
        raise SourceError("source.macros", name=name)
    for form, _, usual in _USUAL:
        if package.holds(usual):
            return form
    main = related(package, "", "officeDocument")
    declared = _declared(package, main) if main else ""
    for form, family, usual in _USUAL:
        if main and (family in declared or (not declared and dirname(main).lower() == dirname(usual))):
            return form
    raise SourceError("source.open_document" if package.holds("content.xml") else "source.archive", name=name)


def main_part(package: Package, usual: str) -> str:
    """The part that is the document itself, by the package's relations; ``usual`` where they do not say."""
    return related(package, "", "officeDocument") or usual


def related(package: Package, part: str, kind: str) -> str | None:
    """The part to which ``part`` (the package itself when empty) has a relation of that kind; None without one that is there."""
    folder, _, file = part.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    if not package.holds(relations):
        return None
    for relation in package.xml(relations):
        if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
            target = relation.get("Target", "").replace("\\", "/")
            target = unquote(target)
            path = normpath(target if target.startswith("/") else f"{folder}/{target}").lstrip("/")
            if package.holds(path):
                return path
    return None


def _declared(package: Package, part: str) -> str:
    """The content type of a part that has one of its own."""
    if not package.holds("[Content_Types].xml"):
        return ""
    overrides = package.xml("[Content_Types].xml")
    return next(
        (o.get("ContentType", "") for o in overrides if o.get("PartName", "").lstrip("/").lower() in (part.lower(), quote(part).lower())),
        "",
    )
