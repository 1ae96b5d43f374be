"""Plain questions: each side of the banks has them, in the same sentences, and no sentence names a matter."""

from __future__ import annotations

from collections import Counter

from ingest.learn.banks import bank, messages
from ingest.learn.banks.plain import banks, plain
from ingest.shipped import shipped_guide


def test_both_sides_ask_in_the_same_sentences() -> None:
    """Every item by its title in both languages, matters beyond the guide too; neither side is the rare one."""
    guide = shipped_guide()
    found = plain(guide)
    sides = Counter(bool(e.clause) for e in found)
    assert 0.2 < sides[False] / sides.total() < 0.8
    asked = {(e.lang, guide.places[e.clause].item.number) for e in found if e.clause}
    assert asked == {(lang, number) for lang in ("zh", "en") for number in guide.items}
    for frame in messages.plain_frames():
        before, after = frame.frame.split("{a}")
        said = {bool(e.clause) for e in found if e.question.startswith(before) and e.question.endswith(after)}
        assert said == {True, False}, frame.frame


def test_clauses_carry_their_lineage() -> None:
    """So that a plain question follows its clause into another edition as a written one does."""
    keys = {c.id: c.key for c in shipped_guide().clauses.values()}
    assert all(e.key == keys[e.clause] for e in plain(shipped_guide()) if e.clause)


def test_they_stand_beside_the_written_banks() -> None:
    """After them, none of them twice."""
    written = bank.load()
    together = banks()
    assert together[: len(written)] == written
    assert len({e.question for e in together[len(written) :]}) == len(together) - len(written)
