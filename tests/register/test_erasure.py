"""Where a person is named, and where only their letters stand."""

from __future__ import annotations

import pytest

from assistant.register.acts.log.erasure import Eraser


@pytest.mark.parametrize("text", ["https://example.invalid/doc", "alli", "li2", "link", "李", "U12ABC", '{"text": "a\\\\client"}'])
def test_letters_inside_of_a_word_are_nobody(text: str) -> None:
    """A link or a word that has the letters of a short name stays as it is."""
    assert Eraser(["li", "李雷", "U12AB"], "X")(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("li", "X"),
        ("nudge:li:2026-06-01", "nudge:X:2026-06-01"),
        ("<@U12AB>问", "<@X>问"),
        ("请问li在吗", "请问X在吗"),
        ("li_1.pdf", "X_1.pdf"),
        ("李雷的记录", "X的记录"),
        ("li@example.cn", "X"),
        ('{"text": "first\\nli"}', '{"text": "first\\nX"}'),
    ],
)
def test_a_name_is_found(text: str, left: str) -> None:
    """Alone, beside other signs, between Chinese characters, after a line break that JSON writes as two signs."""
    assert Eraser(["li", "李雷", "U12AB", "li@example.cn"], "X")(text) == left
