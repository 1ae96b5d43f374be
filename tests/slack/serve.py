"""Serves any Bolt app by the product's own HTTP server on 127.0.0.1."""

from __future__ import annotations

from pathlib import Path

from slack_bolt import App

from assistant.settings import Settings
from connectors.serving.endpoint import Endpoint
from connectors.slack.wire.door import Door


class Served:
    """A running server that takes Slack's requests at ``/slack/events``; its ``close`` ends it."""

    def __init__(self, app: App, port: int = 0) -> None:
        self._endpoint = Endpoint(Settings(home=Path("no-home")))
        self._endpoint.connector = Door(app)
        self.port = self._endpoint.listen("127.0.0.1", port)

    def close(self) -> None:
        """Stop serving."""
        self._endpoint.close()


def serve(app: App, port: int = 0) -> Served:
    """A running server."""
    return Served(app, port)
