"""What a bench measures."""

from __future__ import annotations

from typing import NamedTuple


class Measured(NamedTuple):
    """One measurement: ``value`` in ``unit`` against ``limit`` (None: for information)."""

    name: str
    value: float
    unit: str
    limit: float | None
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Within the limit."""
        return self.limit is None or self.value <= self.limit
