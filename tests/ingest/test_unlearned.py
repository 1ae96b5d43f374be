"""A guide that no bank knows: its clauses are found by their own words, and what it does not say is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.models.embeddings import BundledE5
from assistant.adapters.models.known_vectors import VectorCache
from assistant.answers.passages import distinct, passages
from assistant.answers.search.ranker import Ranker
from assistant.answers.search.searcher import Searcher
from assistant.guide import Guide
from ingest.learn.banks import bank
from ingest.learn.banks.bank import BankEntry
from ingest.learn.ranking.unlearned import GuideWords, apart, is_new, ranker_of
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import DEFAULTS, UNLEARNED, VECTORS, shipped_guide
from tests.ingest.food import food_guide, questions
from tests.ingest.small import small_guide


def weights() -> dict[str, object]:
    """What ships for guides that the banks do not know."""
    found: dict[str, object] = json.loads(UNLEARNED.read_text(encoding="utf-8"))
    return found | {"line": json.loads(DEFAULTS.read_text(encoding="utf-8"))["weights"]["line"]}


def test_without_a_model_its_words_find_it(tmp_path: Path) -> None:
    """Letters alone find a clause and keep what they found when saved; what nobody answers is doubted more."""
    guide = parse(read(small_guide(tmp_path)), "small")
    asked = [
        BankEntry(question="门卫几点换班", clause="24(3)", kind="records"),
        *(BankEntry(question=f"食堂今天吃什么{n}") for n in range(5)),
    ]
    own = [BankEntry(question="来访的人要留什么", clause="2(2)", kind="records", passages=("2(2)/records/1",))]
    assert is_new(asked, guide)
    taught, about = apart(asked, own)
    ranker_of(taught, None, about, None, GuideWords(passages(guide), None, None, None), weights()).save(tmp_path)
    searcher = Searcher(guide, Ranker.load(tmp_path), None, None)
    found, silent = searcher.find("访客登记记录要写身份证件吗"), searcher.find("食堂今天吃什么1")
    assert found.clauses[0][0] == "2(2)"
    assert found.refuse < silent.refuse
    assert searcher.find("来访的人要留什么").clauses[0][0] == "2(2)"
    assert {line.passage.id for line in searcher.lines(found, "2(2)") if line.probability > 0.05} >= {"2(2)"}


def test_a_guide_that_most_questions_follow_is_not_new(guide: Guide) -> None:
    """From half of the clauses on, the banks rank them."""
    clauses = list(guide.clauses)
    entries = [BankEntry(question=c, clause=c) for c in clauses]
    assert not is_new(entries[: len(clauses) // 2], guide)
    assert is_new(entries[: len(clauses) // 2 - 1], guide)
    assert is_new([e.model_copy(update={"origin": "guide"}) for e in entries], guide)


@pytest.mark.thorough
def test_a_guide_of_another_field(tmp_path: Path) -> None:
    """Forty clauses, two hundred questions that no bank has: nine in ten among the first five, four in five refused, few refused wrongly."""
    guide = parse(read(food_guide(tmp_path)), "food")
    assert len(guide.clauses) == 40
    model, cache = BundledE5(), VectorCache(tmp_path / "vectors.sqlite3", VECTORS)
    lines = {p.id: v for p, v in zip(distinct(guide), model.passages([p.text for p in distinct(guide)]), strict=True)}
    home = cache.embed(model.fingerprint, "passage", [p.text for p in distinct(shipped_guide())], model.passages)
    titled = dict(zip(guide.clauses, model.passages([p.item.title for p in map(guide.places.__getitem__, guide.clauses)]), strict=True))
    taught, _ = apart(bank.load(), ())
    asked = cache.embed(model.fingerprint, "query", [e.question for e in taught], model.queries)
    words = GuideWords(passages(guide), lines, titled, home.mean(axis=0))
    ranker = ranker_of(taught, asked, (), np.zeros((0, asked.shape[1]), dtype=np.float32), words, weights())
    searcher = Searcher(guide, ranker, None, model)
    found = [(clause, searcher.find(question)) for clause, question in questions()]
    here = [(clause, f) for clause, f in found if clause]
    first_five = sum(clause in [c for c, _ in f.clauses[:5]] for clause, f in here) / len(here)
    refused = [f.refuse > ranker.refuse_above for clause, f in found if not clause]
    wrongly = [f.refuse > ranker.refuse_above for _, f in here]
    assert first_five >= 0.9
    assert sum(refused) >= 0.8 * len(refused)
    assert sum(wrongly) <= 0.12 * len(wrongly)
