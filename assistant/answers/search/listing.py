"""A listing carried out over the structure, exactly: which clauses, and the lines that put each of them there.

A phrase is looked for verbatim in every line whatever its role, then in headings. One that does not stand there as a whole is
never shortened silently: its parts are looked for in one line, and ``sought`` says so. What the guide has no words for is no listing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answers.passages import Passage
from assistant.answers.question.learned.listing import Listing, SoughtPlace, Wanted
from assistant.answers.question.learned.tagging import bare
from assistant.answers.question.words import fold, words
from assistant.guide import KINDS, Guide

_AND = re.compile(r"\s*(?:[、,，/&]|或者|或是|或|以及|还有|和|与|及|跟|\bor\b|\band\b)\s*")
_BRACKET = re.compile(r"[()（）]")
_FIGURE = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d+)?\s*(?:%|年|个?月|日|天|次|小时)")
"""A number that a line sets, in digits as the guide prints them; 每一年 and 最近一次 set none."""
_SHORTEST, _TRIMMED = 2, 2  # characters of a phrase that can stand for itself, and of one that gives none away; chosen, not measured
COVERED = 0.67
"""Least share, weighted by rarity, of what a phrase says that its parts must hold when it does not stand in the guide as a whole.
At .5 and .8 none of the 34 cases of listing changes (``python -m tests.bench.neighbours``)."""

Weight = Callable[[str], float]
"""How much a character says: the rarer in all that was ever asked or printed, the more."""


@dataclass(frozen=True)
class Sought:
    """A phrase as it was looked for: what was ``asked``, and the ``parts`` that must stand in one line (one: the phrase itself)."""

    asked: str
    parts: tuple[str, ...]
    without: bool = False

    @property
    def verbatim(self) -> bool:
        """Whether it was looked for as it was written."""
        return self.whole and bare(self.parts[0]) == bare(self.asked)

    @property
    def shortened(self) -> bool:
        """Whether letters of it were left out, and no word of the guide for it is known."""
        return self.whole and not self.verbatim and set(bare(self.parts[0])) <= set(bare(self.asked))

    @property
    def whole(self) -> bool:
        """Whether it was looked for in one piece: as it was written, or in the guide's word for it."""
        return len(self.parts) == 1


@dataclass(frozen=True)
class Listed:
    """What a listing found: per clause the lines that put it there, and all that its heading says of the filter.

    ``phrases``: any of them, or all when ``together``; they stand in lines of the kinds among ``others`` when ``inside``.
    ``unknown``: phrases that the guide has no words for, which were left out.
    """

    entries: tuple[tuple[str, tuple[Passage, ...]], ...]
    places: tuple[SoughtPlace, ...] = ()
    phrases: tuple[Sought, ...] = ()
    others: tuple[Wanted, ...] = ()
    unknown: tuple[str, ...] = ()
    together: bool = False
    inside: bool = False
    sentences: bool = False
    counts: bool = False


@dataclass(frozen=True)
class Structure:
    """What a listing is looked up in: the guide, its passages by clause, terms for other words, and the weight of a character."""

    guide: Guide
    groups: Mapping[str, Sequence[Passage]]
    terms: Mapping[str, str]
    weight: Weight
    _bare: dict[str, str] = field(default_factory=dict)

    def listed(self, listing: Listing) -> Listed | None:
        """What a listing finds; None when it names nothing that the guide has words for."""
        asked = {single: self._sought(single) for w in listing.wanted if w.role == "phrase" for single in self._singles(w)}
        phrases = [found for found in asked.values() if found is not None]
        unknown = tuple(w.text for w, found in asked.items() if found is None)
        if unknown and not any(p.whole and not p.without for p in phrases):
            return None
        others = tuple(w for w in dict.fromkeys(listing.wanted) if w.role != "phrase")
        if not (phrases or others or listing.places):
            return None
        phrases = list({(tuple(map(bare, p.parts)), p.without): p for p in phrases}.values())
        kinds = [w.role for w in others if w.role in KINDS and not w.without]
        groups = {c: self.groups[c] for c in self._within(listing.places)}
        positive = [p for p in phrases if not p.without]
        inside = bool(positive and kinds) and not listing.together
        found = self._entries(groups, phrases, others, listing, kinds if inside else [])
        if inside and not found:
            inside = False
            found = self._entries(groups, phrases, others, listing, [])
        return Listed(
            tuple(found.items()),
            listing.places,
            tuple(phrases),
            others,
            unknown,
            listing.together,
            inside,
            listing.sentences,
            listing.counts,
        )

    def _within(self, places: Sequence[SoughtPlace]) -> list[str]:
        """The clauses that stand in all places named, or in any where none stands in all, and in none that is left out."""
        named = [p.clauses for p in places if not p.without]
        left_out = frozenset[str]().union(*(p.clauses for p in places if p.without))
        inside = frozenset(self.guide.clauses) if not named else named[0].intersection(*named) or named[0].union(*named)
        return [c for c in self.guide.clauses if c in inside - left_out]

    def _entries(
        self,
        groups: Mapping[str, Sequence[Passage]],
        phrases: Sequence[Sought],
        others: Sequence[Wanted],
        listing: Listing,
        inside: Sequence[str],
    ) -> dict[str, tuple[Passage, ...]]:
        found: dict[str, tuple[Passage, ...]] = {}
        headings = not any(self._holds(p, g, inside, listing.sentences) for g in groups.values() for p in phrases)
        for clause, group in groups.items():
            hits = [
                self._holds(p, group, inside, listing.sentences) or (self._headed(p, clause, group) if headings else []) for p in phrases
            ]
            wanted = [h for p, h in zip(phrases, hits, strict=True) if not p.without]
            absent = [h for p, h in zip(phrases, hits, strict=True) if p.without]
            if any(absent) or (wanted and not (all(wanted) if listing.together else any(wanted))):
                continue
            shown = {p.id: p for h in wanted for p in h}
            if not all(self._is(w, clause, group, shown, bool(inside)) for w in others):
                continue
            found[clause] = tuple(p for p in group if p.id in shown) or (group[0],)
        return found

    def _is(self, wanted: Wanted, clause: str, group: Sequence[Passage], shown: dict[str, Passage], inside: bool) -> bool:
        """Whether a clause is of a kind or has a property; its lines of that kind are shown too."""
        lines = self._lines(wanted.role, clause, group)
        if not wanted.without and not inside:
            shown.update({p.id: p for p in lines})
        return bool(lines) != wanted.without

    def _lines(self, role: str, clause: str, group: Sequence[Passage]) -> list[Passage]:
        if role in KINDS:
            return [p for p in group if p.kind == role]
        if role == "conditional":
            return [p for p in group if p.role == "applicability"]
        if role == "statement":
            return [p for p in group if p.role == "statement"]
        if role == "figure":
            return [p for p in group if _FIGURE.search(fold(p.wording))]
        if role == "customs":
            return list(group[:1]) if self.guide.clauses[clause].customs_decides else []
        outside = {r.line for r in self.guide.clauses[clause].references if r.external}
        return [p for p in group if p.line in outside]

    def _holds(self, phrase: Sought, group: Sequence[Passage], kinds: Sequence[str], sentences: bool) -> list[Passage]:
        """The lines of a clause in which all parts of a phrase stand."""
        parts = [bare(p) for p in phrase.parts]
        lines = (p for p in group if (not kinds or p.kind in kinds) and (not sentences or p.kind == "clause"))
        return [p for p in lines if all(part in self._text(p) for part in parts)]

    def _headed(self, phrase: Sought, clause: str, group: Sequence[Passage]) -> list[Passage]:
        """The first line under each heading that holds a phrase; under an item's title, the clause's sentence."""
        parts = [bare(p) for p in phrase.parts]
        sections = [s.kind for s in self.guide.clauses[clause].sections if s.heading and all(p in bare(s.heading) for p in parts)]
        if all(p in bare(self.guide.places[clause].item.title) for p in parts):
            return list(group[:1])
        return [next(p for p in group if p.kind == kind) for kind in dict.fromkeys(sections) if any(p.kind == kind for p in group)]

    def _text(self, passage: Passage) -> str:
        if passage.id not in self._bare:
            self._bare[passage.id] = bare(passage.wording)
        return self._bare[passage.id]

    def _stands(self, part: str) -> bool:
        return bool(part) and (
            any(part in self._text(p) for g in self.groups.values() for p in g)
            or any(part in bare(s.heading or "") for c in self.guide.clauses.values() for s in c.sections)
            or any(part in bare(i.title) for i in self.guide.items.values())
        )

    def _singles(self, wanted: Wanted) -> list[Wanted]:
        """A phrase as it is, or where the guide does not hold it so, what its commas and conjunctions part."""
        several = [s for s in _AND.split(wanted.text) if s.strip()]
        if len(several) < _SHORTEST or self._stands(bare(wanted.text)):
            return [wanted]
        return [Wanted("phrase", s, wanted.without) for s in several]

    def _sought(self, wanted: Wanted) -> Sought | None:
        """A phrase as it can be looked for: as a whole, by the guide's word for it, or in parts; None when it cannot."""
        whole = bare(wanted.text)
        if len(whole) < _SHORTEST:
            return None
        term = wanted.text if self._stands(whole) else self._term(wanted.text)
        if term is not None and self._stands(bare(term)):
            return Sought(wanted.text, (term,), wanted.without)
        inside = next((p for p in _BRACKET.split(wanted.text) if len(bare(p)) >= _SHORTEST and self._stands(bare(p))), None)
        if inside is not None and _BRACKET.search(wanted.text):
            return Sought(wanted.text, (inside.strip(),), wanted.without)
        near = self._nearly(whole)
        parts = (near,) if near else self._parts(whole)
        return Sought(wanted.text, parts, wanted.without) if parts else None

    def _nearly(self, text: str) -> str | None:
        """What stands in the guide without one character of a phrase, the one that says least: 2年以内, 2年内; a number never goes."""
        within = [i for i in range(1, len(text) - 1) if not text[i].isdigit()]
        inner = sorted(within, key=lambda i: self.weight(text[i])) if len(text) > _TRIMMED + 1 else []
        return next((near for i in inner if self._stands(near := text[:i] + text[i + 1 :])), None)

    def _term(self, text: str) -> str | None:
        """What the guide says for everyday or English words; plural or singular."""
        stems = words(text)
        return next((says for said, says in self.terms.items() if words(said) == stems or fold(said) == fold(text)), None)

    def _parts(self, text: str) -> tuple[str, ...]:
        """The longest runs of a phrase that stand in the guide, if together they say most of it."""
        parts: list[str] = []
        held = total = 0.0
        start = 0
        while start < len(text):
            end = next((e for e in range(len(text), start + _SHORTEST - 1, -1) if self._stands(text[start:e])), 0)
            step = max(1, end - start)
            said = sum(self.weight(c) for c in text[start : start + step])
            total += said
            if end:
                held += said
                parts.append(text[start:end])
            start += step
        return tuple(parts) if parts and held >= COVERED * total else ()
