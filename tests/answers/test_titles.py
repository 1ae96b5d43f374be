"""English readers get titles, section names, verdicts and hints in English; quotes stay Chinese, and hints work when typed."""

from __future__ import annotations

import re

import pytest

from assistant.answers.question.kinds import kinds_demanded
from assistant.answers.reply.titles import titled_in
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
