"""What buttons and forms carry back: which slot, which message, where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Click:
    """A click or a filled-in form: who, where (channel, thread and message; nothing in the Home tab), and which slot.

    ``version`` and ``given`` say what a reviewer was shown: the submission, and the beginning of the digest of what is in it.
    """

    team: str
    user: str
    trigger: str
    channel: str = ""
    thread: str = ""
    slot: str = ""
    message: str = ""
    version: int = 0
    given: str = ""

    def memory(self) -> str:
        """What a form has to remember of the click that opened it."""
        return packed(s=self.slot, m=self.message, v=self.version, g=self.given, c=self.channel, t=self.thread)


SHOWN = 12
"""Characters of a digest that a button carries."""


def packed(**values: Any) -> str:
    """Ids as one short string for a button's value or a form's memory."""
    kept = {name: value for name, value in values.items() if value not in ("", None, 0)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def unpacked(value: str) -> dict[str, Any]:
    """What was packed; nothing for what was not."""
    try:
        found = json.loads(value)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
