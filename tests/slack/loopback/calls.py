"""Everything the app sent, in order, with time and answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.slack.loopback.faults import Fault
from tests.slack.loopback.model import Json


@dataclass
class Call:
    """One request to the Web API; ``at`` is Slack's clock, ``real`` the machine's."""

    method: str
    args: Json
    token: str
    team: str
    at: float
    real: float
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    answer: Json = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def ok(self) -> bool:
        """Whether the app was told that it worked."""
        return self.status == 200 and bool(self.answer.get("ok"))

    def has(self, **wanted: Any) -> bool:
        """Whether these arguments have these values."""
        return all(self.args.get(name) == value for name, value in wanted.items())
