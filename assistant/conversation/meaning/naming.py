"""Slots as people call them: by clause, kind and the guide's own number, several periods of one line together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assistant.errors import RegisterError
from assistant.guide import KINDS
from assistant.line_ids import LineId
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.slot_ids import SlotId
from assistant.register.facts.slots import STATES, Entry
from assistant.register.papers.said.described import titled
from assistant.register.papers.said.words import of_whom, period_word, periods, slot_name, state_word
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.register.acts.service import RegisterService

_PEOPLE = ("actor", "owner", "reviewer", "by", "lead", "wanted", "leaver", "to")
"""The values of a refusal that may be somebody's id."""


def by_line(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries of one line together, lines in the order in which they first come, periods in theirs."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(line_of(entry.slot.id), []).append(entry)
    return [sorted(group, key=lambda e: e.slot.period) for group in found.values()]


def line_of(slot: str) -> str:
    """The line of a slot's id: the same for all of its periods."""
    of = SlotId.of(slot)
    return of.line if of.period else of.row_id


def line_name(group: Sequence[Entry], lang: str) -> str:
    """A line with whose it is and its periods: ``24(3) 抽查记录（1）（2022–2024 年）``."""
    slots = [e.slot for e in group]
    return full_name(slots[0].id, slots[0].kind, periods([s.spoken for s in slots], lang), lang, of_whom(slots, lang))


def mentioned(group: Sequence[Mention], lang: str) -> str:
    """The same of what a message says of a line."""
    of = of_whom((s.what for s in group), lang)
    return full_name(group[0].slot, group[0].kind, periods([s.period for s in group], lang), lang, of)


def lines_named(entries: Iterable[Entry], lang: str, most: int = 8) -> list[str]:
    """The lines of entries, each with its periods, at most ``most`` and a word on how many more."""
    groups = by_line(entries)
    shown = [line_name(group, lang) for group in groups[:most]]
    return [*shown, say("talk.more_lines", lang, count=len(groups) - most)] if len(groups) > most else shown


def full_name(slot: str, kind: str, when: str, lang: str, of: str = "") -> str:
    """A slot with whose it is and its period, both as people say them."""
    named = say("evidence_slack.of_whom", lang, whose=of) if of else ""
    return slot_name(slot, kind, lang) + named + (say("evidence_slack.of_period", lang, period=when) if when else "")


def in_words(values: Mapping[str, Any], called: Callable[[str], str], lang: str, service: RegisterService | None = None) -> dict[str, Any]:
    """What fills the sentence of a refusal, as people say it: slots and states by name, people as they are ``called``.

    ``service``: where the slot stands; without it, its id alone names it.
    """
    found = dict(values)
    for name, value in values.items():
        if isinstance(value, str | tuple) and name in _PEOPLE:
            found[name] = called(value) if isinstance(value, str) else tuple(called(str(one)) for one in value)
    if "slot" in values:
        found["slot"] = _slot(str(values["slot"]), lang, service)
    if str(values.get("state")) in STATES:
        found["state"] = state_word(str(values["state"]), lang)
    return found


def _slot(slot: str, lang: str, service: RegisterService | None) -> str:
    """A slot by its id, as the register has it: a certification year by both of its years, and whose it is."""
    if service is not None:
        with suppress(RegisterError):
            return titled(service.entry(slot).slot, lang)
    return plain_slot(slot, lang)


def plain_slot(slot: str, lang: str) -> str:
    """The same from a slot's id alone."""
    of = SlotId.of(slot)
    kind = LineId.of(of.line).section
    return full_name(slot, kind, period_word(of.period, lang), lang) if kind in KINDS else slot
