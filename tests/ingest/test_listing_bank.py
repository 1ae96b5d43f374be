"""The bank of listings: well formed, no copy of an eval case, and what is learned from it holds for words that it does not have."""

from __future__ import annotations

from assistant.answers.question.learned.listing_model import shipped_listings
from assistant.answers.question.words import fold
from evals.cases.named_sets import SHIPPED_SETS
from evals.cases.nearness import Bank
from ingest.learn.banks.listing_bank import listings
from tests.evals.near_copies import COPY_LETTERS


def test_spans_stand_where_they_are_said_to() -> None:
    """Every span is the words at its place."""
    for entry in listings():
        for span in entry.spans:
            assert entry.message[span.start : span.start + len(span.text)] == span.text


def test_no_message_repeats_a_case() -> None:
    """What is learned is measured on other messages."""
    bank = Bank([e.message for e in listings()])
    for path in sorted(SHIPPED_SETS.glob("listing*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            question = line.split('"question": "')[1].split('"')[0]
            assert bank.nearest(question) < COPY_LETTERS


def test_how_people_ask_is_learned_and_not_for_what() -> None:
    """The same sentence about what nobody asked for is a listing still."""
    model = shipped_listings()
    for thing in ("茶叶", "飞行器", "消毒水"):
        for frame in ("哪些条款提到{}", "提到{}的条款有哪些", "{}在哪几条出现", "列出所有跟{}有关的条款"):
            text = fold(frame.format(thing))
            assert model.asks.probabilities(text, None)["other"] < 0.5
