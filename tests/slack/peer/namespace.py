"""A network namespace with nothing but loopback: the peer listens on every interface, and here that is only this one."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_INSIDE = Path(__file__).with_name("inside.py")


class Unavailable(Exception):
    """Why the peer cannot be used on this machine; the reason a test is skipped."""


class Namespace:
    """Starts processes in the namespace, and reaches ``ports`` in it through Unix sockets, which namespaces do not separate.

    ``back:PORT`` is a port in it whose connections come to the Unix socket ``PORT.back`` out here.
    """

    def __init__(self, folder: Path, *ports: int | str) -> None:
        self.folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        if not shutil.which("unshare") or not shutil.which("nsenter"):
            raise Unavailable("unshare and nsenter (util-linux) are not installed")
        flags = ["--net"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--net"]
        command = ["unshare", *flags, sys.executable, str(_INSIDE), str(folder), *map(str, ports)]
        self._holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._holder.stdout
        if self._holder.stdout.readline() != b"ready\n":
            _, said = self._holder.communicate()
            raise Unavailable(f"a network namespace cannot be made here: {said.decode().strip()[-200:]}")

    def start(self, command: Sequence[str], env: Mapping[str, str], log: str) -> subprocess.Popen[bytes]:
        """Start a process in the namespace; what it writes goes to the file ``log``."""
        join = ["nsenter", "--target", str(self._holder.pid), "--net"]
        if os.geteuid() != 0:
            join += ["--user", "--preserve-credentials"]
        with (self.folder / log).open("ab") as output:
            process = subprocess.Popen([*join, *command], env=dict(env), stdout=output, stderr=output, cwd=self.folder)
        self._processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End one process."""
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._processes.remove(process)

    def connect(self, port: int, timeout: float = 10.0) -> socket.socket:
        """A connection to a port."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(str(self.folder / f"{port}.sock"))
        return connection

    def answers(self, port: int) -> bool:
        """Whether something speaks HTTP on a port."""
        with contextlib.suppress(OSError), self.connect(port) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return bool(connection.recv(1))
        return False

    def close(self) -> None:
        """End everything in the namespace, and with it the namespace."""
        for process in list(self._processes):
            self.stop(process)
        assert self._holder.stdin
        self._holder.stdin.close()
        self._holder.wait(5)
        for stream in (self._holder.stdout, self._holder.stderr):
            if stream:
                stream.close()
