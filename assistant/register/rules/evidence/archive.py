"""The archive that the guide asks for (4(5)): the binder that the product makes is it."""

from __future__ import annotations

from datetime import date

from assistant.register.facts.slots import Slot


def archives(slot: Slot, day: date) -> bool:
    """Whether a slot is for the archive that a binder of that day itself is."""
    return slot.owing == "derived" and not slot.follows and slot.runs(day)
