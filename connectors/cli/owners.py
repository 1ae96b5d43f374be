"""``aeo owners``: who is in charge; import a table, hand over a leaver's work, absences, people."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from assistant.register.acts.owning import Owners
from assistant.register.facts.people import Absence, Person
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, day, opened
from connectors.cli.output import JSON_OPTION, console, emit, write

app = typer.Typer(no_args_is_help=True, add_completion=False, help="负责人、代理人与审核人 / owners, deputies, reviewers.")


@app.command(name="import")
def import_(
    file: Path = typer.Argument(..., help="CSV 或 XLSX / CSV or XLSX."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """导入负责人表；有错则一次列出全部错误，什么也不导入 / import a table; on any mistake all are named and nothing is imported."""
    from assistant.adapters.sheet import read_cells
    from assistant.register.rules.owner_table import parse_table

    desk = opened(profile, actor)
    rows, people = parse_table(read_cells(file), desk.guide, str(file))
    changed = Owners(desk.synced()).assign(rows, desk.who, people)
    if json_:
        emit({"rows": len(rows), "changed": changed})
    else:
        write(say("evidence.imported", desk.settings.lang, rows=len(rows), count=changed))


@app.command(name="list")
def list_(profile: Path = PROFILE_OPTION, json_: bool = JSON_OPTION) -> None:
    """列出负责人 / list who is in charge."""
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
        table.add_row(*(escape(str(getattr(a, column) or "")) for column in columns))
    console().print(table)
    write(say("evidence.lead_of_all", lang, lead=desk.service.rules.lead))


@app.command()
def transfer(
    leaver: str = typer.Argument(..., help="离开的人 / who leaves."),
    to: str = typer.Argument(..., help="接手的人 / who takes over."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """把一个人的全部工作转给另一个人 / put one person in another's place everywhere."""
    desk = opened(profile, actor)
    count = Owners(desk.synced()).transfer(leaver, to, desk.who)
    if json_:
        emit({"from": leaver, "to": to, "slots": count})
    else:
        write(say("evidence.transferred", desk.settings.lang, leaver=leaver, to=to, count=count))


@app.command()
def away(
    person: str = typer.Argument(..., help="谁不在岗 / who is away."),
    start: str = typer.Option(..., "--from", help="第一天 / first day."),
    until: str = typer.Option(..., "--until", help="最后一天 / last day."),
    deputy: str = typer.Option("", help="由谁代理 / who stands in."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """登记不在岗的日期和代理人 / write down an absence and who stands in."""
    desk = opened(profile, actor)
    absence = Absence(person, day(start), day(until), deputy)
    Owners(desk.synced()).away(absence, desk.who)
    if json_:
        emit(asdict(absence))
    else:
        write(say("evidence.away", desk.settings.lang, person=person, start=start, end=until, deputy=deputy or "—"))


@app.command()
def person(
    id_: str = typer.Argument(..., metavar="PERSON", help="谁 / who."),
    name: str = typer.Option("", help="姓名 / name."),
    timezone: str = typer.Option("", help="时区，如 Europe/Berlin / IANA time zone."),
    admin: bool = typer.Option(False, "--admin", help="给予管理员权限 / make an admin."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """登记姓名、时区、权限 / write down name, time zone, rights."""
    desk = opened(profile, actor)
    Owners(desk.synced()).know(Person(id_, name, timezone, admin), desk.who)
    if json_:
        emit({"person": id_, "name": name, "timezone": timezone, "admin": admin})
    else:
        write(say("evidence.known", desk.settings.lang, person=id_))
