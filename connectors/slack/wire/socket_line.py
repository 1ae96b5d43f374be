"""Socket Mode: a connection that comes back by itself, also when it only fell silent, and says when it did."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

from assistant.conversation.jobs import Later
from assistant.errors import SettingsError
from connectors.slack.wire.errors import Refused, called
from connectors.slack.wire.limits import LISTENERS

log = logging.getLogger("aeo.slack.socket")

PING = 10.0  # seconds between two pings
SILENT_PINGS = 2.5  # pings without a word after which the line is made anew
_LONGEST_WAIT = 30.0  # seconds between two attempts to connect


class SocketLine:
    """The connection. ``greeted`` is called whenever Slack says hello on a new one: what was missed can be looked for then."""

    def __init__(self, app: App, token: str, greeted: Callable[[], None], ping: float = PING) -> None:
        self._handler = SocketModeHandler(app, token, ping_interval=ping, concurrency=LISTENERS)
        self.client = self._handler.client
        self.client.on_message_listeners.append(self._message)
        self.ping, self.greeted = ping, greeted
        self._stop = threading.Event()
        self._opened = time.time()

    def start(self) -> None:
        """Connect, waiting as long as Slack does not answer, and stay connected.

        Raises:
            SettingsError: the app token is no good.
        """
        wait = 1.0
        while not self._stop.is_set():
            try:
                opened = called(lambda: self.client.web_client.apps_connections_open(app_token=self.client.app_token))
                self.client.wss_uri = str(opened["url"])
                self.client.connect()
                break
            except Refused as refused:
                raise SettingsError("slack.app_token_refused", code=refused.code) from refused
            except Later as later:
                log.warning("Slack cannot be reached, trying again")
                self._stop.wait(max(wait, later.seconds))
                wait = min(wait * 2, _LONGEST_WAIT)
        threading.Thread(target=self._watch, name="slack-watch", daemon=True).start()

    @property
    def connected(self) -> bool:
        """Whether a connection is open."""
        return bool(self.client.is_connected())

    def close(self) -> None:
        """Take nothing more. The client may take seconds to see that its socket is closed, so it ends aside."""
        self._stop.set()
        self.client.default_auto_reconnect_enabled = self.client.auto_reconnect_enabled = False
        threading.Thread(target=self.client.close, name="slack-hang-up", daemon=True).start()

    def _message(self, _: object, text: str) -> None:
        if text.startswith("{") and '"hello"' in text[:200] and json.loads(text).get("type") == "hello":
            self._opened = time.time()
            self.greeted()

    def _watch(self) -> None:
        """A connection that answers no ping is closed; the client then opens another one."""
        while not self._stop.wait(self.ping / 2):
            session = self.client.current_session
            if session is None or session.sock is None:
                continue
            heard = max(session.last_pong_tm, self._opened)
            if session.last_ping_tm - heard > SILENT_PINGS * self.ping:
                log.warning("the connection to Slack fell silent; opening another one")
                self._opened = time.time()
                plain: Any = session.sock.sock
                with contextlib.suppress(OSError, AttributeError):  # it may be closing by itself
                    plain.shutdown(socket.SHUT_RDWR)
