"""What people name by words: a place of the guide that somebody is in charge of, and a time zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.errors import RegisterError
from assistant.families import named
from assistant.guide import Guide
from assistant.numerals import CHINESE, NUMBER, value
from assistant.register.facts.people import Level
from assistant.register.rules.filing.places import fold

EVERYTHING = ("*", "全部", "all")


def target_of(text: str, guide: Guide) -> tuple[Level, str]:
    """The level and target that somebody names.

    ``一`` or 第一部分, ``（十一）``, ``24``, 第24项 or 第二十四项, ``24(3)``, 24（三） or 第24项第3条, 24 进入安全, a title or
    what only one title holds (商业伙伴), ``*`` for all. Of a family in force beside others with its name before it (``报关:3``); without
    one, of the first family before the others.

    Raises:
        RegisterError: the guide has no such part, category, item or clause.
    """
    said = folded(text)
    if said in EVERYTHING:
        return "all", "*"
    if said in guide.clauses and said not in guide.items:
        return "clause", said
    family, _, place = said.rpartition(":")
    fronts = {part.rpartition(":")[0] for part in named(family, guide)} if family else {""}
    for front in fronts:
        if found := _within(place, guide, f"{front}:" if front else ""):
            return found
    if found := _titled(said, guide, list(guide.items)):
        return found
    raise RegisterError("register.no_target", target=text.strip())


def _within(said: str, guide: Guide, front: str) -> tuple[Level, str] | None:
    """A place of one family, ``front`` being what its ids begin with."""
    part = front + re.sub(r"^第|部分$|[、.]$", "", said)
    if any(p.number == part for p in guide.parts):
        return "part", part
    for category in (c for p in guide.parts for c in p.categories):
        if folded(category.number) == folded(front + said):
            return "category", category.number
    numbered = _NUMBERED.match(said)
    if numbered and (found := _numbered(front, numbered[1], numbered[2] or numbered[3], guide)):
        return found
    titled = _TITLED.match(said)
    found = _numbered(front, titled[1], titled[2], guide) if titled else None
    if titled and found and titled[3] in folded(guide.items[found[1].partition("(")[0]].title):
        return found
    return _titled(said, guide, [n for n in guide.items if n.rpartition(":")[0] == front.rstrip(":")])


def _titled(said: str, guide: Guide, items: Sequence[str]) -> tuple[Level, str] | None:
    """The one of some items whose title somebody says, or that alone holds it."""
    for alike in (str.__eq__, str.__contains__):
        titled = [n for n in items if alike(folded(guide.items[n].title), said)]
        if len(titled) == 1 and len(said) > 1:
            return "item", titled[0]
    return None


def targets_of(text: str, guide: Guide) -> list[str]:
    """The places that one wording names: each of a row (23-24, 24(1)~(3), 第23项至第25项), else the wording itself."""
    ends = _RANGE.match(folded(text))
    if ends is None:
        return [text]
    first, last = ends[1], ends[2]
    try:
        if re.fullmatch(r"\(.+\)", last):  # 24(1)~(3): of the same item
            last = first.partition("(")[0] + last
        if last.endswith("项"):  # 二十三至二十五项
            first = first.removesuffix("项") + "项"
        if ":" not in last:  # 报关:1至3: of the same family
            last = "".join(first.rpartition(":")[:2]) + last
        (level, start), (same, end) = target_of(first, guide), target_of(last, guide)
    except RegisterError:
        return [text]
    row = list(guide.items if level == "item" else guide.clauses)
    if level != same or level not in ("item", "clause") or row.index(start) >= row.index(end):
        return [text]
    return row[row.index(start) : row.index(end) + 1]


_NUMBERED = re.compile(rf"(?![{CHINESE}]+$)第?({NUMBER})(?:大?项|条|、|\.)?(?:第?\(({NUMBER})\)|第({NUMBER}))?(?:分?项|条|款)?$")
"""An item (25, 第二十五项), or a clause of it (24(三), 第24项第3条); a bare 十一 may be a category as well."""
_TITLED = re.compile(rf"第?({NUMBER})(?:大?项|、|\.|．)?(?:\(({NUMBER})\))?(?:条|款)?[-、.:]?([^\W\d].+)$")
"""A number with the beginning or all of its item's title behind it (24 进入安全)."""
_RANGE = re.compile(r"(.+?)(?:[~-]|–|—|至|到)(.+)$")


def _numbered(front: str, item: str, clause: str | None, guide: Guide) -> tuple[Level, str] | None:
    number = f"{front}{value(item)}"
    place = number if clause is None else f"{number}({value(clause)})"
    if clause is None:
        return ("item", place) if place in guide.items else None
    return ("clause", place) if place in guide.clauses else None


def folded(text: str) -> str:
    """Words as they are compared: one width, 简体, without blanks."""
    return "".join(fold(text).split())


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name.

    Raises:
        RegisterError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RegisterError("register.zone", zone=name) from None
