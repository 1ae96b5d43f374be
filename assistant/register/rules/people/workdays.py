"""When people may be asked: Chinese working days (holidays and 调休), in working hours of their own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from assistant.register.facts.policy import Policy


class WorkCalendar:
    """The days on which China works. Built late: its tables are read at the first question."""

    @cached_property
    def _china(self) -> Any:
        from holidays.countries.china import China

        china: Any = China
        return china()

    def works(self, day: date) -> bool:
        """Whether that day is a working day, moved weekends included."""
        return bool(self._china.is_working_day(day))

    def estimated(self, day: date) -> bool:
        """Whether that year's arrangement is not announced yet: no weekend of it has been made a working day."""
        self._china.get(date(day.year, 1, 1))
        return not any(moved.year == day.year for moved in self._china.weekend_workdays)


class Window:
    """The moments at which one policy lets people be asked."""

    def __init__(self, policy: Policy, calendar: WorkCalendar) -> None:
        self.policy = policy
        self.calendar = calendar

    def asking_day(self, day: date) -> bool:
        """Whether anybody is asked on that local date."""
        if any(q.start <= day <= q.end for q in self.policy.quiet):
            return False
        return self.works(day)

    def works(self, day: date) -> bool:
        """Whether that day is a working day: as the lead typed it in, else as the library has it."""
        if day in self.policy.workdays:
            return True
        return not any(h.start <= day <= h.end for h in self.policy.holidays) and self.calendar.works(day)

    def estimated(self, day: date) -> bool:
        """Whether that year's arrangement is neither announced in the library nor typed in by the lead."""
        typed = {d.year for h in self.policy.holidays for d in (h.start, h.end)} | {d.year for d in self.policy.workdays}
        return day.year not in typed and self.calendar.estimated(day)

    def open(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether somebody in that zone may be asked at that moment."""
        local = at.astimezone(zone)
        return self.policy.hours[0] <= local.time() < self.policy.hours[1] and self.asking_day(local.date())

    def next_open(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first moment from ``at`` on at which somebody in that zone may be asked."""
        if self.open(at, zone):
            return at
        day = at.astimezone(zone).date()
        for ahead in range(400):
            start = datetime.combine(day + timedelta(days=ahead), self.policy.hours[0], zone)
            if start > at and self.asking_day(start.date()):
                return start.astimezone(UTC)
        return at + timedelta(days=400)
