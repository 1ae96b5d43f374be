"""The plan as one page that a lead reads in five minutes: by item what is owed and why, what is not, and what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant.guide import Guide, Item
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Slot
from assistant.register.papers.page import template
from assistant.register.papers.said.described import Described, PartName, derived_kind, described, points, whole_period
from assistant.register.papers.said.words import asked, dotted, exempt_word, periods, reason_word, slot_name, whose, why_word
from assistant.register.rules.demands.periods import VISIT_LEAD
from assistant.register.rules.demands.scope import contradictions
from assistant.texts import listed, say, strung

if TYPE_CHECKING:
    from assistant.register.rules.demands.plan import Exempt, Plan

NO_DUES: Mapping[str, date | None] = MappingProxyType({})
"""No register has them yet."""
_PLAIN = ("evidence", "situation", "onsite")
"""Reasons that the kind of thing says already."""
_FACTS: tuple[PartName, ...] = ("measure", "figures", "suggested", "link", "joined", "valid")
"""The parts of a description that a lead weighs; what its owner does with it stands with its owner."""


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line with all its periods and rows: what it is, how many slots, the guide's words, why where it is no plain paper, its points.

    ``points`` are what is listed below the line: any one of them, or each to be prepared. ``dates``: by when, as the lists have it.
    ``facts`` are thresholds, links, how long it serves: each a label with its words.
    """

    name: str
    clause: str
    owing: str
    slots: int
    periods: str
    rows: tuple[str, ...]
    text: str
    why: str
    points: tuple[str, ...]
    measure: str
    elements: tuple[str, ...]
    waits: bool
    dates: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    often: str = ""
    """How often in a period, or how many sets: the guide's number, or the firm's own, which says that it is."""


@dataclass(frozen=True, slots=True)
class NotOwed:
    """A clause, or lines of one, that owe nothing here: why, and the words that say so."""

    name: str
    clause: str
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One item."""

    number: str
    title: str
    owed: tuple[ExplainedLine, ...]
    not_owed: tuple[NotOwed, ...]

    def kinds(self) -> dict[str, int]:
        """How many slots of each kind of thing, in the order of the plan."""
        return {kind: sum(o.slots for o in self.owed if o.owing == kind) for kind in dict.fromkeys(o.owing for o in self.owed)}

    def made_of(self, lang: str) -> dict[str, tuple[str, ...]]:
        """Kind of thing -> what makes its number, where it is no one-off: of whom or what and for which periods; lines alike together."""
        told: dict[str, dict[str, list[str]]] = {}
        for line in self.owed:
            of = say("evidence.explain.each", lang, rows=line.rows) if line.rows else ""
            when = line.why if line.periods and line.periods in line.why else line.periods
            if made := dotted(of, when, line.often):
                told.setdefault(line.owing, {}).setdefault(made, []).append(line.clause)
        return {
            owing: tuple(say("evidence.explain.made", lang, clauses=_clauses(of), made=made) for made, of in kinds.items())
            for owing, kinds in told.items()
        }

    def thresholds(self) -> dict[str, tuple[str, ...]]:
        """The words that set a number or a term -> the lines for which they do."""
        words = dict.fromkeys(o.measure for o in self.owed if o.measure)
        return {measure: tuple(o.name for o in self.owed if o.measure == measure) for measure in words}

    def reasons(self) -> dict[str, tuple[str, ...]]:
        """Why something is not owed -> the lines of which that is said; a clause by its number alone where it is said of all its lines."""
        some = {o.clause for o in self.owed}
        told: dict[str, dict[str, None]] = {}
        for line in self.not_owed:
            whole = line.clause not in some and all(n.why == line.why for n in self.not_owed if n.clause == line.clause)
            told.setdefault(line.why, {})[line.clause if whole else line.name] = None
        return {why: tuple(names) for why, names in told.items()}


@dataclass(frozen=True, slots=True)
class Page:
    """The whole: what to declare first, then item by item."""

    head: str
    questions: tuple[str, ...]
    contradictions: tuple[str, ...]
    reasons: tuple[str, ...]
    items: tuple[Explained, ...]
    later: tuple[str, ...] = ()
    """What may still be declared and changes nothing of what is owed: who holds a role, which lines one paper serves."""


def explained(
    guide: Guide, profile: Profile, owed: Plan, lang: str, today: date | None = None, dues: Mapping[str, date | None] = NO_DUES
) -> Page:
    """The page of one plan; with ``today`` days of the profile that cannot be right then are told.

    ``dues``: slot key -> by when its owner should have it, as the register has it.
    """
    by_clause = {clause: list(slots) for clause, slots in groupby(owed.slots, key=lambda s: s.clause)}
    exempt = {e.clause: e for e in owed.exempt}
    items = tuple(_item(item, by_clause, exempt, dues, lang) for item in guide.items.values())
    against, later = tuple(told_contradictions(profile, lang, today)), tuple(_later(owed, profile, lang))
    return Page(plan_head(owed, profile, lang), tuple(open_questions(owed, lang)), against, _reasons(owed, lang), items, later)


def plan_head(owed: Plan, profile: Profile, lang: str) -> str:
    """Whose plan it is, by which edition, and how much is to be prepared; what does not apply is told apart and is none of it."""
    applicable = sum(s.applicable for s in owed.slots)
    certification = say(f"evidence.certification.{profile.certification}", lang)
    whose_ = {"enterprise": profile.enterprise, "edition": owed.edition, "certification": certification}
    off = len(owed.slots) - applicable
    return say("evidence.plan_head", lang, **whose_, applicable=applicable) + (say("evidence.plan_off", lang, count=off) if off else "")


def _later(owed: Plan, profile: Profile, lang: str) -> Iterator[str]:
    """What may still be declared beside the open questions, a line for the roles without a name and one for the links without a word."""
    due = [s for s in owed.slots if s.applicable]
    listed_ = {*(profile.business_types or ()), *(profile.goods or ()), *(profile.related_persons or ()), *(profile.partners or ())}
    if roles := tuple(dict.fromkeys(s.subject for s in due if s.subject and not s.person and s.subject not in listed_)):
        yield say("evidence.explain.roles", lang, roles=roles)
    links = dict.fromkeys(s.link for s in due if s.link and not s.joined and s.link not in profile.own_papers)
    if names := tuple(say(f"slot.link.lines.{link}", lang) for link in links if len({s.row_id for s in due if s.link == link}) > 1):
        yield say("evidence.explain.links", lang, links=names)


def _reasons(owed: Plan, lang: str) -> tuple[str, ...]:
    """What settles each kind of thing that is owed, said once, in order; a year that begins in another month; by when for the visit."""
    year = next((s for s in owed.slots if s.applicable and s.spoken != s.period), None)
    visit = next((s.latest for s in owed.slots if s.applicable and s.latest), None)
    clauses: dict[str, dict[str, None]] = {}
    for slot in (s for s in owed.slots if s.applicable):
        clauses.setdefault(_kind(slot), {})[slot.clause] = None
    follows = next((s.follows for s in owed.slots if s.follows), "")
    told = tuple(say(f"evidence.explain.kind.{kind}", lang, clauses=tuple(of), follows=follows) for kind, of in clauses.items())
    if year:
        told += (say("evidence.explain.year", lang, days=whole_period(year, lang)),)
    told += (say("evidence.explain.dates", lang),)
    return (*told, say("evidence.explain.visit", lang, day=visit, days=VISIT_LEAD.days)) if visit else told


def _kind(slot: Slot) -> str:
    """How what settles a slot is named."""
    return slot.kind if slot.owing == "form" else derived_kind(slot) if slot.owing == "derived" else slot.owing


def open_questions(owed: Plan, lang: str) -> list[str]:
    """What nobody declared yet, in words, each with how many slots wait for it."""
    open_ = [(asked(flag, lang), count) for flag, count in undeclared(owed).items()]
    return [say("evidence.explain.question", lang, question=q, count=n) if n else q for q, n in open_]


def undeclared(owed: Plan) -> dict[str, int]:
    """What nobody declared yet, in the order in which the plan meets it: the profile's flag or list -> how many slots wait for it."""
    waiting: dict[str, int] = {}
    for flag in (flag for s in owed.slots if s.applicable for flag in s.undeclared):
        waiting[flag] = waiting.get(flag, 0) + 1
    for flag in (flag for e in owed.exempt for flag in e.undeclared):
        waiting.setdefault(flag, 0)
    return waiting


def told_contradictions(profile: Profile, lang: str, today: date | None = None) -> list[str]:
    """Declarations that do not go together; with ``today`` also days that cannot be right then."""
    days = profile.odd_days(today) if today is not None else []
    odd = [
        say("profile.day_past" if key == "visit_on" else "profile.day_ahead", lang, what=say(f"profile.day.{key}", lang), on=on)
        for key, on in days
    ]
    pairs = [(say(f"profile.flag.{a}", lang), say(f"profile.flag.{b}", lang)) for a, b in contradictions(profile)]
    return odd + [say("profile.contradiction", lang, one=one, other=other) for one, other in pairs]


def in_short(item: Explained, lang: str) -> Iterator[str]:
    """One item in few lines: what is owed by kind, what sets a number or a term, and what is not owed and why."""
    open_ = sum(o.slots for o in item.owed if o.waits)
    facts = [say("evidence.explain.item_kind", lang, kind=kind, count=count) for kind, count in item.kinds().items()]
    facts += [say("evidence.explain.item_waits", lang, count=open_)] if open_ else []
    none = [say("evidence.explain.item_none", lang)]
    yield say("evidence.explain.item", lang, number=item.number, title=item.title, facts=facts or none)
    if made := [say("evidence.explain.made_of", lang, owing=owing, lines=said) for owing, said in item.made_of(lang).items()]:
        yield f"  {strung(made, lang)}"
    for measure, lines in item.thresholds().items():
        yield say("evidence.explain.threshold", lang, measure=measure, lines=lines)
    for why, names in item.reasons().items():
        yield say("evidence.explain.reason", lang, why=why, lines=names)


def page_html(page: Page, lang: str) -> str:
    """The page as one HTML document without anything from outside."""
    html: str = template("explained.html.j2").render(
        lang=lang,
        page=page,
        short={item.number: list(in_short(item, lang)) for item in page.items},
        say=lambda key, **values: say(key, lang, **values),
    )
    return html


def _item(item: Item, by_clause: dict[str, list[Slot]], exempt: dict[str, Exempt], dues: Mapping[str, date | None], lang: str) -> Explained:
    owed: list[ExplainedLine] = []
    not_owed: list[NotOwed] = []
    for clause in item.clauses:
        for _, group in groupby(by_clause.get(clause.id, ()), key=lambda s: s.line_key):
            slots = list(group)
            due = [s for s in slots if s.applicable]
            if due:
                owed.append(_owed(due, dues, lang))
            else:
                name = slot_name(slots[0].id, slots[0].kind, lang)
                not_owed.append(NotOwed(name, clause.id, why_word(slots[0], lang), slots[0].text.partition("\n")[0]))
        if clause.id in exempt:
            not_owed.append(NotOwed(clause.id, clause.id, exempt_word(exempt[clause.id], lang), exempt[clause.id].text))
    return Explained(item.number, item.title, tuple(owed), tuple(not_owed))


def _owed(slots: Sequence[Slot], dues: Mapping[str, date | None], lang: str) -> ExplainedLine:
    first = max(slots, key=lambda s: s.count)
    often = _often(first, lang)
    told = described(first, lang, several=len({s.period for s in slots}) > 1)
    span = _span([s.spoken for s in slots], lang)
    why = reason_word(first.why, lang, span)
    return ExplainedLine(
        told.name,
        first.clause,
        told.owing,
        len(slots),
        span,
        tuple(dict.fromkeys(of for s in slots if (of := whose(s, lang)))),
        told.bring,
        "" if first.why in _PLAIN or why == span else why,
        points(first),
        first.measure,
        first.elements,
        any(s.undeclared for s in slots),
        _dates(slots, dues, lang),
        tuple(_facts(told, often if first.own_count or first.sets else "", lang)),
        often,
    )


def _often(slot: Slot, lang: str) -> str:
    if slot.count:
        return say(f"evidence.explain.{'own_times' if slot.own_count else 'times'}", lang, count=slot.count)
    return say("slot.own_sets", lang, sets=slot.sets) if slot.sets else ""


def _facts(told: Described, own: str, lang: str) -> Iterator[tuple[str, str]]:
    """What a lead weighs, label and words; ``own``: a number that the firm set stands apart from the guide's words."""
    if own:
        yield say("evidence.explain.own", lang), own
    yield from ((part.label, listed(part.texts, lang)) for name in _FACTS if (part := told.part(name)))


def _clauses(of: Iterable[str]) -> tuple[str, ...]:
    """The clauses of lines, each with how many of its lines they are."""
    return tuple(clause if n == 1 else f"{clause} ×{n}" for clause, n in Counter(of).items())


def _dates(slots: Sequence[Slot], dues: Mapping[str, date | None], lang: str) -> str:
    """By when, periods that share their day together; of a counted duty also the days of the times after the next."""
    days: dict[tuple[date, ...], list[str]] = {}
    for slot in slots:
        if (due := dues.get(slot.key)) is not None:
            days.setdefault((due, *(step for step in slot.steps if step > due)), []).append(slot.spoken)
    told = [dotted(periods(of, lang), listed(map(str, on), lang)) for on, of in days.items()]
    return say("evidence.explain.due", lang, days=strung(told, lang)) if told else ""


def _span(of: Iterable[str], lang: str) -> str:
    """Several years as first and last, with how many they are."""
    known = list(dict.fromkeys(p for p in of if p))
    said = periods(known, lang)
    return say("evidence.explain.span", lang, periods=said, count=len(known)) if len(known) > 1 else said
