"""The HTTP side: Slack's signed requests and the pages of an installation, as a WSGI application by Bolt's own adapter."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

from connectors.slack.wire.rights import PATH

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger("aeo.slack.web")


class Door:
    """Hands requests to Bolt, which checks their signature. Without ``events`` it takes none: they come by socket."""

    def __init__(self, app: App, events: bool = True) -> None:
        self._bolt, self._events = SlackRequestHandler(app, path=PATH), events

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """What Bolt says. It reads parts of a body before it looks at the signature and fails over shapes that Slack never sends."""
        posted = environ["REQUEST_METHOD"] == "POST"
        if posted and not self._events:
            start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        if not posted and self._bolt.app.oauth_flow is None:
            start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        try:
            return self._bolt(environ, start_response)
        except Exception as error:
            log.warning("a request of no known shape was refused", extra={"what": type(error).__name__})
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
