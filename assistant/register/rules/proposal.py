"""Elements of a line proposed from its words, for editions that nobody reviewed; a lead confirms them before anybody sees ticks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.guide import Guide, Requirement
from assistant.register.facts.profile import Profile
from assistant.register.rules.judgement import elements_of

_LISTS = (re.compile(r"(?:包括|包含|明确|涵盖|有)(?P<list>[^。；]*)"), re.compile(r"（(?:包括)?(?P<list>[^（）]*、[^（）]*)）"))
_TAIL = re.compile(r"(等|的)?(内容|信息|情况|方面)*[）)。]*$")
_BETWEEN = re.compile(r"、|，|以及")
_BEFORE = re.compile(r"^(应当|应(?=有|包|明|涵)|明确|具?有|包含|包括|涵盖|关于)+")
_LEAST = 2
"""A list names at least so many things."""


def proposed(line: Requirement) -> tuple[str, ...]:
    """What a line seems to demand, each a substring of it; none where it lists nothing."""
    best: tuple[str, ...] = ()
    for found in (match for pattern in _LISTS for match in pattern.finditer(line.text)):
        said = _TAIL.sub("", found.group("list").partition("等")[0])
        parts = tuple(p for p in (_trimmed(part) for part in _BETWEEN.split(said)) if p and p in line.text)
        if len(parts) >= _LEAST and len(parts) > len(best):
            best = parts
    return best


def _trimmed(text: str) -> str:
    """Without the marks around it, and without a bracket that is not closed or opened in it."""
    bare = _BEFORE.sub("", text.strip("：: "))
    bare = bare if bare.count("（") == bare.count("）") else bare.strip("（）")
    return bare if bare.count("（") == bare.count("）") else ""


def unreviewed(guide: Guide, profile: Profile) -> Iterator[tuple[Requirement, tuple[str, ...]]]:
    """The lines that nobody reviewed as they stand and that seem to demand more than is known, each with what is proposed.

    A line that was reworded keeps what still stands in it; that heads its proposal.
    """
    for line in guide.requirements.values():
        kind = line.id.split("/")[1]
        if kind in ("documents", "records") and line.role in ("evidence", "format") and line.key not in profile.elements:
            held = tuple(e.text for e in elements_of(line, profile))
            anew = proposed(line) if line.since or not held else ()
            more = tuple(p for p in anew if not any(p in e or e in p for e in held))
            if more:
                yield line, (*held, *more)
