"""``aeo bench answers``: answering and ingesting as ratios to what they cannot do without."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from assistant.settings import Settings
from tests.bench.measured import Measured


def cases() -> Iterator[Measured]:
    """Answering and ingesting, against the bare cost of what they cannot do without."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        yield from _ingestion(home)
        yield from _warm(Settings(home=home / "first"))
        yield from _cold(home / "first")
        yield from _many(home)


def _ingestion(home: Path) -> Iterator[Measured]:
    from assistant.adapters.models.embeddings import BundledE5
    from assistant.answers.passages import distinct
    from ingest import pipeline, shipped
    from ingest.learn.banks import bank
    from ingest.parse.guide import parse
    from ingest.read.file import read

    model = BundledE5()
    model.queries(["warm"])
    lines = [p.text for p in distinct(parse(read(shipped.SHIPPED), "x"))]
    questions = [e.question for e in bank.load()]
    started = time.perf_counter()
    model.passages(lines)
    model.queries(questions)
    embedding = time.perf_counter() - started
    now = datetime.now(UTC)
    with _without_shipped_vectors():
        started = time.perf_counter()
        pipeline.ingest(shipped.SHIPPED, Settings(home=home / "bare"), now)
        bare = time.perf_counter() - started
    started = time.perf_counter()
    pipeline.ingest(shipped.SHIPPED, Settings(home=home / "first"), now)
    first = time.perf_counter() - started
    started = time.perf_counter()
    pipeline.ingest(shipped.SHIPPED, Settings(home=home / "first"), now)
    second = time.perf_counter() - started
    detail = f"{bare:.1f} s against {embedding:.1f} s for {len(lines)} lines and {len(questions)} bank questions"
    yield Measured("first ingest / embedding the same texts alone", bare / embedding, "×", 1.5, detail)
    yield Measured("first ingest with the shipped vectors / embedding alone", first / embedding, "×", 1.0, f"{first:.1f} s")
    yield Measured("second ingest / first", second / first, "×", 0.1, f"{second * 1000:.0f} ms")


@contextlib.contextmanager
def _without_shipped_vectors() -> Iterator[None]:
    from ingest import shipped

    kept = shipped.VECTORS
    shipped.VECTORS = Path("no-vectors.npz")
    try:
        yield
    finally:
        shipped.VECTORS = kept


_ASKED = [
    "门卫登记外来人员要留哪些记录？",
    "离职员工的账号怎么处理",
    "Which records of internal audits are sampled?",
    "特殊物品记录保存几年",
    "机房要有什么设施",
]


def _warm(settings: Settings) -> Iterator[Measured]:
    from assistant.app import Assistant

    assistant = Assistant(settings)
    searcher = assistant.edition().searcher
    for question in _ASKED:
        assistant.ask(question)

    def bare() -> None:
        for question in _ASKED:
            assert searcher.embedder is not None
            assert searcher.index is not None
            searcher.index.search(searcher.embedder.queries([question])[0], 10)

    def asked() -> None:
        for question in _ASKED:
            assistant.ask(question)

    def looked_up() -> None:
        for number in ("24(3)", "第5项", "4.2 保存多久", "item 11 clause 2", "24(9)"):
            assistant.ask(number)

    cost, whole, lookup = (_best(f, 7) / 5 for f in (bare, asked, looked_up))
    detail = f"{whole * 1000:.1f} ms against {cost * 1000:.1f} ms"
    yield Measured("warm extractive answer / embedding the query and one Chroma query", whole / cost, "×", 2.0, detail)
    yield Measured("by-number answer", lookup * 1000, "ms", 5.0)


def _cold(home: Path) -> Iterator[Measured]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AEO_")} | {"AEO_HOME": str(home)}
    aeo = [sys.executable, "-c", "from connectors.cli.main import run; run()"]

    def seconds(*command: str) -> float:
        def once() -> None:
            subprocess.run(command, env=environment, check=True, capture_output=True)

        return _best(once, 4)

    chroma = seconds(sys.executable, "-c", "import chromadb")
    for name, words, limit in (
        ("aeo --help", ["--help"], 0.6),
        ("aeo ask by number", ["ask", "24(3)"], 1.2),
        ("aeo ask with search and the bundled model", ["ask", _ASKED[0]], 2.5),
    ):
        took = seconds(*aeo, *words)
        yield Measured(f"{name}, cold / python -c 'import chromadb'", took / chroma, "×", limit, f"{took:.2f} s against {chroma:.2f} s")
    for name, words in (("aeo ask with search", ["ask", _ASKED[0]]), ("aeo guide ingest", ["guide", "ingest"])):
        if words[0] == "guide":
            environment["AEO_HOME"] = str(home.with_name("memory"))
        yield Measured(f"peak memory of {name}", _peak([*aeo, *words], environment), "MB", 1000.0)


def _peak(command: list[str], environment: dict[str, str]) -> float:
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code, *command], env=environment, check=True, capture_output=True, text=True)
    return int(done.stdout.strip()) / 1024


def _many(home: Path) -> Iterator[Measured]:
    """Ten editions of this size in one home, against one."""
    from assistant.app import Assistant
    from ingest import pipeline, shipped

    text = shipped.SHIPPED.read_text(encoding="utf-8")
    settings = Settings(home=home / "first")
    alone = Assistant(settings)
    alone.ask(_ASKED[0])
    before = _best(lambda: [alone.ask(q) for q in _ASKED], 7)
    for number in range(9):
        path = home / f"edition-{number}.txt"
        path.write_text(text.replace("企业内部培训的历史记录。", f"企业内部培训的历史记录{number}。"), encoding="utf-8")
        pipeline.ingest(path, settings, datetime.now(UTC))
    among = Assistant(settings)
    for edition in {m.edition for m in among.store.all()}:
        among.ask(_ASKED[0], edition=edition)
    after = _best(lambda: [among.ask(q) for q in _ASKED], 7)
    yield Measured("answer among 10 guides / among 1", after / before, "×", 1.3)


def _best(action: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        found.append(time.perf_counter() - started)
    return min(found)
