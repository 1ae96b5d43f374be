"""Two runs: what was won and lost, how sure it is, and what so few cases could not have shown."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.answers.answer import Answer
from assistant.errors import CaseError
from assistant.guide import Guide
from evals.cases.carried.resolved import Resolved
from evals.cases.case import Case
from evals.runs.compared.compare import compare
from evals.runs.compared.statistics import confidence, detectable_mean, detectable_share, interval, mcnemar, paired
from evals.runs.record import Run
from evals.runs.run import run
from tests.evals.stub import Change, Oracle, case, standing

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CASES = [case(n, clause) for n, clause in enumerate(["24(3)", "26", "1(1)", "30(2)"] * 10)] + [case(90 + n, refuse=True) for n in range(4)]


def refuse(answer: Answer) -> Answer:
    """What a broken product says."""
    return answer.model_copy(update={"answered": False, "citations": (), "nearest": (), "reason": "not_in_guide"})


def ran(home: Path, guide: Guide, cases: list[Case] = CASES, spoil: dict[str, Change] | None = None) -> Run:
    """A run of an oracle, spoiled for some questions."""
    return run(Oracle(guide, cases, spoil), standing(cases), home, AT, workers=1, fresh=True)


def test_cases_that_flipped_are_named(tmp_path: Path, guide: Guide) -> None:
    """Won, lost and worse cases are listed by id, worst first."""
    base = ran(tmp_path / "a", guide, spoil={"问题0": refuse})
    new = ran(
        tmp_path / "b",
        guide,
        spoil={"问题4": refuse, "问题8": lambda a: a.model_copy(update={"nearest": (), "citations": a.citations * 2})},
    )
    found = compare(base, new)
    assert [p.id for p in found.won] == ["c-000"]
    assert [p.id for p in found.lost] == ["c-004"]
    assert [p.id for p in found.worse] == ["c-004"]
    correct = found.difference("correct")
    assert correct is not None
    assert (correct.up, correct.down, correct.cases, correct.p) == (("c-000",), ("c-004",), 44, 1.0)


def test_equal_runs_differ_in_nothing(tmp_path: Path, guide: Guide) -> None:
    """No flip means a difference of zero, an interval of zero and a p-value of one, and still a limit to what was seen."""
    found = compare(ran(tmp_path / "a", guide), ran(tmp_path / "b", guide))
    correct = found.difference("correct")
    assert correct is not None
    assert (correct.difference, correct.low, correct.high, correct.p) == (0.0, 0.0, 0.0, 1.0)
    assert correct.detectable is not None
    assert correct.detectable > 0.1


def test_differences_are_told_per_item_kind_type_and_language(tmp_path: Path, guide: Guide) -> None:
    """A loss in one item shows there and not in others."""
    found = compare(ran(tmp_path / "a", guide), ran(tmp_path / "b", guide, spoil={f"问题{n}": refuse for n in range(1, 40, 4)}))
    items = found.differences["item"]
    assert {i: d["correct"].difference for i, d in items.items()} == {"24": 0.0, "26": -1.0, "1": 0.0, "30": 0.0}
    assert found.differences["type"]["topic"]["false_refusal"].difference == pytest.approx(10 / 40)
    assert set(found.differences["kind"]) == {"clause"}
    assert set(found.differences["lang"]) == {"zh"}


def test_only_the_same_questions_are_paired(tmp_path: Path, guide: Guide) -> None:
    """Reworded, missing and waiting cases are listed and left out of every number."""
    base = ran(tmp_path / "a", guide, CASES[:5])
    others = [CASES[0], CASES[1].model_copy(update={"question": "另一个问题"}), CASES[2], CASES[10]]
    stand = standing(others)
    cases = (*stand.cases[:2], Resolved(others[2], "relabel"), stand.cases[3])
    new = run(Oracle(guide, others), stand._replace(cases=cases), tmp_path / "b", AT)
    found = compare(base, new)
    assert [p.id for p in found.pairs] == ["c-000"]
    assert (found.changed, found.waiting, found.only_new) == (("c-001",), ("c-002",), ("c-010",))
    assert found.only_base == ("c-003", "c-004")


def test_runs_that_share_nothing_cannot_be_compared(tmp_path: Path, guide: Guide) -> None:
    """One sentence instead of numbers about nothing."""
    with pytest.raises(CaseError):
        compare(ran(tmp_path / "a", guide, CASES[:2]), ran(tmp_path / "b", guide, CASES[2:4]))


def test_the_exact_test_is_the_binomial_one() -> None:
    """Nine flips all one way are significant, five are not, flips that cancel are nothing."""
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(9, 0) == pytest.approx(2 * 0.5**9)
    assert mcnemar(0, 5) == pytest.approx(2 * 0.5**5)
    assert mcnemar(4, 4) == 1.0


@pytest.mark.parametrize(("cases", "points"), [(80, 0.10), (120, 0.09), (200, 0.07), (400, 0.05)])
def test_the_smallest_difference_that_shows_is_as_published(cases: int, points: float) -> None:
    """With a tenth of the cases flipping, 80% power sees these changes, rounded to whole points upwards."""
    found = detectable_share(cases, 0.10)
    assert found is not None
    assert math.ceil(found * 100) / 100 == pytest.approx(points)


def test_power_is_what_a_simulation_finds() -> None:
    """Of many simulated pairs of runs with just that difference four in five are significant."""
    change = detectable_share(150, 0.2)
    assert change is not None
    generator = np.random.default_rng(1)
    flips = generator.binomial(150, 0.2, 800)
    ways = generator.binomial(flips, (0.2 + change) / 0.4)
    shown = np.mean([mcnemar(int(w), int(f - w)) < 0.05 for w, f in zip(ways, flips, strict=True)])
    assert shown == pytest.approx(0.8, abs=0.05)


def test_a_handful_of_cases_can_show_nothing() -> None:
    """Five pairs cannot reach significance whatever happens, and there is no interval for them."""
    assert detectable_share(5, 0.1) is None
    assert interval([0.0, 1.0, 0.0]) == (None, None)
    assert detectable_mean(np.zeros(3), 0.3) is None
    few = paired(["a"], [1.0], [0.0], yes_or_no=True)
    assert (few.low, few.high, few.detectable) == (None, None, None)


def test_the_interval_is_paired_and_repeatable() -> None:
    """It holds the true difference, is narrower than an unpaired one would be, and the same for the same seed."""
    generator = np.random.default_rng(3)
    easy = generator.random(300)
    base, new = easy, np.clip(easy + generator.normal(0.02, 0.01, 300), 0, 1)
    ids = [str(n) for n in range(300)]
    found = paired(ids, list(base), list(new), yes_or_no=False, seed=5)
    assert found.low is not None
    assert found.high is not None
    assert 0.015 < found.low < found.difference < found.high < 0.025
    assert found == paired(ids, list(base), list(new), yes_or_no=False, seed=5)


def test_one_run_has_an_interval_too() -> None:
    """Wilson for yes-or-no scores: 95 of 100 is between 88.8% and 97.8%."""
    low, high = confidence([1.0] * 95 + [0.0] * 5, yes_or_no=True)
    assert (round(low or 0, 3), round(high or 0, 3)) == (0.888, 0.978)
