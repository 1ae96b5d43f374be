"""Which family a message is about: the one that it calls by name, or the one that the conversation was about last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answers.answer import Turn
from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.words import fold
from assistant.families import short

_PLACE = r"(?:[:：]\s*)(第?\d{1,3}(?:项|条)?(?:\s*[(（.]\s*\d{1,2}\s*[)）]?)?)"
_STANDARD = r"的?(?:单项)?(?:标准|指南)(?:指南)?(?:里面?|中|内|上)?[的，,、]?\s*"
_ENDS = re.compile(r"^[和与跟及、，,\s]+|[和与跟及、，,\s]+$")


def called(question: str, families: Sequence[str]) -> Mapping[str, str]:
    """What a question asks of each family that it calls by name before a number or as a standard (报关:4, 报关企业单项标准); none, if none.

    What else it names by number beside a family's number is the first family's: 报关:3和24(3) is asked of both, of each its own.
    """
    said = {family: list(re.finditer(rf"《?(?:{_names(family)})》?{_PLACE}", question)) for family in families}
    if any(said.values()):
        rest = _replaced(question, {m: "" for found in said.values() for m in found})
        if said[families[0]] or not named(fold(rest)):
            return {family: _replaced(question, _own(said, family)) for family, found in said.items() if found}
        return {families[0]: rest} | {family: "、".join(map(_written, found)) for family, found in said.items() if found}
    for family in families:
        if standard := re.search(rf"《?(?:{_names(family)})》?{_STANDARD}", question):
            rest = (question[: standard.start()] + question[standard.end() :]).strip()
            return {family: rest if rest[:1].isdigit() or rest[:1] == "第" else f"本指南{rest}"}
    return {}


def _names(family: str) -> str:
    return "|".join(map(re.escape, sorted({family, short(family)}, key=len, reverse=True)))


def _own(said: Mapping[str, Sequence[re.Match[str]]], family: str) -> dict[re.Match[str], str]:
    """What stands for each place that is called in a question to one family: its own numbers, nothing for those of the others."""
    return {match: _written(match) if of == family else "" for of, found in said.items() for match in found}


def _written(match: re.Match[str]) -> str:
    return f"第{match[1]}项" if match[1].isdigit() else match[1]


def _replaced(question: str, by: Mapping[re.Match[str], str]) -> str:
    for match in sorted(by, key=lambda m: -m.start()):
        question = question[: match.start()] + by[match] + question[match.end() :]
    return _ENDS.sub("", question)


def spoken_of(history: Sequence[Turn], families: Sequence[str]) -> str:
    """The family that the conversation is about: the only one cited in the last answer that cites any, else none."""
    cited = next((t.answer.clauses for t in reversed(history) if t.answer.clauses), ())
    first, *others = families
    prefixes = {f"{short(f)}:": f for f in others}
    about = {next((f for p, f in prefixes.items() if c.startswith(p)), first) for c in cited}
    return about.pop() if len(about) == 1 else ""
