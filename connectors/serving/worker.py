"""What every process that serves people holds for as long as it does: its place, its log, its counters and the pages that show them.

``aeo slack run`` uses it so::

    with worker(settings, worker_name()) as watch:
        service = Service(settings, watch.assistant(), watch.endpoint)
        ...

and its couriers deliver through ``connectors.serving.counted.counted(notifier)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.settings import Settings
from connectors.serving import logs
from connectors.serving.counted import watched
from connectors.serving.endpoint import Endpoint


class Watch:
    """The endpoint of this process, and what its app is made with."""

    def __init__(self, settings: Settings, endpoint: Endpoint) -> None:
        self.settings, self.endpoint = settings, endpoint

    def assistant(self) -> Any:
        """The product's assistant, its questions counted."""
        from assistant.app import Assistant

        return watched(Assistant(self.settings))

    def health(self) -> dict[str, Any]:
        """How each part is (see ``connectors.serving.health``)."""
        return self.endpoint.health()


@contextmanager
def worker(settings: Settings, name: str) -> Iterator[Watch]:
    """Serve: alone with embedded Chroma, one of many with a Chroma server.

    Logs are JSON lines on stderr; ``/healthz`` and ``/metrics`` are on ``AEO_METRICS_PORT``, if that is set.

    Raises:
        Busy: another process serves from this home with embedded Chroma.
    """
    from assistant.adapters.chroma.index import serving

    with serving(settings.home, settings.chroma_url):
        logs.configure(settings, name)
        endpoint = Endpoint(settings)
        if settings.metrics_port is not None:
            endpoint.listen(settings.metrics_host, settings.metrics_port)
        try:
            yield Watch(settings, endpoint)
        finally:
            endpoint.close()
