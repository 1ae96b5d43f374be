"""Conditions that a guide sets in words of its own: each is a question to the lead, with a name taken from the guide.

The conditions of the shipped guide have flags with names that are known (``rules.scope``); an edition or a family that speaks of
something else (冷藏产品, 跨境电商) asks about just that, and until somebody answers, what hangs on it is owed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.guide import Clause, Guide

PREFIX = "conditions."
"""Stands before a condition's name where flags of the profile are named."""
_WHO = r"(?:(?:仅|只)?(?:对于|对|凡)?(?:企业)?)"
_NAME = r"(?P<name>[^，。；;,\n]{2,40}?)"
_EXCEPT = re.compile(rf"(?:^|[。；\n]){_WHO}(?P<denied>不|未|没有|无)?{_NAME}的(?:企业|单位)?[，,](?:则|可以?)?不适用")
_ONLY = re.compile(rf"(?:^|[。；\n]){_WHO}{_NAME}的?(?:企业|单位)?[，,][^。\n]{{0,30}}否则不适用")
_FOR = re.compile(rf"(?:仅|只)?适用于{_NAME}的(?:企业|单位)|适用于{_NAME.replace('name', 'short')}(?:企业|单位)")


class Condition(NamedTuple):
    """What decides: its name in the guide's words, whether the clause counts for who is (or does) that, the sentence, its line."""

    name: str
    counts: bool
    text: str
    line: int = 0


def condition_of(clause: Clause) -> Condition | None:
    """A clause's own condition, from its line of applicability or from its sentence; None where neither names one."""
    line = clause.applicability
    for text, at in ((line.text, line.line) if line else ("", 0), (clause.text, clause.lines[0] if clause.lines else 0)):
        if found := condition_in(text):
            return found._replace(line=at)
    return None


def condition_in(text: str) -> Condition | None:
    """The condition that a text sets, whoever reads it; None where it names none. Its line is not known here."""
    if found := _EXCEPT.search(text):
        return Condition(found["name"], bool(found["denied"]), found.group().strip("。；\n"))
    if found := _ONLY.search(text):
        return Condition(found["name"].removesuffix("的"), True, found.group().strip("。；\n"))
    if found := _FOR.search(text):
        return Condition(found["name"] or found["short"], True, found.group())
    return None


def names(guide: Guide, known: re.Pattern[str]) -> tuple[str, ...]:
    """Names of all conditions of a guide that no known flag answers, in its order."""
    found = (condition_of(c) for c in guide.clauses.values())
    return tuple(dict.fromkeys(c.name for c in found if c is not None and not known.search(c.text)))
