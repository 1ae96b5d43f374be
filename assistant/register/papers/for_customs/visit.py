"""The page for the customs visit: the binder's content item by item, to open in any browser without a network, and to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal
from urllib.parse import quote

from assistant.guide import Guide, Item
from assistant.register.facts.slot_ids import SlotId
from assistant.register.papers.for_customs.catalogue import GAPS, CatalogueLine, status_word
from assistant.register.papers.page import template
from assistant.register.papers.said.words import dotted, kind_word, period_word
from assistant.texts import say

Mark = Literal["good", "open", "gap", "off"]
_CHAINED = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class VisitThing:
    """One thing that was handed in: what it is called, where it opens, and what it is besides a file."""

    name: str
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VisitPeriod:
    """One period (or row) of a requirement: how it stands, who reviewed it and when, and what there is."""

    name: str
    status: str
    mark: Mark
    reviewed: str
    given: tuple[VisitThing, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class VisitRequirement:
    """One requirement with the guide's words and its periods."""

    kind: str
    text: str
    periods: tuple[VisitPeriod, ...]


@dataclass(frozen=True, slots=True)
class ClausePart:
    """One clause: its sentence, its requirements, or why nothing is handed in."""

    id: str
    text: str
    why: str
    requirements: tuple[VisitRequirement, ...]


@dataclass(frozen=True, slots=True)
class ItemPart:
    """One item; ``ready`` of ``owed`` requirements (each period counts) are accepted."""

    number: str
    title: str
    ready: int
    owed: int
    gaps: int
    clauses: tuple[ClausePart, ...]


def visit_page(guide: Guide, lines: Sequence[CatalogueLine], enterprise: str, day: date | None, lang: str) -> str:
    """The page as one HTML document; links go to the files beside it. ``day``: of the latest change, None for an empty binder."""
    by_clause: dict[str, list[CatalogueLine]] = {}
    for line in lines:
        by_clause.setdefault(line.clause, []).append(line)
    parts = []
    for part in guide.parts:
        items = tuple(_item(item, by_clause, lang) for category in part.categories for item in category.items)
        shown = tuple(item for item in items if item.clauses)
        if shown:
            parts.append((f"{part.number}、{part.title}", shown))
    html: str = template("visit.html.j2").render(
        lang=lang,
        enterprise=enterprise,
        edition=guide.edition,
        day=day.isoformat() if day else "",
        parts=parts,
        ready=sum(i.ready for _, items in parts for i in items),
        owed=sum(i.owed for _, items in parts for i in items),
        files=sum(bool(line.path) for line in lines),
        say=lambda key, **values: say(f"evidence.visit.{key}", lang, **values),
    )
    return html


def _item(item: Item, by_clause: dict[str, list[CatalogueLine]], lang: str) -> ItemPart:
    clauses = tuple(_clause(c.id, c.text, by_clause[c.id], lang) for c in item.clauses if c.id in by_clause)
    marks = [p.mark for c in clauses for r in c.requirements for p in r.periods]
    ready, gaps = marks.count("good"), marks.count("gap")
    return ItemPart(item.number, item.title, ready, ready + gaps + marks.count("open"), gaps, clauses)


def _clause(clause: str, text: str, lines: Sequence[CatalogueLine], lang: str) -> ClausePart:
    why = "；".join(dict.fromkeys(line.reason for line in lines if line.status == "nothing"))
    wanted = [line for line in lines if line.status != "nothing"]
    grouped = groupby(wanted, key=lambda line: (line.kind, line.text))
    return ClausePart(clause, text, why, tuple(_requirement(kind, text, list(group), lang) for (kind, text), group in grouped))


def _requirement(kind: str, text: str, lines: Iterable[CatalogueLine], lang: str) -> VisitRequirement:
    return VisitRequirement(kind_word(kind, lang), text, tuple(_periods(lines, lang)))


def _periods(lines: Iterable[CatalogueLine], lang: str) -> Iterator[VisitPeriod]:
    for (slot, status), group in groupby(lines, key=lambda line: (line.slot, line.status)):
        found = list(group)
        first = found[0]
        row = SlotId.of(slot).row
        name = dotted(period_word(first.period, lang), row)
        reviewed = say("evidence.visit.accepted", lang, who=first.reviewer, day=first.accepted) if first.accepted else ""
        given = tuple(g for line in found for g in _given(line, lang))
        yield VisitPeriod(name, status_word(status, lang), _mark(first), reviewed, given, first.reason)


def _mark(line: CatalogueLine) -> Mark:
    if line.status == "accepted":
        return "good"
    if line.status == "in_part":
        return "open"
    return "gap" if line.status in GAPS else "open" if line.status == "submitted" else "off"


def _given(line: CatalogueLine, lang: str) -> Iterator[VisitThing]:
    if line.file:
        yield VisitThing(line.file, quote(line.path) if line.path else "", "" if line.path else status_word(line.status, lang))
    if line.place:
        yield VisitThing(line.place, note=say("evidence.visit.paper", lang))
    if line.note:
        yield VisitThing(line.note, line.note if line.note.startswith(_CHAINED) else "")
