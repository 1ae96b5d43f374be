"""What a slot asks for, as people read it: the one description that every card, form, review, console line and catalogue row is drawn from.

Nothing is cut here: what the guide says stands whole, and a surface that has less room shows fewer parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Literal

from assistant.line_ids import LineId
from assistant.register.facts.slot_ids import SlotId
from assistant.register.facts.slots import Slot, State
from assistant.register.papers.said.words import dotted, first_line, of_whom, open_word, period_word, periods, slot_name, whose, why_word
from assistant.texts import listed, say

PartName = Literal[
    "how",
    "occasion",
    "any_of",
    "measure",
    "elements",
    "checklist",
    "figures",
    "forms",
    "suggested",
    "undeclared",
    "link",
    "joined",
    "valid",
    "standard",
    "criteria",
]
BRIEF: tuple[PartName, ...] = (
    *("how", "occasion", "any_of", "measure", "elements", "checklist", "figures", "forms", "suggested", "undeclared", "joined"),
)
"""What an owner must see to act; the rest stands where there is room."""
DEMANDED: tuple[PartName, ...] = ("any_of", "measure", "elements", "checklist", "figures")
"""What must be in it: for who weighs what is there, and of another line that the same paper serves."""
_MAY_BE = re.compile("可以[为是]([^，。；、]{1,8}(?:、[^，。；、]{1,8}?)+)等?[，。；]")
_YEAR = 365
"""Days of a year in which something stays valid, as people say it."""


@dataclass(frozen=True, slots=True)
class LabelledPart:
    """One labelled part of a description. ``verbatim``: its texts are the guide's own words; ``ticks``: each is to be ticked off."""

    name: PartName
    label: str
    texts: tuple[str, ...]
    verbatim: bool = False
    ticks: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """One slot: its name without period, whose it is, the period, the kind of thing owed, the guide's words, and the parts."""

    name: str
    whose: str
    period: str
    owing: str
    bring: str
    parts: tuple[LabelledPart, ...]

    @property
    def title(self) -> str:
        """Name, whose and period on one line."""
        return dotted(self.name, self.whose, self.period)

    def part(self, name: PartName) -> LabelledPart | None:
        """One part, None where the slot has none of it."""
        return next((part for part in self.parts if part.name == name), None)


def described(slot: Slot, lang: str, state: State | None = None, several: bool = False) -> Described:
    """The description of a slot; with its state, the count that was handed in stands beside the one that is wanted.

    ``several``: it stands for all periods of its line together.
    """
    return Described(
        slot_name(slot.id, slot.kind, lang),
        whose(slot, lang),
        whole_period(slot, lang),
        say(f"slot.owing.{slot.owing}", lang),
        _bring(slot),
        tuple(_parts(slot, lang, state, several)),
    )


def titled(slot: Slot, lang: str) -> str:
    """A slot by its name, whose it is and its period, on one line."""
    return dotted(slot_name(slot.id, slot.kind, lang), whose(slot, lang), when(slot, lang))


def titles(slots: Iterable[Slot], lang: str) -> list[str]:
    """Slots by name, the periods and rows of one line together, with what each line wants in the guide's words."""
    return [f"{name}　{first_line(wanted)}" for name, wanted in named_lines(slots, lang)]


def named_lines(slots: Iterable[Slot], lang: str) -> Iterator[tuple[str, str]]:
    """The lines of slots: the name with all its periods and rows, and what it wants in the guide's words."""
    for _, group in groupby(slots, key=lambda s: (s.line_key, s.kind)):
        same = list(group)
        name = slot_name(same[0].id, same[0].kind, lang)
        yield dotted(name, of_whom(same, lang), periods((s.spoken for s in same), lang)), _whole(same[0])


def points(slot: Slot) -> tuple[str, ...]:
    """What stands listed below the line: any one of several papers, or each point of a form; not the line once more (16)."""
    found = slot.any_of or slot.checklist
    return () if found == (slot.text,) else found


def _whole(slot: Slot) -> str:
    """What to bring; a heading that ends in a colon with the first of its points."""
    text = _bring(slot)
    return text + next(iter(points(slot)), "") if text.endswith(("：", ":")) else text


def forms_named(text: str) -> tuple[str, ...]:
    """The forms that the guide's sentence allows, each in a word (纸本文档、系统记录等 → 纸本、系统记录); none where it lists none."""
    found = _MAY_BE.search(text)
    return tuple(one.removesuffix("文档") for one in found[1].split("、")) if found else ()


def when(slot: Slot, lang: str) -> str:
    """The period as people say it."""
    return period_word(slot.spoken, lang)


def whole_period(slot: Slot, lang: str) -> str:
    """The period with its days, where its name alone does not tell them."""
    if slot.spoken == slot.period or slot.opens is None or slot.ends is None:
        return when(slot, lang)
    return say("slot.from_to", lang, period=when(slot, lang), start=slot.opens.isoformat(), end=slot.ends.isoformat())


def whole_periods(slots: Iterable[Slot], lang: str) -> str:
    """The periods of one line in few words, with their days where their names do not tell them; empty for none."""
    ordered = sorted({s.spoken: s for s in slots}.values(), key=lambda s: s.opens or date.min)
    named = periods((s.spoken for s in ordered), lang)
    days = [(s.opens, s.ends) for s in ordered if s.spoken != s.period and s.opens and s.ends]
    if not days:
        return named
    if len(days) < len(ordered) or any((opens - ends).days != 1 for (_, ends), (opens, _) in pairwise(days)):
        return listed(dict.fromkeys(whole_period(s, lang) for s in ordered), lang)
    return say("slot.from_to", lang, period=named, start=days[0][0].isoformat(), end=days[-1][1].isoformat())


def _bring(slot: Slot) -> str:
    """What to bring, in the guide's words: of a form its heading, of any-one-of its heading, else the line."""
    return slot.text.partition("\n")[0] if slot.checklist or slot.any_of else slot.text


def _parts(slot: Slot, lang: str, state: State | None, several: bool) -> Iterator[LabelledPart]:
    def part(name: PartName, texts: Iterable[str], verbatim: bool = True, ticks: bool = False) -> Iterator[LabelledPart]:
        said = tuple(text for text in texts if text)
        if said:
            yield LabelledPart(name, say(f"slot.part.{name}", lang), said, verbatim, ticks)

    yield from part("how", [how(slot, lang, state, several)], verbatim=False)
    sentence, event = (slot.standard if slot.standard != slot.text else ""), slot.owing == "event"
    yield from part("occasion", [sentence if event else ""])
    yield from part("any_of", slot.any_of)
    yield from part("measure", [slot.measure])
    yield from part("elements", slot.elements, ticks=True)
    yield from part("checklist", slot.checklist, ticks=True)
    yield from part("figures", slot.figures)
    yield from part("forms", [slot.forms])
    yield from part("suggested", slot.suggested)
    yield from part("undeclared", [open_word(flag, lang) for flag in slot.undeclared], verbatim=False)
    yield from part("joined" if slot.joined else "link", [_link(slot, lang)], verbatim=False)
    yield from part("valid", [_valid(slot, lang)], verbatim=False)
    yield from part("standard", ["" if event else sentence])
    yield from part("criteria", slot.criteria)


def brief(told: Described, lang: str, names: tuple[PartName, ...] = BRIEF) -> Iterator[str]:
    """What an owner must see to act, a line each; what a heading announces (any of several, each point of a form) below its label."""
    for part in (part for name in names if (part := told.part(name)) and part.texts != (told.bring,)):
        if part.name == "how":
            yield listed(part.texts, lang)
        elif part.name in ("any_of", "checklist"):
            yield say("slot.labelled", lang, label=part.label, text="").rstrip()
            yield from (say("slot.point", lang, text=text) for text in part.texts)
        else:
            yield say("slot.labelled", lang, label=part.label, text=part.texts)


def how(slot: Slot, lang: str, state: State | None = None, several: bool = False) -> str:
    """What to do, in a sentence or two: what settles this kind of thing, and that each of several periods has its own."""
    each = several and slot.applicable and slot.owing in ("paper", "sample") and not slot.any_of
    return _how(slot, lang, state, several) + (say("slot.how.each", lang) if each else "")


def _how(slot: Slot, lang: str, state: State | None, several: bool) -> str:
    if not slot.applicable:
        return why_word(slot, lang)
    if slot.any_of:
        return say("slot.how.any_of_dated" if slot.dated else "slot.how.any_of", lang, count=len(slot.any_of))
    counted = state.counted if state else 0
    if slot.owing == "duty" and several:
        return say(
            "slot.how.counted_each" if slot.count > 1 else "slot.how.own_each" if slot.own_count else "slot.how.duty_each",
            lang,
            count=slot.count,
        )
    if slot.owing == "duty" and slot.count == 1:
        return say("slot.how.once_own" if slot.own_count else "slot.how.once", lang)
    if slot.owing == "duty" and slot.count:
        return say("slot.how.counted", lang, count=slot.count, counted=counted, missing=max(slot.count - counted, 0))
    if slot.owing == "sample":
        key = "sample_part" if 0 < counted < slot.sets and not several else "sample" if slot.sets else "sample_open"
        return say(f"slot.how.{key}", lang, sets=slot.sets, counted=counted, missing=slot.sets - counted)
    if slot.owing == "form":
        return say(f"slot.how.{slot.kind}", lang, count=len(slot.checklist))
    if slot.owing == "derived":
        return say(f"slot.how.{derived_kind(slot)}", lang, clause=slot.follows)
    if slot.owing == "paper" and slot.why in ("statement", "sentence"):
        return say(f"slot.how.{slot.why}", lang)
    if slot.owing in ("duty", "event") and not slot.period:
        return say(f"slot.how.{slot.owing}_so_far", lang)
    return say(f"slot.how.{slot.owing}", lang)


def measured(slot: Slot, lang: str) -> str:
    """What sets a number or a term, in a cell of a table: the guide's words, or the firm's own number."""
    times = say("slot.own_times", lang, count=slot.count) if slot.own_count else ""
    return dotted(slot.measure, times, say("slot.own_sets", lang, sets=slot.sets) if slot.sets else "")


def derived_kind(slot: Slot) -> str:
    """What settles something derived: the clause that it ``follows``, or an ``archive`` that is made (``archive_year``: or handed in)."""
    return "follows" if slot.follows else "archive_year" if slot.period else "archive"


def _link(slot: Slot, lang: str) -> str:
    if not slot.link:
        return ""
    name = say(f"slot.link.lines.{slot.link}", lang)
    names = tuple(dotted(slot_name(one, LineId.of(one).section, lang), SlotId.of(one).row) for one in slot.link_with)
    lines = say("slot.link.named", lang, name=name, lines=names) if names else name
    said = say("slot.link.joined" if slot.joined else "slot.link.may", lang, lines=lines)
    return f"{said}{say('slot.link.reason', lang, reason=slot.link_reason)}" if slot.link_reason else said


def _valid(slot: Slot, lang: str) -> str:
    if not slot.valid_days:
        return ""
    years, rest = divmod(slot.valid_days, _YEAR)
    whole = years and rest <= 1  # a leap day more is still a year
    span = say("slot.for_years", lang, n=years) if whole else say("slot.for_days", lang, n=slot.valid_days)
    if slot.confirm_on:
        return say("slot.valid_until_visit", lang, span=span, on=slot.confirm_on.isoformat())
    return say("slot.valid_dated" if slot.dated else "slot.valid", lang, span=span)
