"""A real Chroma server that a test starts, kills, stops and starts again."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from assistant.adapters.chroma.index import ChromaIndex
from assistant.adapters.editions import Editions


class Chroma:
    """``chroma run`` on a port of its own; the same port and data after a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Chroma:
        """Start, and wait until it answers."""
        command = [
            str(Path(sys.executable).parent / "chroma"),
            "run",
            "--path",
            str(self.folder),
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder.parent)
        wait_for(self.answers, 20)
        return self

    def answers(self) -> bool:
        """Whether it says that it is well."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/api/v2/heartbeat")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def pause(self, stopped: bool) -> None:
        """Make it hang (its port stays open), or let it go on."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP if stopped else signal.SIGCONT)


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def wait_for(seen: Callable[[], bool], seconds: float) -> float:
    """Look until something is seen; how long that took. Fails after ``seconds``."""
    began = time.monotonic()
    while not seen():
        assert time.monotonic() - began < seconds, "not seen in time"
        time.sleep(0.02)
    return time.monotonic() - began


def to_server(home: Path, url: str) -> None:
    """The index of a home's builds, copied to a server."""
    store = Editions(home)
    for manifest in store.all():
        embedded = ChromaIndex(manifest.build, store.folder(manifest.build) / "chroma")
        ChromaIndex(manifest.build, None, url).write(embedded.read(), manifest.edition)


def second_edition(home: Path, label: str) -> None:
    """The active build once more under another label, finished and not active."""
    store = Editions(home)
    manifest = store.manifest()
    build = manifest.build + "b"
    shutil.copytree(store.folder(manifest.build), store.folder(build))
    (store.folder(build) / "manifest.json").unlink()
    guide = store.guide(manifest).model_copy(update={"edition": label})
    (store.folder(build) / "guide.json").write_text(guide.model_dump_json(), encoding="utf-8")
    store.finish(manifest.model_copy(update={"build": build, "edition": label}))
    ChromaIndex(build, store.folder(build) / "chroma").write(
        ChromaIndex(manifest.build, store.folder(manifest.build) / "chroma").read(), label
    )
