"""Ruled lines of a PDF page -> the cells of its tables, by pdfplumber's table finder.

The finder wants every cell closed. Programs leave cells open where a page break parts a row, so level lines are added
where upright ones end together and none is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

NEAR = 3.0
"""Points within which two rules are one: pdfplumber's own tolerance."""
MAX_EDGES = 20_000  # of a page; bounds what a hostile file costs
MAX_CROSSINGS = 5_000
"""Crossings of upright and level rules, whose square is the finder's time: a page of the guide has 100; 1,000 take 0.2 s, 10,000 8 s."""

Box = tuple[float, float, float, float]
_Edge = dict[str, Any]


def tables_of(edges: list[Any]) -> list[list[Box]]:
    """The cells of each ruled table, as boxes of x0, top, x1 and bottom; one table a list."""
    if len(edges) > MAX_EDGES:
        return []
    rules = _merged([_rule(e["orientation"], e["x0"], e["top"], e["x1"], e["bottom"]) for e in edges if _length(e) > NEAR])
    upright = [r for r in rules if r["orientation"] == "v"]
    level = [r for r in rules if r["orientation"] == "h"]
    if len(upright) * len(level) > MAX_CROSSINGS:
        return []
    crossings = edges_to_intersections([*upright, *_merged([*level, *_closing(edges, level)])], NEAR, NEAR)
    return [sorted(t, key=lambda b: (b[1], b[0])) for t in cells_to_tables(intersections_to_cells(crossings))]


def steps(values: list[float]) -> list[float]:
    """Sorted values without those that are all but the same."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


def _closing(edges: list[Any], level: list[_Edge]) -> Iterator[_Edge]:
    """Level lines where several upright ones end or begin anew and no line is drawn."""
    ends = sorted((y, e["x0"]) for e in edges if e["orientation"] == "v" and _length(e) > NEAR for y in (e["top"], e["bottom"]))
    places = steps([y for y, _ in ends])
    for y, group in groupby(ends, key=lambda end: max(p for p in places if p <= end[0])):
        xs = [x for _, x in group]
        drawn = any(abs(rule["top"] - y) <= NEAR for rule in level if rule["x0"] < max(xs) - NEAR and rule["x1"] > min(xs) + NEAR)
        if not drawn and max(xs) - min(xs) > NEAR:
            yield _rule("h", min(xs), y, max(xs), y)


def _merged(edges: list[_Edge]) -> list[_Edge]:
    return list(merge_edges(edges, NEAR, NEAR, NEAR, NEAR))


def _rule(orientation: str, x0: float, top: float, x1: float, bottom: float) -> _Edge:
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
    }


def _length(edge: Any) -> float:
    return float(max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]))
