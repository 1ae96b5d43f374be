"""A Word document cut down to what a person sees as text and tables, in elements that mammoth keeps."""

from __future__ import annotations

from typing import Any

from lxml import etree

_UNWRAPPED = frozenset(
    {"fldSimple", "hyperlink", "ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "sdt", "sdtContent", "ruby", "rubyBase"}
)
_REMOVED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "fldChar", "rt", "rubyPr", "proofErr", "bookmarkStart", "bookmarkEnd", "permStart"}
    | {"permEnd", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "commentRangeStart", "commentRangeEnd", "imagedata", "drawing"}
    | {"tblPrEx", "sectPr", "lastRenderedPageBreak"}
)
_NOTES = frozenset({"footnoteReference", "endnoteReference"})
_KEPT_IN = {"tbl": {"tr"}, "tr": {"tc", "trPr"}, "tc": {"p", "tbl", "tcPr"}}


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str | None:
    """A Word attribute of ``element``, whichever of Word's two namespaces the file uses."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: Any, *names: str) -> Any:
    """The first element found by following ``names`` downwards, or None."""
    for name in names:
        element = next((c for c in element if local(c) == name), None)
        if element is None:
            return None
    return element


def cleaned(document: Any) -> tuple[Any, int]:
    """Clean ``document`` in place; returns it and the number of foot- and endnotes, which are not read."""
    notes = 0
    for element in list(document.iter()):
        name = local(element)
        if name in _NOTES:
            notes += 1
        if name in _REMOVED or name in _NOTES or name == "commentReference" or (name == "r" and _hidden(element)):
            _remove(element)
        elif name == "AlternateContent":
            _choose(element)
    for element in list(document.iter()):
        name = local(element)
        if name in _UNWRAPPED:
            _unwrap(element)
        elif name in ("cr", "ptab"):
            element.tag = element.tag.replace("}cr", "}br").replace("}ptab", "}tab")
        elif name == "br":
            element.attrib.clear()
        elif name in ("rPr", "tblPr"):
            _remove(element)
    for element in list(document.iter()):
        _shaped(element)
    for element in list(document.iter()):
        if local(element) == "tbl":
            _begin_merges(element)
    return document, notes


def _begin_merges(table: Any) -> None:
    """A cell that continues a merge which no cell above it began (a table parted in its midst) is a cell of its own, as Word shows it."""
    above: dict[int, int] = {}
    for row in (r for r in table if local(r) == "tr"):
        here: dict[int, int] = {}
        column = 0
        for cell in (c for c in row if local(c) == "tc"):
            span, merge = child(cell, "tcPr", "gridSpan"), child(cell, "tcPr", "vMerge")
            width = attribute(span, "val") if span is not None else None
            across = int(width) if width and width.isdecimal() and len(width) < 4 else 1
            if merge is not None and attribute(merge, "val") != "restart" and above.get(column) != across:
                _remove(merge)
            elif merge is not None:
                here[column] = across
            column += across
        above = here


def _shaped(element: Any) -> None:
    name = local(element)
    if name in _KEPT_IN:
        for other in list(element):
            if local(other) not in _KEPT_IN[name]:
                _remove(other)
    if name == "tr":
        _pad(element)
    elif name == "tc" and child(element, "p") is None:
        element.append(etree.Element(element.tag[:-2] + "p"))
    elif name == "pPr":
        for other in list(element):
            element.remove(other)


def _pad(row: Any) -> None:
    """Put an empty cell where a row begins further right than its table."""
    skipped = child(row, "trPr", "gridBefore")
    width = (attribute(skipped, "val") or "") if skipped is not None else ""
    if not width.isdecimal() or not 0 < int(width) < 64:
        return
    namespace = row.tag[:-2]
    cell = etree.Element(f"{namespace}tc")
    properties = etree.SubElement(cell, f"{namespace}tcPr")
    etree.SubElement(properties, f"{namespace}gridSpan").set(f"{namespace}val", width)
    etree.SubElement(cell, f"{namespace}p")
    first = child(row, "tc")
    row.insert(row.index(first) if first is not None else len(row), cell)


def _hidden(run: Any) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false", "off")


def _choose(element: Any) -> None:
    """Keep the fallback of an alternative, which is the one that mammoth reads; the choice repeats its text."""
    for choice in list(element):
        if local(choice) == "Choice":
            _remove(choice)


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    position = parent.index(element)
    for offset, inner in enumerate(list(element)):
        parent.insert(position + offset, inner)
    parent.remove(element)
