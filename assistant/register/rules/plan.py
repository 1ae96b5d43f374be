"""The plan: which slots an enterprise owes under a guide on a day, and why each; pure, the same for the same input."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.guide import Clause, Guide, Requirement, Section, lineage_key
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Slot
from assistant.register.rules.periods import concerns, holds_until, periods_of
from assistant.register.rules.scope import Verdict, conditional, verdict

ANY_ONE = "任一"
HANDED_IN = ("evidence", "statement")


@dataclass(frozen=True, slots=True)
class Exempt:
    """A clause that owes nothing here: customs decides it, another document governs it, or the profile rules it out."""

    clause: str
    item: str
    why: str
    text: str
    line: int
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All slots in the guide's order, and the clauses without one. ``holds_until``: when to plan again at the latest."""

    edition: str
    slots: tuple[Slot, ...]
    exempt: tuple[Exempt, ...]
    holds_until: date

    @property
    def fingerprint(self) -> str:
        """Changes whenever a slot appears, goes, or changes its words, period, due date or applicability."""
        rows = "\n".join(repr(slot) for slot in self.slots)
        return hashlib.sha256(f"{self.edition}\n{rows}".encode()).hexdigest()


def plan(guide: Guide, profile: Profile, at: datetime) -> Plan:
    """The plan for one enterprise.

    Args:
        guide: the edition.
        profile: the enterprise.
        at: the moment; its own date (in its own zone) decides which years have begun and ended.
    """
    today = at.date()
    slots: list[Slot] = []
    exempt: list[Exempt] = []
    for clause in guide.clauses.values():
        judged = verdict(clause, profile)
        found = list(_slots(guide, clause, judged, profile, today, len(slots)))
        slots += found
        if not found:
            exempt.append(_exempt(guide, clause, judged))
    return Plan(guide.edition, tuple(slots), tuple(exempt), holds_until(today))


def _slots(guide: Guide, clause: Clause, judged: Verdict, profile: Profile, today: date, start: int) -> Iterator[Slot]:
    position, seen = start, dict[str, int]()
    for section in clause.sections:
        if section.kind == "note" or not section.requirements:
            continue
        seen[section.kind] = seen.get(section.kind, 0) + 1
        made = (
            _whole(guide, clause, section, judged, seen[section.kind])
            if section.kind in ("situation", "onsite")
            else _lines(guide, clause, section, judged, profile, today)
        )
        for values in made:
            yield Slot(position=position, standard=clause.text, **values)
            position += 1


def _whole(guide: Guide, clause: Clause, section: Section, judged: Verdict, nth: int) -> Iterator[dict[str, Any]]:
    """One briefing or walk-through for a section, its lines as the checklist."""
    suffix = "" if nth == 1 else f"/{nth}"
    lines = tuple(r.wording for r in section.requirements if r.role in HANDED_IN)
    others = tuple(r.wording for r in section.requirements if r.role not in HANDED_IN)
    yield {
        **_place(guide, clause),
        "key": lineage_key(clause.key, section.kind) if nth == 1 else lineage_key(clause.key, section.kind, str(nth)),
        "id": f"{clause.id}/{section.kind}{suffix}",
        "kind": section.kind,
        "requirement": None,
        "line": section.line or section.requirements[0].line,
        "text": "\n".join([section.heading or "", *lines]).strip(),
        "why": section.kind if judged.applies else f"off.{judged.flag}",
        "applicable": judged.applies,
        "checklist": lines,
        "criteria": (*others, *(p.text for p in section.notes)),
    }


def _lines(guide: Guide, clause: Clause, section: Section, judged: Verdict, profile: Profile, today: date) -> Iterator[dict[str, Any]]:
    """One slot per line that is handed in, and period."""
    others = [r for r in section.requirements if r.role not in HANDED_IN]
    spoken = [r.text for r in others if r.role == "period"] + [p.text for p in section.notes if p.role == "period"]
    shared = [r.wording for r in others] + [p.text for p in section.notes]
    any_one = ANY_ONE in (section.heading or "")
    for r in (r for r in section.requirements if r.role in HANDED_IN):
        own = [p.text for p in r.continuation if p.role == "period"] + ([r.text] if "period" in r.also else [])
        statement = r.role == "statement"
        applies = judged.applies is not statement
        off = "statement_needless" if statement else f"off.{judged.flag}"
        records = section.kind == "records" and not statement
        for period in periods_of(r.text, [*spoken, *own], profile, today) if records else periods_of("", (), profile, today):
            yield {
                **_place(guide, clause),
                "key": r.key + (f"@{period.key}" if period.key else ""),
                "id": r.id + (f"@{period.key}" if period.key else ""),
                "kind": section.kind,
                "requirement": r.id,
                "line": r.line,
                "text": r.text,
                "why": off if not applies else "statement" if statement else "any_one" if any_one else period.why,
                "period": period.key,
                "opens": period.opens,
                "due": period.due,
                "applicable": applies,
                "rolling": period.rolling,
                "condition": conditional(r.text),
                "alternatives": f"{clause.id}/{section.kind}" if any_one else "",
                "criteria": tuple(
                    t for t in (*(p.text for p in r.continuation), *shared, *_referred(guide, clause, r)) if concerns(t, profile)
                ),
            }


def _place(guide: Guide, clause: Clause) -> dict[str, Any]:
    place = guide.places[clause.id]
    return {"part": place.part.number, "category": place.category.number, "item": place.item.number, "clause": clause.id}


def _referred(guide: Guide, clause: Clause, line: Requirement) -> Iterator[str]:
    """The lines of the sections that a line refers to (要求同本条分项标准（1）), each behind its id."""
    own = {line.line, *(p.line for p in line.continuation)}
    for target in (t for ref in clause.references if ref.line in own for t in ref.targets if "/" in t):
        other, kind = target.split("/", 1)
        for section in guide.clauses[other].sections:
            if section.kind == kind:
                yield from (f"{r.id}　{r.wording}" for r in section.requirements)


def _exempt(guide: Guide, clause: Clause, judged: Verdict) -> Exempt:
    item = guide.places[clause.id].item.number
    speaks = guide.clauses.get(clause.shares_with or "", clause)
    lines = [r for section in speaks.sections for r in section.requirements]
    text, line = (lines[0].wording, lines[0].line) if lines else (clause.text, clause.lines[0] if clause.lines else 0)
    if not judged.applies:
        return Exempt(clause.id, item, f"off.{judged.flag}", judged.text, judged.line)
    if speaks.customs_decides:
        return Exempt(clause.id, item, "customs", text, line)
    outside = [r.external for r in (*clause.references, *speaks.references) if r.external]
    if outside:
        return Exempt(clause.id, item, "elsewhere", text, line, outside[-1])
    return Exempt(clause.id, item, "no_list", text, line)
