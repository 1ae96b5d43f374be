"""Slots that may be asked for now, as little of them as deciding needs; what a store finds and the rules of the nudges judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.register.facts.slot_ids import SlotKey
from assistant.register.facts.slots import Held, StateName

Reason = Literal["escalation", "returned", "to_confirm", "expired", "reminder", "first"]
REASONS: tuple[Reason, ...] = ("escalation", "returned", "to_confirm", "expired", "reminder", "first")
FAR = date.max


@dataclass(frozen=True, slots=True)
class Due:
    """A slot that may be asked for now, as little of it as deciding needs; ``escalation`` marks what the lead hears of."""

    workspace: str
    key: str
    id: str
    position: int
    owner: str
    held: Held
    state: StateName
    due: date | None
    asks: int
    escalation: bool = False

    @property
    def reason(self) -> Reason:
        """Why it is asked for."""
        if self.escalation:
            return "escalation"
        if self.state == "returned":
            return "returned"
        if self.state == "to_confirm":
            return "to_confirm"
        if self.state in ("expired", "accepted"):
            return "expired"
        return "reminder" if self.asks else "first"

    @property
    def line(self) -> tuple[str, str]:
        """The line and row that its periods share."""
        of = SlotKey.of(self.key)
        return of.line, of.mark

    @property
    def urgency(self) -> tuple[date, int, str, int]:
        """Sorts the most urgent first: by due date, then what was returned or expired, the oldest period, the guide's order."""
        return (self.due or FAR, REASONS.index(self.reason), SlotKey.of(self.key).period[:4] or "9999", self.position)


@dataclass(frozen=True, slots=True)
class Pile:
    """That some slots of one owner are due, without saying which: enough to know whom to look at."""

    workspace: str
    owner: str
    held: Held
    escalation: bool
    slots: int
