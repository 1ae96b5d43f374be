"""Many guides in a Chroma server, many questions by number, a week of nudges: what each costs at size, and how it grows.

The guides of this bench are the shipped one with its vectors a little moved, a collection each; everything else is real. Steps are
powers of ten up to ``guides``, so that a slope can be seen.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import Unavailable
from assistant.settings import Settings
from tests.bench.measured import Measured

if TYPE_CHECKING:
    from assistant.adapters.chroma.index import Records
    from assistant.guide import Guide

QUESTIONS = (
    "门卫登记外来人员要留哪些记录？",
    "离职员工的账号怎么处理",
    "Which records of internal audits are sampled?",
    "特殊物品记录保存几年",
    "机房要有什么设施",
    "供应商的贸易安全怎么评估",
    "集装箱七点检查法",
    "关务人员培训记录",
)
NUMBERS = ("24(3)", "第5项", "4.2 保存多久", "item 11 clause 2", "24(9)", "26", "第二十四项第三分项", "7(1)")


def cases(guides: int = 1000, enterprises: int = 200, asked: int = 300) -> Iterator[Measured]:
    """All measurements; everything that is made is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="aeo-bench-") as folder:
        home = Path(folder) / "home"
        yield from _many_guides(home, guides, asked)
        yield from _by_number(home)
        yield from _week(enterprises)
        yield from _week(enterprises, families=True)


def _many_guides(home: Path, guides: int, asked: int) -> Iterator[Measured]:
    from assistant.adapters.chroma.index import ChromaIndex
    from assistant.adapters.editions import Editions
    from assistant.app import Assistant
    from ingest import pipeline, shipped

    pipeline.ingest(shipped.SHIPPED, Settings(home=home), datetime.now(UTC))
    store = Editions(home)
    build = store.manifest().build
    records = ChromaIndex(build, store.folder(build) / "chroma").read()
    yield from _embedding_alone(records)
    with _Chroma(home.parent / "one") as small, _Chroma(home.parent / "many") as server:
        ChromaIndex(build, None, small.url).write(records, "2018-177")
        assistant = Assistant(Settings(home=home, chroma_url=small.url))
        assistant.ask(QUESTIONS[0])
        one = ChromaIndex(build, None, small.url)
        dice = random.Random(7)
        made: list[ChromaIndex] = []
        for step in _steps(guides):
            cpu, began, before = server.cpu() + time.process_time(), time.perf_counter(), len(made)
            while len(made) < step:
                index = ChromaIndex(f"guide-{len(made):05d}", None, server.url)
                index.write(_moved(records, len(made)), f"g{len(made)}")
                made.append(ChromaIndex(index.name, None, server.url))
            took, cpu = time.perf_counter() - began, server.cpu() + time.process_time() - cpu
            passages = (step - before) * len(records.ids)
            detail = f"{passages / took:.0f} passages/s, {passages / cpu:.0f} per core, server {server.memory():.0f} MB"
            yield Measured(f"{step} guides: ms to write one passage", took / passages * 1000, "ms", None, detail)
            alone, among = _side_by_side(assistant, one, made, dice, asked)
            detail = f"p95 {among[1]:.1f} ms against {alone[1]:.1f} ms, median {among[0]:.1f} against {alone[0]:.1f}"
            yield Measured(f"{step} guides: answer p95 / a server with one guide", among[1] / alone[1], "×", 2.0, detail)
        yield Measured("server memory for each guide", server.memory() / max(guides, 1), "MB", None, f"disk {server.disk():.0f} MB")
        yield from _filtered(server.url, records, min(guides, 100))


def _embedding_alone(records: Records) -> Iterator[Measured]:
    from assistant.adapters.models.embeddings import BundledE5

    model = BundledE5()
    model.queries(["warm"])
    began = time.process_time()
    model.passages(records.documents)
    cost = time.process_time() - began
    yield Measured(
        "embedding one passage, one core", cost / len(records.ids) * 1000, "ms", None, f"{len(records.ids) / cost:.0f} passages/s"
    )


def _filtered(url: str, records: Records, guides: int) -> Iterator[Measured]:
    """The other layout: all guides in one collection, with a filter; for the slope that it would have."""
    from assistant.adapters.chroma.index import ChromaIndex
    from assistant.adapters.chroma.server import LONG_PATIENCE, chroma_server

    base = 0.0
    for step in _steps(guides):
        moved = [_moved(records, n) for n in range(step)]
        whole = type(records)(
            [f"{n}/{i}" for n, r in enumerate(moved) for i in r.ids],
            np.concatenate([r.vectors for r in moved]),
            [d for r in moved for d in r.documents],
            [{**m, "edition": f"g{n}", "workspace": f"w{n % 7}"} for n, r in enumerate(moved) for m in r.metadatas],
        )
        ChromaIndex("all-guides", None, url).write(whole, "all")
        collection = chroma_server(url, LONG_PATIENCE).client().get_collection("all-guides", embedding_function=None)
        dice = random.Random(step)

        def ask(collection: Any = collection, step: int = step, dice: random.Random = dice) -> None:
            vector = records.vectors[dice.randrange(len(records.ids))]
            n = dice.randrange(step)
            where = {"$and": [{"edition": f"g{n}"}, {"workspace": f"w{n % 7}"}]}
            collection.query(query_embeddings=[vector.tolist()], n_results=60, where=where, include=["distances"])

        for _ in range(20):
            ask()
        p95 = _quantile([_timed(ask) for _ in range(100)], 0.95)
        base = base or p95
        yield Measured(f"{step} guides in one collection with a filter: query p95 / one", p95 / base, "×", None, f"{p95:.1f} ms")


def _side_by_side(assistant: Any, one: Any, made: Sequence[Any], dice: random.Random, times: int) -> tuple[list[float], list[float]]:
    """Median and p95 of whole answers in ms, question by question: over the one guide of one server, and a guide by chance of another."""
    searcher = assistant.edition().searcher
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        question = dice.choice(QUESTIONS)
        for kept, index in zip(taken, (one, dice.choice(made)), strict=True):
            searcher.index = index
            kept.append(_timed(lambda question=question: _answered(assistant, question)))  # type: ignore[misc]
    return tuple([_quantile(kept, 0.5), _quantile(kept, 0.95)] for kept in taken)  # type: ignore[return-value]


def _answered(assistant: Any, question: str) -> None:
    if assistant.ask(question).notices:
        raise RuntimeError("the index did not answer")


def _moved(records: Records, seed: int) -> Records:
    """The same guide with vectors of its own."""
    noise = np.random.default_rng(seed).normal(0, 0.01, records.vectors.shape)
    vectors = records.vectors + noise.astype(np.float32)
    return records._replace(vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _steps(most: int) -> list[int]:
    return [n for n in (1, 10, 100, 1000, 10_000) if n < most] + [most]


# -- by number -------------------------------------------------------------------------------------------------------


def _by_number(home: Path) -> Iterator[Measured]:
    """Two processes, as two workers on two cores."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(_look_up, [str(home)] * 2, [3.0] * 2))
    rate = sum(done)
    yield Measured("100 questions by number on two processes", 100 / rate, "s", 1.0, f"{rate:.0f} questions/s")


def _look_up(home: str, seconds: float) -> float:
    from assistant.app import Assistant

    assistant = Assistant(Settings(home=Path(home)))
    assistant.ask(NUMBERS[0])
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        assistant.ask(NUMBERS[count % len(NUMBERS)])
        count += 1
    return count / (time.perf_counter() - began)


# -- a week of nudges ------------------------------------------------------------------------------------------------


def _week(enterprises: int, families: bool = False) -> Iterator[Measured]:
    """Five working days at ten o'clock, every enterprise, on SQLite and PostgreSQL; a tenth of them first, for the slope.

    With ``families`` three guides are in force, and an owner is told of all of them in one message.
    """
    from tests.bench.register import _database, three_families

    guide, each_of = (three_families(), "three families, ") if families else (None, "")
    for engine in ("sqlite", "postgresql"):
        each = []
        for size in (max(enterprises // 10, 1), enterprises):
            with _database(engine) as address:
                if address is None:
                    continue
                told, took = _asked_for_a_week(address, size, guide)
                each.append(took / max(told, 1))
                detail = f"{told} messages in {took:.1f} s, {told / took:.0f}/s"
                yield Measured(f"{engine}: {each_of}a week of nudges for {size} enterprises", took, "s", 600.0, detail)
        if len(each) == 2:
            name = f"{engine}: {each_of}one message at {enterprises} enterprises / at a tenth of them"
            yield Measured(name, each[1] / each[0], "×", 1.5)


def _asked_for_a_week(address: str, enterprises: int, guide: Guide | None) -> tuple[int, float]:
    from assistant.adapters.sql.register import open_register
    from assistant.register.acts.telling.delivery import Courier
    from assistant.register.facts.outbox import Receipt
    from assistant.register.facts.policy import Policy
    from tests.bench.register import MOMENT, _fill

    class Heard:
        """Everybody is reached."""

        def deliver(self, message: Any) -> Receipt:
            """Arrived."""
            return Receipt("sent")

        def find(self, message: Any) -> Receipt | None:
            """Nothing is ever in doubt."""
            return None

    register = open_register(address)
    _fill(register, enterprises, 0, guide)
    now = [MOMENT]
    courier = Courier(register, Heard(), Policy(), lambda: now[0], "bench")
    told, began = 0, time.perf_counter()
    for day in range(7):
        now[0] = MOMENT + timedelta(days=day)
        told += sum(t.sent for t in courier.run(now[0]))
    took = time.perf_counter() - began
    register.close()
    return told, took


class _Chroma:
    """A Chroma server of this bench."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> _Chroma:
        program = str(Path(sys.executable).with_name("chroma"))
        command = [program, "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=self.folder.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return self
            time.sleep(0.1)
        raise Unavailable("index.down", where=self.url, what="chroma run")

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """What it holds in memory, MB."""
        return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def disk(self) -> float:
        """What it keeps on disk, MB."""
        return sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file()) / 2**20


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _quantile(values: Sequence[float], share: float) -> float:
    return float(np.quantile(np.array(values), share))
