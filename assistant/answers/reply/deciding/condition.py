"""Whom a clause's condition leaves out, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers.blocks import Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.words import fold, tokens
from assistant.answers.reply.deciding.quoting import applies_first, pairs, said
from assistant.answers.reply.deciding.yes_no import CLOSING, DENIAL
from assistant.texts import say

_OWN = re.compile(r"^[^，。；,;]{0,6}(?:自己|自行|亲自)|^[^，。；,;]{0,20}\b(?:own|ourselves)\b")
"""After a denial: only that we do it ourselves is denied (不自己运输), and not that it is done."""
_NEAR = 9
"""Characters after a word of denial in which a word of the condition must stand."""


def not_concerned(text: str, lines: Sequence[Passage], lang: str) -> Verdict | None:
    """What becomes of those who do not meet a clause's condition: it does not apply, and what they hand in all the same."""
    condition = next((p for p in lines if p.role == "applicability"), None)
    if condition is None:
        return None
    once_more = "重新认证" in condition.text and applies_first(text)
    if not once_more and (not denied(text, condition) or any(_OWN.search(text[m.end() :]) for m in DENIAL.finditer(text))):
        return None
    statements = [p.text for p in lines if p.role == "statement"]
    head = say("direct.not_applicable", lang)
    return said(lang, "fact", head, say("direct.statement", lang) if statements else "", next(iter(statements), condition.text))


def denied(question: str, condition: Passage) -> bool:
    """Whether a question denies what a condition asks for: near a word of denial stands a word of the condition, or the clause is named."""
    text = CLOSING.sub("", fold(question))
    asked = pairs(condition.text)
    item = condition.clause.split("(")[0]
    return any(
        asked & set(tokens(text[m.start() : m.end() + _NEAR])) or re.search(rf"(?<!\d){item}(?!\d)", text) for m in DENIAL.finditer(text)
    )
