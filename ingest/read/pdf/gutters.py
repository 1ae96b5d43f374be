"""Tables without ruled lines: columns are told by the gutters that hardly a line crosses, rows by where columns begin anew."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingest.printed_numbers import mark
from ingest.read.pdf.characters import PrintedLine
from ingest.read.pdf.page import PdfCell, PdfPage, PdfTable

_FEW_LINES = 8  # below it no columns are looked for; all of these chosen; `pytest tests/ingest` holds what follows from it
_FEW_PARTED = 4  # lines that a gutter must part
_PARTED = 0.005  # share of the lines that a gutter must part
_CROSSED = 0.012  # share of the lines that may cross a gutter
_LEVELS = (0, 1, 2, 4, 7, 11, 16, 24)  # lines that may cross, tried one after the other
_LEAST_WIDTH = 2.5  # of a gutter, in points
_STEPS = 2  # in which a point is divided
_WITHIN_WORD = 0.3  # of a character's width


def find_columns(pages: list[PdfPage]) -> None:
    """Turn the loose lines of ``pages`` into tables where they stand in columns; text without columns stays as it is."""
    lines = [line for page in pages for line in page.loose]
    cuts = _cuts(lines) if len(lines) >= _FEW_LINES else []
    if not cuts:
        return
    edges = [min(line.x0 for line in lines) - 1, *cuts, max(line.x1 for line in lines) + 1]
    for page in pages:
        if page.loose:
            page.tables = [PdfTable(_cells(page.loose, edges))]
            page.loose = []


def _cuts(lines: list[PrintedLine]) -> list[float]:
    """The middles of the gutters: places that few lines cover while many have text on both sides.

    Gutters that no line crosses are found first, then those that a few full-width titles cross.
    """
    em = median(line.em for line in lines)
    stretches = [_stretches(line, em) for line in lines]
    covered = [0] * int(max(line.x1 for line in lines) * _STEPS + 2)
    for left, right in (s for found in stretches for s in found):
        for x in range(max(0, round(left * _STEPS)), min(len(covered), round(right * _STEPS))):
            covered[x] += 1
    first = round(min(line.x0 for line in lines) * _STEPS)
    cuts: list[int] = []
    for level in _LEVELS:
        if level > max(_LEVELS[2], _CROSSED * len(lines)):
            break
        for begin, end in _low(covered, level, first):
            middle = (begin + end) // 2
            if any(begin - 1 <= cut <= end for cut in cuts) or not _parts_lines(middle / _STEPS, lines, stretches):
                continue
            edges = sorted([first, *cuts, len(covered)])
            before, after = max(e for e in edges if e <= begin), min(e for e in edges if e >= end)
            if min(max(covered[before:begin], default=0), max(covered[end:after], default=0)) > 2 * level:
                cuts.append(middle)
    return [cut / _STEPS for cut in sorted(cuts)]


def _low(covered: list[int], level: int, first: int) -> list[tuple[int, int]]:
    """Stretches that at most ``level`` lines cover, wide enough for a gutter, with something on both sides."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    for x in range(first, len(covered)):
        if covered[x] <= level:
            begin = x if begin is None else begin
        else:
            if begin is not None and begin > first and x - begin >= _LEAST_WIDTH * _STEPS:
                found.append((begin, x))
            begin = None
    return found


def _parts_lines(cut: float, lines: list[PrintedLine], stretches: list[list[tuple[float, float]]]) -> bool:
    """Whether enough lines have text on both sides of ``cut`` and a gap at it, and few run across."""
    astride = [found for line, found in zip(lines, stretches, strict=True) if line.x0 < cut < line.x1]
    across = sum(1 for found in astride if any(left < cut < right for left, right in found))
    return len(astride) - across >= max(_FEW_PARTED, _PARTED * len(lines), 2 * across)


def _stretches(line: PrintedLine, em: float) -> list[tuple[float, float]]:
    """The parts of a line between gaps of more than a word's."""
    found: list[tuple[float, float]] = []
    for place, width in zip(line.places, line.widths, strict=True):
        if found and place - found[-1][1] <= _WITHIN_WORD * em:
            found[-1] = (found[-1][0], place + width)
        else:
            found.append((place, place + width))
    return found


def _cells(lines: list[PrintedLine], edges: list[float]) -> list[PdfCell]:
    """Cells of one page: a line that crosses a gutter is a row of one cell, other lines are parted at the gutters."""
    rows: list[list[list[PrintedLine]]] = []
    before: list[PrintedLine | None] = []
    for line in lines:
        parts = _parts(line, edges)
        if len(parts) == 1:
            rows.append([[line]])
            before = []
            continue
        if not before or _begins(parts, before, rows[-1]):
            rows.append([[] for _ in parts])
        for column, part in enumerate(parts):
            if part:
                rows[-1][column].append(part)
        before = parts
    found: list[PdfCell] = []
    tops = [min(line.top for cell in row for line in cell) for row in rows]
    ends = [*tops[1:], max(line.bottom for line in lines)]
    for row, top, end in zip(rows, tops, ends, strict=True):
        places = pairwise(edges) if len(row) > 1 else [(edges[0], edges[-1])]
        found += [PdfCell((x0, top, x1, end), cell) for (x0, x1), cell in zip(places, row, strict=True)]
    return found


def _begins(parts: list[PrintedLine | None], before: list[PrintedLine | None], row: list[list[PrintedLine]]) -> bool:
    """A row begins where a column but the last has text again after a blank, or text with a number."""
    return any(
        part is not None and (before[column] is None or (mark(part.text) is not None and bool(row[column])))
        for column, part in enumerate(parts[:-1])
    )


def _parts(line: PrintedLine, edges: list[float]) -> list[PrintedLine | None]:
    """The line's part in each column; the line alone where it runs across a gutter."""
    inner = edges[1:-1]
    if any(place < cut < place + width for cut in inner for place, width in zip(line.places, line.widths, strict=True)):
        return [line]
    parts: list[PrintedLine | None] = []
    for x0, x1 in pairwise(edges):
        chosen = [i for i, place in enumerate(line.places) if x0 <= place < x1]
        parts.append(_piece(line, chosen) if chosen else None)
    return parts


def _piece(line: PrintedLine, chosen: list[int]) -> PrintedLine | None:
    text = "".join(line.text[i] for i in chosen)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    kept = chosen[start:end]
    if not kept:
        return None
    return replace(
        line,
        text=text.strip(),
        x0=line.places[kept[0]],
        x1=line.places[kept[-1]] + line.widths[kept[-1]],
        widths=tuple(line.widths[i] for i in kept),
        places=tuple(line.places[i] for i in kept),
        tagged=line.tagged and kept[0] == 0,
    )
