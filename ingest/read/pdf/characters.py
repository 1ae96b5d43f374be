"""Characters of a PDF page -> lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingest.read.visible import written_out

_SAME_LINE = 0.5  # share of a character's height; all three chosen; `pytest tests/ingest` holds what follows from it
_WORD_GAP = 0.25  # share of a character's height
_STROKE = 0.12  # share of a character's size within which a second print is the same character, made bold


@dataclass(frozen=True)
class PrintedLine:
    """One printed line: its text, its box in points from the page's top left, and what tells where paragraphs begin.

    ``widths`` are those of its characters, ``tagged`` says that its first character opens a marked content of its own,
    ``places`` are where its characters begin.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    widths: tuple[float, ...]
    page: int
    tagged: bool
    places: tuple[float, ...] = ()

    @property
    def em(self) -> float:
        """The width of its widest character: one em in Chinese text."""
        return max(self.widths, default=1.0) or 1.0

    @property
    def size(self) -> float:
        """Its height."""
        return self.bottom - self.top


def lines_of(characters: Iterable[dict[str, Any]], page: int) -> list[PrintedLine]:
    """Lines from top to bottom; characters that overlap by half their height stand on one line."""
    bands: list[list[dict[str, Any]]] = []
    for character in sorted(characters, key=lambda c: (c["top"] + c["bottom"], c["x0"])):
        band = bands[-1] if bands else None
        if band and _overlap(band[-1], character) >= _SAME_LINE:
            band.append(character)
        else:
            bands.append([character])
    found: list[PrintedLine] = []
    marks: set[int] = set()
    for band in bands:
        band = _once(sorted(band, key=lambda c: c["x0"]))
        while band and band[0]["text"].isspace():
            band.pop(0)
        while band and band[-1]["text"].isspace():
            band.pop()
        if band:
            found.append(_line(band, page, marks))
    return found


def _once(band: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A line without the second strokes of characters that were printed twice to look bold."""
    return [c for i, c in enumerate(band) if not any(_same(c, d) for d in band[max(0, i - 2) : i])]


def _same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return bool(a["text"] == b["text"] and abs(a["x0"] - b["x0"]) < _STROKE * a["size"] and abs(a["top"] - b["top"]) < _STROKE * a["size"])


def _line(band: list[dict[str, Any]], page: int, marks: set[int]) -> PrintedLine:
    text = ""
    widths: list[float] = []
    places: list[float] = []
    for position, character in enumerate(band):
        shown = written_out(character["text"])
        if shown.isspace() and _wide(text[-1:]) and _wide(_next(band, position)):
            continue
        if position and _apart(band[position - 1], character) and text[-1:].isascii() and shown.isascii():
            text += " "
            widths.append(0.0)
            places.append(band[position - 1]["x1"])
        width = (character["x1"] - character["x0"]) / len(shown)
        text += shown
        widths += [width] * len(shown)
        places += [character["x0"] + width * i for i in range(len(shown))]
    mark = next((c["mcid"] for c in band[:2] if c.get("mcid") is not None), None)
    tagged = mark is not None and mark not in marks
    marks.update(c["mcid"] for c in band if c.get("mcid") is not None)
    return PrintedLine(
        text=text,
        x0=band[0]["x0"],
        x1=max(c["x1"] for c in band),
        top=min(c["top"] for c in band),
        bottom=max(c["bottom"] for c in band),
        widths=tuple(widths),
        page=page,
        tagged=tagged,
        places=tuple(places),
    )


def _wide(character: str) -> bool:
    """Chinese characters and their punctuation: a blank between two of them comes from the setting, not from the text."""
    return character != "" and unicodedata.east_asian_width(character) in "WF"


def _next(band: list[dict[str, Any]], position: int) -> str:
    """The first character behind ``position`` that is no blank."""
    return next((str(c["text"][:1]) for c in band[position:] if not c["text"].isspace()), "")


def _overlap(a: dict[str, Any], b: dict[str, Any]) -> float:
    height = min(a["bottom"] - a["top"], b["bottom"] - b["top"])
    return float((min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])) / height) if height > 0 else 0.0


def _apart(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether there is a blank between two Latin characters that the PDF does not hold as a character."""
    gap = after["x0"] - before["x1"]
    return bool(gap > _WORD_GAP * (after["bottom"] - after["top"]) and not before["text"].isspace() and not after["text"].isspace())
