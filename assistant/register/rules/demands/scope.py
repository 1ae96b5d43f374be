"""Whether a clause, section or line counts for an enterprise: the words of its condition, and the profile's flags that answer them.

A condition is met when one of its flags is declared true, ruled out when all are declared false, and open otherwise: what is
open counts, and is a question to the lead. A declaration that another one contradicts is open too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.guide import Clause, Guide
from assistant.register.facts.profile import Profile
from assistant.register.rules.demands.conditions import PREFIX, Condition, condition_of, names

CLAUSES: tuple[tuple[tuple[str, re.Pattern[str]], ...], ...] = (
    (("special_items", re.compile("特殊物品")),),
    (("technical_standards", re.compile("技术标准规范")),),
    (("statistics_sample", re.compile("样本企业")),),
    (("containers", re.compile("集装箱")), ("box_trucks", re.compile("箱式货车"))),
    (("inspected_goods", re.compile("检验检疫")),),
    (("transport", re.compile("运输")),),
)
"""Flags by the words of an applicability line, the first group that fits counts; one line may name several (28)."""
LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("special_items", re.compile(r"涉及.{0,6}特殊物品的")),
    ("animals_plants", re.compile(r"涉及.{0,4}动植物.{0,6}的")),
    ("seal", re.compile(r"有报关专用印?章的")),
    ("certificates", re.compile(r"有.{0,8}(证书|法律文书)的")),
    ("external_auditor", re.compile(r"聘请外部")),
    ("logistics_partners", re.compile(r"由商业伙伴完成的")),
)
"""Flags by the words with which a line says itself for whom it is."""
IMPLIED: tuple[tuple[str, str], ...] = (("containers", "transport"), ("box_trucks", "transport"), ("animals_plants", "inspected_goods"))
"""Who declares the first and denies the second is asked again: containers are transported, animals and plants are inspected."""
UNLESS = {"transport": "logistics_partners"}
"""A denial that holds after all where another flag is declared: partners carry what the enterprise does not."""
RENEWAL = re.compile("重新认证")
_KNOWN = re.compile("|".join([RENEWAL.pattern, *(words.pattern for group in CLAUSES for _, words in group)]))
INSIDE = re.compile(r"^属于.{0,30}样本企业")
CONDITION = re.compile(r"^(企业)?(涉及|有).{0,24}的，|[（(](若|如)有[）)]|^法定代表人（负责人）不参与.{0,80}，应有")


@dataclass(frozen=True, slots=True)
class ScopeVerdict:
    """Whether a clause or line counts, by which flag (``renewal`` for the kind of certification), and its condition verbatim.

    ``flag`` is empty when there is no condition, and ``unknown`` when its words match no flag (it counts then, and its
    owner may say that it does not). ``undeclared`` are the flags whose declaration it waits for: it counts until then.
    """

    applies: bool
    flag: str = ""
    text: str = ""
    line: int = 0
    undeclared: tuple[str, ...] = ()

    def __and__(self, other: ScopeVerdict) -> ScopeVerdict:
        """Both conditions together; the one that rules out is the one that is told."""
        if not self.applies:
            return self
        return replace(other, undeclared=(*self.undeclared, *other.undeclared)) if other.flag or not other.applies else self


def verdict(clause: Clause, profile: Profile) -> ScopeVerdict:
    """The verdict on one clause. The condition stands in the guide's cell, or inside the clause (21(10))."""
    if clause.applicability is not None:
        return _judge(clause.applicability.text, clause.applicability.line, profile, condition_of(clause))
    if INSIDE.match(clause.text):
        return _judge(clause.text, clause.lines[0] if clause.lines else 0, profile)
    own = condition_of(clause)
    return ScopeVerdict(True) if own is None else _judge(own.text, own.line, profile, own)


def line_verdict(text: str, line: int, profile: Profile, judged: Iterable[str] = ()) -> ScopeVerdict:
    """The verdict on one line (or element): by the flags judged for it, else by its own words."""
    flags = tuple(judged) or tuple(flag for flag, words in LINES if words.search(text))[:1]
    return _declared(flags, text, line, profile) if flags else ScopeVerdict(True)


def statement_verdict(text: str, line: int, profile: Profile) -> ScopeVerdict:
    """Whether the written statement is owed that something is not done here: only once the profile denies just that."""
    for group in CLAUSES:
        flags = tuple(flag for flag, words in group if words.search(text))
        if flags:
            owed = all(declared(profile, flag) is False for flag in flags)
            return ScopeVerdict(owed, "" if owed else "statement_needless", text, line)
    return ScopeVerdict(True, "unknown", text, line)


def declared(profile: Profile, flag: str) -> bool | None:
    """What the profile declares under a flag; None when nobody did, or when another declaration contradicts a denial."""
    said: bool | None = getattr(profile.scope, flag)
    if said is False and any(other == flag for _, other in contradictions(profile)):
        return None
    return said


def contradictions(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Pairs of flags of which the first is declared and the second, that follows from it, denied without what would explain it."""
    scope = profile.scope
    denied = {b for _, b in IMPLIED if getattr(scope, b) is False and not (b in UNLESS and getattr(scope, UNLESS[b]))}
    return tuple((a, b) for a, b in IMPLIED if getattr(scope, a) and b in denied)


def conditions(guide: Guide) -> tuple[str, ...]:
    """Names of the conditions that a guide sets in words of its own, which no flag answers."""
    return names(guide, _KNOWN)


def _judge(text: str, line: int, profile: Profile, own: Condition | None = None) -> ScopeVerdict:
    for group in CLAUSES:
        flags = tuple(flag for flag, words in group if words.search(text))
        if flags:
            return _declared(flags, text, line, profile)
    if RENEWAL.search(text):
        return ScopeVerdict(profile.certification == "renewal", "renewal", text, line)
    if own is None:
        return ScopeVerdict(True, "unknown", text, line)
    said = profile.conditions.get(own.name)
    return ScopeVerdict(said is None or said == own.counts, "condition", text, line, (PREFIX + own.name,) if said is None else ())


def _declared(flags: tuple[str, ...], text: str, line: int, profile: Profile) -> ScopeVerdict:
    said = [declared(profile, flag) for flag in flags]
    if any(said):
        return ScopeVerdict(True, flags[said.index(True)], text, line)
    waiting = tuple(flag for flag, value in zip(flags, said, strict=True) if value is None)
    return ScopeVerdict(bool(waiting), flags[0], text, line, waiting)


def conditional(text: str) -> bool:
    """Whether a line counts only in some case that it names itself (…的，；若有), so that 'not applicable' is a fair answer."""
    return CONDITION.search(text) is not None
