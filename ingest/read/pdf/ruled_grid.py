"""Ruled lines of a PDF page -> the cells of its tables.

pdfplumber's own table finder wants every cell closed. Programs leave cells open where a page break parts a row, so
cells are found here from what parts neighbours: a strip between two columns and a band between two rows belong together
where no line is drawn between them, as long as they make a rectangle.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

NEAR = 3.0
_COVERED = 0.6
MAX_EDGES = 20_000

Box = tuple[float, float, float, float]
_Rule = tuple[float, float, float]
"""A place and the two ends of what is drawn there; below, the upright and the level ones of a table."""
_Group = tuple[list[_Rule], list[_Rule]]


def tables_of(edges: list[Any]) -> list[list[Box]]:
    """The cells of each ruled table, as boxes of x0, top, x1 and bottom; one table a list."""
    upright = [(e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v" and e["bottom"] - e["top"] > NEAR]
    level = [(e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h" and e["x1"] - e["x0"] > NEAR]
    if len(edges) > MAX_EDGES:
        return []
    return [cells for v, h in _groups(sorted(set(upright)), sorted(set(level))) if (cells := _cells(v, h))]


def steps(values: list[float]) -> list[float]:
    """Sorted values without those that are all but the same."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > NEAR:
            found.append(value)
    return found


def _groups(upright: list[_Rule], level: list[_Rule]) -> list[_Group]:
    """Lines that meet, directly or through others, make one table."""
    boxes = [(x, y0, x, y1) for x, y0, y1 in upright] + [(x0, y, x1, y) for y, x0, x1 in level]
    owner = list(range(len(boxes)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    order = sorted(range(len(boxes)), key=lambda i: boxes[i][1])
    active: list[int] = []
    for index in order:
        box = boxes[index]
        active = [i for i in active if boxes[i][3] >= box[1] - NEAR]
        for other in active:
            if boxes[other][0] <= box[2] + NEAR and box[0] <= boxes[other][2] + NEAR:
                owner[root(index)] = root(other)
        active.append(index)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for index in range(len(boxes)):
        group = groups.setdefault(root(index), ([], []))
        if index < len(upright):
            group[0].append(upright[index])
        else:
            group[1].append(level[index - len(upright)])
    return _with_strays([g for g in groups.values() if g[0]])


def _with_strays(groups: list[_Group]) -> list[_Group]:
    """Upright lines that meet no level one frame a cell which goes on from page to page: they join the table beside them."""
    tables = [g for g in groups if g[1]]
    for upright, level in groups:
        if level:
            continue
        beside = max(tables, key=lambda g: _overlap(g[0], upright), default=None)
        if beside is None:
            tables.append((list(upright), []))
        elif _overlap(beside[0], upright) > NEAR:
            beside[0].extend(upright)
    return tables


def _overlap(some: list[_Rule], others: list[_Rule]) -> float:
    top, bottom = max(min(r[1] for r in some), min(r[1] for r in others)), min(max(r[2] for r in some), max(r[2] for r in others))
    return bottom - top


def _cells(upright: list[_Rule], level: list[_Rule]) -> list[Box]:
    """Bands between all heights and strips between all upright lines, merged where nothing is drawn between them."""
    ends = [y for _, top, bottom in upright for y in (top, bottom)]
    xs, ys = steps([x for x, *_ in upright]), steps([*(y for y, *_ in level), *ends])
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_EDGES:
        return []
    parted = [_parts(ends, level, y) for y in ys]
    columns = [[r for r in upright if abs(r[0] - x) <= NEAR] for x in xs]
    rows = [[r for r in level if abs(r[0] - y) <= NEAR] for y in ys]
    finished: list[Box] = []
    above: dict[tuple[float, float], float] = {}
    for index, (top, bottom) in enumerate(pairwise(ys)):
        runs = _runs(xs, columns, top, bottom)
        here: dict[tuple[float, float], float] = {}
        for run in runs:
            begun = above.pop(run, None)
            goes_on = begun is not None and not parted[index] and not _drawn(rows[index], *run)
            if begun is not None and not goes_on:
                finished.append((run[0], begun, run[1], top))
            here[run] = begun if goes_on and begun is not None else top
        finished += [(x0, begun, x1, top) for (x0, x1), begun in above.items()]
        above = here
    finished += [(x0, begun, x1, ys[-1]) for (x0, x1), begun in above.items()]
    return sorted(finished, key=lambda b: (b[1], b[0]))


def _runs(xs: list[float], columns: list[list[_Rule]], top: float, bottom: float) -> list[tuple[float, float]]:
    """The strips of one band: from one upright line that is drawn beside it to the next."""
    walls = [x for x, rules in zip(xs, columns, strict=True) if _drawn(rules, top, bottom)]
    return list(pairwise(walls))


def _drawn(rules: list[_Rule], begin: float, end: float) -> bool:
    covered = sum(max(0.0, min(end, last) - max(begin, first)) for _, first, last in rules)
    return covered >= _COVERED * (end - begin)


def _parts(ends: list[float], level: list[_Rule], y: float) -> bool:
    """Whether rows part at ``y`` although no level line is drawn there: all upright lines begin anew."""
    if any(abs(place - y) <= NEAR for place, *_ in level):
        return False
    return sum(abs(end - y) <= NEAR for end in ends) > 2
