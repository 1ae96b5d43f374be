"""Over generated editions: every id of both stands in the comparison exactly once, and what lives on word for word is known again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.guide import Guide
from ingest.compare.diff import diff
from ingest.compare.matching.units import units_of
from ingest.shipped import shipped_guide
from tests.ingest.editions import EDITS, Edition

pytestmark = pytest.mark.thorough
EDITIONS = st.tuples(st.integers(0, 10_000), st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=8, unique=True))


QUICKLY = settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))


def made(seed: int, edits: list[str], folder: Path) -> tuple[Edition, Guide]:
    """An edition after some edits, as it was meant and as it is parsed."""
    edition = Edition(shipped_guide(), seed)
    for name in edits:
        EDITS[name](edition)
    return edition, edition.guide(folder)


@QUICKLY
@given(EDITIONS)
def test_every_id_stands_in_the_comparison_once(tmp_path: Path, how: tuple[int, list[str]]) -> None:
    """No clause and no line of either edition is forgotten or told twice, whatever was edited."""
    _, new = made(*how, tmp_path)
    found = diff(shipped_guide(), new)
    for side, edition in (("olds", shipped_guide()), ("news", new)):
        clauses = Counter(i for c in found.clauses for i in getattr(c, side))
        lines = Counter(i for c in found.clauses for line in c.lines for i in getattr(line, side))
        assert clauses == Counter(list(edition.clauses))
        assert lines == Counter(u.id for units in units_of(edition).values() for u in units)
        assert set(edition.requirements) <= set(lines)


@QUICKLY
@given(EDITIONS)
def test_words_that_live_on_are_known_again(tmp_path: Path, how: tuple[int, list[str]]) -> None:
    """A line whose words stand whole somewhere in the new edition is never withdrawn."""
    edition, new = made(*how, tmp_path)
    alive = {o for i in edition.items for c in i.clauses for s in c.sections for line in s.lines for o in line.origins}
    gone = {i for c in diff(shipped_guide(), new).clauses for line in c.lines if line.change == "withdrawn" for i in line.olds}
    assert not gone & alive
