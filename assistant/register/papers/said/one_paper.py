"""Lines that one paper serves, as one entry of a message: one hand-in settles them, so they are asked for once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from assistant.register.facts.notices.common import Mention
from assistant.register.facts.slot_ids import SlotKey
from assistant.register.papers.said.described import DEMANDED, PartName, brief, described, whole_periods
from assistant.register.papers.said.words import dotted, of_whom, periods, slot_name
from assistant.texts import say

Group = Sequence[Mention]
"""What a message says of the periods of one line and row."""
Asked = tuple[Group, Sequence[Group]]
"""An entry of a message: a line, and those that its paper serves too."""
_G = TypeVar("_G", bound=Group)


def mentions(entry: Asked) -> list[Mention]:
    """All that an entry of a message speaks of: its own line, then what goes along."""
    leading, along = entry
    return [shown for group in (leading, *along) for shown in group]


def as_one(groups: Sequence[_G]) -> Iterator[tuple[_G, list[_G]]]:
    """The entries of a message: each line with those that its paper serves too, which are no entries of their own then.

    The paper itself leads, with what must be in it; then the records that are the same paper.
    """
    left = list(groups)
    while left:
        leading = min((g for g in left if g is left[0] or _one_paper(left[0], g)), key=_rank)
        along = [g for g in left if g is not leading and _settled_with(leading, g)]
        left = [g for g in left if g is not leading and not any(g is one for one in along)]
        yield leading, along


def by_line(slots: Sequence[Mention]) -> list[list[Mention]]:
    """The slots of one line and row together, their periods in order, in the order in which the lines first come.

    What only waits for a word stands apart from what is to be handed in, and a period of which some is there from those without.
    """
    found: dict[tuple[object, ...], list[Mention]] = {}
    for slot in slots:
        of = SlotKey.of(slot.key)
        found.setdefault((of.line, of.mark, slot.reason == "to_confirm", slot.counted), []).append(slot)
    return [sorted(group, key=lambda s: s.period) for group in found.values()]


def title(group: Group, lang: str) -> str:
    """A line with whose it is and all its periods; of what an earlier version stored, what is known."""
    return dotted(slot_name(group[0].slot, group[0].kind, lang), of_whom((s.what for s in group), lang), when_asked(group, lang))


def when_asked(group: Group, lang: str) -> str:
    """The periods, with their days where their names do not tell them."""
    slots = [s.what for s in group if s.what]
    return whole_periods(slots, lang) if len(slots) == len(group) else periods((s.period for s in group), lang)


def also(group: Group, lang: str, parts: Sequence[PartName] = DEMANDED) -> Iterator[str]:
    """What another line wants of the same paper: for which periods, its words, and of these parts what must be in it."""
    slot = group[0].what
    assert slot is not None, "only what says what it is goes along"
    told = described(slot, lang)
    yield say("slot.also", lang, line=title(group, lang), text=told.bring)
    yield from brief(told, lang, tuple(name for name in DEMANDED if name in parts))


def _rank(group: Group) -> tuple[bool, bool]:
    """The paper before its records, the one with elements before those without."""
    what = group[0].what
    return bool(group[0].period), not (what and what.elements)


def _one_paper(one: Group, other: Group) -> bool:
    """Whether the lead confirmed that both lines are served by one paper."""
    first, second = one[0].what, other[0].what
    return bool(first and second and first.joined and second.joined and first.link == second.link)


def _settled_with(leading: Group, other: Group) -> bool:
    """Whether handing in the leading one settles the other: it is of one time, and neither came back for reasons of its own."""
    times, others = {m.period for m in leading}, {m.period for m in other}
    same = others <= times or others == {""} or times == {""}
    back = any(m.returned for m in (*leading, *other))
    return _one_paper(leading, other) and same and leading[0].reason == other[0].reason and not back
