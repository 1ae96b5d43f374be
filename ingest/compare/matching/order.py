"""Which of the things that two editions share changed places: all outside a longest common order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def out_of_order(pairs: Sequence[tuple[str, str]], old: Sequence[str], new: Sequence[str]) -> set[tuple[str, str]]:
    """Pairs that do not keep the common order: all outside a longest increasing run, and both sides of a plain swap."""
    place_old = {i: n for n, i in enumerate(old)}
    place_new = {i: n for n, i in enumerate(new)}
    ordered = sorted(pairs, key=lambda p: place_old[p[0]])
    ranks = {b: n for n, b in enumerate(sorted((b for _, b in ordered), key=lambda i: place_new[i]))}
    sequence = [ranks[b] for _, b in ordered]
    kept = set(_longest_increasing(sequence))
    out = {n for n in range(len(sequence)) if n not in kept}
    swapped = {sequence[n] for n in out if sequence[sequence[n]] == n}
    return {ordered[n] for n in out | swapped}


def _longest_increasing(sequence: Sequence[int]) -> list[int]:
    """Positions of a longest increasing subsequence (patience sorting)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, value in enumerate(sequence):
        slot = bisect_left(tails, value)
        before.append(ends[slot - 1] if slot else -1)
        if slot == len(tails):
            tails.append(value)
            ends.append(position)
        else:
            tails[slot], ends[slot] = value, position
    found: list[int] = []
    position = ends[-1] if ends else -1
    while position >= 0:
        found.append(position)
        position = before[position]
    return found[::-1]
