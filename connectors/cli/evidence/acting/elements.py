"""The elements of a line at the terminal: named together as they are shown, and what is still to come after a part was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import titled
from assistant.register.papers.said.words import shortfall_word
from assistant.register.rules.evidence.shortfall import named_together
from assistant.texts import say

if TYPE_CHECKING:
    from connectors.cli.opened import Opened

_OWNERS = ("figures", "index", "place", "staff")
"""What only who hands in can say."""


def elements_named(entries: Sequence[Entry], said: Sequence[str], option: str, along: Iterable[Entry] = ()) -> list[str]:
    """The elements that an option names, one by one or together as they are shown (日期、地点); points of a form also by their place.

    ``along``: other lines that the same paper serves, whose elements may be named as well.

    Raises:
        RegisterError: they are no elements of the lines; says which there are.
    """
    too = dict.fromkeys(element for entry in along for element in entry.slot.ticks)
    known = {element for entry in entries for element in entry.slot.ticks} | too.keys()
    points = entries[0].slot.ticks if len(entries) == 1 and not entries[0].slot.elements else ()
    named = (one for text in said for one in named_together(text, known))
    found = [points[int(one) - 1] if one.isdecimal() and 0 < int(one) <= len(points) else one for one in named]
    for entry in entries:
        if strange := tuple(one for one in found if one not in entry.slot.ticks and one not in too):
            elements = tuple(dict.fromkeys((*entry.slot.elements, *too)))
            key = "register.covers_other" if elements else "register.covers_point" if points else f"register.{option}_none"
            raise RegisterError(key, wrong=strange, elements=elements, count=len(points))
    return found


def left_unsaid(desk: Opened, entry: Entry) -> str:
    """What an accepted hand-in leaves unsaid and its reviewer cannot say for it (figures, a place, who answers); empty when nothing."""
    if entry.shown(desk.today) != "accepted":
        return ""
    lang = desk.settings.lang
    short = [shortfall_word(s, lang) for s in desk.service.short_of(entry) if s.name in _OWNERS]
    return say("slot.labelled", lang, label=titled(entry.slot, lang), text=" ".join(short)) if short else ""


def still_to_come(desk: Opened, entry: Entry) -> str:
    """What is still to come after an acceptance that did not end the slot; empty when it did."""
    if entry.shown(desk.today) != "missing":
        return ""
    lang = desk.settings.lang
    return say("evidence.partly", lang, rest=" ".join(shortfall_word(s, lang) for s in desk.service.short_of(entry)))
