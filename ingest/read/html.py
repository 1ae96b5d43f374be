"""HTML -> rows: tables with their spans, and the blocks outside them as loose rows. Scripts and hidden parts are no text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from assistant.errors import SourceError
from assistant.guide import Finding
from ingest.read.grid import CellSpan, grid
from ingest.read.text import decoded
from ingest.read.visible import visible
from ingest.source import Cell, Numbering, Row

MAX_CHARACTERS = 20_000_000  # of markup; bounds what a hostile file costs
MAX_DEPTH = 5_000  # of nested elements; bounds what a hostile file costs

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_SILENT = frozenset({"script", "style", "head", "noscript", "template", "svg", "iframe", "object", "select", "#comment", "-comment"})
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_LEFT_OPEN = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "thead",
        "tbody",
        "tfoot",
        "dt",
        "dd",
        "option",
        "colgroup",
    }
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_BREAK_IN_WIDE = re.compile(rf"(?<={_WIDE})[ \t]*[\n\r]\s*(?={_WIDE})")


def read_html(data: bytes, name: str) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Rows of an HTML file; its character set is told by the byte order mark, then by ``meta``, then by trying."""
    return rows_of_html(_text(data, name), name), ()


def rows_of_html(markup: str, name: str) -> tuple[Row, ...]:
    """Rows of HTML markup; a table inside a cell is read as paragraphs of that cell."""
    if len(markup) > MAX_CHARACTERS:
        raise SourceError("source.too_long", name=name, limit=MAX_CHARACTERS)
    if _depth(markup) > MAX_DEPTH:
        raise SourceError("source.too_complex_table", name=name)
    page = _Page(name)
    for begins, node in _walk(LexborHTMLParser(markup).root):
        page.begin(node) if begins else page.end(node)
    page.flush()
    return tuple(page.rows)


def _text(data: bytes, name: str) -> str:
    match = _CHARSET.search(data[:4096])
    if match and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        charset = match.group(1).decode("ascii").lower()
        charset = "gb18030" if charset in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else charset
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(data, name)


def _depth(markup: str) -> int:
    """How deep elements lie in one another, at most: the parser slows down with the square of it."""
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match.group(2).lower() not in _LEFT_OPEN:
            depth = max(0, depth - 1) if match.group(1) else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _walk(root: Any) -> Iterator[tuple[bool, Any]]:
    """Every node as (True, node) when it begins and (False, node) when it ends; silent ones are passed over."""
    node = root
    while node is not None:
        silent = node.tag in _SILENT or _hidden(node)
        if not silent:
            yield True, node
        child = None if silent else node.child
        if child is not None:
            node = child
            continue
        if not silent:
            yield False, node
        while node is not None and node.next is None:
            node = node.parent
            if node is not None:
                yield False, node
        if node is not None:
            node = node.next


def _hidden(node: Any) -> bool:
    if node.tag.startswith("-"):
        return False
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style


class _Page:
    """Collects text into paragraphs, paragraphs into cells, cells into tables, in reading order."""

    def __init__(self, name: str) -> None:
        self.rows: list[Row] = []
        self._name = name
        self._numbering = Numbering()
        self._words: list[str] = []
        self._paragraphs: list[str] = []
        self._depth = 0
        self._kept = 0
        self._tables = 0
        self._spans: list[list[CellSpan]] = []
        self._cell: Any = None

    def begin(self, node: Any) -> None:
        """Take a text, or open what ``node`` opens."""
        tag = node.tag
        if tag == "-text":
            self._words.append(node.text_content or "")
        elif tag == "br":
            self._paragraph()
        elif tag == "pre":
            self._paragraph()
            self._kept += 1
        elif tag == "table":
            self._paragraph()
            if self._depth == 0:
                self.flush()
                self._tables += 1
                self._spans = []
            self._depth += 1
        elif self._depth == 1 and tag == "tr":
            self._outside_cells()
            self._spans.append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._outside_cells()
            self._cell = node
        elif not _is_inline(tag):
            self._paragraph()

    def end(self, node: Any) -> None:
        """Close what ``node`` closes."""
        tag = node.tag
        if tag == "-text":
            return
        if tag == "pre":
            self._paragraph()
            self._kept -= 1
        elif tag == "table":
            self._paragraph()
            self._depth -= 1
            if self._depth == 0:
                self._outside_cells()
                self.rows += grid(self._spans, self._tables, self._name)
        elif self._depth == 1 and tag in ("td", "th"):
            self._close_cell(node)
        elif not _is_inline(tag):
            self._paragraph()

    def flush(self) -> None:
        """Number what stands outside any table as loose rows."""
        self._paragraph()
        for text in self._paragraphs:
            self.rows += self._numbering.loose(text)
        self._paragraphs = []

    def _close_cell(self, node: Any) -> None:
        self._paragraph()
        if not self._spans:
            self._spans.append([])
        cell = self._numbering.cell(self._paragraphs)
        self._paragraphs = []
        self._spans[-1].append(CellSpan(cell, _count(node, "rowspan"), _count(node, "colspan")))
        self._cell = None

    def _outside_cells(self) -> None:
        """Text of a table that is in none of its cells (a caption) becomes a row of its own."""
        self._paragraph()
        if self._paragraphs and self._cell is None:
            cell: Cell = self._numbering.cell(self._paragraphs)
            self._paragraphs = []
            self._spans.append([CellSpan(cell)])

    def _paragraph(self) -> None:
        text = visible("".join(self._words))
        self._words = []
        if not self._kept:
            text = _SPACES.sub(" ", _BREAK_IN_WIDE.sub("", text))
        if text.strip():
            self._paragraphs.append(text.strip(" \t\n\r\f"))


def _is_inline(tag: str) -> bool:
    """Known inline elements, and those of other namespaces, with which Word marks words (o:p, st1:date)."""
    return tag in _INLINE or ":" in tag or "-" in tag


def _count(node: Any, attribute: str) -> int:
    """A span as browsers read it: 0 rows means all that follow, nonsense means one."""
    digits = re.match(r"\s*(\d{1,6})", node.attributes.get(attribute) or "")
    if not digits:
        return 1
    return int(digits.group(1)) or (65_534 if attribute == "rowspan" else 1)
