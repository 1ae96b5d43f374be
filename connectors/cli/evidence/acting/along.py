"""The other lines that one hand-in serves, named beside what is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.register.acts.slots.together import as_one, goes_with
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import titled
from assistant.register.papers.said.words import first_line
from assistant.texts import say
from connectors.cli.output import note

if TYPE_CHECKING:
    from connectors.cli.opened import Opened


def say_along(desk: Opened, act: str, with_each: Iterable[Sequence[Entry]]) -> None:
    """Name the other lines that the same material was handed in for, and that ``act`` did the same to."""
    for others in filter(None, with_each):
        named = tuple(f"{titled(e.slot, desk.settings.lang)}（{first_line(e.slot.text, 24)}）" for e in others)
        note(say(f"evidence.along.{act}", desk.settings.lang, slots=named))


def going_with(desk: Opened, slots: Iterable[str], back: bool = False) -> list[list[Entry]]:
    """Of each slot the others that its material was handed in for, and that stand as it does; ``back``: that are taken back with it."""
    everything, fits = desk.service.entries(desk.now), as_one if back else goes_with
    return [[e for e in everything if fits(e, one) and e.state.name == one.state.name] for one in map(desk.service.entry, slots)]
