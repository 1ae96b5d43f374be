"""A message that asks for all clauses of a kind, as a query on the guide's structure: where, and what must or must not be there.

Whether it is one, and which of its words name what, is learned (``listing_model``); numbers are read by ``number_grammar``. What
the words then stand for in the guide is decided where it is looked up (``assistant.answers.search.listing``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Literal

from assistant.answers.question.learned.listing_model import ListingModel
from assistant.answers.question.learned.tagging import TaggedSpan, Wording, bare, longest_run
from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.places.references import part_headed, part_number, references
from assistant.answers.question.words import fold
from assistant.guide import KINDS, Guide, Part

Role = Literal[
    "phrase", "department", "documents", "situation", "records", "onsite", "conditional", "customs", "elsewhere", "statement", "figure"
]
"""What a clause must hold: words in one of its lines, lines of a kind, a number, or a property of the whole clause; or who has to do with it."""
_QUOTED = re.compile(r"[“「『\"《]([^“”「」『』\"《》]{1,40})[”」』\"》]")
_SIGNS = " ,.、。;:：；“”\"'()（）「」『』[]《》？?！!"
_ARTICLE = re.compile(r"^(?:an?|the)\s+")
_EDGE = "的了里中是有在把"
# Even odds; a part that may be told; a sure reading (.95, DECISIONS "Listings"); names written out; letters of a name.
_LIKE, _TOLD, _SURE, _FEW, _SHORTEST = 0.5, 0.2, 0.95, 3, 2


@dataclass(frozen=True)
class Wanted:
    """One thing that a clause must hold, or must not (``without``), in the words of the message."""

    role: Role
    text: str
    without: bool = False


@dataclass(frozen=True)
class SoughtPlace:
    """Where is looked, or is not (``without``): clause ids, and what they are called in the guide."""

    name: str
    clauses: frozenset[str]
    without: bool = False


@dataclass(frozen=True)
class Listing:
    """A query on the structure.

    Attributes:
        probability: that the message is a listing at all.
        counts: whether it asks how many.
        places: where; all of the guide when there is none that is not ``without``.
        wanted: what must or must not be there.
        together: whether all of several phrases must stand in one clause, and not any.
        sentences: whether only the standard's own sentences are meant.
    """

    probability: float
    counts: bool
    places: tuple[SoughtPlace, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    together: bool = False
    sentences: bool = False


def wording_of(guide: Guide, lines: Sequence[str], terms: dict[str, str]) -> Wording:
    """What the tagger is told of a guide, of its lines and of the terms that are known."""
    return Wording.of(lines, titles_of(guide), list(terms))


def titles_of(guide: Guide) -> list[str]:
    """The titles of all parts, categories and items, and what they were called before."""
    now = [p.title for p in guide.parts] + [c.title for p in guide.parts for c in p.categories] + [i.title for i in guide.items.values()]
    return now + [guide.formerly[title] for title in now if title in guide.formerly]


def read_listing(
    message: str, asks: Mapping[str, float], guide: Guide, model: ListingModel, wording: Wording, surely_none: float = 0.0
) -> Listing:
    """Read a message as a listing; ``asks`` says how likely it is one (``ListingModel.asked``).

    Below ``surely_none`` it is not looked what it names: that takes a fifth of the time of an answer, and nobody asks.
    """
    if (part := part_headed(message, guide)) is not None:
        return Listing(1.0, False, (SoughtPlace(f"第{part.number}部分 {part.title}", _of(part)),))
    if 1 - asks["other"] < surely_none:
        return Listing(1 - asks["other"], asks["count"] > asks["clauses"])
    text = fold(message)
    spans = _quoted(model.tagger.spans(text, wording), text)
    places = _numbered(text, spans, guide)
    wanted: list[Wanted] = []
    sentences = False
    for span in _joined(spans, text, wording):
        words = _ARTICLE.sub("", span.text.strip(_SIGNS))
        place = _place(span, words, guide, model.terms, wording)
        if place is not None:
            places.append(place)
        elif span.role == "sentence":
            sentences = True
        elif span.role in ("title", "phrase") and len(bare(words)) > 1:
            wanted.append(Wanted("phrase", words, span.without))
        elif span.role not in ("title", "phrase", "number") and span.probability >= _TOLD:
            wanted.append(Wanted(span.role, words, span.without))  # type: ignore[arg-type]
    if not (wanted or places or sentences) and asks["clauses"] >= _SURE and (longest := longest_run(text, wording)):
        wanted.append(Wanted("phrase", longest))
    if {w.role for w in wanted} != {"department"}:  # beside something else it is words that a line must hold
        wanted = [replace(w, role="phrase") if w.role == "department" else w for w in wanted]
    both = model.join.probabilities(text, None)["all"] > _LIKE
    return Listing(1 - asks["other"], asks["count"] > asks["clauses"], tuple(places), tuple(wanted), both, sentences)


def _place(span: TaggedSpan, words: str, guide: Guide, terms: dict[str, str], wording: Wording) -> SoughtPlace | None:
    """The place that a title names; also where the words were taken for a phrase and stand in no line."""
    if span.role != "title" and (span.role != "phrase" or bare(words) in wording.lines):
        return None
    place = place_of(words, guide, terms)
    if place is None or (span.role == "phrase" and not any(place.clauses == _of(part) for part in guide.parts)):
        return None
    return SoughtPlace(place.name, place.clauses, span.without)


def _of(part: Part) -> frozenset[str]:
    return frozenset(clause.id for category in part.categories for item in category.items for clause in item.clauses)


def place_of(words: str, guide: Guide, terms: dict[str, str]) -> SoughtPlace | None:
    """The part, category or item that is called by its title or by what the title begins with; the one whose title is nearest."""
    numbered = part_number(words)
    said = bare(terms.get(fold(words), words)).strip(_EDGE)
    found: list[tuple[float, bool, SoughtPlace]] = []
    for part in guide.parts:
        entries = [(part.title, [i for c in part.categories for i in c.items], f"第{part.number}部分 {part.title}")]
        entries += [(c.title, list(c.items), f"{c.label or c.number}{c.title}".strip()) for c in part.categories]
        entries += [(i.title, [i], f"第 {i.number} 项 {i.title}") for c in part.categories for i in c.items]
        for title, items, name in entries:
            place = SoughtPlace(name, frozenset(c.id for i in items for c in i.clauses))
            if numbered and name.startswith(f"第{numbered}部分"):
                return place
            found += [(_like(bare(t), said), t == title, place) for t in (title, guide.formerly.get(title, "")) if t]
    best = max(found, key=lambda entry: entry[:2])  # what is called so today goes before what was
    return best[2] if best[0] >= _LIKE else None


def _like(title: str, said: str) -> float:
    """How much of a title and of what was said is the same: a title within what was said, or the beginning of both."""
    if min(len(title), len(said)) < _SHORTEST:
        return 0.0
    begun = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(title, said, strict=False)))
    return len(title) / len(said) if title in said else begun / max(len(title), len(said))


def _numbered(text: str, spans: Sequence[TaggedSpan], guide: Guide) -> list[SoughtPlace]:
    """The places that numbers name; one is left out (除了第21项) when its span says so."""
    places: dict[bool, list[tuple[str, tuple[str, ...]]]] = {}
    for number in named(text):
        written = text[number.start : number.end]
        without = any(s.without and s.role == "number" and s.start < number.end and number.start < s.end for s in spans)
        for reference in references(written, guide) or references(f"第{number.item}项", guide):
            if reference.clauses and (number.unsure != "bare" or without):
                places.setdefault(without, []).append((reference.text, reference.clauses))
    found: list[SoughtPlace] = []
    for without, entries in places.items():
        entries = list(dict.fromkeys(entries))
        names = [name for name, _ in entries]
        name = f"{names[0]}～{names[-1]}" if len(names) > _FEW else "、".join(names)
        found.append(SoughtPlace(name, frozenset(c for _, clauses in entries for c in clauses), without))
    for span in spans:
        if span.role == "number" and span.without and not found:
            for reference in references(f"第{span.text.strip('第项条开除外 ')}项", guide):
                found.append(SoughtPlace(reference.text, frozenset(reference.clauses), True))
    return found


def _quoted(spans: Sequence[TaggedSpan], text: str) -> list[TaggedSpan]:
    """Spans that touch a quotation are that quotation, once."""
    found: list[TaggedSpan] = []
    for span in spans:
        inside = next((m for m in _QUOTED.finditer(text) if m.start() < span.end and span.start < m.end()), None)
        if inside and span.role in ("phrase", *KINDS) and found and found[-1].end == inside.end(1) and found[-1].text == inside[1]:
            continue
        if inside and span.role != "title":
            role = "phrase" if span.role in KINDS else span.role
            found.append(TaggedSpan(inside[1], role, span.without, inside.start(1), inside.end(1), span.probability))
        else:
            found.append(span)
    return found


def _joined(spans: Sequence[TaggedSpan], text: str, wording: Wording) -> list[TaggedSpan]:
    """Neighbouring phrases that the guide writes as one, and those that only 的 parts, are one."""
    found: list[TaggedSpan] = []
    for span in spans:
        last = found[-1] if found else None
        if last and last.role == span.role == "phrase" and last.without == span.without and last.end <= span.start:
            whole = text[last.start : span.end]
            if text[last.end : span.start].strip() in ("的", "") or (bare(whole) != bare(last.text) and bare(whole) in wording.lines):
                found[-1] = TaggedSpan(whole, "phrase", span.without, last.start, span.end, min(last.probability, span.probability))
                continue
        found.append(span)
    return found
