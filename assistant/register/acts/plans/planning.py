"""A plan brought into the register: new slots appear, gone ones are set aside, nothing handed in is ever lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.recording import Rules, announce, record
from assistant.register.acts.log.rights import borne_out, told_rights
from assistant.register.acts.plans.successors import Heir, carrying, heirs, lost, other_months, taken_over
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Planned
from assistant.register.facts.naming import Roster
from assistant.register.facts.people import BY_ITSELF, Assignment
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import UNNAMED, Profile
from assistant.register.facts.slots import Entry, Slot, slots_digest
from assistant.register.ports import WITH_WITHDRAWN, Register, RegisterReader, Workspace, Writing
from assistant.register.rules.demands.plan import Plan, plan
from assistant.register.rules.people.due import RULE, with_due
from assistant.register.rules.people.in_charge import by_person, held_by
from assistant.register.rules.people.nudges import scheduled, woken
from assistant.register.rules.people.roles import PERMITTED, roles


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """A plan and what the register holds, made one: all entries in the guide's order, and what that changes.

    ``heirs`` take over what was handed in under slots that the plan no longer holds; ``lost`` is what nobody takes over: it
    stays in the register, set aside. ``off`` and ``on`` are the slots that no longer apply, and that apply again; ``months`` are those
    whose year is counted otherwise now, so that what stands there has to be confirmed.
    """

    entries: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    heirs: tuple[Heir, ...] = ()
    lost: tuple[Entry, ...] = ()
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    months: tuple[Heir, ...] = ()


def merged(owed: Plan, stored: Iterable[Entry], assignments: Sequence[Assignment], rules: Rules, at: datetime) -> MergedPlan:
    """What the register holds once ``owed`` is in force; slots are recognised by key, so their state stays theirs."""
    known = {e.slot.key: e for e in stored}
    entries: list[Entry] = []
    for slot in owed.slots:
        entries.append(_entry(slot, known.get(slot.key), assignments, rules, at))
    kept = {slot.key for slot in owed.slots}
    gone = [replace(e, planned=False, next_ask=None, escalate_at=None) for key, e in known.items() if key not in kept]
    changed = [e for e in (*entries, *gone) if known.get(e.slot.key) != e]
    before = {key for key, e in known.items() if e.planned}
    added = tuple(e.slot.key for e in entries if e.slot.key not in before)
    removed = tuple(e.slot.key for e in gone if e.slot.key in before)
    found = heirs(owed.slots, known)
    leaving = [known[key] for key in removed]
    turned = [e.slot for e in entries if e.slot.key in before and known[e.slot.key].slot.applicable != e.slot.applicable]
    off = tuple(slot.key for slot in turned if not slot.applicable)
    on = tuple(slot.key for slot in turned if slot.applicable)
    months, aside = other_months(owed.slots, known), lost(leaving, found)
    return MergedPlan((*entries, *gone), tuple(changed), added, removed, found, aside, off, on, months)


def _entry(slot: Slot, known: Entry | None, assignments: Sequence[Assignment], rules: Rules, at: datetime) -> Entry:
    today = at.astimezone(rules.zone).date()
    entry = replace(known, slot=slot, planned=True) if known else Entry(slot, planned_on=today)
    entry = entry if slot.follows else replace(entry, settled_by="")
    entry = with_due(replace(entry, planned_on=entry.planned_on or today), assignments, rules.zone, rules.policy.due_days)
    return scheduled(held_by(entry, assignments, rules.lead), rules.policy, rules.zone)


def bring_in(tx: Writing, key: str, guide: Guide, profile: Profile, rules: Rules, at: datetime, actor: str, origin: str) -> MergedPlan:
    """Put the plan of this moment in force; when neither it nor the rules of asking changed, nothing is logged."""
    owed = plan(guide, profile, at.astimezone(rules.zone))
    before = tx.workspace()
    rules = replace(rules, lead=_led_by(tx, before, rules, actor, at, origin))
    workspace = replace(
        before or Workspace(key, rules.lead, str(rules.zone)),
        lead=rules.lead,
        zone=str(rules.zone),
        edition=owed.edition,
        profile=profile.model_dump(mode="json"),
        fingerprint=_fingerprint(owed, rules),
        holds_until=owed.holds_until,
    )
    stored = tx.entries(at.astimezone(rules.zone).date(), WITH_WITHDRAWN)
    tx.save([fresh for e in stored if (fresh := woken(e, rules.policy, rules.zone, at)) != e])
    if workspace == before:
        return MergedPlan(tuple(stored), (), (), ())
    result = merged(owed, stored, tx.assignments(), rules, at)
    tx.save_workspace(workspace)
    tx.save(result.changed)
    if before is None or (before.fingerprint, before.profile) != (workspace.fingerprint, workspace.profile):
        says = Planned(
            edition=owed.edition,
            profile=workspace.profile,
            fingerprint=workspace.fingerprint,
            lead=rules.lead,
            due_days=rules.policy.due_days,
            due_rule=RULE,
            slots=slots_digest(owed.slots),
            added=result.added,
            removed=result.removed,
        )
        tx.append([Draft(says, actor, at, origin)])
    record(tx, carrying((*result.heirs, *result.months), owed.edition, actor, at, origin, rules.policy), rules)
    if before is not None:
        announce(tx, (), result.changed, rules)
    return result


def _led_by(tx: RegisterReader, before: Workspace | None, rules: Rules, actor: str, at: datetime, origin: str) -> str:
    """Who leads from now on: whom the profile (or ``AEO_LEAD``) names, if somebody whom the register trusts says so.

    A schedule that finds another name in the file leaves the lead as they were.

    Raises:
        RegisterError: somebody without the right to it names another lead.
    """
    told, cli = told_rights(tx), origin.partition(":")[0] == "cli"
    if told.lead and (before is None or before.lead != told.lead):
        if cli:
            raise RegisterError("register.rights_not_told", actor=before.lead if before is not None else rules.lead)
        return told.lead
    people = tx.people()
    if before is None or not before.lead or Roster(people).same(before.lead, rules.lead) or vacant(tx, before.lead):
        return rules.lead
    held = roles(actor, None, before.lead, people, by_person(tx.absences()), at.astimezone(rules.zone).date())
    if held & PERMITTED["assign"] and (not told.lead or borne_out(actor, people, told, before.lead)):
        return rules.lead
    if cli:
        raise RegisterError("register.lead_change", lead=before.lead, wanted=rules.lead, actor=actor)
    return before.lead


def vacant(tx: RegisterReader, lead: str) -> bool:
    """Whether nobody was named to lead when the register was planned, and nobody has acted as its lead since."""
    return lead == UNNAMED and lead not in tx.people() and all(e.actor != lead for e in tx.events())


def same_edition(before: Workspace | None, guide: Guide) -> None:
    """See to it that a register does not slip from one edition to another without taking along what was handed in.

    Raises:
        RegisterError: it was planned from another edition, and must adopt this one.
    """
    if before is not None and before.edition and before.edition != guide.edition:
        raise RegisterError("register.other_edition", before=before.edition, now=guide.edition)


def _fingerprint(owed: Plan, rules: Rules) -> str:
    """Changes with the plan, the policy or the lead: whatever the stored entries follow from."""
    return hashlib.sha256(f"{owed.fingerprint}\n{rules.policy!r}\n{rules.lead}\n{rules.zone}\n{RULE}".encode()).hexdigest()


def refresh(register: Register, guide: Guide, policy: Policy, at: datetime) -> list[str]:
    """Plan every workspace again whose plan may have changed by itself (a year began or ended); says which did change."""
    changed: list[str] = []
    for known in register.workspaces():
        rules = Rules(policy, known.lead, ZoneInfo(known.zone))
        if known.holds_until is not None and at.astimezone(rules.zone).date() < known.holds_until and known.edition == guide.edition:
            continue
        profile = Profile.model_validate(known.profile)
        with register.writing(known.key) as tx:
            same_edition(tx.workspace(), guide)
            result = bring_in(tx, known.key, guide, profile, rules, at, BY_ITSELF, "schedule")
        if result.added or result.removed:
            changed.append(known.key)
    return changed


def overlaid(tx: RegisterReader, guide: Guide, profile: Profile, rules: Rules, at: datetime) -> list[Entry]:
    """The entries as a plan of this moment would leave them, without changing the register; withdrawn ones are left out."""
    result = foreseen(tx, guide, profile, rules, at)
    states = {heir.slot.key: taken_over(heir, at, rules.policy) for heir in (*result.heirs, *result.months)}
    return [replace(e, state=states.get(e.slot.key, e.state)) for e in result.entries if e.planned]


def foreseen(tx: RegisterReader, guide: Guide, profile: Profile, rules: Rules, at: datetime) -> MergedPlan:
    """What a plan of this moment would make of the register, without changing it."""
    local = at.astimezone(rules.zone)
    return merged(plan(guide, profile, local), tx.entries(local.date(), WITH_WITHDRAWN), tx.assignments(), rules, at)
