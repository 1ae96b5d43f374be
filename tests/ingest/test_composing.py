"""Messages put together from the banks, and what is learned from them."""

from __future__ import annotations

from typing import cast

import numpy as np

from assistant.answers.search.searcher import Searcher
from assistant.guide import Guide
from ingest.learn.banks import bank, messages
from ingest.learn.banks.composing import framed, several, told
from ingest.learn.methods.logistic import logistic
from ingest.learn.ranking.held_out import HeldOut, is_held_out
from ingest.learn.reading.follow_up import followings, shown


def test_a_framed_message_names_its_things_and_joins_them_where_one_ends() -> None:
    """Before each joint stands the name of a thing."""
    topics = {t.topic for t in messages.topics()}
    for made in framed(60, 1):
        assert len(made.joints) == len(made.clauses) - 1
        assert all(any(made.message[:j].rstrip(" ,").endswith(t) for t in topics) for j in made.joints)


def test_every_clause_has_a_name(guide: Guide) -> None:
    """And no name is of a clause that is not there."""
    assert {t.clause for t in messages.topics()} == set(guide.clauses)


def test_chance_is_seeded() -> None:
    """The same banks give the same messages; the seed decides."""
    entries = bank.load()
    assert several(entries, 5, 1) == several(entries, 5, 1) != several(entries, 5, 2)
    assert told(entries, 5, 1) == told(entries, 5, 1)


def test_a_quarter_of_the_banks_is_held_out() -> None:
    """By the words alone."""
    entries = bank.load()
    assert 0.22 < np.mean([is_held_out(e) for e in entries]) < 0.28


def test_logistic_finds_the_odds() -> None:
    """With a column that is 1 for all, and one that tells."""
    features = np.array([[1, 0], [1, 0], [1, 0], [1, 0], [1, 5], [1, 5], [1, 5], [1, 5]], dtype=np.float32)
    w = logistic(features, np.array([0, 0, 0, 1, 1, 1, 1, 0.0]), np.ones(8))
    assert np.allclose(1 / (1 + np.exp(-features @ w)), [0.25] * 4 + [0.75] * 4, atol=0.02)


def test_what_follows_a_question_by_chance_is_labelled(guide: Guide) -> None:
    """After a question of the bank: one of its clause, any other, one without an answer; the bank of dialogues first."""
    held = HeldOut(cast(Searcher, None), tuple(e for e in bank.load() if is_held_out(e)))
    rows = list(followings(held))
    made = rows[-3:]
    assert len({f.before for f in made}) == 1
    assert made[0].clauses[0] == made[0].shown[0]
    assert made[2].clauses == ()
    assert shown(made[0], guide).answer.clauses == made[0].shown
