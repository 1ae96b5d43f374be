"""What people name by words: a place of the guide that somebody is in charge of, and a time zone."""

from __future__ import annotations

import re
import unicodedata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.facts.people import Level

EVERYTHING = ("*", "全部", "all")


def target_of(text: str, guide: Guide) -> tuple[Level, str]:
    """The level and target that somebody names: ``一`` or 第一部分, ``（十一）``, ``24`` or 第24项, ``24(3)``, ``*`` for all.

    Raises:
        RegisterError: the guide has no such part, category, item or clause.
    """
    said = "".join(unicodedata.normalize("NFKC", text).split())
    if said.lower() in EVERYTHING:
        return "all", "*"
    if said in guide.clauses and said not in guide.items:
        return "clause", said
    number = re.sub(r"^第|[项条、.]$", "", said)
    if number in guide.items:
        return "item", number
    chinese = re.sub(r"^第|部分$|[、.]$", "", said)
    if any(p.number == chinese for p in guide.parts):
        return "part", chinese
    for category in (c for p in guide.parts for c in p.categories):
        if unicodedata.normalize("NFKC", category.number) == said:
            return "category", category.number
    titled = [i.number for i in guide.items.values() if _title(i.title) == _title(said)]
    if len(titled) == 1:
        return "item", titled[0]
    raise RegisterError("register.no_target", target=text.strip())


def _title(text: str) -> str:
    """A title as it is compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name.

    Raises:
        RegisterError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RegisterError("register.zone", zone=name) from None
