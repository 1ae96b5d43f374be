"""Whether a clause counts for an enterprise: the words of its condition, and the profile's flag that answers them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.guide import Clause
from assistant.register.facts.profile import Profile

FLAGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("special_items", re.compile("特殊物品")),
    ("technical_standards", re.compile("技术标准规范")),
    ("statistics_sample", re.compile("样本企业")),
    ("containers", re.compile("集装箱|箱式货车")),
    ("inspected_goods", re.compile("检验检疫")),
    ("transport", re.compile("运输")),
)
RENEWAL = re.compile("重新认证")
INSIDE = re.compile(r"^属于.{0,30}样本企业")
CONDITION = re.compile(r"^(企业)?(涉及|有).{0,24}的，|[（(](若|如)有[）)]|^法定代表人（负责人）不参与.{0,80}，应有")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a clause counts, by which flag (``renewal`` for the kind of certification), and its condition verbatim.

    ``flag`` is empty when the clause has no condition, and ``unknown`` when its words match no flag (it counts then,
    and its owner may say that it does not).
    """

    applies: bool
    flag: str = ""
    text: str = ""
    line: int = 0


def verdict(clause: Clause, profile: Profile) -> Verdict:
    """The verdict on one clause. The condition stands in the guide's cell, or inside the clause (21(10))."""
    if clause.applicability is not None:
        return _judge(clause.applicability.text, clause.applicability.line, profile)
    if INSIDE.match(clause.text):
        return _judge(clause.text, clause.lines[0] if clause.lines else 0, profile)
    return Verdict(True)


def _judge(text: str, line: int, profile: Profile) -> Verdict:
    for flag, words in FLAGS:
        if words.search(text):
            return Verdict(bool(getattr(profile.scope, flag)), flag, text, line)
    if RENEWAL.search(text):
        return Verdict(profile.certification == "renewal", "renewal", text, line)
    return Verdict(True, "unknown", text, line)


def conditional(text: str) -> bool:
    """Whether a line counts only in some case that it names itself (…的，；若有), so that 'not applicable' is a fair answer."""
    return CONDITION.search(text) is not None
