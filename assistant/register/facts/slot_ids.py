"""What the id and the key of a slot are made of; the one place that takes them apart."""

from __future__ import annotations

from typing import NamedTuple


class SlotId(NamedTuple):
    """The id that people see of a slot, taken apart: ``1(2)/records/1@2024#关务负责人``."""

    line: str
    period: str = ""
    row: str = ""

    @classmethod
    def of(cls, written: str) -> SlotId:
        """An id's parts."""
        before, _, row = written.partition("#")
        line, _, period = before.partition("@")
        return cls(line, period, row)

    @property
    def row_id(self) -> str:
        """The line with its row, without its period."""
        return f"{self.line}#{self.row}" if self.row else self.line


class SlotKey(NamedTuple):
    """The key that identifies a slot, taken apart: the line's own, and the ``rest``, which is its period and the mark of its row."""

    line: str
    rest: str = ""

    @classmethod
    def of(cls, written: str) -> SlotKey:
        """A key's parts."""
        line, _, rest = written.partition("@")
        return cls(line, rest)

    @property
    def period(self) -> str:
        """The period; empty for none."""
        return self.rest.partition("@")[0]

    @property
    def mark(self) -> str:
        """What tells the rows of one line apart; empty for none."""
        return self.rest.partition("@")[2]
