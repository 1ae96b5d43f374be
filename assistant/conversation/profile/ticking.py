"""What lines of an edition nobody reviewed seem to demand: proposed to the lead, and kept in the profile as the lead confirms it."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.conversation.enterprise import Desk
from assistant.errors import UsageError
from assistant.guide import Guide, Requirement
from assistant.register.facts.profile import Profile
from assistant.register.rules.demands.proposal import unreviewed

Parts = tuple[str, ...]


def proposals(desk: Desk) -> dict[str, tuple[Requirement, Parts]]:
    """Line id -> the line and what is proposed for it, in the guide's order; nothing where nothing was planned yet."""
    return {line.id: (line, parts) for line, parts in unreviewed(desk.guide, desk.profile)} if desk.profile else {}


def not_of_line(guide: Guide, line: str, parts: Parts) -> Parts:
    """Those of the elements that do not stand in a line word for word; the line's id itself where the guide has no such line."""
    found = guide.requirements.get(line)
    return (line,) if found is None else tuple(part for part in parts if part not in found.wording)


def confirmed(profile: Profile, guide: Guide, said: Mapping[str, Parts]) -> Profile:
    """The profile with the elements of lines (by id) as the lead confirms them; an empty tuple: the line is to have none.

    Raises:
        UsageError: something of it does not stand in its line, or there is no such line.
    """
    wrong = tuple(part for line, parts in said.items() for part in not_of_line(guide, line, parts))
    if wrong:
        raise UsageError("profile.not_in_line", wrong=wrong)
    kept = profile.elements | {guide.requirements[line].key: parts for line, parts in said.items()}
    return profile.model_copy(update={"elements": kept})
