"""The plan: which slots an enterprise owes under a guide on a day, and why each; pure, the same for the same input."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assistant.guide import Clause, Guide
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Slot
from assistant.register.rules.demands.owed import Setting, slots_of
from assistant.register.rules.demands.periods import holds_until
from assistant.register.rules.demands.scope import ScopeVerdict, verdict


@dataclass(frozen=True, slots=True)
class Exempt:
    """A clause that owes nothing here: customs decides it, another document governs it, or the profile rules it out."""

    clause: str
    item: str
    why: str
    text: str
    line: int
    elsewhere: str = ""
    undeclared: tuple[str, ...] = ()


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
    setting = Setting(guide, profile, at.date())
    slots: list[Slot] = []
    exempt: list[Exempt] = []
    for clause in guide.clauses.values():
        found = slots_of(clause, setting)
        slots += [replace(slot, position=len(slots) + slot.position) for slot in found]
        if not found:
            exempt.append(_exempt(guide, clause, verdict(clause, profile)))
    return Plan(guide.edition, _linked(slots), tuple(exempt), holds_until(setting.today, profile))


def _linked(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The slots with the other lines that their paper may serve, of those that are owed here; no link where there is none.

    Where a line is linked with itself alone, its other rows are named.
    """
    of: dict[tuple[str, str], dict[str, None]] = {}
    rows: dict[str, list[Slot]] = {}
    for slot in slots:
        rows.setdefault(slot.line_key, []).append(slot)
        if slot.link and slot.applicable:
            of.setdefault((slot.link, slot.family), {})[slot.line_id] = None

    def with_others(slot: Slot) -> Slot:
        lines = of.get((slot.link, slot.family), {}) if slot.applicable else {}
        own = [s.row_id for s in rows[slot.line_key] if s.key != slot.key] if len(lines) == 1 else []
        others = tuple(own or (line for line in lines if line != slot.line_id))
        return replace(slot, link_with=others) if others else replace(slot, link="", link_reason="", joined=False)

    return tuple(with_others(slot) if slot.link else slot for slot in slots)


def _exempt(guide: Guide, clause: Clause, judged: ScopeVerdict) -> Exempt:
    item = guide.places[clause.id].item.number
    speaks = guide.clauses.get(clause.shares_with or "", clause)
    lines = [r for section in speaks.sections for r in section.requirements]
    text, line = (lines[0].wording, lines[0].line) if lines else (clause.text, clause.lines[0] if clause.lines else 0)
    if not judged.applies:
        return Exempt(clause.id, item, f"off.{judged.flag}", judged.text, judged.line)
    if speaks.customs_decides:
        return Exempt(clause.id, item, "customs", text, line, undeclared=judged.undeclared)
    outside = [r.external for r in (*clause.references, *speaks.references) if r.external]
    if outside:
        return Exempt(clause.id, item, "elsewhere", text, line, outside[-1])
    return Exempt(clause.id, item, "no_list", text, line)
