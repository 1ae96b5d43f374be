"""What one question may cost with a chat model: seconds over all its calls, and calls that come to nothing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from assistant.answers.reply.calling.failures import NoReply

WASTED = 2
"""Most calls of one question whose reply is of no use; after them the guide's own words are served."""

LEAST = 0.5
"""The part of its time that is left for the model at the first call, however long what came before took."""

Clock = Callable[[], float]


class Budget:
    """Counts down from when the question is put, and adds up; ``clock`` gives seconds and is handed in by tests.

    What a first question loads is of its time too: who waits does not care what for. But the model has half of it in any case, or the first
    question of a process that loads slowly would never be asked. A message that is answered sentence by sentence, or by several families of
    guides, has one.
    """

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock, self._ends, self._least = clock, clock() + seconds, seconds * LEAST
        self.failed: NoReply | None = None
        """Why nothing more is asked of the model for this message."""
        self.last: NoReply | None = None
        """Why the last call gave nothing."""
        self.calls = 0
        self.wasted = 0
        self.prompt_tokens = 0
        self.reply_tokens = 0

    @property
    def left(self) -> float:
        """Seconds that are left, 0 when there are none."""
        return max(0.0, self._least, self._ends - self._clock())

    def begin(self) -> None:
        """The model is asked now; what was loaded before the first call took a part of the time at most."""
        self._ends, self._least = max(self._ends, self._clock() + self._least), -math.inf

    @property
    def spent(self) -> bool:
        """Whether no call may be tried any more whose form is not known to work."""
        return self.left <= 0 or self.wasted >= WASTED

    def document(self) -> dict[str, str]:
        """Calls and tokens for the answer's ``model`` field."""
        return {"calls": str(self.calls), "prompt_tokens": str(self.prompt_tokens), "reply_tokens": str(self.reply_tokens)}
