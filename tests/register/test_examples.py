"""Four enterprises, clause by clause: what each owes and what it does not, as reviewed by people who know the trade.

The tables stand in ``plans/``: a clause a line; what it owes as line, kind of thing and how many slots (years, persons), or why it
owes nothing. A change of the plan that is meant is reviewed there.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from assistant.guide import Guide
from assistant.register.facts.profile import FLAGS, Profile, Scope
from assistant.register.rules.demands.plan import Plan, plan
from tests.register.company import at

PLANS = Path(__file__).parent / "plans"
DAY = at("2026-06-01")
EVERYTHING = Scope(**dict.fromkeys(FLAGS, True))
NOTHING = Scope(**dict.fromkeys(FLAGS, False))
CONTAINERS = NOTHING.model_copy(update={"containers": True, "transport": True})
LISTS = {
    "business_types": ("一般贸易", "加工贸易"),
    "goods": ("食品", "化妆品"),
    "related_persons": ("张三", "李四"),
    "sample_sets": 5,
    "partners": ("顺达物流", "海通仓储"),
}
SINCE = {"certified_on": date(2023, 3, 15), "advanced_on": date(2022, 6, 1), "renewed_on": date(2024, 4, 1)}
EXAMPLES = {
    "applicant-with-everything": Profile(enterprise="甲", certification="initial", scope=EVERYTHING, **LISTS),
    "renewal-with-everything": Profile(enterprise="乙", certification="renewal", scope=EVERYTHING, **SINCE, **LISTS),
    "renewal-with-nothing": Profile(enterprise="丙", certification="renewal", scope=NOTHING, **SINCE),
    "renewal-with-containers": Profile(enterprise="丁", certification="renewal", scope=CONTAINERS, **SINCE),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_plan(guide: Guide, name: str) -> None:
    """Each clause owes what the reviewed table says."""
    found = table(guide, plan(guide, EXAMPLES[name], DAY))
    assert found == (PLANS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    assert len(found) == len(guide.clauses) == 64


def table(guide: Guide, owed: Plan) -> list[str]:
    """One line a clause: what it owes, or why not."""
    why = {e.clause: e.why for e in owed.exempt}
    slots = {clause: list(group) for clause, group in groupby(owed.slots, key=lambda s: s.clause)}
    return [f"{clause}\t{_told(slots.get(clause, []), why.get(clause, ''))}" for clause in guide.clauses]


def _told(slots: list, why: str) -> str:  # type: ignore[type-arg]
    lines = []
    for _, group in groupby(slots, key=lambda s: (s.line_key, s.applicable)):
        same = list(group)
        name = same[0].id.partition("@")[0].partition("#")[0].partition("/")[2]
        counted = f" {same[0].count}x" if same[0].count else ""
        times = f" *{len(same)}" if len(same) > 1 else ""
        lines.append(f"{name} {same[0].owing}{counted}{times}" if same[0].applicable else f"[{name} {same[0].why}]")
    return "; ".join(lines) or why
