"""``aeo bench slack``: the app as its own process, 50 people asking at once, again and again; and the nudges.

The Slack on this machine (``tests.slack.loopback``) comes with the source and not with the package.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from connectors.slack.manifest import manifest
from tests.slack.loopback import LoopbackSlack

PEOPLE = 50
ROUNDS = 6
ASKED = ("24(3)", "访客登记要留哪些记录？", "员工培训多久一次？", "围墙要多高？", "第5项要什么？", "单证保存几年？", "谁来做内审？")
_LONGEST = 120.0

Measure = tuple[str, float, str, float | None, str]
"""Name, value, unit, limit (None: for information), detail."""


def cases() -> Iterator[Measure]:
    """Fifty people ask at once, again and again."""
    with tempfile.TemporaryDirectory() as folder, LoopbackSlack(manifest()) as slack, _app(slack, Path(folder)) as process:
        people = [slack.person(f"p{n}") for n in range(PEOPLE)]
        for person in people:
            slack.wait(lambda dm=person.dm: dm)
        took, sizes = [], []
        for number in range(ROUNDS):
            began = time.perf_counter()
            asked = _asked(people, number)
            _answered(slack, asked)
            took.append(time.perf_counter() - began)
            sizes.append(_size(process.pid))
        yield from _judged(slack, took, sizes)


def _asked(people: list[Any], number: int) -> list[tuple[Any, Any]]:
    """All people ask at the same moment, each directly."""
    found: list[tuple[Any, Any]] = []
    start = threading.Barrier(len(people))

    def ask(person: Any, text: str) -> None:
        start.wait()
        found.append((person, person.dms(text)))

    threads = [threading.Thread(target=ask, args=(person, ASKED[(number + place) % len(ASKED)])) for place, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _answered(slack: Any, asked: list[tuple[Any, Any]]) -> None:
    slack.wait(lambda: all(slack.posts(p.dm, m.ts) for p, m in asked), "every question answered", _LONGEST)
    slack.settle(_LONGEST)


def _judged(slack: Any, took: list[float], sizes: list[float]) -> Iterator[Measure]:
    questions = [d for d in slack.delivered("message") if not d.event.get("bot_id")]
    threads: dict[str, int] = {}
    for delivery in questions:
        ts, channel = delivery.event["ts"], delivery.event["channel"]
        threads[ts] = len(slack.posts(channel, ts))
    acks = sorted(d.ack_seconds if d.ack_seconds is not None else _LONGEST for d in questions)
    yield "slack questions lost", sum(count == 0 for count in threads.values()), "", 0, f"of {len(threads)}"
    yield "slack questions answered twice", sum(count > 1 for count in threads.values()), "", 0, ""
    yield "slack acknowledgements, 95 of 100 within", acks[int(len(acks) * 0.95)], "s", 1.0, f"longest {acks[-1]:.2f} s"
    yield f"slack {PEOPLE} questions at once, all answered", sorted(took)[len(took) // 2], "s", None, f"first {took[0]:.1f} s"
    yield "slack memory growth over the later rounds", sizes[-1] - sizes[1], "MB", 30.0, f"{sizes[-1]:.0f} MB"
    yield "slack would have refused", len(slack.problems), "", 0, "; ".join(slack.problems[:2])


@contextmanager
def _app(slack: Any, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``aeo slack run`` on an index made for the purpose, connected and with its index loaded."""
    from ingest.pipeline import ingest
    from ingest.shipped import SHIPPED

    ingest(SHIPPED, Settings(home=home), datetime.now(UTC))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AEO_", "SLACK_"))}
    command = [sys.executable, "-c", "from connectors.cli.main import run; run()", "slack", "run"]
    with (home / "app.log").open("wb") as log:
        process = subprocess.Popen(command, env=kept | slack.environment | {"AEO_HOME": str(home)}, stdout=log, stderr=log)
    try:
        slack.wait_connected(timeout=60)
        first = slack.person("first")
        asked = first.dms(ASKED[1])
        _until(lambda: bool(slack.posts(first.dm, asked.ts)), process)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _until(done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _LONGEST
    while not done() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)


def _size(pid: int) -> float:
    """Resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
