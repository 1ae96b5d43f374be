"""Where the general standard says 见单项标准, the guide of that standard has the word when it is in force."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.answers.answer import Answer
from assistant.answers.joint import Voice, joined
from assistant.answers.passages import passages
from assistant.answers.reply.compose import Composer
from assistant.answers.together import _led_on
from assistant.guide import Guide
from ingest.parse.guide import parse
from ingest.read.file import read
from tests.answers.test_joint import said
from tests.ingest.small import small_guide


def in_force(family: str, guide: Guide) -> Any:
    """One family in force, as far as it is asked here."""
    return SimpleNamespace(family=family, guide=guide, composer=Composer(guide, passages(guide)))


def broker(folder: Path) -> Guide:
    """The guide of another standard, with an item of the title that the general one refers to."""
    path = small_guide(folder)
    path.write_text(path.read_text(encoding="utf-8").replace("2．进入安全", "2．申报规范"), encoding="utf-8")
    return parse(read(path), "broker")


def answered(guide: Guide, *heard: Voice, folder: Path) -> tuple[Answer, list[Voice]]:
    """What the voices say together, and which were led on to."""
    led = _led_on(heard, [in_force("通用", guide), in_force("报关企业", broker(folder))], "zh")
    return joined([*heard, *led], "a + b", "zh"), led


def test_it_leads_on_to_that_guide(guide: Guide, tmp_path: Path) -> None:
    """18 says 见单项标准: both clauses of the item with that title follow, under the name of their guide, with ids that carry it."""
    answer, led = answered(guide, Voice("通用", guide, said("18"), first=True), folder=tmp_path)
    assert [v.family for v in led] == ["报关企业"]
    assert answer.clauses == ("18", "报关:2(1)", "报关:2(2)")
    assert "《报关企业》" in answer.answer
    assert "报关:2(1)" in answer.answer


def test_what_follows_is_not_said_to_be_elsewhere(guide: Guide, tmp_path: Path) -> None:
    """That a clause is told in another document is said only where no guide of that family is shown with it."""
    composer = Composer(guide, passages(guide))
    asked = {c: composer.answer("q", [(c, composer.groups[c])], "lookup", "zh") for c in ("18", "19")}
    found = {c: answered(guide, Voice("通用", guide, a, first=True), folder=tmp_path)[0].answer for c, a in asked.items()}
    assert ["不在本指南内" in found[c] for c in ("18", "19")] == [False, True]


def test_it_leads_on_only_where_it_is_said(guide: Guide, tmp_path: Path) -> None:
    """Not from a clause that refers to nothing, not to an item of another title, and not where that guide answers already."""
    for clause in ("24(3)", "19"):
        assert answered(guide, Voice("通用", guide, said(clause), first=True), folder=tmp_path)[1] == []
    both = (Voice("通用", guide, said("18"), first=True), Voice("报关企业", broker(tmp_path), said("2(2)")))
    assert answered(guide, *both, folder=tmp_path)[1] == []
    refused = Voice("通用", guide, said("18", answered=False), first=True)
    assert answered(guide, refused, folder=tmp_path)[1] == []
