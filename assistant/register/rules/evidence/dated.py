"""How long a proof serves that counts from its own date (the two years of 14), and not from the day on which it was accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from assistant.errors import RegisterError
from assistant.register.facts.slots import Slot


def serves_until(slots: Iterable[Slot], dated: date, today: date) -> date:
    """The last day on which a proof that bears this date serves all of these lines.

    Raises:
        RegisterError: a line counts from no date, the date has not come yet, or what it proves is too old already.
    """
    last = date.max
    for slot in slots:
        if not slot.dated:
            raise RegisterError("register.dated_none", slot=slot.id)
        if dated > today:
            raise RegisterError("register.dated_ahead", date=dated.isoformat())
        until = dated + timedelta(days=slot.valid_days)
        if until < today:
            raise RegisterError("register.dated_passed", date=dated.isoformat(), until=until.isoformat(), slot=slot.id)
        last = min(last, until)
    return last


def sooner(*ends: date | None) -> date | None:
    """The first of some days, of which some were not named; None where none was."""
    return min((end for end in ends if end is not None), default=None)
