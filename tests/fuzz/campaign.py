"""Many inputs, each with a limit of time and of memory, in processes that are watched."""

from __future__ import annotations

import os
import resource
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED, SHIPPED_EDITION
from tests.fuzz.kinds import KINDS, Doors, tried

LONGEST = 5.0
"""Seconds of computing that one input may take."""
WAITING = 4
"""How many times that long it may last on the clock: the machine may do other work too."""
LARGEST = 400
"""Megabytes by which one input, or all after the first tenth, may make the process grow."""


@dataclass
class Tally:
    """What a kind of input did."""

    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    largest: float = 0.0
    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Both together."""
        self.inputs += other.inputs
        self.outcomes += other.outcomes
        self.slowest, self.largest = max(self.slowest, other.slowest), max(self.largest, other.largest)
        self.found += other.found


class TooSlow(BaseException):
    """An input that takes longer than it may; no ``except Exception`` on the way swallows it."""


@contextmanager
def limited() -> Iterator[None]:
    """One input's time."""

    def over(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, LONGEST), (signal.SIGALRM, signal.ITIMER_REAL, WAITING * LONGEST))
    before = [(number, signal.signal(number, over)) for number, _, _ in timers]
    for _, timer, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)
        for number, handler in before:
            signal.signal(number, handler)


def plan(inputs: int, only: Sequence[str] = ()) -> list[tuple[str, int]]:
    """Which kind gets which number, in turns, in the kinds' shares; ``only`` those kinds, or all."""
    turn = [name for name, (_, share) in KINDS.items() for _ in range(share) if name in (only or KINDS)]
    turn = [turn[(n * 37) % len(turn)] for n in range(len(turn))]
    return [(turn[n % len(turn)], n) for n in range(inputs)]


def one(name: str, doors: Doors, seed: str, tally: Tally) -> None:
    """Try one input and write down what it cost and what was found."""
    grown, started = peak(), time.process_time()
    try:
        with limited():
            tally.outcomes[tried(name, doors, seed)] += 1
    except TooSlow:
        tally.found.append((seed, f"longer than {LONGEST} s"))
    except BaseException:
        tally.found.append((seed, traceback.format_exc()[-1500:]))
    tally.inputs += 1
    tally.slowest = max(tally.slowest, time.process_time() - started)
    larger = peak() - grown
    tally.largest = max(tally.largest, larger)
    if larger > LARGEST:
        tally.found.append((seed, f"{larger:.0f} MB more"))


def campaign(
    doors: Doors,
    inputs: int,
    seed: int,
    step: Callable[[int], None] = lambda done: None,
    share: tuple[int, int] = (0, 1),
    tallies: dict[str, Tally] | None = None,
    only: Sequence[str] = (),
) -> dict[str, Tally]:
    """Try many inputs; ``share``: every so manieth of them, for several processes; ``tallies``: where to write what they did."""
    tallies = tallies if tallies is not None else {name: Tally() for name in KINDS}
    for number, (name, n) in enumerate(plan(inputs, only)):
        if number % share[1] == share[0]:
            one(name, doors, f"{seed}:{name}:{n}", tallies[name])
            step(number)
    return tallies


def work(folder: Path, inputs: int, seed: int, share: tuple[int, int], out: Connection, only: Sequence[str] = ()) -> None:
    """One process's share: says how far it is, and now and then what it found and how much its memory grew since the first tenth."""
    own = folder / f"job{share[0]}"
    own.mkdir()
    doors = Doors(own, parse(read(SHIPPED), SHIPPED_EDITION), folder / "home")
    early = [0.0]
    tallies = {name: Tally() for name in KINDS}

    def step(number: int) -> None:
        out.send(number)
        if not early[0] and number >= inputs // 10:
            early[0] = resident()
        if number % 500 < share[1]:
            out.send((tallies, resident() - early[0] if early[0] else 0.0, False))

    campaign(doors, inputs, seed, step, share, tallies, only)
    out.send((tallies, resident() - early[0], True))


def peak() -> float:
    """The most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """The memory that this process holds now, in megabytes."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
