"""Ids of the guide's lines and sections, taken apart in this one place."""

from __future__ import annotations

from typing import NamedTuple


class LineId(NamedTuple):
    """The id of a line or section, taken apart: ``24(3)/records/1``; a clause's own has nothing behind it. The one place that does it."""

    clause: str
    section: str = ""
    number: str = ""

    @classmethod
    def of(cls, written: str) -> LineId:
        """An id's parts; what is none is all clause."""
        return cls(*written.split("/", 2))
