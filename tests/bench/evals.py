"""``aeo bench evals``: a set of 250 cases without a chat model, its comparison and report, and following it into an edition."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

CASES = 250

Measure = tuple[str, float, str, float | None, str]
"""Name, value, unit, limit (None: for information), detail."""


def cases() -> Iterator[Measure]:
    """Measurements in seconds, on an index made for the purpose."""
    from assistant.app import Assistant
    from assistant.settings import Settings
    from evals.cases.named_sets import Standing, find, guides_of, load, standing
    from evals.gates.measured import gate_against
    from evals.gates.policy import load_policy
    from evals.report.page import rendered
    from evals.runs.compared.compare import compare
    from evals.runs.run import run
    from evals.runs.source import AssistantSource
    from ingest.compare.diff import diff
    from ingest.parse.guide import parse
    from ingest.pipeline import ingest
    from ingest.read.file import read
    from ingest.shipped import SHIPPED

    with tempfile.TemporaryDirectory() as folder:
        home, now = Path(folder), datetime.now(UTC)
        ingest(SHIPPED, Settings(home=home), now)
        assistant = Assistant(Settings(home=home))
        source, guides = AssistantSource(assistant), guides_of(assistant.store)
        started = time.perf_counter()
        stand = standing(load(find((), home), guides), source.guide, guides)
        yield "eval sets read, checked and followed into the edition", _since(started), "s", 2.0, f"{len(stand.cases)} cases"
        spread = stand.cases[:: max(1, len(stand.cases) // CASES)][:CASES]
        source.warm()
        started = time.perf_counter()
        done = run(source, Standing(stand.sets, spread), home, now)
        yield f"eval run of {len(spread)} cases, no chat model", _since(started), "s", 30.0, "two at a time"
        again = run(source, Standing(stand.sets, spread), home, now, fresh=True, seed=1)
        started = time.perf_counter()
        found = compare(done, again)
        failures = gate_against(found, load_policy())
        yield "eval comparison with intervals and gates", _since(started), "s", 10.0, f"{len(found.pairs)} pairs"
        started = time.perf_counter()
        page = rendered(again, failures, "zh", comparison=found)
        yield "eval report", _since(started), "s", None, f"{len(page.encode()) / 1e6:.1f} MB"
        other = home / "next.txt"
        other.write_text(SHIPPED.read_text(encoding="utf-8").replace("企业", "公司"), encoding="utf-8")
        reworded = parse(read(other), "next")
        started = time.perf_counter()
        changes = diff(source.guide, reworded).counts()["lines"]
        yield "diff of two full editions", _since(started), "s", 2.0, ", ".join(f"{n} {kind}" for kind, n in sorted(changes.items()))


def _since(started: float) -> float:
    return time.perf_counter() - started
