"""The shipped sets: right on the shipped guide, complete, and strangers to the question banks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.adapters.editions import Editions
from assistant.errors import CaseError
from assistant.guide import Guide, folded
from evals.cases.case import Case
from evals.cases.files import write
from evals.cases.labels import Labels, labelled
from evals.cases.named_sets import SHIPPED_SETS, find, guides_of, home_sets, load, standing
from ingest.learn.banks import bank
from tests.evals.stub import case


@pytest.fixture(scope="module")
def shipped(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """All shipped cases, checked."""
    home = tmp_path_factory.mktemp("home")
    return [c for s in load(find((), home), lambda edition: guide if edition == guide.edition else None) for c in s.cases]


def test_no_question_of_any_set_is_in_a_question_bank(shipped: list[Case]) -> None:
    """After folding case, width, white space and punctuation no case repeats what the ranker was fitted on."""
    banked = {folded(e.question) for e in bank.load()}
    assert banked
    assert [c.id for c in shipped for e in c.asked if not e.context and len(c.asked) == 1 and folded(e.question) in banked] == []


def test_no_question_is_asked_twice(shipped: list[Case]) -> None:
    """Every single question is a case of its own."""
    counts = Counter(folded(c.asked[0].question) for c in shipped if not c.turns)
    assert [q for q, n in counts.items() if n > 1] == []


def test_the_sets_cover_every_clause_and_every_kind_of_question(shipped: list[Case], guide: Guide) -> None:
    """At least 250 cases over all 64 clauses, 20 conversations, and every type that the product promises."""
    types = Counter(c.type for c in shipped)
    assert len(shipped) >= 250
    assert {c for case in shipped for e in case.asked for c in e.clauses} == set(guide.clauses)
    assert types["dialogue"] >= 20
    wanted = {"by_number", "topic", "paraphrase", "kind", "threshold", "applicability", "cross", "english", "typo", "traditional"}
    assert wanted | {"unanswerable", "injection"} <= set(types)
    assert all(e.forbidden for c in shipped if c.type == "injection" for e in c.asked)


def test_every_label_carries_its_lineage_key(shipped: list[Case], guide: Guide) -> None:
    """Files say which words they mean, not only which number."""
    labels = Labels(guide)
    assert all(c.keys == {i: labels.keys[i] for i in c.ids} for c in shipped)


def test_labels_are_complete(shipped: list[Case], guide: Guide) -> None:
    """Labelling a shipped case again changes nothing, and in its own edition everything stands."""
    labels = Labels(guide)
    assert all(labelled(c, labels) == c for c in shipped)
    stand = standing(load(sorted(SHIPPED_SETS.glob("*.jsonl")), lambda edition: guide), guide, lambda edition: guide)
    assert {r.state for r in stand.cases} == {"unchanged"}
    assert [r.case for r in stand.cases] == [c for s in stand.sets for c in s.cases]


def test_sets_are_found_by_name_by_file_and_in_the_home(tmp_path: Path) -> None:
    """No name means all; a lead's own sets count; an unknown name says what there is."""
    own = home_sets(tmp_path) / "mine.jsonl"
    write(own, [case(1)])
    assert own in find((), tmp_path)
    assert find(["mine", "mine"], tmp_path) == [own]
    assert find([str(own)], tmp_path) == [own]
    assert find(["by_number"], tmp_path) == [SHIPPED_SETS / "by_number.jsonl"]
    with pytest.raises(CaseError, match="mine"):
        find(["nothing"], tmp_path)


def test_the_shipped_edition_is_always_at_hand(tmp_path: Path, guide: Guide) -> None:
    """Cases of the shipped edition can be checked in an empty home; other editions are not."""
    guides = guides_of(Editions(tmp_path))
    found = guides(guide.edition)
    assert found is not None
    assert list(found.clauses) == list(guide.clauses)
    assert guides("1999") is None


def test_a_leads_own_case_takes_the_place_of_the_shipped_one(tmp_path: Path, guide: Guide) -> None:
    """Labels confirmed for another edition need no change to what is shipped; twice in the home is a mistake."""
    own = home_sets(tmp_path) / "confirmed.jsonl"
    write(own, [case(1, id="num-001", question="换过的问题")])
    cases = [c for s in load(find((), tmp_path), lambda edition: guide) for c in s.cases if c.id == "num-001"]
    assert [c.question for c in cases] == ["换过的问题"]
    write(home_sets(tmp_path) / "twice.jsonl", [case(1, id="num-001")])
    with pytest.raises(CaseError):
        load(find((), tmp_path), lambda edition: guide)


def test_a_case_confirmed_for_another_edition_costs_its_own_none(tmp_path: Path, guide: Guide) -> None:
    """Asked of the edition that a shipped case was written for, that one stands, whatever a lead confirmed of it for the next edition."""
    twin = next(c for s in load(find(["by_number"], tmp_path), guides_of(Editions(tmp_path))) for c in s.cases if c.clauses)
    home_sets(tmp_path).mkdir(parents=True)
    path = home_sets(tmp_path) / "confirmed.jsonl"
    write(path, [twin.model_copy(update={"edition": "next"})])
    paths, guides = [*find(["by_number"], tmp_path), path], guides_of(Editions(tmp_path))
    found = {edition: {c.id: c.edition for s in load(paths, guides, edition) for c in s.cases}[twin.id] for edition in ("", "2018-177")}
    assert found == {"": "next", "2018-177": "2018-177"}
