"""``aeo owners``: who is in charge; import a table, hand over a leaver's work, absences, people."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import typer

from assistant.adapters.sheet import read_cells
from assistant.errors import UsageError
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.papers.for_customs.catalogue import workbook
from assistant.register.papers.tables import owner_proposal
from assistant.register.rules.people.owner_header import unread
from assistant.register.rules.people.owner_table import parse_table
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, Opened, day, opened
from connectors.cli.out import written
from connectors.cli.output import JSON_OPTION, emit, note, wide_console, write

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command(name="import")
def import_(
    file: Path = typer.Argument(...),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Import a table; on any mistake all are named and nothing is imported."""
    desk = opened(profile, actor)
    cells = read_cells(file)
    rows, people = parse_table(cells, desk.guide, str(file))
    owners = Owners(desk.synced())
    before = owners.roster()
    changed = owners.assign(rows, desk.who, people)
    everybody, roster = owners.everybody(), owners.roster()
    fresh = [p.name or p.id for p in everybody if before.find(p.id) is None]
    named_here = {roster.id_of(name) for a in rows for name in (a.owner, a.deputy, a.reviewer) if name}
    unreached = [p.name or p.id for p in everybody if p.id in named_here and not (p.address or "@" in p.id)]
    if json_:
        emit({"rows": len(rows), "changed": changed})
    else:
        write(say("evidence.imported", desk.settings.lang, rows=len(rows), count=changed))
        if left := unread(cells):
            write(say("evidence.imported_unread", desk.settings.lang, columns=tuple(left)))
        if fresh:
            write(say("evidence.imported_people", desk.settings.lang, count=len(fresh), people=tuple(fresh)))
        if unreached:
            write(say("evidence.imported_unreached", desk.settings.lang, people=tuple(unreached)))
        write(say("undo.owners", desk.settings.lang))


@app.command()
def propose(out: Path = typer.Argument(...), profile: Path = PROFILE_OPTION, json_: bool = JSON_OPTION) -> None:
    """Write the table that the guide's own column of departments proposes."""
    desk = opened(profile)
    lang, found = desk.settings.lang, list(owner_proposal.rows(desk.guide))
    if not found:
        raise UsageError("evidence.no_departments", edition=desk.guide.edition)
    titles = (say("evidence.owners_proposed", lang, edition=desk.guide.edition), say("evidence.owners_proposed_about", lang))
    with written(out, True, ".xlsx") as file:
        file.write(workbook(titles, owner_proposal.header(lang), found, desk.guide.edition, set(), desk.now, {}))
    if json_:
        emit([{"target": target, "owner": owner} for target, owner, *_ in found])
    else:
        write(say("evidence.owners_written", lang, count=len(found), where=str(out)))


@app.command(name="list")
def list_(profile: Path = PROFILE_OPTION, json_: bool = JSON_OPTION) -> None:
    """List who is in charge."""
    desk = opened(profile)
    rows = Owners(desk.service).assignments()
    if json_:
        emit([asdict(a) for a in rows])
        return
    from rich.markup import escape
    from rich.table import Table

    lang = desk.settings.lang
    columns = ("target", "owner", "deputy", "deputy_from", "deputy_until", "reviewer")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(say(f"evidence.column.{column}", lang))
    for a in rows:
        table.add_row(*(escape(_cell(desk, a, column)) for column in columns))
    wide_console().print(table)
    with desk.register.reading(desk.profile.key) as tx:
        absences, lead = tx.absences(), desk.service.lead_of(tx)
    for away_ in (a for a in absences if a.end >= desk.today):
        write(
            say(
                "evidence.away",
                lang,
                person=desk.called(away_.person),
                start=away_.start,
                end=away_.end,
                deputy=desk.called(away_.deputy) or "—",
            )
        )
    write(say("evidence.lead_of_all", lang, lead=desk.called(lead)))


def _cell(desk: Opened, assignment: Assignment, column: str) -> str:
    """A cell of the table: people as they are called."""
    found = str(getattr(assignment, column) or "")
    return desk.called(found) if column in ("owner", "deputy", "reviewer") else found


@app.command()
def transfer(
    leaver: str = typer.Argument(...),
    to: str = typer.Argument(...),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Put one person in another's place everywhere."""
    desk = opened(profile, actor)
    count = Owners(desk.synced()).transfer(leaver, to, desk.who)
    if json_:
        emit({"from": leaver, "to": to, "slots": count})
    else:
        write(say("evidence.transferred", desk.settings.lang, leaver=desk.called(leaver), to=desk.called(to), count=count))
        back = shlex.join((desk.called(to), desk.called(leaver)))
        write(say("undo.transfer", desk.settings.lang, to=desk.called(to), back=back))


@app.command()
def away(
    person: str = typer.Argument(...),
    start: str = typer.Option(..., "--from"),
    until: str = typer.Option("", "--until"),
    deputy: str = typer.Option(""),
    undo: bool = typer.Option(False, "--undo"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Write down an absence and who stands in, or take it back."""
    if undo == bool(until):
        raise UsageError("cli.away_until")
    desk = opened(profile, actor)
    lang, first, owners = desk.settings.lang, day(start, desk.today), Owners(desk.synced())
    if undo:
        absence = owners.not_away(person, first, desk.who)
    else:
        absence = Absence(person, first, day(until, desk.today), deputy)
        owners.away(absence, desk.who)
    if json_:
        emit(asdict(absence))
        return
    called = desk.called(desk.person(person))
    words = {"person": called, "start": absence.start, "end": absence.end, "deputy": desk.called(desk.person(deputy)) or "—"}
    write(say("evidence.not_away" if undo else "evidence.away", lang, **words))
    if undo:
        return
    for sentence in _nobody_stands_in(desk, absence, called):
        note(sentence)
    write(say("undo.away", lang, person=shlex.quote(called), start=absence.start))


def _nobody_stands_in(desk: Opened, absence: Absence, called: str) -> Iterator[str]:
    """What waits while somebody is away whom nobody stands in for, and that a day has passed."""
    lang, them = desk.settings.lang, desk.person(absence.person)
    if absence.end < desk.today:
        yield say("evidence.away_over", lang, end=absence.end)
    open_ = [e for e in desk.service.entries(desk.now) if e.owed and e.shown(desk.today) not in ("accepted", "not_applicable")]
    owns = sum(e.owner == them and not e.held.deputy for e in open_)
    reviews = sum(e.reviewer == them for e in open_)
    if owns and not absence.deputy:
        yield say("evidence.away_owner", lang, person=called, count=owns)
    if reviews:
        yield say("evidence.away_reviewer", lang, person=called, count=reviews)


@app.command()
def person(
    id_: str = typer.Argument(..., metavar="PERSON"),
    name: str = typer.Option(""),
    timezone: str = typer.Option(""),
    admin: bool = typer.Option(False, "--admin"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Write down name, time zone, rights."""
    desk = opened(profile, actor)
    Owners(desk.synced()).know(Person(id_, name, timezone, admin), desk.who)
    if json_:
        emit({"person": id_, "name": name, "timezone": timezone, "admin": admin})
    else:
        write(say("evidence.known", desk.settings.lang, person=desk.called(id_)))
        write(say("undo.person", desk.settings.lang))
