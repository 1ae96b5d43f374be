"""The slots of one clause: what its sentence, its sections and single lines owe, with the criteria that each is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from assistant.guide import Clause, Guide, Kind, Requirement, Section, lineage_key
from assistant.line_ids import LineId
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Owing, Slot
from assistant.register.rules.demands.frequency import times_in
from assistant.register.rules.demands.judgement import Judged, elements_of, judgement, links, measure_of, owing_of, season_of, times_a_year
from assistant.register.rules.demands.periods import FRESH, Period, concerns, latest, periods_of, ready_by
from assistant.register.rules.demands.rows import ProfileRow, rows_of
from assistant.register.rules.demands.scope import ScopeVerdict, conditional, declared, line_verdict, statement_verdict, verdict

HANDED_IN = ("evidence", "statement")


@dataclass(frozen=True)
class Setting:
    """What a plan is made from."""

    guide: Guide
    profile: Profile
    today: date


def slots_of(clause: Clause, at: Setting) -> list[Slot]:
    """What one clause owes, in the guide's order; its sentence first. Positions count from 0."""
    found: list[Slot] = []
    judged = verdict(clause, at.profile)
    found += _sentence(clause, judged, at)
    if not found:
        found += _proofs(clause, judged, at)
    seen = dict[Kind, int]()
    for section in clause.sections:
        if section.requirements and section.kind != "note":
            seen[section.kind] = seen.get(section.kind, 0) + 1
            whole = section.kind in ("situation", "onsite")
            found += _form(clause, section, judged, seen[section.kind], at) if whole else _lines(clause, section, judged, at)
        if section.kind not in ("documents", "records"):
            found += _single(clause, section, judged, at)
    return [replace(slot, position=n) for n, slot in enumerate(found)]


def _sentence(clause: Clause, judged: ScopeVerdict, at: Setting) -> Iterator[Slot]:
    """What the clause's own sentence owes (12, 13, 16)."""
    own = judgement(clause.lineage)
    if own.owing is None:
        return
    season = season_of(clause, clause.lineage, at.guide.places[clause.id].item.number, at.profile)
    profile = at.profile.model_copy(update={"years": "calendar"}) if own.fiscal else at.profile
    periods = periods_of(clause.text, (), profile, at.today, own.count, own.since == "advanced", season)
    waiting = ("advanced_on",) if own.since and at.profile.certification == "renewal" and at.profile.advanced_on is None else ()
    notes = at.guide.clauses.get(clause.shares_with or "", clause)
    criteria = [r.wording for s in notes.sections if s.kind == "note" for r in s.requirements if judgement(r.lineage).owing is None]
    if (fed := at.guide.clauses.get(own.feeds)) is not None:
        criteria.append(f"{fed.id}　{fed.text}")  # the same report decides on it
    for period in periods:
        yield _slot(
            clause,
            lineage_key(clause.key, "clause"),
            f"{clause.id}/clause",
            own.kind or "documents",
            own.owing,
            judged,
            period,
            ProfileRow(),
            at,
        )(
            line=clause.lines[0] if clause.lines else 0,
            text=clause.text,
            why=_why_of_sentence(own, period),
            count=own.count,
            criteria=tuple(criteria),
            elements=_elements([clause], at),
            undeclared=(*judged.undeclared, *waiting),
            follows=own.follows,
            feeds=own.feeds,
            figures=_elements([fed], at) if fed is not None else (),
            measure=own.says if own.count and at.profile.certification == "initial" else measure_of(clause),
            **_serves(own.valid, own.current, False, at),
        )


def _proofs(clause: Clause, judged: ScopeVerdict, at: Setting) -> Iterator[Slot]:
    """What is owed where the guide prints no list: evidence that the sentence holds, or what the lead wrote, as often as they say."""
    for n, proof in enumerate(clause.proofs, 1):
        count = times_in(proof.period) or times_a_year(clause)
        walked = proof.kind in ("situation", "onsite")
        owing: Owing = "form" if walked else "duty" if count else "paper"
        id_ = f"{clause.id}/clause" if n == 1 else f"{clause.id}/clause/{n}"
        said = () if walked else (proof.period, proof.text)
        season = season_of(clause, clause.lineage, at.guide.places[clause.id].item.number, at.profile)
        for period in periods_of("" if walked else proof.text, said, at.profile, at.today, 0 if walked else count, season=season):
            whole = period.why in ("evidence", "initial") and proof.text == clause.text
            yield _slot(clause, proof.key, id_, proof.kind or "note", owing, judged, period, ProfileRow(), at)(
                line=clause.lines[0] if clause.lines else 0,
                text=proof.text,
                why=f"off.{judged.flag}" if not judged.applies else "sentence" if whole else period.why,
                count=0 if walked else count,
                checklist=(proof.text,) if walked else (),
                undeclared=judged.undeclared,
            )


def _form(clause: Clause, section: Section, judged: ScopeVerdict, nth: int, at: Setting) -> Iterator[Slot]:
    """One briefing or walk-through for a section (and row), its lines as the checklist; a line that does not count is left out."""
    suffix = "" if nth == 1 else f"/{nth}"
    key = lineage_key(clause.key, section.kind) if nth == 1 else lineage_key(clause.key, section.kind, str(nth))
    verdicts = {r.id: line_verdict(r.wording, r.line, at.profile, judgement(r.lineage).when) for r in section.requirements}
    given = [r for r in section.requirements if r.role in HANDED_IN]
    counted = [r for r in given if verdicts[r.id].applies]
    off = "+".join(dict.fromkeys(verdicts[r.id].flag for r in given))
    whole = judged & (ScopeVerdict(True) if counted or not given else replace(verdicts[given[0].id], flag=off))
    lines = tuple(r.wording for r in counted or given)
    others = tuple(r.wording for r in section.requirements if r.role not in HANDED_IN)
    waiting = dict.fromkeys(flag for r in counted for flag in verdicts[r.id].undeclared)
    for row in next((rows_of(clause, r, at.profile) for r in given if judgement(r.lineage).rows), (ProfileRow(),)):
        yield _slot(clause, key, f"{clause.id}/{section.kind}{suffix}", section.kind, "form", whole, Period(), row, at)(
            line=section.line or section.requirements[0].line,
            text="\n".join([section.heading or "", *lines]).strip(),
            why=section.kind if whole.applies else f"off.{whole.flag}",
            checklist=lines,
            criteria=(*others, *(p.text for p in section.notes)),
            suggested=tuple(r.wording for r in clause.requirements if judgement(r.lineage).bring == section.kind),
            undeclared=(*judged.undeclared, *waiting, *((row.undeclared,) if row.undeclared else ())),
            measure=measure_of(clause, *lines),
            was=(key,) if row.subject else (),
        )


def _lines(clause: Clause, section: Section, judged: ScopeVerdict, at: Setting) -> Iterator[Slot]:
    """One slot per line that is handed in, period and row; proofs of which any one is enough are one line."""
    given = [r for r in section.requirements if r.role in HANDED_IN]
    any_one = section.any_one and len(given) > 1
    for r in given[:1] if any_one else given:
        yield from _line(clause, section, r, judged, at, tuple(given) if any_one else ())


def _single(clause: Clause, section: Section, judged: ScopeVerdict, at: Setting) -> Iterator[Slot]:
    """Lines of a briefing, a walk-through or a note that owe something of their own (16, the registers of 4(4))."""
    for r in section.requirements:
        own = judgement(r.lineage)
        if own.owing is None or own.kind is None:
            continue
        whole = judged & line_verdict(r.wording, r.line, at.profile, own.when)
        id_ = r.id if own.owing != "form" else f"{clause.id}/{own.kind}"
        yield _slot(clause, r.key, id_, own.kind, own.owing, whole, Period(), ProfileRow(), at)(
            requirement=r.id if own.owing != "form" else None,
            line=r.line,
            text=r.wording,
            why=(own.kind if own.owing == "form" else "evidence") if whole.applies else f"off.{whole.flag}",
            checklist=(r.wording,) if own.owing == "form" else (),
            undeclared=whole.undeclared,
        )


def _line(
    clause: Clause, section: Section, r: Requirement, judged: ScopeVerdict, at: Setting, any_of: tuple[Requirement, ...]
) -> Iterator[Slot]:
    own, owing, profile, said_of = judgement(r.lineage), owing_of(section, r), at.profile, at.guide.familiar
    others = [o for o in section.requirements if o.role not in HANDED_IN]
    spoken = [o.text for o in others if o.role in ("period", "retention")]
    spoken += [p.text for p in (*section.notes, *r.continuation) if p.role == "period"] + ([r.text] if "period" in r.also else [])
    statement = r.role == "statement"
    of_line = line_verdict(r.wording, r.line, profile, own.when)
    whole = statement_verdict(r.text, r.line, profile) if statement else judged & of_line
    records = section.kind == "records" and not statement
    count = times_a_year(clause) if owing == "duty" else 0
    if records and section.heading is None and (often := times_in(r.text) or times_in(clause.period)):
        owing, count = "duty", often
    own_count = own.own_count if owing == "duty" and not count else 0
    said = [*(p.text for p in r.continuation), *(o.wording for o in others), *(p.text for p in section.notes)]
    formats = [o.text for o in others if o.role == "format"] + [p.text for p in section.notes if p.role == "format"]
    said += [ref.text for ref in clause.references if clause.id in ref.targets]
    demanding: list[Requirement | Clause] = [r]
    if records:
        demanding += [*(o for o in others if concerns(said_of(o.text), profile)), clause]
    link = links().get(r.lineage)
    spoken = list(map(said_of, spoken))
    season = season_of(clause, r.lineage, at.guide.places[clause.id].item.number, profile)
    of_years = periods_of(said_of(r.text), spoken, profile, at.today, count or own_count, season=season)
    for period in of_years if records else periods_of("", (), profile, at.today):
        for row in rows_of(clause, r, profile):
            waiting = (row.undeclared, "sample_sets" if owing == "sample" and profile.sample_sets is None else "")
            yield _slot(clause, r.key, r.id, section.kind, owing, whole, period, row, at)(
                requirement=r.id,
                line=r.line,
                text="\n".join([section.heading or "", *(o.wording for o in any_of)]).strip() if any_of else r.text,
                why=_why(whole, statement, bool(any_of), owing, period),
                condition=owing != "event" and conditional(r.text) and (not of_line.flag or of_line.undeclared != ()),
                any_of=tuple(o.wording for o in any_of),
                criteria=tuple(t for t in (*said, *_referred(clause, r, at)) if concerns(said_of(t), profile)),
                measure="" if _of_the_act(clause, section) else measure_of(clause, r.text, *(o.text for o in others)),
                count=count or own_count,
                own_count=own_count > 0,
                sets=(profile.sample_sets or 0) if owing == "sample" else 0,
                elements=_elements(demanding, at),
                forms=next(iter(formats), ""),
                undeclared=(*whole.undeclared, *(w for w in waiting if w)),
                link=link.name if link else "",
                link_reason=link.reason if link else "",
                joined=link is not None and link.name in profile.one_paper,
                was=_was(r, period, row, any_of, profile),
                **_serves(own.valid, own.current and not period.key, period.rolling, at),
            )


def _of_the_act(clause: Clause, section: Section) -> bool:
    """Whether the count that a clause sets is that of what its records show, and not of the paper that rules or replaces it."""
    return section.kind == "documents" and times_a_year(clause) > 0 and any(s.kind == "records" for s in clause.sections)


def _slot(
    clause: Clause, key: str, id_: str, kind: Kind, owing: Owing, whole: ScopeVerdict, period: Period, row: ProfileRow, at: Setting
) -> Any:
    """A slot that waits for the rest of its values."""
    place = at.guide.places[clause.id]

    def filled(**values: Any) -> Slot:
        common: dict[str, Any] = {
            "key": row.key(key, period.key),
            "id": row.id(id_, period.key),
            "position": 0,
            "part": place.part.number,
            "category": place.category.number,
            "item": place.item.number,
            "clause": clause.id,
            "kind": kind,
            "requirement": None,
            "period": period.key,
            "opens": period.opens,
            "ends": period.ends,
            "due": period.due,
            "steps": period.steps,
            "not_before": period.not_before,
            "latest": None if period.after_visit else latest(at.profile, at.today),
            "rolling": period.rolling,
            "applicable": whole.applies,
            "standard": clause.text,
            "measure": measure_of(clause),
            "owing": owing,
            "subject": row.subject,
            "person": row.person,
        }
        return Slot(**common | values)

    return filled


def _why(whole: ScopeVerdict, statement: bool, any_one: bool, owing: Owing, period: Period) -> str:
    if not whole.applies:
        return whole.flag if statement else f"off.{whole.flag}"
    if statement:
        return "statement"
    return "any_one" if any_one else "derived" if owing == "derived" and not period.key else period.why


def _why_of_sentence(own: Judged, period: Period) -> str:
    """Why a clause owes by its sentence: each year since the first 高级 certification (12), as proof that it holds (16), or derived."""
    if own.owing == "derived":
        return "derived"
    if own.owing == "paper" and period.why == "evidence":
        return "sentence"
    return "advanced" if own.since and period.why == "yearly" else period.why


def _serves(valid: int, current: bool, rolling: bool, at: Setting) -> dict[str, Any]:
    """How long what is accepted serves: days of validity, and when what must be current is confirmed again for the visit."""
    visit = at.profile.visit_on
    again = ready_by(visit) - timedelta(days=30) if current and visit is not None else None
    return {
        "valid_days": valid or (FRESH if current or rolling else 0),
        "dated": valid > 0,
        "confirm_on": again if visit is not None and visit >= at.today else None,
    }


def _was(r: Requirement, period: Period, row: ProfileRow, any_of: tuple[Requirement, ...], profile: Profile) -> tuple[str, ...]:
    """The keys that this line had under an earlier plan: without rows, as one of several proofs, without a period."""
    keys = [row.key(r.key, period.key), ProfileRow().key(r.key, period.key), *(o.key for o in any_of)]
    if period.key and (period.rolling or profile.certification == "initial"):
        keys += [row.key(r.key, ""), r.key]
    return tuple(dict.fromkeys(keys))[1:]


def _elements(parts: Iterable[Requirement | Clause], at: Setting) -> tuple[str, ...]:
    """The elements of lines, without those whose condition the profile rules out."""
    found = [e for part in parts for e in elements_of(part, at.profile)]
    counted = [e.text for e in found if not e.when or any(declared(at.profile, flag) is not False for flag in e.when)]
    return tuple(dict.fromkeys(counted))


def _referred(clause: Clause, line: Requirement, at: Setting) -> Iterator[str]:
    """The lines of the sections that a line refers to (要求同本条分项标准（1）), each behind its clause, if they count here."""
    own = {line.line, *(p.line for p in line.continuation)}
    for target in (t for ref in clause.references if ref.line in own for t in ref.targets if "/" in t):
        other, kind, _ = LineId.of(target)
        for section in at.guide.clauses[other].sections:
            if section.kind == kind:
                yield from (f"{other}　{r.wording}" for r in section.requirements if line_verdict(r.wording, r.line, at.profile).applies)
