"""The profile asked question by question: answers are checked, kept, changed and taken back; the file explains itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.adapters.lead_files import read_profile
from assistant.conversation.profile.declaring import Declared, answer, declared_of, questions
from assistant.errors import UsageError
from assistant.guide import Guide
from assistant.register.facts.profile import FLAGS, Profile, Scope
from assistant.register.papers.tables.profile_file import profile_text
from assistant.register.rules.demands.scope import contradictions, declared
from tests.register.company import RENEWAL

ANSWERS = {
    "enterprise": "甲公司",
    "certification": "renewal",
    "certified_on": "2022-05-10",
    "scope.seal": "是",
    "scope.containers": "n",
    "business_types": "一般贸易、加工贸易，保税",
    "sample_sets": "10",
    "named.关务负责人": "王芳",
    "one_paper.training": "y",
}


def asked(values: Declared, guide: Guide, answers: dict[str, str]) -> list[str]:
    """Ask everything; the keys that were asked."""
    keys = []
    for question in questions(values, guide, "zh"):
        keys.append(question.key)
        answer(values, question, answers.get(question.key, ""), "zh")
    return keys


def test_from_nothing(guide: Guide, tmp_path: Path) -> None:
    """Everything is asked once; what was not answered stays undeclared; the file read back is the same profile."""
    values = declared_of(None)
    keys = asked(values, guide, ANSWERS)
    assert len(keys) == len(set(keys))
    assert {f"scope.{flag}" for flag in FLAGS} <= set(keys)
    assert len([k for k in keys if k.startswith("named.")]) == 4
    profile = Profile.model_validate(values)
    assert (profile.scope.seal, profile.scope.containers, profile.scope.transport) == (True, False, None)
    assert profile.business_types == ("一般贸易", "加工贸易", "保税")
    assert profile.one_paper == ("training",)
    path = tmp_path / "profile.yaml"
    path.write_text(profile_text(profile, "zh"), encoding="utf-8")
    assert read_profile(path) == profile
    keys_written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(Profile.model_fields) - set(keys_written) == {"workspace", "elements", "conditions", "own_papers"}
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(lines[n - 1].startswith("#") for n, line in enumerate(lines) if line and not line.startswith(("#", " ", "-")))


def test_changed_later(guide: Guide) -> None:
    """Asked again, Enter keeps every answer, one answer changes one thing, and ``-`` takes a declaration back."""
    profile = RENEWAL.model_copy(update={"named": {"关务负责人": "王芳"}, "elements": {"k": ("甲",)}, "one_paper": ("audits",)})
    values = declared_of(profile)
    asked(values, guide, {})
    assert Profile.model_validate(values) == profile
    asked(values, guide, {"scope.transport": "y", "named.关务负责人": "-", "scope.seal": "-", "one_paper.audits": "n"})
    changed = Profile.model_validate(values)
    assert (changed.scope.transport, changed.scope.seal, changed.named, changed.one_paper) == (True, None, {}, ())
    assert changed.own_papers == ("audits",), "a no is an answer, and stands"
    assert [q.known for q in questions(declared_of(changed), guide, "zh") if q.key == "one_paper.audits"] == ["否"]
    assert changed.elements == {"k": ("甲",)}


@pytest.mark.parametrize(
    ("key", "text", "wanted"),
    [
        ("certified_on", "去年五月", "2026-03-01"),
        ("scope.seal", "也许", "y"),
        ("certification", "复审", "重新认证"),
        ("sample_sets", "几套", "整数"),
    ],
)
def test_wrong_answers_are_named(guide: Guide, key: str, text: str, wanted: str) -> None:
    """An answer of another kind changes nothing and says what is wanted."""
    values = declared_of(RENEWAL)
    question = next(q for q in questions(values, guide, "zh") if q.key == key)
    with pytest.raises(UsageError) as refused:
        answer(values, question, text, "zh")
    assert text in refused.value.sentence("zh")
    assert wanted in refused.value.sentence("zh")
    assert Profile.model_validate(values) == RENEWAL


@pytest.mark.parametrize(("said", "meant"), [("首次申请", "initial"), ("重新认证", "renewal"), ("Renewal", "renewal")])
def test_a_choice_by_what_it_is_called(guide: Guide, said: str, meant: str) -> None:
    """The words of the question itself are an answer to it."""
    values = declared_of(None)
    asked(values, guide, {"certification": said})
    assert values["certification"] == meant


@pytest.mark.parametrize("said", ["y", "YES", "是", "ok", "n"])
@pytest.mark.parametrize("key", ["lead", "enterprise", "goods", "named.关务负责人"])
def test_yes_is_no_name(guide: Guide, key: str, said: str) -> None:
    """An answer to yes or no is not taken for a name; that there is none is an answer to a list."""
    values = declared_of(RENEWAL.model_copy(update={"scope": Scope(inspected_goods=True)}))
    question = next(q for q in questions(values, guide, "zh") if q.key == key)
    if key == "goods" and said == "n":
        answer(values, question, said, "zh")
        assert values["goods"] == []
        return
    with pytest.raises(UsageError, match="这里要写名称或姓名"):
        answer(values, question, said, "zh")


def test_the_file_says_what_each_key_is(guide: Guide) -> None:
    """No comment of the written file holds a place that nobody filled in."""
    comments = [line for line in profile_text(RENEWAL, "zh").splitlines() if line.lstrip().startswith("#")]
    assert not [line for line in comments if "…" in line or "{" in line]


def test_partners_may_carry_the_containers() -> None:
    """Containers and no transport of one's own go together where partners carry."""
    scope = Scope(containers=True, transport=False)
    assert contradictions(RENEWAL.model_copy(update={"scope": scope})) == (("containers", "transport"),)
    carried = RENEWAL.model_copy(update={"scope": scope.model_copy(update={"logistics_partners": True})})
    assert not contradictions(carried)
    assert declared(carried, "transport") is False
