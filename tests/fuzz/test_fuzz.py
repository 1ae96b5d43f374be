"""The hostile input campaign's short form, and that it finds what it looks for."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from assistant.guide import Guide
from tests.fuzz import kinds
from tests.fuzz.campaign import Tally, campaign, one
from tests.fuzz.kinds import KINDS, Broken, Doors


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, guide: Guide, ingested: Path) -> Doors:
    """What every input is tried on."""
    return Doors(tmp_path_factory.mktemp("fuzz"), guide, ingested)


def test_a_hundred_and_fifty_inputs(doors: Doors) -> None:
    """Files, tables, names, questions and replies made by chance: none crashes, hangs, grows memory, leaks, or changes what is cited."""
    tallies = campaign(doors, 150, 20261123)
    assert {name: t.found for name, t in tallies.items() if t.found} == {}
    assert all(t.inputs for t in tallies.values())
    assert sum(t.outcomes["passed"] for t in tallies.values()) > 50


def test_what_is_wrong_is_found(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash, a broken promise, a hang that swallows every exception, and memory that grows: each is written down with its seed."""

    def crash(doors: Doors, chance: random.Random) -> None:
        raise KeyError("x")

    def breaks(doors: Doors, chance: random.Random) -> None:
        raise Broken("x")

    def hangs(doors: Doors, chance: random.Random) -> None:
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: S112 - this is what is looked for
                continue

    def grows(doors: Doors, chance: random.Random) -> None:
        bytearray(600_000_000)[::4096] = b"x" * len(range(0, 600_000_000, 4096))

    for act, word in ((crash, "KeyError"), (breaks, "Broken"), (hangs, "longer"), (grows, "MB more")):
        tally = Tally()
        monkeypatch.setattr("tests.fuzz.campaign.LONGEST", 1.0 if act is hangs else 60.0)  # to take memory takes a loaded machine a while
        monkeypatch.setitem(KINDS, "guide file", (act, 1))
        one("guide file", doors, "seed", tally)
        assert [seed for seed, _ in tally.found] == ["seed"]
        assert word in tally.found[0][1]


def test_a_secret_or_a_bent_quote_is_found(doors: Doors) -> None:
    """An answer that shows a token, a line of a prompt, or words that the guide does not hold."""
    good = doors.assistant.ask("24(3)")
    kinds.stands(doors, good)
    bent = good.citations[0].model_copy(update={"quote": "一次"})
    for update in ({"answer": kinds.CANARY}, {"answer": kinds.Scripted.secret_lines()[0]}, {"citations": (bent,)}):
        with pytest.raises(Broken):
            kinds.stands(doors, good.model_copy(update=update))
