"""The other lines that one hand-in serves, named beside what is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.register.acts.together import goes_with
from assistant.register.facts.slots import Entry
from assistant.register.papers.described import titled
from assistant.register.papers.words import first_line
from assistant.texts import say
from connectors.cli.opened import Opened
from connectors.cli.output import note


def say_along(desk: Opened, act: str, with_each: Iterable[Sequence[Entry]]) -> None:
    """Name the other lines that the same material was handed in for, and that ``act`` did the same to."""
    for others in filter(None, with_each):
        named = tuple(f"{titled(e.slot, desk.settings.lang)}（{first_line(e.slot.text, 24)}）" for e in others)
        note(say(f"evidence.along.{act}", desk.settings.lang, slots=named))


def going_with(desk: Opened, slots: Iterable[str]) -> list[list[Entry]]:
    """Of each slot the others that its material was handed in for with it, and that stand as it does."""
    everything = desk.service.entries(desk.now)
    return [[e for e in everything if goes_with(e, one) and e.state.name == one.state.name] for one in map(desk.service.entry, slots)]
