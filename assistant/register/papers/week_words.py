"""What a lead is told of a week; the words stand in ``assistant/texts``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.texts import say


def week_lines(payload: Mapping[str, Any], lang: str) -> list[str]:
    """How things stand, where the log ends, and why to keep that."""
    numbers = {k: payload[k] for k in ("owed", "accepted", "waiting", "overdue", "undelivered")}
    return [say("letter.week.standing", lang, **numbers), say("letter.week.log", lang, events=payload["events"], head=payload["head"]),
            say("letter.week.keep", lang)]  # fmt: skip
