"""The fault campaign's short form, and that it finds what it looks for."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.files import FileStore
from assistant.guide import Guide
from tests.faults.campaign import campaign, memory
from tests.faults.doomed import Fault, Wrap, start
from tests.faults.letters import gathered, untold
from tests.faults.post import Arrival, Post, post_office
from tests.faults.world import MAILED, PDF, START, Broken, Prepared, World, held_by, prepare, service_over

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, guide: Guide) -> Prepared:
    """What every run starts from."""
    return prepare(tmp_path_factory.mktemp("faults"), guide)


@pytest.fixture
def post() -> Iterator[Post]:
    """The loopback server."""
    with post_office() as office:
        yield office


@pytest.fixture
def world(prepared: Prepared, post: Post, tmp_path: Path) -> World:
    """An enterprise after a round of asking and one submission, without a fault."""
    home, address = prepared.home(tmp_path / "run")
    found = World(prepared, home, address, post, random.Random(1))
    found.wall = found.latest = START + timedelta(days=40)
    found.nudge(lambda port: port, "w", 0.0)
    sha256 = found.submit(lambda port: port, prepared.slots[0], "wang", PDF + b"1", "e1")
    found.handed_in[sha256] = "e1"
    return found


def test_ten_runs(prepared: Prepared, post: Post) -> None:
    """SIGKILL, full disk, refused and broken connections, clock jumps, two workers, words in threads, letters: every promise holds after each run."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        tally = campaign(prepared, Path(folder), post, runs=10, seed=20261123)
    assert tally.broken == []
    assert tally.outcomes["killed"] > 5
    assert tally.arrived > 20


def test_six_runs_on_postgres(guide: Guide, postgres: str, post: Post) -> None:
    """The same on a PostgreSQL server, which drops all connections in the place of a full disk."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        prepared = prepare(Path(folder) / "prepared", guide, postgres)
        tally = campaign(prepared, Path(folder), post, runs=6, seed=20261127)
    assert tally.broken == []
    assert tally.outcomes["killed"] > 5
    assert tally.faults["cut from the database"] > 3
    assert tally.arrived > 12


def test_three_runs_with_two_families(guide: Guide, post: Post) -> None:
    """The same where lines of two families are owed by the same people: one message a day to each, nothing lost, nothing twice."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        prepared = prepare(Path(folder) / "prepared", guide, families=True)
        assert len({slot.partition(":")[0] for slot in prepared.slots if ":" in slot}) == 1
        tally = campaign(prepared, Path(folder), post, runs=3, seed=20261130)
    assert tally.broken == []
    assert tally.arrived > 6


def test_nothing_is_found_where_nothing_is_wrong(world: World) -> None:
    """After a calm day all promises hold."""
    world.settle()
    world.check()


def test_what_is_wrong_is_found(world: World) -> None:
    """A message that arrives twice, evidence that is lost, a stray file, a damaged pointer: each breaks its promise."""
    world.settle()
    again = world.post.arrived[0]
    world.post.arrived.append(Arrival(*again))
    with pytest.raises(Broken, match="twice"):
        world.check()
    world.post.arrived.pop()
    world.post.said += [Arrival("w", "rui", "review:post:w")] * 2
    with pytest.raises(Broken, match="said twice"):
        world.check()
    world.post.said.clear()
    world.spoken.add("post:x")
    with pytest.raises(Broken, match="never answered"):
        world.check()
    world.spoken.clear()
    world.handed_in["0" * 64] = "e2"
    with pytest.raises(Broken, match="gone"):
        world.check()
    del world.handed_in["0" * 64]
    stray = world.home / "files" / "content" / "ab" / ("ab" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    with pytest.raises(Broken, match="nobody handed in"):
        world.check()
    stray.unlink()
    world.edition = {"another"}
    with pytest.raises(Broken, match="not asked for"):
        world.check()


def test_a_hand_in_that_no_letter_tells_is_found(world: World) -> None:
    """Two hand-ins for the reviewer whom only mail reaches are one letter; without it, or with another one, each is named."""
    for number, slot in enumerate([s for s in world.prepared.slots if held_by(s).reviewer == "mei"][:2]):
        world.submit(lambda port: port, slot, held_by(slot).owner, PDF + b"m%d" % number, f"m{number}")
    world.settle()
    world.check()
    service = service_over(world.address, world.home)
    cards = service.messages(recipient="mei", kind="review")
    letters = {m.id for m in cards if m.state == "sent"}
    assert gathered(service, letters) == len(letters) == 1
    assert untold(service, letters, MAILED, world.wall) == []
    assert len(untold(service, set(), MAILED, world.wall)) == 2
    assert len(untold(service, {m.id for m in cards}, MAILED, world.wall)) == 2
    service.register.close()  # type: ignore[attr-defined]


def test_a_full_disk_is_a_sentence(world: World) -> None:
    """Where nothing more can be written, handing in and activating are refused in one sentence, and nothing is half done."""
    slot, other = world.prepared.slots[1], world.prepared.guides[1].edition
    acts: list[Callable[[Wrap], object]] = [
        lambda wrap: world.submit(wrap, slot, "wang", PDF + b"2", "e2"),
        lambda wrap: world.activate(wrap, other),
    ]
    for act in acts:
        outcome = start(act, Fault("full disk", room=0)).end()
        assert outcome.kind == "refused"
        assert "File too large" in outcome.result or "EFBIG" in outcome.result
    world.settle()
    world.check()


def test_bytes_that_cannot_be_moved_yet_are_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the move to the file's place fails after the submission was stored, it stands, and the file follows later."""
    with monkeypatch.context() as patched:
        patched.setattr(FileStore, "publish", lambda self, sha256: _full())
        sha256 = world.submit(lambda port: port, world.prepared.slots[1], "wang", PDF + b"3", "e3")
    world.handed_in[sha256] = "e3"
    world.settle()
    world.check()


def _full() -> None:
    raise OSError(28, "No space left on device")
