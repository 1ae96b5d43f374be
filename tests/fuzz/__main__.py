"""``python -m tests.fuzz --inputs 100000 --seed 1 --jobs 2``: the long form; ``--kind`` (again for more) tries only some kinds.

Status 1 when something was found, or when a process holds 400 MB more at the end than after the first tenth.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from assistant.settings import Settings
from ingest.pipeline import ingest
from ingest.shipped import SHIPPED
from tests.conftest import NOW
from tests.fuzz.campaign import LARGEST, LONGEST, Tally, work
from tests.fuzz.kinds import KINDS
from tests.thin import thin_bank

STILL = 120.0
"""Seconds without a word after which a process stands still, on a machine that does other work too."""
MINUTE = 60.0
"""Seconds between two words on how far it is."""


def main() -> int:
    """Run and print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz")
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--kind", action="append", choices=tuple(KINDS), default=[], help="only this kind; again for more")
    asked = options.parse_args()
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="aeo-fuzz-") as temporary:
        folder = Path(temporary)
        with thin_bank(clauses=2, refusals=2):
            ingest(SHIPPED, Settings(home=folder / "home"), NOW)
        spawn = multiprocessing.get_context("spawn")
        jobs = []
        for number in range(asked.jobs):
            ours, theirs = spawn.Pipe(duplex=False)
            process = spawn.Process(target=work, args=(folder, asked.inputs, asked.seed, (number, asked.jobs), theirs, asked.kind))
            process.start()
            theirs.close()
            jobs.append(Job(process, ours))
        try:
            _watch(jobs, asked.inputs)
        except KeyboardInterrupt:
            sys.stdout.write("stopped early: what was tried until then\n")
            for job in jobs:
                job.process.kill()
    tallies = {name: Tally() for name in KINDS}
    for job in jobs:
        for name, tally in job.tallies.items():
            tallies[name].add(tally)
    for name, tally in tallies.items():
        outcomes = ", ".join(f"{k} {v}" for k, v in sorted(tally.outcomes.items()))
        sys.stdout.write(
            f"{name:<24}{tally.inputs:>8}  {outcomes:<32} slowest {tally.slowest:5.2f} s, +{tally.largest:.0f} MB, found {len(tally.found)}\n"
        )
    total, found = sum(t.inputs for t in tallies.values()), [f for t in tallies.values() for f in t.found]
    grown = ", ".join(f"{job.growth:.0f} MB" for job in jobs)
    sys.stdout.write(
        f"{total} inputs, seed {asked.seed}, {len(found)} found; memory at the end over that after the first tenth: {grown}; {time.monotonic() - started:.0f} s\n"
    )
    for seed, what in found[:60]:
        sys.stdout.write(f"\n{seed}\n{what}\n")
    return status([job.growth for job in jobs], found)


def status(growth: Sequence[float], found: Sequence[object]) -> int:
    """0 when nothing was found and no process grew by more megabytes than it may, else 1."""
    return 1 if found or any(more > LARGEST for more in growth) else 0


@dataclass
class Job:
    """A process and what it said last."""

    process: multiprocessing.process.BaseProcess
    ours: Connection
    last: int = -1
    done: bool = False
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in KINDS})
    growth: float = 0.0
    heard: float = field(default_factory=time.monotonic)


def _watch(jobs: list[Job], inputs: int) -> None:
    """Hear all processes until they end. One that stands still inside a library, where no alarm reaches it, is ended: a finding."""
    open_jobs, said = list(jobs), time.monotonic()
    while open_jobs:
        ready = wait([job.ours for job in open_jobs], timeout=LONGEST)
        for job in list(open_jobs):
            if job.ours in ready and _heard(job):
                continue
            if job.ours in ready or time.monotonic() - job.heard > STILL:
                job.process.kill()
                job.process.join()
                open_jobs.remove(job)
                if not job.done:
                    next(iter(job.tallies.values())).found.append((f"after input {job.last}", "the process stood still or died"))
        if time.monotonic() - said > MINUTE:
            said = time.monotonic()
            found = sum(len(t.found) for job in jobs for t in job.tallies.values())
            sys.stderr.write(f"{max(job.last for job in jobs) + 1} of {inputs}, {found} found\n")


def _heard(job: Job) -> bool:
    """Take one message; false when the process has ended. One that said all it has to say is no finding."""
    try:
        said = job.ours.recv()
    except EOFError:
        return False
    job.heard = time.monotonic()
    if isinstance(said, int):
        job.last = said
    else:
        job.tallies, job.growth, job.done = said
    return True


if __name__ == "__main__":
    sys.exit(main())
