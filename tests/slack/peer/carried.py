"""Connections carried between this process and the peer's namespace, so that an app in this process can talk with it."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.slack.peer.inside import Carried, bound
from tests.slack.peer.namespace import Namespace


def into(namespace: Namespace, listener: socket.socket, port: int) -> Carried:
    """What connects to ``listener`` here reaches the port in the namespace."""
    return Carried(listener, lambda: namespace.connect(port))


def out_of(path: Path, port: int) -> Carried:
    """What connects to the namespace's ``back:PORT`` (whose Unix socket is ``path``) reaches the port here."""
    return Carried(bound(str(path)), lambda: socket.create_connection(("127.0.0.1", port)))
