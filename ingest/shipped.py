"""What comes with the product: the guide, its edition, the vectors and start weights of the banks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.guide import Guide
from ingest.parse.guide import parse
from ingest.read.file import read

_HERE = Path(__file__).parent
SHIPPED = _HERE / "guides" / "aeo-advanced-general-2018.txt"
SHIPPED_EDITION = "2018-177"
SHIPPED_CLAUSES = 64  # of the guide that ships
VECTORS = _HERE / "questions" / "vectors.npz"
DEFAULTS = _HERE / "questions" / "weights.json"
ORDER = _HERE / "questions" / "line_order.json"
"""Weights of which line of a clause decides."""
UNLEARNED = _HERE / "questions" / "unlearned.json"
"""Weights for guides that the banks do not know."""


@cache
def shipped_guide() -> Guide:
    """The shipped guide, parsed once."""
    return parse(read(SHIPPED), SHIPPED_EDITION)
