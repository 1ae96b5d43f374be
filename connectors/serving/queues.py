"""What Prometheus asks for at the moment of asking: how long the queues are, and which parts work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric

    from connectors.serving.health import Health


class Queues:
    """A collector of the lengths and ages of the queues; silent while the database does not answer."""

    def __init__(self, health: Health, now: Callable[[], datetime]) -> None:
        self._health, self._now = health, now

    def collect(self) -> Iterator[Metric]:
        """The two gauges."""
        from prometheus_client.core import GaugeMetricFamily

        found = self._health.queues()
        if found is None:
            return
        waiting = GaugeMetricFamily("aeo_queue_waiting", "Entries that wait", labels=["queue"])
        age = GaugeMetricFamily("aeo_queue_age_seconds", "Age of the oldest entry that waits", labels=["queue"])
        for name, (count, oldest) in found.items():
            waiting.add_metric([name], count)
            age.add_metric([name], max(0.0, (self._now() - oldest).total_seconds()) if oldest else 0.0)
        yield waiting
        yield age


class Parts:
    """A collector of which parts work."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """The gauge."""
        from prometheus_client.core import GaugeMetricFamily

        up = GaugeMetricFamily("aeo_up", "Whether a part works", labels=["part"])
        for name, part in self._health()["parts"].items():
            up.add_metric([name], int(part["status"] != "degraded"))
        yield up
