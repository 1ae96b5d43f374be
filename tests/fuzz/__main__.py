"""``python -m tests.fuzz --inputs 100000 --seed 1 --jobs 2``: the long form; status 1 when something was found."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.settings import Settings
from ingest.pipeline import SHIPPED, ingest
from tests.conftest import NOW
from tests.fuzz.campaign import LONGEST, Tally, work
from tests.fuzz.kinds import KINDS
from tests.thin import thin_bank


def main() -> int:
    """Run and print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz")
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aeo-fuzz-") as temporary:
        folder = Path(temporary)
        with thin_bank(clauses=2, refusals=2):
            ingest(SHIPPED, Settings(home=folder / "home"), NOW)
        spawn = multiprocessing.get_context("spawn")
        running = []
        for number in range(asked.jobs):
            ours, theirs = spawn.Pipe(duplex=False)
            process = spawn.Process(target=work, args=(folder, asked.inputs, asked.seed, (number, asked.jobs), theirs))
            process.start()
            theirs.close()
            running.append((process, ours))
        tallies = {name: Tally() for name in KINDS}
        growth = [_watched(process, ours, tallies) for process, ours in running]
    for name, tally in tallies.items():
        outcomes = ", ".join(f"{k} {v}" for k, v in sorted(tally.outcomes.items()))
        sys.stdout.write(
            f"{name:<24}{tally.inputs:>8}  {outcomes:<32} slowest {tally.slowest:5.2f} s, +{tally.largest:.0f} MB, found {len(tally.found)}\n"
        )
    total, found = sum(t.inputs for t in tallies.values()), [f for t in tallies.values() for f in t.found]
    grown = ", ".join(f"{mb:.0f} MB" for mb in growth)
    sys.stdout.write(
        f"{total} inputs, seed {asked.seed}, {len(found)} found; memory at the end over that after the first tenth: {grown}; {time.monotonic() - started:.0f} s\n"
    )
    for seed, what in found[:60]:
        sys.stdout.write(f"\n{seed}\n{what}\n")
    return 1 if found else 0


def _watched(process: multiprocessing.process.BaseProcess, ours: Connection, tallies: dict[str, Tally]) -> float:
    """Collect what a process found. One that stands still inside a library, where no alarm reaches it, is ended: a finding."""
    last = -1
    while True:
        try:
            if not ours.poll(6 * LONGEST):
                raise EOFError
            said = ours.recv()
        except EOFError:
            process.kill()
            next(iter(tallies.values())).found.append((f"after input {last}", "the process stood still or died"))
            return 0.0
        if not isinstance(said, int):
            for name, tally in said[0].items():
                tallies[name].add(tally)
            process.join()
            return float(said[1])
        last = said


if __name__ == "__main__":
    sys.exit(main())
