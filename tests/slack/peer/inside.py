"""Runs in the namespace: brings loopback up, carries Unix sockets to TCP ports (``back:PORT`` the other way), and ends when its input does."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
import sys
import threading
from collections.abc import Callable
from functools import partial

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


class Carried:
    """A listening socket whose connections are carried to wherever ``reach`` connects; one that cannot be is closed."""

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
            except OSError:
                return
            try:
                server = self._reach()
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def bound(path: str) -> socket.socket:
    """A Unix socket that listens."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(64)
    return listener


def reached(path: str) -> socket.socket:
    """A connection to a Unix socket."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    return connection


def main(folder: str, *ports: str) -> None:
    """Serve ``folder/PORT.sock`` for each port until stdin is closed."""
    _loopback_up()
    for port in ports:
        if port.startswith("back:"):
            Carried(socket.create_server(("127.0.0.1", int(port[5:]))), partial(reached, f"{folder}/{port[5:]}.back"))
        else:
            Carried(bound(f"{folder}/{port}.sock"), partial(socket.create_connection, ("127.0.0.1", int(port))))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh22x", b"lo", 0)
        name, flags = struct.unpack("16sh22x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh22x", name, flags | _IFF_UP))


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    main(*sys.argv[1:])
