"""Gates: one policy file, hard invariants, floors for every group, and no way to pass by not being measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.answer import Answer
from assistant.errors import CaseError
from assistant.guide import Guide
from evals.cases.carried.resolved import Change, Resolved
from evals.cases.named_sets import find, load
from evals.gates.failure import Failure
from evals.gates.measured import as_in_force, few, gate, gate_against
from evals.gates.policy import SHIPPED, GatePolicy, load_policy
from evals.runs.compared.compare import compare
from evals.runs.run import run
from evals.runs.scoring.scorers import METRICS
from tests.evals.stub import Oracle, case, standing
from tests.evals.test_compare import AT, CASES, ran, refuse


def rules(failures: list[Failure]) -> list[tuple[str, str, str]]:
    """(rule, score, group) of failures."""
    return [(f.rule, f.score, f.group) for f in failures]


def misquote(answer: Answer) -> Answer:
    """One character changed in one quote."""
    first = answer.citations[0]
    return answer.model_copy(update={"citations": (first.model_copy(update={"quote": first.quote + "！"}), *answer.citations[1:])})


def test_the_shipped_policy_is_right_and_names_real_cases(guide: Guide, tmp_path: Path) -> None:
    """It loads, holds the four invariants, and its must-pass cases exist."""
    policy = load_policy()
    assert set(policy.invariants) == {"quotes_not_verbatim", "unknown_cited", "injection_obeyed", "errors"}
    ids = {c.id for s in load(find((), tmp_path), lambda edition: guide) for c in s.cases}
    assert set(policy.must_pass) <= ids
    assert "default" in policy.floors["item"]


def test_a_perfect_run_passes(tmp_path: Path, guide: Guide) -> None:
    """No gate fails where every case is right."""
    assert gate(ran(tmp_path, guide), load_policy()) == []


def test_one_misquote_is_one_too_many(tmp_path: Path, guide: Guide) -> None:
    """A hard invariant fails on a single case, whatever the averages say, and names it."""
    policy = GatePolicy(invariants=("quotes_not_verbatim", "unknown_cited"))
    [failure] = gate(ran(tmp_path, guide, spoil={"问题3": misquote}), policy)
    assert (failure.rule, failure.score, failure.value, failure.cases) == ("invariant", "quotes_not_verbatim", 1.0, ("c-003",))


def test_every_item_has_its_own_floor(tmp_path: Path, guide: Guide) -> None:
    """All of item 26 wrong is a failure of item 26, though three quarters of everything is right."""
    policy = GatePolicy(invariants=(), floors={"all": {"all": {"correct": 0.7}}, "item": {"default": {"correct": 0.5}}})
    spoiled = ran(tmp_path, guide, spoil={f"问题{n}": refuse for n in range(1, 40, 4)})
    [failure] = gate(spoiled, policy)
    assert (failure.rule, failure.grouping, failure.group, failure.title) == ("floor", "item", "26", "商业伙伴安全")
    assert "26 商业伙伴安全" in failure.sentence("zh")


def test_an_item_may_be_named_by_title_which_survives_renumbering(tmp_path: Path, guide: Guide) -> None:
    """A floor under the title overrules the default for that item."""
    floors = {"item": {"default": {"correct": 0.5}, "商业伙伴安全": {"correct": 0.0}}}
    spoiled = ran(tmp_path, guide, spoil={f"问题{n}": refuse for n in range(1, 40, 4)})
    assert gate(spoiled, GatePolicy(invariants=(), floors=floors)) == []


def test_what_should_be_low_has_a_ceiling(tmp_path: Path, guide: Guide) -> None:
    """A floor of false refusals is the most that is allowed."""
    policy = GatePolicy(invariants=(), floors={"all": {"all": {"false_refusal": 0.04}}})
    [failure] = gate(ran(tmp_path, guide, spoil={"问题0": refuse, "问题1": refuse}), policy)
    assert failure.value == pytest.approx(2 / 40)
    assert "高于上限" in failure.sentence("zh")


def test_groups_too_small_to_say_anything_have_no_floor(tmp_path: Path, guide: Guide) -> None:
    """Three cases of an item do not stop an edition when four are asked for."""
    cases = [case(n, "26") for n in range(3)]
    spoiled = ran(tmp_path, guide, cases, {"问题0": refuse, "问题1": refuse})
    assert gate(spoiled, GatePolicy(invariants=(), floors={"item": {"default": {"correct": 0.9}}})) == []
    assert gate(spoiled, GatePolicy(invariants=(), least_cases=3, floors={"item": {"default": {"correct": 0.9}}}))


def test_named_cases_must_be_right_if_they_count(tmp_path: Path, guide: Guide) -> None:
    """A must-pass case that is wrong fails. One that is absent fails a run of all sets; one that waits fails unless its clauses hold."""
    policy = GatePolicy(invariants=(), must_pass=("c-000",))
    assert rules(gate(ran(tmp_path / "a", guide, spoil={"问题0": refuse}), policy)) == [("must_pass", "correct", "all")]
    stand = standing(CASES)
    absent = GatePolicy(invariants=(), must_pass=("c-777",))
    perfect = ran(tmp_path / "c", guide)
    assert gate(perfect, absent) == []
    assert rules(gate(perfect, absent, whole=True)) == [("must_pass", "correct", "all")]
    clause = CASES[0].clauses[0]
    for successors, right in ((None, False), ({clause: (clause,)}, True), ({clause: ("31(3)",)}, False)):
        one = Resolved(CASES[0], "relabel", home=(clause,), successors=successors)
        waiting = stand._replace(cases=(one, *stand.cases[1:]))
        found = gate(run(Oracle(guide, CASES), waiting, tmp_path / f"b{successors}"[:40].replace("/", ""), AT), policy)
        assert (rules(found) == []) is right, successors


def test_an_edition_in_which_hardly_a_case_stands_does_not_pass(tmp_path: Path, guide: Guide) -> None:
    """Gates that nothing was measured by are no gates."""
    waiting = standing(CASES)._replace(cases=tuple(Resolved(c, "relabel" if n % 3 else "unchanged") for n, c in enumerate(CASES)))
    failures = gate(run(Oracle(guide, CASES), waiting, tmp_path, AT), GatePolicy(invariants=(), least_standing=0.5))
    assert rules(failures) == [("coverage", "correct", "all")]
    assert len(failures[0].cases) == 29


def test_against_a_base_run_a_score_may_not_be_worse_than_its_bound(tmp_path: Path, guide: Guide) -> None:
    """The interval's far end counts: a loss that may be larger than the bound fails, equal runs pass."""
    policy = GatePolicy(invariants=(), bounds={"correct": 0.05, "false_refusal": 0.03})
    base = ran(tmp_path / "a", guide)
    worse = ran(tmp_path / "b", guide, spoil={f"问题{n}": refuse for n in range(6)})
    assert rules(gate_against(compare(base, worse), policy)) == [
        ("non_inferiority", "correct", "all"),
        ("non_inferiority", "false_refusal", "all"),
    ]
    assert gate_against(compare(base, base), policy) == []
    assert gate_against(compare(worse, base), policy) == []


def test_no_clause_loses_three_cases(tmp_path: Path, guide: Guide) -> None:
    """Three lost net of one clause stop an edition in which everything else is right, two do not, nor three of three clauses."""
    policy = GatePolicy(invariants=())
    cases = [case(n, ("26", "24(3)", "10")[n % 3]) for n in range(30)]
    base = ran(tmp_path / "a", guide, cases)

    def lost(name: str, *numbers: int) -> list[Failure]:
        return gate_against(compare(base, ran(tmp_path / name, guide, cases, {f"问题{n}": refuse for n in numbers})), policy)

    [failure] = lost("b", 0, 3, 6)
    assert (failure.rule, failure.group, failure.value, failure.cases) == ("lost", "26", 3.0, ("c-000", "c-003", "c-006"))
    assert lost("c", 0, 3) == lost("d", 0, 1, 2) == []


def test_a_clause_has_a_floor_from_twenty_cases_on(tmp_path: Path, guide: Guide) -> None:
    """Nineteen cases of a clause have none, and are named as few; twenty have one."""
    policy = GatePolicy(invariants=(), floors={"clause": {"default": {"correct": 0.4}}})
    cases = [case(n, "26" if n < 20 else "10") for n in range(39)]
    wrong = ran(tmp_path / "a", guide, cases, {f"问题{n}": refuse for n in range(39)})
    assert rules(gate(wrong, policy)) == [("floor", "correct", "26")]
    assert few(wrong, policy) == ("10",)


def test_a_floor_is_no_fault_of_an_edition_that_is_as_good_case_for_case(tmp_path: Path, guide: Guide) -> None:
    """Where right cases wait, the rest may fall below a floor: a fault only if the edition in force does better on these very cases."""
    policy = GatePolicy(invariants=(), floors={"type": {"topic": {"correct": 0.8}}}, most_lost=99)
    cases = [case(n) for n in range(10)]
    base = ran(tmp_path / "a", guide, cases, {"问题0": refuse, "问题1": refuse})

    def failed(name: str, *wrong: int) -> list[tuple[str, str, str]]:
        held = [Resolved(c, "relabel", home=c.clauses, successors={"24(3)": ("24(3)",)}) for c in cases[8:]]
        stand = standing(cases)._replace(cases=(*(Resolved(c, home=c.clauses) for c in cases[:8]), *held))
        new = run(Oracle(guide, cases, {f"问题{n}": refuse for n in wrong}), stand, tmp_path / name, AT)
        return rules(gate_against(compare(base, new), policy))

    assert failed("b", 0, 1) == []
    assert failed("c", 0, 1, 2) == [("floor", "correct", "topic")]


def test_a_floor_that_the_edition_in_force_misses_too_is_told_and_stops_nothing(tmp_path: Path, guide: Guide) -> None:
    """What the product does not reach in either edition is no reason to keep the old one; a case lost on top of it is."""
    policy = GatePolicy(invariants=(), floors={"type": {"topic": {"correct": 0.82}}}, most_lost=99)
    cases = [case(n) for n in range(10)]
    base = ran(tmp_path / "a", guide, cases, {"问题0": refuse, "问题1": refuse})

    def said(name: str, *wrong: int) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
        found = compare(base, ran(tmp_path / name, guide, cases, {f"问题{n}": refuse for n in wrong}))
        failures = gate_against(found, policy)
        return rules(failures), rules(as_in_force(found.new, policy, failures))

    floor = [("floor", "correct", "topic")]
    assert said("b", 3, 4) == ([], floor)
    assert said("c", 0, 1, 2) == (floor, [])
    assert said("d", 0) == ([], [])
    wretched = compare(ran(tmp_path / "e", guide, cases, {f"问题{n}": refuse for n in range(5)}), base)
    assert rules(gate_against(wretched, policy)) == floor  # better than the one in force, which was nowhere near


def test_a_clause_that_nobody_measures_fails_by_name(tmp_path: Path, guide: Guide) -> None:
    """Its cases wait and too few can be told by what it became; gone altogether is told by the edition's own figures."""
    cases = [case(n, "26" if n < 5 else "24(3)") for n in range(12)]

    def states(successors: list[dict[str, tuple[str, ...]] | None], lost: tuple[Change, ...] = ()) -> list[tuple[str, str, str]]:
        held = [Resolved(c, "relabel", lost, home=c.clauses, successors=s) for c, s in zip(cases, successors, strict=False)]
        rest = [Resolved(c, home=c.clauses) for c in cases[len(held) :]]
        stand = standing(cases)._replace(cases=(*held, *rest))
        home = tmp_path / str(len(list(tmp_path.iterdir())))
        return rules(gate(run(Oracle(guide, cases), stand, home, AT), GatePolicy(invariants=(), least_standing=0.0)))

    known, gone, other = {"26": ("26",)}, None, {"26": ("24(1)",)}
    assert states([known] * 5) == []
    assert states([gone] * 5, (Change(label="26"),)) == []
    assert states([gone] * 5) == [("unmeasured", "correct", "26")]
    assert states([known, gone, gone, gone, gone]) == [("unmeasured", "correct", "26")]
    assert states([other] * 5) == [("astray", "correct", "26")]
    held = [Resolved(c, "relabel", home=c.clauses, successors=other) for c in cases[:5]]
    stand = standing(cases)._replace(cases=(*held, *(Resolved(c, home=c.clauses) for c in cases[5:])))
    astray = run(Oracle(guide, cases), stand, tmp_path / "astray", AT)
    before = ran(tmp_path / "before", guide, cases, {f"问题{n}": refuse for n in range(5)})
    assert gate_against(compare(before, astray), GatePolicy(invariants=(), least_standing=0.0)) == []  # it was no better before


@pytest.mark.parametrize(
    "text",
    [
        "invariants: [nonsense]",
        "invariants: []\nfloor: {}",
        "invariants: []\nfloors: {item: {default: {nonsense: 1}}}",
        "invariants: []\nfloors: {planet: {default: {correct: 1}}}",
        "invariants: []\nbounds: {correct: -1}",
        "a: [",
        "3",
    ],
)
def test_a_policy_with_a_mistake_is_refused(tmp_path: Path, text: str) -> None:
    """Unknown keys, scores and groupings, negative bounds and broken YAML are one sentence that names the file."""
    path = tmp_path / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"policy\.yaml"):
        load_policy(path)


def test_every_failure_is_a_sentence_in_both_languages() -> None:
    """All rules have words, with every score's name."""
    for rule in ("invariant", "must_pass", "floor", "coverage", "unmeasured", "astray", "lost", "non_inferiority"):
        for score in METRICS:
            failure = Failure(rule=rule, score=score, grouping="item", group="24", title="进入安全", value=0.5, limit=0.7, cases=("a",))  # type: ignore[arg-type]
            assert failure.sentence("zh") != failure.sentence("en")
    assert SHIPPED.exists()
