"""``aeo people``: who is known, two records that are one person, rights given and taken away."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path

import typer

from assistant.adapters.lead_files import write_profile
from assistant.errors import RegisterError
from assistant.register.acts.people.leading import hand_over, successor
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.people.terminals import Terminals
from assistant.register.acts.standing import stands
from assistant.texts import listed, say
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, opened
from connectors.cli.output import JSON_OPTION, emit, wide_console, write

app = typer.Typer(no_args_is_help=True, add_completion=False)
_PERSON = typer.Argument(..., metavar="PERSON")


@app.command(name="list")
def list_(profile: Path = PROFILE_OPTION, json_: bool = JSON_OPTION) -> None:
    """List the people of the register."""
    desk = opened(profile)
    rows = Owners(desk.service).everybody()
    if json_:
        emit([{k: v for k, v in asdict(p).items() if k not in ("nudged_at", "quiet_until")} for p in rows])
        return
    from rich.markup import escape
    from rich.table import Table

    lang = desk.settings.lang
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("person", "name", "email", "slack", "timezone", "system", "known_as", "admin"):
        table.add_column(say(f"evidence.column.{column}", lang))
    for p in rows:
        mail, member, user = (str(p.address.get(kind) or "") for kind in ("email", "slack", "system"))
        known, admin = listed(p.known_as, lang), say("evidence.yes", lang) if p.admin else ""
        table.add_row(*map(escape, (p.id, p.name, mail, member, p.zone, user, known, admin)))
    wide_console().print(table)


@app.command()
def merge(
    person: str = _PERSON,
    into: str = typer.Argument(..., metavar="INTO"),
    confirm: bool = typer.Option(False, "--confirm"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Two records are one person: make them one; where they look like two people, shown first and done with --confirm."""
    desk = opened(profile, actor)
    owners = Owners(desk.synced())
    desk.service.require("assign", desk.who)
    seen = owners.would_merge(person, into, desk.today)
    if (seen.own or seen.leads) and not confirm:
        words = {"person": desk.called(seen.person), "into": desk.called(seen.into), "typed": shlex.join((person, into)), "count": seen.own}
        raise RegisterError("register.merge_two" if seen.own else "register.merge_lead", **words)
    count = owners.merge(person, into, desk.who)
    if json_:
        emit({"person": person, "into": into, "slots": count})
    else:
        write(say("evidence.merged", desk.settings.lang, person=person, into=desk.called(into), count=count))
        write(say("undo.merge", desk.settings.lang, into=desk.called(into)))


@app.command()
def lead(
    person: str = _PERSON,
    confirm: bool = typer.Option(False, "--confirm"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Make somebody the compliance lead; shown first, done with --confirm."""
    desk = opened(profile, actor)
    desk.service.require("assign", desk.who)
    fresh, before, lang = successor(desk.service, person), desk.service.rules.lead, desk.settings.lang
    words = {"before": desk.called(before), "lead": desk.called(fresh), "typed": shlex.quote(person)}
    words |= {"former": shlex.quote(desk.called(before))}
    if confirm:
        named = desk.profile.model_copy(update={"lead": fresh})
        hand_over(desk.service, fresh, desk.guide, named, desk.who)
        write_profile(desk.profile_path or desk.settings.profile_path, named, lang)
        stands(desk.service, desk.stands, desk.who, typed=True)
    if json_:
        emit({"before": before, "lead": fresh, "confirmed": confirm})
        return
    write(say("evidence.lead_changed" if confirm else "evidence.lead_would", lang, **words))
    if confirm:
        write(say("undo.lead", lang, **words))


@app.command()
def rights(
    person: str = _PERSON,
    admin: bool = typer.Option(..., "--admin/--no-admin"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Give or take rights; for the lead and admins only."""
    desk = opened(profile, actor)
    fresh = Owners(desk.synced()).rights(person, admin, desk.who)
    if json_:
        emit({"person": fresh.id, "admin": fresh.admin})
    else:
        called = desk.called(fresh.id)
        write(
            say("evidence.rights_given" if admin else "evidence.rights_taken", desk.settings.lang, person=called, typed=shlex.quote(called))
        )


@app.command()
def terminal(
    person: str = _PERSON,
    user: str = typer.Argument("", metavar="USER"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Whose terminal a system's user is; without one, nobody's any more; for the lead and admins only."""
    desk = opened(profile, actor)
    fresh = Terminals(desk.synced()).terminal_of(user, person, desk.who)
    if json_:
        emit({"person": fresh.id, "user": user})
    else:
        write(
            say(
                "evidence.terminal_given" if user else "evidence.terminal_taken",
                desk.settings.lang,
                person=desk.called(fresh.id),
                user=user,
            )
        )
