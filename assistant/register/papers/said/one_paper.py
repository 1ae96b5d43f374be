"""Lines that one paper serves, as one entry of a message: one hand-in settles them, so they are asked for once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.register.facts.notices.common import Mention
from assistant.register.facts.slots import Slot
from assistant.register.papers.said.described import PartName, brief, described
from assistant.register.papers.said.words import dotted
from assistant.texts import say

_DEMANDED: tuple[PartName, ...] = ("any_of", "measure", "elements", "checklist", "figures")
"""What another line of the same paper adds to what the first one wants."""

Group = Sequence[Mention]
"""What a message says of the periods of one line and row."""


def as_one(groups: Sequence[Group]) -> Iterator[tuple[Group, list[Slot]]]:
    """The entries of a message: each line with those that its paper serves too, which are no entries of their own then."""
    left = list(groups)
    while left:
        leading, *rest = left
        along: list[Group] = []
        left = []
        for group in rest:
            (along if _same_paper(leading, group) else left).append(group)
        yield leading, [slot for group in along if (slot := group[0].what)]


def also(slot: Slot, lang: str) -> Iterator[str]:
    """What another line wants of the same paper: its words, and what must be in it."""
    told = described(slot, lang)
    yield say("slot.also", lang, line=dotted(told.name, told.whose), text=told.bring)
    yield from brief(told, lang, _DEMANDED)


def _same_paper(one: Group, other: Group) -> bool:
    """Whether one hand-in settles both: the lead confirmed it, it is of one time, and none came back for reasons of its own."""
    first, second = one[0].what, other[0].what
    if first is None or second is None or not (first.joined and second.joined and first.link == second.link):
        return False
    times, others = {m.period for m in one}, {m.period for m in other}
    same = others <= times or others == {""} or times == {""}
    return same and one[0].reason == other[0].reason and not any(m.returned for m in (*one, *other))
