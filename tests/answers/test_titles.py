"""English readers get titles, section names, verdicts and hints in English; quotes stay Chinese, and hints work when typed."""

from __future__ import annotations

import re

import pytest

from assistant.answers.question.kinds import kinds_demanded
from assistant.answers.question.titles import titled_in
from assistant.app import Assistant
from assistant.guide import KINDS, Guide
from assistant.texts import say


def test_every_title_of_the_shipped_edition_is_translated(guide: Guide) -> None:
    """Parts, categories and items have an English title with the guide's own behind it; Chinese readers see theirs alone."""
    titles = {
        t for p in guide.parts for t in (p.title, *(c.title for c in p.categories), *(i.title for c in p.categories for i in c.items))
    }
    for title in titles:
        assert re.fullmatch(rf"[A-Z][a-z ,-]+[a-z] \({re.escape(title)}\)", titled_in("en", title))
        assert titled_in("zh", title) == title


def test_a_title_of_another_edition_stands_as_it_is() -> None:
    """What has no translation is not guessed."""
    assert titled_in("en", "全新的类") == "全新的类"


def test_an_english_answer_reads_in_english(assistant: Assistant) -> None:
    """Title, section names and hint are English, the translation is called unofficial, the guide's line stays as it is."""
    answer = assistant.ask("24(3) records")
    assert "**24(3) Access security (进入安全)**" in answer.answer
    assert "**records**" in answer.answer
    assert "（1）企业访客出入登记记录。" in answer.answer
    assert "unofficial translation" in answer.answer


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hints_work_when_typed(lang: str) -> None:
    """The name of a kind in a hint is understood as that kind."""
    for kind in KINDS:
        if kind != "note":
            assert kinds_demanded(f"24(3) {say(f'answers.{kind}', lang)}") == (kind,)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_hint_offers_is_shown_when_it_is_typed(assistant: Assistant, guide: Guide, lang: str) -> None:
    """Of every clause, each kind that it has: the words of the hint bring lines of that kind."""
    for clause in guide.clauses.values():
        for section in clause.sections:
            if section.kind != "note":
                hint = say("answers.rest", lang, kinds="", clause=clause.id, first=say(f"answers.{section.kind}", lang))
                typed = hint.split("“")[1].split("”")[0]
                answer = assistant.ask(typed, lang=lang)
                assert answer.clauses[0] == clause.id, typed
                assert any(c.kind == section.kind for c in answer.citations), typed


def test_a_clause_without_a_guide_cell_of_its_own_says_whose_lines_these_are(assistant: Assistant) -> None:
    """Nothing is announced that does not follow."""
    said = [b.text for b in assistant.ask("13要交什么材料").blocks if b.block == "note"]
    assert any(t.endswith("以上与 12 共用。") for t in said)
    assert not any(t.endswith("：") for t in said)


def test_a_number_against_a_limit_is_a_question_about_the_guide(assistant: Assistant) -> None:
    """Told of last year it looks like one about our own records; the verdict names both numbers, or the guide is said to hold none."""
    assert assistant.ask("我们去年滞纳税款报关单率2.8%，合格吗？").blocks[0].text.startswith("符合：2.8%，不超过 3%")
    assert assistant.ask("我们去年报关差错率2.8%，合格吗？").reason != "register"
    assert assistant.ask("我们还有3份材料没审核吗").reason == "register"
