"""Conditions that a guide sets in words of its own become questions of the profile, and decide once they are answered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.adapters.lead_files import read_profile
from assistant.conversation.profile.declaring import answer, declared_of, questions
from assistant.guide import Guide
from assistant.register.facts.profile import Profile
from assistant.register.papers.reports.explained import open_questions, undeclared
from assistant.register.papers.tables.profile_file import profile_text
from assistant.register.rules.demands.conditions import condition_of
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.demands.scope import conditions
from ingest.parse.guide import parse
from ingest.read.file import read
from tests.conftest import NOW
from tests.ingest.food import food_guide
from tests.ingest.small import small_guide

COLD, PESTS = "经营冷藏、冷冻产品", "委托外部机构灭虫"


@pytest.fixture(scope="module")
def food(tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """A guide of another field, two of whose clauses name for whom they are not."""
    return parse(read(food_guide(tmp_path_factory.mktemp("food"))), "food")


def renewing(**declared: bool) -> Profile:
    """A profile with declared conditions."""
    return Profile(enterprise="某厂", certification="renewal", certified_on=date(2024, 3, 1), conditions=declared)


def test_found_and_asked_by_name(food: Guide, guide: Guide) -> None:
    """Each is one question in the guide's words; the shipped guide has none beside the flags that are known."""
    assert conditions(food) == (PESTS, COLD)
    assert conditions(guide) == ()
    asked = {q.key: q.text for q in questions(declared_of(None), food, "zh")}
    assert asked[f"conditions.{COLD}"] == f"是否{COLD}？（指南写明的适用条件）"
    assert not any(q.key.startswith("conditions.") for q in questions(declared_of(None), guide, "zh"))


def test_undeclared_is_owed_and_a_denial_ends_it(food: Guide) -> None:
    """Until somebody answers the slots stay and wait; denied they do not apply, affirmed they count and wait for nothing."""
    waiting = plan(food, renewing(), NOW)
    hanging = {s.clause for s in waiting.slots if f"conditions.{COLD}" in s.undeclared}
    assert hanging == {"20(2)"}
    assert undeclared(waiting)[f"conditions.{COLD}"] > 0
    assert any(COLD in text for text in open_questions(waiting, "zh"))
    denied = [s for s in plan(food, renewing(**{COLD: False}), NOW).slots if s.clause == "20(2)"]
    assert {(s.applicable, s.why) for s in denied} == {(False, "off.condition")}
    counted = [s for s in plan(food, renewing(**{COLD: True}), NOW).slots if s.clause == "20(2)"]
    assert {(s.applicable, s.undeclared) for s in counted} == {(True, ())}


@pytest.mark.parametrize(
    ("sentence", "name", "counts"),
    [
        ("对于从事跨境电商零售进口的企业，认证以下内容，否则不适用本项标准。", "从事跨境电商零售进口", True),
        ("没有自有车队的，不适用本项标准。", "自有车队", True),
        ("全部委托加工的企业，不适用本项标准。", "全部委托加工", False),
        ("本项标准仅适用于开展保税维修业务的企业。", "开展保税维修业务", True),
    ],
)
def test_in_many_words(tmp_path: Path, sentence: str, name: str, counts: bool) -> None:
    """Whether a guide says who is meant or who is not, the name is the matter itself."""
    path = small_guide(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("数据存储3年以上。", f"数据存储3年以上。{sentence}"), encoding="utf-8")
    guide = parse(read(path), "small")
    found = condition_of(guide.clauses["3"])
    assert found is not None
    assert (found.name, found.counts) == (name, counts)
    assert all(
        s.applicable == (said == counts)
        for said in (True, False)
        for s in plan(guide, renewing(**{name: said}), NOW).slots
        if s.clause == "3"
    )


def test_in_the_guides_cell(tmp_path: Path, guide: Guide) -> None:
    """A sentence above the first heading sets a condition in whatever words it names one; below a heading it is a line as ever."""
    path = small_guide(tmp_path)
    text = path.read_text(encoding="utf-8")
    heading = "\t1．建立以下书面文件并有效落实："
    above = text.replace(heading, f"\t没有自有仓库的企业，不适用本项标准。\n{heading[1:]}", 1)
    below = text.replace(heading, f"{heading}\n没有自有仓库的企业，不适用本项标准。", 1)
    found = []
    for changed in (above, below):
        path.write_text(changed, encoding="utf-8")
        found.append(conditions(parse(read(path), "small")))
    assert found == [("自有仓库",), ()]


def test_declared_and_taken_back(food: Guide, tmp_path: Path) -> None:
    """The answer is kept in the file under its name, and ``-`` opens the question again."""
    values = declared_of(renewing())
    (one,) = [q for q in questions(values, food, "zh") if q.key == f"conditions.{COLD}"]
    answer(values, one, "否", "zh")
    path = tmp_path / "profile.yaml"
    path.write_text(profile_text(Profile.model_validate(values), "zh"), encoding="utf-8")
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["conditions"] == {COLD: False}
    assert read_profile(path).conditions == {COLD: False}
    answer(values, one, "-", "zh")
    assert Profile.model_validate(values).conditions == {}
