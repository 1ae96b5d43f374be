"""The case side of ``aeo eval``: check and convert sets, follow them into another edition, promote feedback."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from assistant.adapters.editions import Editions
from assistant.adapters.sql.inbox import inbox_of
from assistant.errors import CaseError, EditionError
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.clock import local
from connectors.cli.output import JSON_OPTION, emit, note, write
from evals.cases.carried.relabel import Relabeller, answered, waiting
from evals.cases.files import merge
from evals.cases.files import write as write_cases
from evals.cases.labels import Labels, labelled
from evals.cases.named_sets import find, guides_of, home_sets, load, of_edition, standing
from evals.cases.sheet import write_sheet

if TYPE_CHECKING:
    from assistant.answers.blocks import Reason
    from assistant.guide import Guide
    from evals.cases.case import Case
    from evals.cases.likeness import Queries
    from evals.cases.promote import CaseProposal

_SETS = typer.Argument(None)
_MANY = {"help": "可重复 / may be repeated."}


def add(app: typer.Typer) -> None:
    """Put the commands of this file into the group."""
    for command in (convert, relabel, inbox, promote):
        app.command()(command)


def convert(
    sets: list[str] = _SETS,
    out: Path = typer.Option(None, "--out"),
    json_: bool = JSON_OPTION,
) -> None:
    """Check cases, and convert between JSONL, YAML and Excel."""
    settings = load_settings()
    guides = guides_of(Editions(settings.home))
    found = load(find(sets or (), settings.home), guides)
    cases: list[Case] = []
    for case in (c for s in found for c in s.cases):
        guide = guides(case.edition)
        cases.append(labelled(case, Labels(guide)) if guide is not None else case)
    if out is not None and out.suffix.lower() == ".xlsx":
        write_sheet(out, cases, guides(cases[0].edition) if cases else None, settings.lang)
    elif out is not None:
        write_cases(out, cases)
    if json_:
        emit({"sets": {s.name: len(s.cases) for s in found}, "cases": len(cases), "out": str(out) if out else None})
        return
    for s in found:
        write(f"{len(s.cases):>5}  {s.name}")
    write(say("evals.converted" if out else "evals.checked", settings.lang, count=len(cases), out=str(out)))


def relabel(
    sets: list[str] = _SETS,
    edition: str = typer.Option(None, "--edition"),
    confirm: list[str] = typer.Option(None, "--confirm"),
    certain: bool = typer.Option(False, "--certain"),
    out: Path = typer.Option(None, "--out"),
    json_: bool = JSON_OPTION,
) -> None:
    """How cases stand in another edition: unchanged, carried, or to be labelled again."""
    settings = load_settings()
    store = Editions(settings.home)
    manifest = store.manifest(edition)
    guide, guides, maps = store.guide(manifest), guides_of(store), store.maps(manifest)
    asked = of_edition(sets or (), store, guides, manifest.edition, manifest.family)
    found = standing(asked, guide, guides, maps).cases
    confirmed: list[Case] = []
    of_home = cache(lambda edition: Relabeller(guides(edition), guide, maps.get(edition)))
    held = [r for r in found if r.state == "relabel"]
    for resolved in held if confirm else ():
        gone = {c.label for c in resolved.changes if c.now is None}
        if resolved.case.id in confirm or gone <= set(confirm):
            suggested = of_home(resolved.case.edition).suggested(resolved.case)
            if suggested is None:
                raise CaseError("evals.no_suggestion", id=resolved.case.id)
            confirmed.append(suggested)
    refusals = [r.case for r in found if r.state != "relabel" and r.case.id in (confirm or ()) and r.case.refuse]
    confirmed += _answered(refusals, settings, guide)
    for resolved in held if certain else ():
        taken = of_home(resolved.case.edition).certain(resolved.case)
        confirmed += [taken] if taken is not None and taken.id not in {c.id for c in confirmed} else []
    if confirmed:
        merge(home_sets(settings.home) / "confirmed.jsonl", confirmed)
    if out is not None:
        write_cases(out, [*(r.case for r in found if r.state != "relabel"), *confirmed])
    done = {c.id for c in confirmed}
    held = [r for r in held if r.case.id not in done]
    if json_:
        rows = [{"id": r.case.id, "state": r.state, "changes": [c.model_dump() for c in r.changes]} for r in found]
        emit({"edition": guide.edition, "cases": rows, "confirmed": sorted(done), "out": str(out) if out else None})
        return
    if confirmed:
        note(say("evals.confirmed", settings.lang, count=len(confirmed), where=str(home_sets(settings.home) / "confirmed.jsonl")))
    counts = {state: sum(r.state == state for r in found) for state in ("unchanged", "carried", "relabel")}
    write(say("evals.standing", settings.lang, edition=guide.edition, **counts))
    for change, ids in waiting((r.case.id, r.changes) for r in held):
        write(f"  {change.label} → {change.suggestion or say('report.gone', settings.lang)}  ({'、'.join(ids)})")
        if change.before:
            write(f"    - {change.before}")
        if change.after:
            write(f"    + {change.after}")


def _answered(refusals: Sequence[Case], settings: Settings, guide: Guide) -> list[Case]:
    """Refusals that a lead confirms to be answered in an edition, with the clauses that it answers them from."""
    from assistant.app import Assistant

    assistant = Assistant(settings)
    told = [(case, assistant.ask(case.question or "", edition=guide.edition).clauses) for case in refusals]
    if silent := next((case for case, clauses in told if not clauses), None):
        raise CaseError("evals.no_suggestion", id=silent.id)
    return [answered(case, clauses, guide) for case, clauses in told]


def inbox(
    everything: bool = typer.Option(False, "--all"),
    dismiss: str = typer.Option(None, "--dismiss"),
    json_: bool = JSON_OPTION,
) -> None:
    """Thumbs down and unanswered questions."""
    settings = load_settings()
    box = inbox_of(settings)
    if dismiss:
        box.close(dismiss, "-")
    entries = box.entries(everything=everything)
    if json_:
        emit([e.model_dump(mode="json", exclude={"ref"}) for e in entries])
        return
    if not entries:
        note(say("evals.inbox_empty", settings.lang))
    for e in entries:
        mark = say(f"evals.kind_{e.kind}", settings.lang)
        write(f"{e.id:>6}  {local(e.at, settings.timezone)}  {mark}  {e.edition}  {' → '.join((*e.history, e.question))}")
        if e.reason:
            write(f"        {e.reason}")
        if e.answer is not None:
            write(f"        {'、'.join(e.answer.clauses) or say('report.outcome.refused_not_in_guide', settings.lang)}")
        if e.closed:
            write(f"        = {e.closed}")


def promote(
    entry: str = typer.Argument(..., metavar="ID"),
    clauses: list[str] = typer.Option(None, "--clauses", help=f"应引用的条款 / clauses to cite. {_MANY['help']}"),
    lines: list[str] = typer.Option(None, "--lines", help=f"应引用的行：24(3)/records/1 或 L686 / lines to quote. {_MANY['help']}"),
    facts: list[str] = typer.Option(None, "--facts", help=f"必须出现的原文 / words that must appear. {_MANY['help']}"),
    acceptable: list[str] = typer.Option(None, "--acceptable", help=f"也可引用的条款 / clauses that may be cited. {_MANY['help']}"),
    refuse: bool = typer.Option(False, "--refuse"),
    reason: str = typer.Option(None, "--reason"),
    question: str = typer.Option(None, "--question"),
    type_: str = typer.Option("feedback", "--type"),
    into: Path = typer.Option(None, "--set"),
    yes: bool = typer.Option(False, "--yes"),
    json_: bool = JSON_OPTION,
) -> None:
    """Make a case of a piece of feedback."""
    from assistant.answers.question.reading import language
    from evals.cases.promote import Labelling, keep, propose

    settings = load_settings()
    box = inbox_of(settings)
    feedback = box.get(entry)
    store = Editions(settings.home)
    guides = guides_of(store)
    guide = guides(feedback.edition)
    if guide is None:
        raise EditionError("editions.unknown", edition=feedback.edition, known=tuple(m.edition for m in store.all()))
    label = Labelling(
        clauses=_split(clauses),
        lines=_split(lines),
        facts=tuple(facts or ()),
        acceptable=_split(acceptable),
        refuse=refuse,
        reason=cast("Reason | None", reason),
        question=question,
        type=type_,
        lang=language(question or feedback.question, "zh"),
    )
    cases = [c for s in load(find((), settings.home), guides) for c in s.cases]
    proposal = propose(feedback, label, guide, cases, _queries(settings))
    if not json_:
        _show(proposal, settings.lang)
    case = keep(proposal, into or home_sets(settings.home) / "feedback.jsonl", box, yes=yes)
    if json_:
        emit(
            {
                "case": case.document(),
                "personal": [p._asdict() for p in proposal.personal],
                "alike": [a._asdict() for a in proposal.alike],
            }
        )
    else:
        write(say("evals.promoted", settings.lang, id=case.id))


def _split(values: list[str] | None) -> tuple[str, ...]:
    """Ids given one by one or separated by commas."""
    return tuple(part.strip() for value in values or () for part in value.replace("，", ",").replace("、", ",").split(",") if part.strip())


def _queries(settings: Settings) -> Queries:
    """Embeds questions with the configured model; known ones come from the cache."""
    from assistant.adapters.models.embeddings import embedder
    from assistant.adapters.models.known_vectors import VectorCache

    model = embedder(settings)
    cache = VectorCache(settings.home / "vectors.sqlite3")
    return lambda texts: cache.embed(model.fingerprint, "query", texts, model.queries)


def _show(proposal: CaseProposal, lang: str) -> None:
    for found in proposal.personal:
        note(say("evals.cases.personal", lang, kind=say(f"evals.personal_{found.kind}", lang), text=found.text))
    for other in proposal.alike:
        note(say("evals.alike", lang, case=other.case, question=other.question, likeness=f"{other.likeness:.0%}"))
