"""What a lead is told of a week; the words stand in ``assistant/texts``."""

from __future__ import annotations

from assistant.register.facts.notices.leading import Week
from assistant.texts import say


def week_lines(week: Week, lang: str) -> list[str]:
    """How things stand, where the log ends, and why to keep that."""
    numbers = week.model_dump(include={"owed", "accepted", "waiting", "overdue", "undelivered"})
    return [say("letter.week.standing", lang, **numbers), say("letter.week.log", lang, events=week.events, head=week.head),
            say("letter.week.keep", lang)]  # fmt: skip
