"""The inbox in memory: the twin of the one in a database."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from assistant.conversation.inbox import Feedback
from assistant.errors import CaseError


class MemoryInbox:
    """The inbox in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, Feedback] = {}
        self._lock = threading.Lock()

    def add(self, feedback: Feedback) -> Feedback:
        """See ``Inbox``."""
        with self._lock:
            known = next((f for f in self._kept.values() if f.ref == feedback.ref), None)
            if known is not None:
                return known
            kept = feedback.model_copy(update={"id": f"f{len(self._kept) + 1}"})
            self._kept[kept.id] = kept
            return kept

    def entries(self, *, everything: bool = False) -> Sequence[Feedback]:
        """See ``Inbox``."""
        return [f for f in self._kept.values() if everything or f.closed is None]

    def get(self, entry: str) -> Feedback:
        """See ``Inbox``."""
        if entry not in self._kept:
            raise CaseError("evals.no_entry", id=entry)
        return self._kept[entry]

    def close(self, entry: str, case: str) -> None:
        """See ``Inbox``."""
        self._kept[entry] = self.get(entry).model_copy(update={"closed": case})
