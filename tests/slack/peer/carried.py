"""Connections carried between this process and the peer's namespace, so that an app in this process can talk with it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from tests.slack.peer.namespace import Namespace


class Carried:
    """A listening socket whose connections are carried to wherever ``reach`` connects."""

    def __init__(self, listener: socket.socket, reach: Callable[[], socket.socket]) -> None:
        self._listener, self._reach = listener, reach
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = self._reach()
            except OSError:
                return
            server.settimeout(None)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def into(namespace: Namespace, listener: socket.socket, port: int) -> Carried:
    """What connects to ``listener`` here reaches the port in the namespace."""
    return Carried(listener, lambda: namespace.connect(port))


def out_of(path: Path, port: int) -> Carried:
    """What connects to the namespace's ``back:PORT`` (whose Unix socket is ``path``) reaches the port here."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(64)
    return Carried(listener, lambda: socket.create_connection(("127.0.0.1", port)))


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
