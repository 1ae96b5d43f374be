"""Over generated editions: every accepted slot whose words live on stays accepted, whatever changed around them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assistant.register.acts.plans.fates import Fate, fates
from assistant.register.facts.slots import Entry, State
from assistant.register.rules.demands.plan import plan
from ingest.compare.lineage import parse_after
from ingest.compare.moves import moves
from ingest.read.file import read
from ingest.shipped import shipped_guide
from tests.ingest.editions import EDITS, Edition
from tests.register.company import RENEWAL

pytestmark = pytest.mark.thorough
AT = datetime(2026, 6, 1, tzinfo=UTC)
ACCEPTED = State("accepted", version=1, submitters=("wang",), submitted_at=AT, reviewed_by="li", reviewed_at=AT, accepted_version=1)
EDITIONS = st.tuples(st.integers(0, 10_000), st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=8, unique=True))


def line(slot: str) -> str:
    """The key that all periods and subjects of a line share."""
    return slot.partition("@")[0]


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
@given(EDITIONS)
def test_what_was_accepted_for_words_that_live_on_stays_accepted(tmp_path: Path, how: tuple[int, list[str]]) -> None:
    """Split, merged, moved, renumbered, retitled, in other vocabulary, under another period rule: nothing accepted is lost or asked again.

    Left out are clauses whose sentence was reworded (their owners confirm), periods that the new rule does not ask for any more, and
    proofs of which any one is enough.
    """
    seed, edits = how
    edition = Edition(shipped_guide(), seed)
    for name in edits:
        EDITS[name](edition)
    (tmp_path / "next.txt").write_text(edition.text(), encoding="utf-8")
    new = parse_after(read(tmp_path / "next.txt"), "next", shipped_guide())
    before = [Entry(s, ACCEPTED, owner="wang") for s in plan(shipped_guide(), RENEWAL, AT).slots]
    found = fates(before, plan(new, RENEWAL, AT).slots, moves(shipped_guide(), new).lines, lambda key: None, "next")
    kept = {key for f in found if f.what == "kept" and f.source for key in (f.source.slot.key, *f.also)}
    alive: dict[str, list[tuple[object, object]]] = {}
    for clause, section in ((c, s) for i in edition.items for c in i.clauses for s in c.sections):
        for origin in {o for one in section.lines for o in one.origins}:
            alive.setdefault(origin, []).append((clause, section))
    lost = [e.slot.id for e in before if _lives_on(e, alive) and e.slot.key not in kept and not _shorter(e, found, kept)]
    assert not lost


def _lives_on(entry: Entry, alive: dict[str, list[tuple[object, object]]]) -> bool:
    places = alive.get(entry.slot.requirement or "", [])
    if len(places) != 1:  # gone, or its parts stand in two sections now: its owner is asked
        return False
    ((clause, section),) = places
    if not entry.slot.applicable or clause.disturbed:  # type: ignore[attr-defined]
        return False
    if entry.slot.any_of:  # one of several proofs: which line the slot stands under changes with its siblings
        return False
    return section.kind in ("documents", "records")  # type: ignore[union-attr, attr-defined]


def _shorter(entry: Entry, found: tuple[Fate, ...], kept: set[str]) -> bool:
    """Whether the new rule leaves out this period, others of the line being kept."""
    gone = any(f.what == "archived" and f.slot.key == entry.slot.key for f in found)
    return gone and any(line(key) == line(entry.slot.key) for key in kept)
