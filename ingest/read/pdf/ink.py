"""A PDF page as it is drawn: its characters with what shows them, its ruled lines, and the boxes that are filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

from ingest.read.pdf.ruled_grid import Box, tables_of
from ingest.read.visible import visible

_UNINKED = (3, 7)
"""Text render modes that paint nothing (PDF 32000-1, table 106)."""
_KEPT = ("text", "x0", "x1", "top", "bottom", "size", "mcid", "matrix", "upright", "fontname")


@dataclass
class InkedPage:
    """One page. ``characters`` have ``luminance`` (0 black to 1 white), ``inked`` and ``scale``; ``fills`` are boxes with theirs."""

    number: int
    width: float
    characters: list[dict[str, Any]]
    tables: list[list[Box]]
    fills: list[tuple[Box, float]]
    nameless: int = 0


class _Device(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's device, which also tells the characters that no ink shows: their ``tag`` is the empty text."""

    uninked = False

    def render_string(self, textstate: Any, *others: Any) -> None:
        """Note the text's render mode, which pdfminer does not pass on."""
        self.uninked = getattr(textstate, "render", 0) in _UNINKED
        super().render_string(textstate, *others)
        self.uninked = False

    def tag_cur_item(self) -> None:
        """Mark the character that was drawn last."""
        super().tag_cur_item()
        if self.uninked and self.cur_item._objs:
            setattr(self.cur_item._objs[-1], "tag", "")  # noqa: B010  (pdfplumber's own attribute)


def drawn(page: Page) -> InkedPage:
    """Everything that one pdfplumber page draws; characters without a Unicode value are counted and left out."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()
    named = [c for c in page.chars if visible(c["text"]) and not c["text"].startswith("(cid:")]
    fills = [((r["x0"], r["top"], r["x1"], r["bottom"]), luminance(r["non_stroking_color"])) for r in page.rects if r.get("fill")]
    return InkedPage(
        page.page_number,
        float(page.width),
        [_character(c) for c in named],
        tables_of(page.edges),
        fills,
        sum(1 for c in page.chars if c["text"].startswith("(cid:")),
    )


def luminance(color: Any) -> float:
    """How light a colour of one (grey), three (RGB) or four (CMYK) components is; black where it cannot be told.

    >>> luminance((0.85,)), luminance((0, 0, 0, 0))
    (0.85, 1.0)
    """
    parts = color if isinstance(color, tuple | list) else (color,)
    if not parts or not all(isinstance(p, int | float) for p in parts):
        return 0.0
    if len(parts) == 4:
        *ink, black = (min(1.0, max(0.0, float(p))) for p in parts)
        parts = tuple((1 - i) * (1 - black) for i in ink)
    if len(parts) == 3:
        red, green, blue = (float(p) for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return float(parts[0]) if len(parts) == 1 else 0.0


def _character(c: dict[str, Any]) -> dict[str, Any]:
    """The values that reading needs; a page has thousands of characters."""
    matrix = c["matrix"]
    return {name: c.get(name) for name in _KEPT} | {
        "luminance": luminance(c["non_stroking_color"]),
        "inked": c.get("tag") != "",
        "scale": max(map(abs, matrix[:4])) or 1.0,
    }
