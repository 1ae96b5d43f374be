"""An assistant and a notifier that are counted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answers.answer import Answer, Turn
from assistant.register.facts.outbox import Message, Notifier, Receipt
from connectors.serving.logs import conceal
from connectors.serving.metrics import error, meters


class watched:  # noqa: N801  reads as what it does: watched(assistant)
    """An assistant whose questions are counted, and whose words are kept out of the log (see ``connectors.serving.logs``)."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def read(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Any:
        """As ``Assistant.read``."""
        conceal(question)
        return self._assistant.read(question, history, edition, lang)

    def ask(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """As ``Assistant.ask``."""
        *_, last = self.stream(question, history, edition, lang)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Iterator[Answer]:
        """As ``Assistant.stream``."""
        conceal(question)
        began = time.perf_counter()
        last: Answer | None = None
        try:
            for last in self._assistant.stream(question, history, edition, lang):
                yield last
        except Exception:
            error("answering")
            raise
        if last is not None:
            meters().answered(last, time.perf_counter() - began)


class counted:  # noqa: N801  reads as what it does: counted(notifier)
    """A notifier whose deliveries are counted by outcome."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __getattr__(self, name: str) -> Any:
        return getattr(self._notifier, name)

    def deliver(self, message: Message) -> Receipt:
        """As ``Notifier.deliver``."""
        try:
            receipt = self._notifier.deliver(message)
        except Exception:
            meters().deliveries.labels(message.kind, "unknown").inc()
            raise
        meters().deliveries.labels(message.kind, receipt.outcome).inc()
        return receipt

    def find(self, message: Message) -> Receipt | None:
        """As ``Notifier.find``."""
        return self._notifier.find(message)
