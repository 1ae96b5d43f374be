"""Vectors that ship with the product, packed: for its own banks and guide, and for its case sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats


class PackedVectors(NamedTuple):
    """Vectors of one model as they ship: whole numbers with one scale per vector, made vectors of length 1 when they are asked for."""

    fingerprint: str
    row: Mapping[bytes, int]
    numbers: NDArray[np.signedinteger]
    scale: Floats

    @classmethod
    def read(cls, path: Path) -> PackedVectors:
        """What ``pack`` wrote."""
        with np.load(path) as archive:
            row = {bytes(k): i for i, k in enumerate(archive["keys"])}
            return cls(str(archive["fingerprint"]), row, archive["vectors"], archive["scale"])

    def vectors(self, keys: Iterable[bytes]) -> dict[bytes, Floats]:
        """Those of the keys that it holds."""
        held = [k for k in dict.fromkeys(keys) if k in self.row]
        rows = [self.row[k] for k in held]
        found = self.numbers[rows].astype(np.float32) * self.scale[rows][:, None]
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return dict(zip(held, found, strict=True))


def pack(path: Path, fingerprint: str, keyed: Mapping[bytes, Floats], as_whole: type[np.signedinteger] = np.int8) -> None:
    """Write an archive that ``VectorCache`` can ship: whole numbers of that type, 8 bit by default, with one scale per vector.

    What the archive held before of the same model and type stays as it was.
    """
    stacked = np.stack(list(keyed.values())).astype(np.float32)
    scale = (np.abs(stacked).max(axis=1) / np.iinfo(as_whole).max).astype(np.float32)
    small = np.rint(stacked / scale[:, None]).astype(as_whole)
    before = PackedVectors.read(path) if path.exists() else None
    if before and before.fingerprint == fingerprint and before.numbers.dtype == as_whole:
        same = [(row, before.row[key]) for row, key in enumerate(keyed) if key in before.row]
        rows, earlier = [row for row, _ in same], [row for _, row in same]
        small[rows], scale[rows] = before.numbers[earlier], before.scale[earlier]
    keys = np.array([np.frombuffer(k, dtype=np.uint8) for k in keyed])
    whole = path.with_suffix(".part.npz")
    np.savez_compressed(whole, fingerprint=np.array(fingerprint), keys=keys, vectors=small, scale=scale)
    whole.replace(path)
