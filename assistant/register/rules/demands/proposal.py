"""Elements of a line proposed from its words, for editions that nobody reviewed; a lead confirms them before anybody sees ticks.

A line names what it demands in lists (应包括A、B以及C等内容; 对D的E、F记录). A list is cut at its marks, and its first member loses what
belongs to the whole list: which words these are shows in how other lists begin, in what the line said before, and in
how long the other members are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from statistics import median

from assistant.guide import Guide, Requirement
from assistant.line_ids import LineId
from assistant.register.facts.profile import Profile
from assistant.register.rules.demands.judgement import elements_of, shipped_elements

_END = r"(?=等(?![级同于])|[。；]|$)"
_LISTS = (
    re.compile(rf"(?:包括|包含|明确|涵盖|应当?有|确保有)(?P<list>[^。；]*?){_END}"),
    re.compile(r"（(?:包括)?(?P<list>[^（）]*、[^（）]*?)等?）"),
    re.compile(r"(?P<list>[^，。；（）]*、[^，。；（）]*?)等?(?:安全管理)?的?(?:有关|相关|工作)*记录。?$"),
)
_BEFORE = re.compile(r"^(应当|应(?=有|包|明|涵)|明确|(?<!具)有(?![效关])|包含|包括|涵盖|关于|上述[^的]*的)+")
_REASON = re.compile(r"^(确保|并根据|由)")
"""What follows a list and says why or how, and demands nothing by itself."""
_WHOLE = re.compile(r"(内容|规定|清单)$")
"""Something a paper must hold, named alone."""
_LEAST = 2
"""A list names at least so many things."""
_SHORT = 2
"""Characters of a member that is a word for an act (发放、回收); and of what may stand before a member without belonging to it."""


def proposed(line: Requirement, heads: Set[str] = frozenset()) -> tuple[str, ...]:
    """What a line seems to demand, each a substring of it, in its order; none where it lists nothing.

    ``heads`` are what other lists begin with.
    """
    found: list[str] = []
    for match in (match for pattern in _LISTS for match in pattern.finditer(line.text)):
        for part in _members(match.group("list"), line.text[: match.start("list")], heads):
            if not any(part in other for other in found):
                found = [other for other in found if other not in part] + [part]
    enough = len(found) >= _LEAST or any(_WHOLE.search(part) for part in found)
    return tuple(sorted(found, key=line.text.index)) if enough else ()


def _members(said: str, before: str, heads: Set[str]) -> list[str]:
    groups = [[p for p in map(_trimmed, group.split("、")) if p] for group in re.split("，|以及", said)]
    groups = [group for group in groups if group]
    if len(groups) > 1 and all(len(g) > 1 and g[0] == groups[0][0] for g in groups):  # 评估、检查项目，评估、检查过程
        groups = [[_trimmed(part)] for part in said.split("，")]
    parts = [part for group in groups for part in group]
    if len(parts) < _LEAST:
        return [part for part in parts if _WHOLE.search(part)]
    for at, part in enumerate(parts):
        own = max((head for head in heads if part.endswith(head) and len(head) > _SHORT), key=len, default="")
        if own and own != part:  # 员工入职、离职、停职责任部门（岗位）、工作职责: the list begins where lists do
            return [own, *parts[at + 1 :]]
    if len(groups[0]) == 1:
        return [_own(g, before) if n == 0 else p for g in groups for n, p in enumerate(g)]
    return [_own(parts, before), *parts[1:]]


def _own(members: Sequence[str], before: str) -> str:
    """The first member without what belongs to all of them: of its ends, the one about as long as the others are."""
    first, others = members[0], [_size(part) for part in members[1:]]
    if not others:
        return first
    if set(others) == {_SHORT}:
        return first[-_SHORT:]
    usual, stem, inside = median(others), members[1][:_SHORT], range(_SHORT, len(first) - 1)
    cuts = [i for i in inside if first[i : i + _SHORT] == stem or first[i - 1] in "的中"]
    cuts += [i for i in inside if i > _SHORT and first[:i] in before][-1:]
    return min((*(first[i:] for i in cuts), first), key=lambda end: abs(_size(end) - usual))


def _size(text: str) -> int:
    """Characters without what stands in brackets."""
    return len(re.sub("（.*?）", "", text))


def _trimmed(text: str) -> str:
    """Without the marks around it, and without a bracket that is not closed or opened in it; empty for what is no member."""
    bare = _BEFORE.sub("", text.strip("：: "))
    bare = bare if bare.count("（") == bare.count("）") else bare.strip("（）")
    return "" if _REASON.match(bare) or bare.count("（") != bare.count("）") else bare


def unreviewed(guide: Guide, profile: Profile) -> Iterator[tuple[Requirement, tuple[str, ...]]]:
    """The lines that nobody reviewed as they stand and that seem to demand more than is known, each with what is proposed.

    A line that was reworded keeps what still stands in it; that heads its proposal.
    """
    heads = {elements[0].text for elements in shipped_elements().values() if elements} | {
        texts[0] for texts in profile.elements.values() if texts
    }
    for line in guide.requirements.values():
        kind = LineId.of(line.id).section
        if kind in ("documents", "records") and line.role in ("evidence", "format") and line.key not in profile.elements:
            held = tuple(e.text for e in elements_of(line, profile))
            anew = proposed(line, heads) if line.since or line.key not in shipped_elements() else ()
            more = tuple(p for p in anew if not any(p in e or e in p for e in held))
            if more:
                yield line, (*held, *more)
