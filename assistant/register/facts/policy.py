"""The rules of asking, in a file that the lead can change: when first, how far apart, how many, when the lead hears of it."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from assistant.guide import Frozen


class Quiet(Frozen):
    """Days on which nobody is asked, both included: a company shutdown, an audit week."""

    start: date
    end: date


class Holiday(Quiet):
    """Days off by a public arrangement, both included; one day may stand alone."""

    @model_validator(mode="before")
    @classmethod
    def _one_day(cls, typed: Any) -> Any:
        return {"start": typed, "end": typed} if isinstance(typed, date | str) else typed


class Policy(Frozen):
    """The rules of asking; every value has a default, and a policy file names only what differs."""

    first_ask_days: int = Field(30, ge=0, le=365)
    """Ask first this many days before a period's due date; slots without a period are asked at once."""
    gaps_days: tuple[int, ...] = Field((7, 14, 28), min_length=1)
    """Days to the second ask, the third, and so on; the last repeats."""
    escalate_after: int = Field(3, ge=1, le=100)
    """Asks without any answer after which the lead hears of it."""
    cap: int = Field(10, ge=1, le=10)
    """Lines in one message, each with all its periods."""
    owner_gap_days: int = Field(1, ge=1, le=90)
    """Days between two messages to the same person, counted in their own dates."""
    hours: tuple[time, time] = (time(9), time(18))
    """Working hours in the person's own time zone, from the first to before the second."""
    quiet: tuple[Quiet, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    """Public holidays that are announced and that the library does not know yet, or has otherwise."""
    workdays: tuple[date, ...] = ()
    """Weekend days that are worked instead (调休); they count before ``holidays`` and ``quiet`` does before both."""
    quiet_after_submission_hours: int = Field(4, ge=0, le=720)
    """Nothing is sent to a person this soon after they handed something in."""
    after_return_days: int = Field(1, ge=0, le=90)
    """Ask again this long after a return (the reviewer's reason reached them then)."""
    renew_days: int = Field(30, ge=0, le=365)
    """Ask for a renewal this long before accepted evidence expires."""
    due_days: int = Field(30, ge=1, le=365)
    """A slot without a period is due this long after it was first planned."""
    longest_snooze_days: int = Field(60, ge=1, le=365)
    attempts: int = Field(5, ge=1, le=50)
    """Deliveries tried before a message counts as undeliverable and the lead hears of it."""
    lease_seconds: int = Field(120, ge=5, le=3600)
    """How long a worker may hold a message before another one takes over and looks whether it arrived."""
    largest_file_mb: int = Field(200, ge=1, le=5000)
    hand_in: str = Field("", max_length=300)
    """Where those without a chat hand in, as their letters say it; empty: to the compliance lead."""

    @model_validator(mode="after")
    def _sane(self) -> Policy:
        if self.hours[0] >= self.hours[1]:
            raise PydanticCustomError("hours_order", "the first must be before the second")
        if any(gap < 1 for gap in self.gaps_days) or list(self.gaps_days) != sorted(self.gaps_days):
            raise PydanticCustomError("gaps_order", "at least 1, never narrower than the one before")
        if any(q.start > q.end for q in (*self.quiet, *self.holidays)):
            raise PydanticCustomError("quiet_order", "start is after end")
        if any(h.start <= day <= h.end for day in self.workdays for h in self.holidays):
            raise PydanticCustomError("workday_off", "a day is both worked and off")
        return self

    def gap(self, asks: int) -> int:
        """Days to wait after that many asks."""
        return self.gaps_days[min(max(asks, 1), len(self.gaps_days)) - 1]
