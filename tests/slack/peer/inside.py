"""Runs in the namespace: brings loopback up, carries Unix sockets to TCP ports (``back:PORT`` the other way), and ends when its input does."""

from __future__ import annotations

import contextlib
import fcntl
import socket
import struct
import sys
import threading

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def main(folder: str, *ports: str) -> None:
    """Serve ``folder/PORT.sock`` for each port until stdin is closed."""
    _loopback_up()
    for port in ports:
        if port.startswith("back:"):
            outward = socket.create_server(("127.0.0.1", int(port[5:])))
            threading.Thread(target=_accept_back, args=(outward, f"{folder}/{port[5:]}.back"), daemon=True).start()
            continue
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(f"{folder}/{port}.sock")
        listener.listen(64)
        threading.Thread(target=_accept, args=(listener, int(port)), daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh22x", b"lo", 0)
        name, flags = struct.unpack("16sh22x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh22x", name, flags | _IFF_UP))


def _accept(listener: socket.socket, port: int) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=_carry, args=(client, port), daemon=True).start()


def _accept_back(listener: socket.socket, path: str) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=_carry_back, args=(client, path), daemon=True).start()


def _carry_back(client: socket.socket, path: str) -> None:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.connect(path)
    except OSError:
        client.close()
        return
    threading.Thread(target=_pump, args=(server, client), daemon=True).start()
    _pump(client, server)


def _carry(client: socket.socket, port: int) -> None:
    try:
        server = socket.create_connection(("127.0.0.1", port))
    except OSError:
        client.close()
        return
    threading.Thread(target=_pump, args=(server, client), daemon=True).start()
    _pump(client, server)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    main(*sys.argv[1:])
