"""A clause that nobody asked about changes nothing for the others, and is found by its own lines."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from assistant.answers.passages import passages, titles
from assistant.answers.search.features import held_back, probabilities
from assistant.answers.search.ranker import Ranker
from assistant.guide import Guide
from ingest.learn.banks.bank import BankEntry
from ingest.learn.ranking.fit import fit
from ingest.learn.ranking.unasked import unasked
from ingest.shipped import DEFAULTS

ASKED = [
    BankEntry(question="门卫登记访客要留什么", clause="24(3)", kind="records"),
    BankEntry(question="访客车辆登记记录", clause="24(3)", kind="records"),
    BankEntry(question="密码多久换一次", clause="11(1)", kind="situation"),
    BankEntry(question="信息系统密码规则", clause="11(1)", kind="situation"),
    BankEntry(question="今天食堂吃什么"),
]
PIECE = BankEntry(question="集装箱七点检查法", clause="28", kind="records", origin="guide")
QUESTIONS = ("访客要登记吗", "密码规则是什么", "食堂几点开门", "集装箱七点检查")


@pytest.fixture(scope="module")
def rankers(guide: Guide) -> tuple[Ranker, Ranker]:
    """Fitted without and with a clause (28) of which only the guide's own words speak."""
    groups, defaults = passages(guide), json.loads(DEFAULTS.read_text(encoding="utf-8"))

    def fitted(entries: list[BankEntry], *clauses: str, vectors: Any = None) -> Ranker:
        chosen = {c: groups[c] for c in clauses}
        lines = None if vectors is None else {p.id: vectors(p.wording) for g in chosen.values() for p in g}
        asked = None if vectors is None else np.stack([vectors(e.question) for e in entries])
        return fit(entries, chosen, titles(guide), asked, lines, defaults)

    return (
        fitted(ASKED, "11(1)", "24(3)", vectors=_vector),
        fitted([*ASKED[:2], PIECE, *ASKED[2:]], "11(1)", "24(3)", "28", vectors=_vector),
    )


def _vector(text: str) -> Any:
    """A text's letters counted into eight places, of unit length."""
    found = np.zeros(8, dtype=np.float32)
    for letter in text:
        found[ord(letter) % 8] += 1
    return found / np.linalg.norm(found)


def test_the_scores_of_the_others_stand(rankers: tuple[Ranker, Ranker]) -> None:
    """To the last digit: what is learned of the other clauses, and of what the guide does not say, is the same."""
    before, after = rankers
    assert after.labels == ("11(1)", "24(3)", "28")
    assert (before.bare, after.bare) == ((), ("28",))
    for question in QUESTIONS[:3]:
        for dense in (True, False):
            vector = _vector(question) if dense else None
            was = before.scores(before.kernel(question, vector), dense)
            now = after.scores(after.kernel(question, vector), dense)
            assert now[[0, 1, 3]] == pytest.approx(was, abs=1e-5)
            assert now[2] == 0
            assert after.kind_scores(after.kernel(question, vector)) == pytest.approx(
                before.kind_scores(before.kernel(question, vector)), abs=1e-5
            )


def test_its_own_lines_find_it(rankers: tuple[Ranker, Ranker]) -> None:
    """The pieces of its lines vote for these, and the largest kernel of its lines is its own."""
    after = rankers[1]
    kernel = after.kernel(QUESTIONS[3], None)
    assert int(after.line_kernel(kernel).argmax()) == 2
    rows, weight = after.neighbours(kernel, 2)
    assert [after.row_passages[r] for r in rows] == [list(PIECE.passages)]
    assert weight.sum() == pytest.approx(1)


def test_behind_another_clause_it_needs_more(rankers: tuple[Ranker, Ranker]) -> None:
    """With the same hits, being ahead of every other clause's lines counts, being behind costs."""
    after = rankers[1]
    features, refusal = np.zeros((3, 4), dtype=np.float32), np.zeros(len(after.weights["refusal"]), dtype=np.float32)
    bare = after.bare_columns
    ahead = probabilities(features, refusal, after.weights, bare, np.array([0.2, 0.1, 0.3], dtype=np.float32))
    behind = probabilities(features, refusal, after.weights, bare, np.array([0.4, 0.1, 0.3], dtype=np.float32))
    assert ahead[2] > 2 * behind[2]


def test_only_what_is_asked_of_it_is_answered_from_it() -> None:
    """Less likely than the other clauses together it takes nothing from them, to the digit; likelier, it stands beside them."""
    bare = np.array([1, 2])
    weak = held_back(np.array([0.4, 0.1, 0.25, 0.25], dtype=np.float32), bare)
    assert weak == pytest.approx([0.4 / 0.65, 0, 0, 0.25 / 0.65])
    strong = np.array([0.1, 0.1, 0.25, 0.55], dtype=np.float32)
    assert (held_back(strong, bare) == strong).all()
    assert (held_back(strong, np.zeros(0, dtype=np.int64)) == strong).all()


def test_what_a_model_wrote_counts_as_asked(guide: Guide) -> None:
    """Drafts of a chat model teach; the guide's own words alone do not."""
    groups = passages(guide)
    some = {c: groups[c] for c in ("11(1)", "24(3)", "28")}
    assert unasked([*ASKED, PIECE], some) == ("28",)
    assert unasked([*ASKED, PIECE.model_copy(update={"origin": "generated"})], some) == ()
