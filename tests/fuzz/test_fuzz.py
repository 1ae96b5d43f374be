"""The hostile input campaign's short form, and that it finds what it looks for."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from assistant.answers.blocks import Note
from assistant.guide import Guide
from tests.fuzz import __main__ as long
from tests.fuzz import kinds
from tests.fuzz.campaign import Tally, campaign, one, peak, plan, resident
from tests.fuzz.kinds import KINDS, Broken, Doors
from tests.fuzz.slack import from_schema
from tests.slack.schemas.published import errors

pytestmark = pytest.mark.thorough


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
        more = int((peak() - resident() + 600) * 1e6)  # what the process once held, and as much again as is too much
        bytearray(more)[::4096] = b"x" * len(range(0, more, 4096))

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
    for update in (
        {"blocks": (Note(text=kinds.CANARY),)},
        {"blocks": (Note(text=kinds.Scripted.secret_lines()[0]),)},
        {"citations": (bent,)},
    ):
        with pytest.raises(Broken):
            kinds.stands(doors, good.model_copy(update=update))


def test_payloads_are_what_slack_publishes() -> None:
    """Nearly all that are made from Slack's published types are as these allow, and every type of event comes up."""
    names = ("SlackEvent", "Interaction", "Command", "Envelope")
    made = [(name, from_schema(name, random.Random(f"{name}{n}"))) for name in names for n in range(150)]
    assert sum(not errors("incoming", name, payload) for name, payload in made) > 0.95 * len(made)
    assert len({payload["type"] for name, payload in made if name == "SlackEvent"}) > 40
    assert from_schema("SlackEvent", random.Random(1), "app_mention")["type"] == "app_mention"


def test_some_kinds_only() -> None:
    """``--kind`` leaves out all others; without it, all have their share."""
    assert {name for name, _ in plan(500, ["file name", "question"])} == {"file name", "question"}
    assert {name for name, _ in plan(500)} == set(KINDS)


@pytest.mark.parametrize(("growth", "found", "status"), [(0.0, [], 0), (401.0, [], 1), (0.0, [("seed", "x")], 1)])
def test_the_long_form_fails_over_memory_that_grows(growth: float, found: list[tuple[str, str]], status: int) -> None:
    """What was found, or 400 MB more at the end than after the first tenth: status 1."""
    assert long.status([growth], found) == status
