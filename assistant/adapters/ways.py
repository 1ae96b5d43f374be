"""Two ways to people as one: what cannot go the first goes the second, and never both."""

from __future__ import annotations

from dataclasses import replace

from assistant.register.facts.outbox import Message, Notifier, Receipt


class Nobody:
    """No way to anybody: nothing arrives."""

    def deliver(self, message: Message) -> Receipt:  # noqa: ARG002
        """Not delivered."""
        return Receipt("failed", detail="no_way")

    def find(self, message: Message) -> Receipt | None:  # noqa: ARG002
        """It certainly did not arrive."""
        return None


class Ways:
    """A notifier of two. Only what the first certainly did not deliver is given to the second."""

    def __init__(self, first: Notifier, second: Notifier) -> None:
        self.first, self.second = first, second

    def deliver(self, message: Message) -> Receipt:
        """Deliver once."""
        receipt = self.first.deliver(message)
        if receipt.outcome != "failed" and not receipt.closed:
            return receipt
        other = self.second.deliver(message)
        if other.outcome == "failed":  # the first reason is the one that can be mended where people are told of most
            return receipt if receipt.closed else replace(other, detail=f"{receipt.detail}; {other.detail}")
        return other

    def find(self, message: Message) -> Receipt | None:
        """Where a message stands that may have arrived by either."""
        found = self.second.find(message)
        if found is not None:
            return found
        first = self.first.find(message)
        return None if first is not None and (first.outcome == "failed" or first.closed) else first
