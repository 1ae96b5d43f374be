"""``aeo guide propose``, ``activate`` and ``rollback``: evals for the leads, gates, the swap, and what became of the register."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assistant.adapters.editions import Editions
from assistant.enterprises import Enterprises
from assistant.errors import Unavailable
from assistant.register.acts.doing.who import Who
from assistant.register.papers.said.words import dotted, slot_name, whose
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.clock import now
from connectors.cli.guide.asked import questions
from connectors.cli.opened import system_user, whoever
from connectors.cli.output import JSON_OPTION, emit, note, progress, write
from evals.release import activate as activation
from evals.release import propose as proposing
from evals.release import written
from evals.release.registers import Registers
from evals.runs.record import answering
from ingest.compare.named import line_name

if TYPE_CHECKING:
    from assistant.register.acts.plans.fates import Adopted
    from evals.release.activate import Activated
    from evals.release.examine import Examination

_ACTOR = typer.Option(None, "--actor", "--as")
_SHOWN = 10  # failures that are named


def add(app: typer.Typer) -> None:
    """Put the commands into the group."""
    app.command(name="questions")(questions)
    app.command(name="propose")(propose)
    app.command(name="activate")(activate)
    app.command(name="rollback")(rollback)


def brought_in(settings: Settings) -> None:
    """An edition that is in force was brought in anew: every register writes down what it rests on from here on."""
    try:
        Registers(Enterprises(settings)).stood(Who(system_user(), now()), {})
    except Unavailable as away:  # the edition is in; that the log does not say so is told by ``verify``
        note(away.sentence(settings.lang))


def propose(
    edition: str = typer.Argument(...),
    json_: bool = JSON_OPTION,
) -> None:
    """Run the evals on a staged edition, write the report, tell the leads."""
    from evals.release.examine import examined

    settings = load_settings()
    with progress(settings.lang) as step:
        done = proposing.propose(Registers(Enterprises(settings)), edition, datetime.now(UTC), examine=examined, step=step)
    if json_:
        emit(
            {
                "edition": edition,
                "run": done.verdict.run.id,
                "passed": done.verdict.passed,
                "report": str(done.report),
                "told": [{"workspace": w, "lead": lead} for w, lead in done.told],
                "changes": done.changes,
                "renumbered": done.renumbered,
                "retitled": done.retitled,
                "registers": {name: _counts(adopted) for name, adopted in done.registers.items()},
            }
            | _found(done.verdict, settings.lang)
        )
    else:
        _print_verdict(done.verdict, settings.lang)
        _print_registers(done.registers, settings, False)
        reached = settings.has_slack or settings.smtp_url is not None
        told = "untold" if not done.told else "proposed" if reached else "unreached"
        write(say(f"editions.{told}", settings.lang, report=str(done.report), leads=tuple(lead for _, lead in done.told)))
    if not done.verdict.passed:
        raise typer.Exit(1)


def activate(
    edition: str = typer.Argument(...),
    preview: bool = typer.Option(False, "--preview"),
    override: str = typer.Option("", "--override"),
    html: Path = typer.Option(None, "--html"),
    actor: str = _ACTOR,
    json_: bool = JSON_OPTION,
) -> None:
    """Put an edition in force if the eval gates hold; the register follows."""
    settings = load_settings()
    if preview:
        _print_registers(activation.preview(Registers(Enterprises(settings)), edition, datetime.now(UTC)), settings, json_)
        return
    from evals.release.examine import examined

    with progress(settings.lang) as step:
        registers = Registers(Enterprises(settings))
        done = activation.activate(registers, edition, whoever(settings, actor), examine=examined, step=step, override=override)
    if html is not None and done.verdict is not None:
        written.write(done.verdict, html, settings.lang)
        note(say("evidence.report_done", settings.lang, where=str(html)))
    if json_:
        emit(_document(done, settings.lang))
    else:
        _print(done, settings)
    if done.active is None:
        raise typer.Exit(1)


def rollback(family: str = typer.Option(None, "--family"), actor: str = _ACTOR, json_: bool = JSON_OPTION) -> None:
    """Go back to the edition of a family that was active before; the register follows."""
    settings = load_settings()
    done = activation.rollback(Registers(Enterprises(settings)), whoever(settings, actor), family)
    if json_:
        emit(_document(done, settings.lang))
    else:
        _print(done, settings)


def _document(done: Activated, lang: str) -> dict[str, Any]:
    verdict = done.verdict
    return {
        "edition": done.edition,
        "active": done.active is not None,
        "run": verdict.run.id if verdict else None,
        "override": (done.active.override if done.active else "") or None,
        "registers": {name: _counts(adopted) for name, adopted in done.registers.items()},
    } | (
        _found(verdict, lang)
        if verdict
        else {"figures": [], "failures": [], "as_in_force": [], "relabel": [], "untested": [], "opened": []}
    )


def _found(verdict: Examination, lang: str) -> dict[str, Any]:
    """The figures of an edition, the gates that fail and the cases that wait for labels."""
    measures = verdict.figures.measures if verdict.figures else ()
    return {
        "figures": [m.model_dump() | {"holds": m.holds, "sentence": m.sentence(lang)} for m in measures],
        "failures": [f.model_dump() | {"sentence": f.sentence(lang)} for f in verdict.failures],
        "as_in_force": [f.model_dump() | {"sentence": f.sentence(lang)} for f in verdict.below],
        "relabel": [r.case.id for r in verdict.relabel],
        "untested": list(verdict.untested),
        "opened": [{"id": r.case.id, "question": r.turns[-1].question, "clauses": list(answering(r))} for r in verdict.opened],
    }


def _counts(adopted: Adopted) -> dict[str, Any]:
    slots = [
        {"slot": f.slot.id, "fate": f.what, "change": f.change, "before": f.before or None, "after": f.after or None}
        for f in adopted.fates
        if f.what != "kept" or f.told
    ]
    clauses = [{"old": list(c.olds), "new": list(c.news), "before": c.before or None, "after": c.after or None} for c in adopted.unowed]
    lost = [{"level": a.level, "target": a.target, "owner": a.owner} for a in adopted.lost]
    return {"old": adopted.old, "new": adopted.new} | adopted.counts() | {"slots": slots, "clauses": clauses, "lost_assignments": lost}


def _print(done: Activated, settings: Settings) -> None:
    lang = settings.lang
    if done.verdict is not None:
        _print_verdict(done.verdict, lang)
    if done.active is None:
        note(say("editions.held_back", lang, edition=done.edition))
        return
    write(say("cli.is_out" if done.active.out else "cli.is_active", lang, edition=done.active.edition, family=done.active.family))
    together = Editions(settings.home).in_force()
    if len(together) > 1:
        write(say("cli.all_in_force", lang, guides=tuple(f"《{m.family}》{m.edition}" for m in together)))
    _print_registers(done.registers, settings, False)


def _print_verdict(verdict: Examination, lang: str) -> None:
    write(say("editions.examined", lang, run=verdict.run.id, cases=len(verdict.run.gated), failures=len(verdict.failures)))
    for failure in verdict.failures[:_SHOWN]:
        write(f"  {failure.sentence(lang)}")
    if len(verdict.failures) > _SHOWN:
        write(say("editions.more", lang, count=len(verdict.failures) - _SHOWN))
    if verdict.below:
        note(say("report.as_in_force", lang, count=len(verdict.below)))
        for failure in verdict.below:
            write(f"  {failure.sentence(lang)}")
    if verdict.figures is not None and verdict.figures.turned:
        note(say("report.sense_turned", lang, count=len(verdict.figures.turned)))
        for one in verdict.figures.turned[:_SHOWN]:
            write(f"  {line_name(one.new, lang)} {say(f'report.turned.{one.how}', lang)}")
    if verdict.untested:
        note(say("report.untested", lang, count=len(verdict.untested), clauses=verdict.untested))
    if verdict.opened:
        note(say("editions.opened", lang, count=len(verdict.opened)))
        for result in verdict.opened[:_SHOWN]:
            clauses = answering(result)
            write(f"  {say('editions.opened_case', lang, id=result.case.id, question=result.turns[-1].question, clauses=clauses)}")
    if verdict.relabel:
        cases = tuple(r.case.id for r in verdict.relabel[:_SHOWN])
        note(say("editions.relabel", lang, count=len(verdict.relabel), cases=cases))


def _print_registers(registers: dict[str, Adopted], settings: Settings, json_: bool) -> None:
    lang = settings.lang
    if json_:
        emit({name: _counts(adopted) for name, adopted in registers.items()})
        return
    for enterprise, adopted in registers.items():
        write(say("editions.register", lang, enterprise=enterprise, old=adopted.old, new=adopted.new, **adopted.counts()))
        told: set[tuple[str, str, str]] = set()
        for fate in adopted.fates:
            name = dotted(slot_name(fate.slot.id, fate.slot.kind, lang), whose(fate.slot, lang))
            mark = (name, fate.before, fate.after)
            if fate.told and mark not in told:
                told.add(mark)
                write(f"  {say(f'diff.{fate.change}', lang)} {mark[0]}")
                for key, text in (("before", fate.before), ("after", fate.after)):
                    if text:
                        write(say(f"nudge.{key}", lang, text=text))
        for clause in adopted.unowed:
            write(f"  {say('nudge.change.clause', lang)} {'+'.join(clause.news or clause.olds)}")
            for key, text in (("before", clause.before), ("after", clause.after)):
                if text:
                    write(say(f"nudge.{key}", lang, text=text))
        if adopted.lost:
            places = tuple(a.target for a in adopted.lost)
            note(say("editions.lost", lang, places=places))
