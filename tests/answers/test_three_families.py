"""Three guides in force, asked together: what each finds alone is found beside the others, and an answer takes little more time."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path

import pytest

from assistant.adapters.editions import Editions
from assistant.app import Assistant
from assistant.families import short
from assistant.settings import Settings
from evals.runs.source import CASE_VECTORS
from ingest.pipeline import ingest
from tests.conftest import NOW, copied
from tests.ingest.food import food_guide, questions
from tests.ingest.small import small_guide
from tests.ingest.test_families import BROKER

FAMILY = "食品生产企业卫生"
"""Of the guide of another field; its forty clauses have no bank."""


@pytest.fixture(scope="module")
def three(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The general guide, a small one of a single standard, and one of another field."""
    folder = tmp_path_factory.mktemp("three")
    settings = Settings(home=copied(ingested, folder / "home"))
    broker = folder / "broker.txt"
    broker.write_text(small_guide(folder).read_text(encoding="utf-8").replace("测试指南", BROKER), encoding="utf-8")
    store = Editions(settings.home)
    for path, label, family in ((broker, "broker", None), (food_guide(folder), "food", FAMILY)):
        ingest(path, settings, NOW, label, family=family)
        store.activate(store.manifest(label), NOW)
    return Assistant(settings)


def asked(count: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(clause, question): of the general guide, and of the one of another field."""
    cases = map(json.loads, CASE_VECTORS.with_name("heldout.jsonl").read_text(encoding="utf-8").splitlines())
    general = [(c["clauses"][0], c["question"]) for c in cases if c["type"] == "paraphrase"]
    food = [(clause, question) for clause, question in questions() if clause]
    return general[:: len(general) // count], food[:: len(food) // count]


@pytest.mark.thorough
def test_what_a_guide_finds_alone_it_finds_beside_others(three: Assistant) -> None:
    """The clause that answers is cited for 97 of a hundred questions for which it is cited alone, of either guide."""
    general, food = asked(30)
    for pairs, edition, prefix in ((general, three.edition().manifest.edition, ""), (food, "food", f"{short(FAMILY)}:")):
        alone = sum(clause in three.ask(question, edition=edition).clauses for clause, question in pairs)
        beside = sum(f"{prefix}{clause}" in three.ask(question).clauses for clause, question in pairs)
        assert beside >= 0.97 * alone, (edition, beside, alone)


@pytest.mark.slow
def test_an_answer_of_three_takes_little_more_than_one(three: Assistant) -> None:
    """Half as much again of a core, by the median of questions about each guide, with nothing known of the question before."""
    general, food = asked(25)
    for pairs, edition in ((general, three.edition().manifest.edition), (food, "food")):
        took: dict[str | None, list[float]] = {edition: [], None: []}
        for _, question in pairs:
            for which, times in took.items():
                _forget(three)
                began = time.thread_time()
                three.ask(question, edition=which)
                times.append(time.thread_time() - began)
        assert statistics.median(took[None]) <= 1.5 * statistics.median(took[edition]), edition


def _forget(assistant: Assistant) -> None:
    """What was embedded, found and read of questions before."""
    for edition in assistant._families():
        edition.searcher._vectors.clear()
        edition.searcher._latest.clear()
    assistant._last_read = None
