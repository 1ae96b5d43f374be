"""Runs of random acts under random faults. A run is its seed: the same acts, faults and clock jumps again."""

from __future__ import annotations

import gc
import hashlib
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.faults.doomed import Child, Fault, Outcome, Wrap, start
from tests.faults.letters import gathered
from tests.faults.post import Post
from tests.faults.words import TEXTS
from tests.faults.world import PDF, Broken, Prepared, World, held_by, service_over

AGAIN = 0.6
"""How often what was broken off is done once more without a fault, as people do; or hardly anything would ever be accepted and taken back."""


@dataclass
class Tally:
    """What a campaign did and found."""

    runs: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    jumps: int = 0
    pairs: int = 0
    repeated: int = 0
    arrived: int = 0
    kept: int = 0
    spoken: int = 0
    mailed: int = 0
    gathered: int = 0
    events: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str]] = field(default_factory=list)


def run(prepared: Prepared, folder: Path, post: Post, seed: int, tally: Tally) -> None:
    """One run. What does not hold afterwards is written down with the seed."""
    chance = random.Random(seed)
    home, address = prepared.home(folder / f"run-{seed}")
    post.begin(seed, chance.choice((0.0, 0.2, 0.5)))
    world = World(prepared, home, address, post, chance, edition={prepared.guides[0].edition})
    try:
        for number in range(chance.randint(3, 6)):
            world.jump()
            tally.jumps += 1
            chance.choice((_nudges, _nudges, _evidence, _evidence, _row, _import, _back, _back, _edition, _words, _words))(
                world, f"{seed}.{number}", tally
            )
        world.settle()
        world.check()
    except Broken as broken:
        tally.broken.append((seed, str(broken)))
    tally.runs += 1
    tally.arrived += len(post.arrived)
    tally.kept += len(world.handed_in)
    tally.spoken += len(post.said)
    tally.mailed += len(post.mail.arrived)
    _read(world, tally)
    if prepared.server:
        world.cut()  # what this process still holds of the run's database; a server takes a hundred connections
    shutil.rmtree(home)
    gc.collect()  # a run's engines stand in circles; a thousand of them were gigabytes


def campaign(
    prepared: Prepared, folder: Path, post: Post, runs: int, seed: int, step: Callable[[Tally], None] = lambda tally: None
) -> Tally:
    """Many runs, seeds counted up from ``seed``."""
    tally = Tally()
    for number in range(runs):
        run(prepared, folder, post, seed + number, tally)
        step(tally)
    tally.faults.update({f"answer: {name}": count for name, count in post.played.items()})
    return tally


def _nudges(world: World, name: str, tally: Tally) -> None:
    """One worker, or two at once, each with a fault of its own."""
    world.post.letters()
    workers = world.chance.choice((1, 2))
    tally.pairs += workers == 2
    children = []
    for number in range(workers):
        skew = world.chance.uniform(-20, 20)
        pace = timedelta(minutes=world.chance.choice((0, 2)))
        children.append(_begin(world, lambda wrap, n=number, s=skew, p=pace: world.nudge(wrap, f"{name}.{n}", s, p), tally, most=120))
    for child in children:
        _end(child, tally)


def _evidence(world: World, name: str, tally: Tally) -> None:
    """Something is handed in, perhaps the same twice at once; then reviewed, perhaps twice, perhaps too early or too late."""
    slot = world.chance.choice(world.prepared.slots)
    actor = held_by(slot).owner
    content = PDF + name.encode() * world.chance.choice((1, 50, 20_000))
    version = world.chance.choice((None, None, 1, 2))
    acts: list[Callable[[Wrap], object]] = [lambda wrap: world.submit(wrap, slot, actor, content, f"{name}.s")]
    good = world.chance.random() < 0.6
    acts += [lambda wrap: world.review(wrap, slot, version, good, f"{name}.r")]
    repeats = world.chance.choice((1, 1, 2))
    tally.repeated += repeats == 2
    order = acts * repeats
    if world.chance.random() < 0.5:
        world.chance.shuffle(order)
    together = world.chance.random() < 0.5
    children = []
    for act in order:
        children.append((_begin(world, act, tally, most=60), act is acts[0]))
        if not together:
            _note(world, *children.pop(), name, tally)
    for child, submits in children:
        _note(world, child, submits, name, tally)
    if world.chance.random() < AGAIN:
        for act in acts:
            _note(world, _begin(world, act, tally, most=60, calm=True), act is acts[0], name, tally)


def _row(world: World, name: str, tally: Tally) -> None:
    """Several things are handed in one after another for the reviewer whom only mail reaches; workers tell of them meanwhile and after."""
    slots = [s for s in world.prepared.slots if held_by(s).reviewer == "mei"]
    for number, slot in enumerate(world.chance.sample(slots, k=min(len(slots), world.chance.randint(2, 4)))):
        act, content = f"{name}.{number}", PDF + f"{name}.{number}".encode() * 20
        child = _begin(world, lambda wrap, s=slot, c=content, a=act: world.submit(wrap, s, held_by(s).owner, c, a), tally, most=60)
        _note(world, child, True, act, tally)
        world.wall += timedelta(seconds=world.chance.choice((5, 50, 130)))
        world.latest = max(world.latest, world.wall)
        if world.chance.random() < 0.3:
            _nudges(world, f"{act}.n", tally)
    _nudges(world, f"{name}.n", tally)


def _read(world: World, tally: Tally) -> None:
    """What the run's register holds in the end: letters of several hand-ins, and its log by kinds of events."""
    service = service_over(world.address, world.home)
    tally.gathered += gathered(service, {mark.strip("<>").partition("@")[0] for mark in world.post.mail.arrived})
    tally.events.update(e.kind for e in service.history())
    service.register.close()  # type: ignore[attr-defined]


def _words(world: World, name: str, tally: Tally) -> None:
    """Somebody writes under a list or a card, perhaps the same delivered twice at once; the reviewer says that it is a comment."""
    chance, threads = world.chance, world.threads()
    if not threads:  # nobody was told anything yet
        world.to_work()
        _end(_begin(world, lambda wrap: world.nudge(wrap, f"{name}.n", 0.0), tally, most=120, calm=True), tally)
        threads = world.threads()
    if not threads:
        return
    person, thread = chance.choice(threads)
    text, repeats = chance.choice(TEXTS), chance.choice((1, 1, 2))
    tally.repeated += repeats == 2
    children = [
        _begin(world, lambda wrap, n=n: world.worker(wrap, f"{name}.{n}").hear(person, thread, text, name), tally, most=60)
        for n in range(repeats)
    ]
    if chance.random() < AGAIN:  # the chat delivers what was not acknowledged once more
        children.append(
            _begin(world, lambda wrap: world.worker(wrap, f"{name}.again").hear(person, thread, text, name), tally, most=60, calm=True)
        )
    for outcome in [_end(child, tally) for child in children]:
        if outcome.kind == "done":
            world.spoken.add(outcome.result)
    if person == "rui" and chance.random() < 0.7:
        presses = [
            _begin(world, lambda wrap: world.worker(wrap, f"{name}.p").press(person, name, f"post:{name}"), tally, most=60, calm=calm)
            for calm in chance.choice(((False,), (False, False), (False, True)))
        ]
        for child in presses:
            _end(child, tally)


def _note(world: World, child: Child, submits: bool, name: str, tally: Tally) -> None:
    outcome = _end(child, tally)
    if submits and outcome.kind == "done":
        world.handed_in[outcome.result] = name


def _import(world: World, name: str, tally: Tally) -> None:
    """A folder is brought in, by one or by two at once, and once more: whatever broke it off."""
    chance = world.chance
    wanted = [(PDF + f"{name}.{n}".encode() * 50, chance.choice(world.prepared.slots)) for n in range(chance.randint(1, 6))]
    world.imported |= {hashlib.sha256(content).hexdigest() for content, _ in wanted}
    tally.repeated += 1
    for at_once, calm in ((chance.choice((1, 2)), False), (1, chance.random() < AGAIN)):
        children = [_begin(world, lambda wrap: world.bring(wrap, wanted, "lead"), tally, most=150, calm=calm) for _ in range(at_once)]
        for outcome in [_end(child, tally) for child in children]:
            if outcome.kind == "done":
                world.handed_in |= dict.fromkeys(outcome.result, name)


def _back(world: World, name: str, tally: Tally) -> None:
    """Something is withdrawn or an acceptance taken back, perhaps by two at once; or two records become one person."""
    chance = world.chance
    if not world.given():
        _evidence(world, f"{name}.e", tally)
    slot = chance.choice(world.given() or world.prepared.slots)
    actor = held_by(slot).owner
    act: Callable[[Wrap], object] = lambda wrap: world.take_back(wrap, slot, actor, f"{name}.b")  # noqa: E731
    repeats = chance.choice((1, 2))
    if chance.random() < 0.3:
        act, repeats = (lambda wrap: world.merge(wrap, f"小{actor}{name}", f"小{actor}", f"{name}.m")), 1
    tally.repeated += repeats == 2
    for child in [_begin(world, act, tally, most=80) for _ in range(repeats)]:
        _end(child, tally)
    if chance.random() < AGAIN:
        _end(_begin(world, act, tally, most=80, calm=True), tally)


def _edition(world: World, name: str, tally: Tally) -> None:
    """Another edition is put in force, or the one before again."""
    wanted = world.chance.choice(world.prepared.guides).edition
    outcome = _end(_begin(world, lambda wrap: world.activate(wrap, wanted), tally, most=6), tally)
    world.edition = {wanted} if outcome.kind == "done" else world.edition | {wanted}


def _begin(world: World, act: Callable[[Wrap], object], tally: Tally, most: int, calm: bool = False) -> Child:
    chance = world.chance
    faults = (
        Fault(),
        Fault("kill at step", steps=chance.randint(1, most)),
        Fault("kill at step", steps=chance.randint(1, most)),
        Fault("kill later", seconds=chance.choice((0.06, 0.3)) * chance.random()),
        Fault("full disk", room=chance.choice((0, 100, 4096, 100_000, 500_000))),
    )
    fault = Fault() if calm else chance.choice(faults)
    child = start(act, fault)
    if world.prepared.server is not None and fault.kind == "full disk":  # the server's disk is not ours to fill
        fault = Fault("cut from the database")
        time.sleep(chance.uniform(0.01, 0.1))
        world.cut()
    tally.faults[fault.kind or "none"] += 1
    return child


def _end(child: Child, tally: Tally) -> Outcome:
    outcome = child.end()
    tally.outcomes[outcome.kind] += 1
    if outcome.kind in ("crashed", "hung"):
        raise Broken(f"a process {outcome.kind}: {str(outcome.result)[-1500:]}")
    return outcome


def memory() -> Path | None:
    """A folder in memory where there is one: a thousand runs flush to disk a million times, and SIGKILL does not look."""
    found = Path("/dev/shm")  # noqa: S108
    return found if found.is_dir() else None


def table(tally: Tally, seed: int, started: float) -> str:
    """The campaign in a few lines."""
    rows = [
        ("runs", f"{tally.runs} (seeds {seed} to {seed + tally.runs - 1})"),
        ("processes", f"{sum(tally.outcomes.values())}: " + ", ".join(f"{k} {v}" for k, v in sorted(tally.outcomes.items()))),
        ("faults", ", ".join(f"{k} {v}" for k, v in sorted(tally.faults.items()))),
        ("clock jumps", str(tally.jumps)),
        ("two workers at once", str(tally.pairs)),
        ("acts repeated or out of order", str(tally.repeated)),
        ("messages arrived", str(tally.arrived)),
        ("letters in mailboxes", str(tally.mailed)),
        ("of several hand-ins", str(tally.gathered)),
        ("said in threads", str(tally.spoken)),
        ("submissions kept", str(tally.kept)),
        ("in the logs", ", ".join(f"{k} {v}" for k, v in sorted(tally.events.items()))),
        ("promises broken", str(len(tally.broken))),
        ("seconds", f"{time.monotonic() - started:.0f}"),
    ]
    return "\n".join([*(f"{name:<32}{value}" for name, value in rows), *(f"seed {s}: {what}" for s, what in tally.broken[:20])])
