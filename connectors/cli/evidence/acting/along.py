"""The slots that an act is for: years that are written together, and the other lines that one hand-in serves, named beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.register.acts.doing.who import slot_id
from assistant.register.acts.slots.together import as_one, goes_with
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import named_lines
from assistant.register.papers.said.words import first_line
from assistant.texts import say
from connectors.cli.output import note

if TYPE_CHECKING:
    from connectors.cli.opened import Opened


_WORDS = 24
"""Characters of each line that tell it from the others, where several are named in one sentence."""
_SPAN = re.compile(r"^(.+@)([\d-]+)(?:\.{2,}|~)([\d-]+)(#.+)?$")
"""Years as the list writes them together: 24(3)/records/1@2022…2026."""


def each_year(desk: Opened, slots: Iterable[str]) -> list[str]:
    """Slots as they were typed, each of years that are written together by itself: those that stand as the first does, as in the list.

    What names no slot stays, and is refused as it is.
    """
    found: list[str] = []
    for slot in slots:
        span = _SPAN.match(slot_id(slot))
        line, first, last, whom = span.groups("") if span else ("", "", "", "")
        same = {e.slot.period: e for e in desk.service.entries(desk.now) if span and e.slot.id == f"{line}{e.slot.period}{whom}"}
        years = [p for p in same if first in same and first <= p <= last and _stands(same[p]) == _stands(same[first])]
        found += [same[p].slot.id for p in sorted(years)] or [slot]
    return list(dict.fromkeys(found))


def _stands(entry: Entry) -> tuple[str, int]:
    return entry.state.name, entry.state.kept


def say_along(desk: Opened, act: str, with_each: Iterable[Sequence[Entry]]) -> None:
    """Name the other lines that the same material was handed in for, and that ``act`` did the same to, each with its periods."""
    for others in filter(None, with_each):
        lines = named_lines((e.slot for e in others), desk.settings.lang)
        note(say(f"evidence.along.{act}", desk.settings.lang, slots=tuple(f"{name}（{first_line(text, _WORDS)}）" for name, text in lines)))


def going_with(desk: Opened, slots: Iterable[str], back: bool = False) -> list[list[Entry]]:
    """Of each slot the others that its material was handed in for, and that stand as it does; ``back``: that are taken back with it.

    What was accepted in part and what was accepted stand alike: one decision was on both.
    """
    everything, fits = desk.service.entries(desk.now), as_one if back else goes_with
    return [[e for e in everything if fits(e, one) and _alike(e, one)] for one in map(desk.service.entry, slots)]


def _alike(one: Entry, other: Entry) -> bool:
    decided = all(e.state.accepted_version and e.state.name in ("accepted", "missing") for e in (one, other))
    return decided or one.state.name == other.state.name
