"""How like folded texts are: the normalised edit similarity (rapidfuzz ``ratio``), of all pairs at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from numpy.typing import NDArray

COVERED = 0.85
"""Share of a text's characters that must stand in its parts, and of each part's in it (8(1) of edition A has 0.97 and 1.0)."""
SHORT = 12
"""Folded characters up to which a text says too little to be known again by itself."""
_GAIN = 0.1  # likeness that two lines together must add; chosen; `pytest tests/ingest` holds what follows from it
_RUN = 2  # letters of a run that counts
_FAR = 0.3  # likeness below which nothing is compared closer
_WHOLE = 0.97  # share of a line from which it stands there whole; chosen; `pytest tests/ingest` holds what follows from it


def ratios(old: Sequence[str], new: Sequence[str], least: float = 0.0) -> NDArray[Any]:
    """Likeness of every old with every new text, shape (old, new), 0 below ``least``."""
    import numpy as np
    from rapidfuzz import fuzz, process

    if not old or not new:
        return np.zeros((len(old), len(new)), dtype=np.float32)
    return np.asarray(process.cdist(old, new, scorer=fuzz.ratio, score_cutoff=100 * least, dtype=np.float32) / 100)


def ratio(a: str, b: str) -> float:
    """Likeness of two folded texts."""
    from rapidfuzz import fuzz

    return float(fuzz.ratio(a, b)) / 100


def joined(wholes: dict[str, str], pieces: dict[str, str], free: Collection[str]) -> Iterable[tuple[str, list[str]]]:
    """(whole, [pieces]) where two or three neighbouring pieces, one of them free, say together what the whole says, and nothing else.

    Args:
        wholes: id -> folded text.
        pieces: id -> folded text, in order: neighbours may be pieces of one whole.
        free: the pieces that are nothing else's already.
    """
    names, order = list(wholes), list(pieces)
    near = ratios([wholes[w] for w in names], [pieces[p] for p in order], _FAR)
    used: set[str] = set()
    for row, whole in enumerate(names):
        if len(wholes[whole]) <= SHORT:
            continue
        close = [p for column, p in enumerate(order) if near[row, column] > 0 or pieces[p] in wholes[whole]]
        covers = {p: c for p in close if (c := _cover(wholes[whole], pieces[p])) is not None}
        best: tuple[float, list[str]] = (0.0, [])
        for run in _runs(order, covers, free, used):
            alone = max(len(covers[p]) for p in run) / len(wholes[whole])
            together = len(set().union(*(covers[p] for p in run))) / len(wholes[whole])
            exact = "".join(pieces[p] for p in run) == wholes[whole]
            if together >= COVERED and together > best[0] and (exact or together > alone + _GAIN):
                best = (together, run)
        if best[1]:
            used |= set(best[1])
            yield whole, best[1]


def _cover(whole: str, piece: str) -> set[int] | None:
    """The places of ``whole`` whose characters make up ``piece``; None where a good part of it is not from there."""
    from rapidfuzz.distance import Indel

    same = [o for o in Indel.opcodes(whole, piece) if o.tag == "equal" and o.src_end - o.src_start >= _RUN]
    places = {n for o in same for n in range(o.src_start, o.src_end)}
    return places if len(places) >= COVERED * len(piece) else None


def _runs(order: list[str], covers: Collection[str], free: Collection[str], used: Collection[str]) -> Iterable[list[str]]:
    for start in range(len(order)):
        for size in (2, 3):
            run = order[start : start + size]
            if len(run) == size and all(i in covers and i not in used for i in run) and any(i in free for i in run):
                yield run


def made_of(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether texts that were parted or joined say the same, both ways, but for a joining word."""
    return _all_from("".join(some), others) and _all_from("".join(others), some)


def _all_from(whole: str, pieces: Sequence[str]) -> bool:
    from rapidfuzz.distance import Indel

    places: set[int] = set()
    for piece in (*pieces, "".join(pieces)):
        for o in Indel.opcodes(whole, piece):
            if o.tag == "equal" and o.src_end - o.src_start >= _RUN:
                places |= set(range(o.src_start, o.src_end))
    return len(places) >= _WHOLE * len(whole)
