"""``aeo evidence drill``: spot-check drills as customs would do them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import typer

from assistant.register.acts.in_bulk.drill import RESULTS, Drill, Drills
from assistant.register.papers.said.described import titled
from assistant.register.ports import WITH_WITHDRAWN, Filter
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, AT_OPTION, PROFILE_OPTION, Opened, opened
from connectors.cli.output import JSON_OPTION, emit, write

app = typer.Typer(no_args_is_help=True, add_completion=False)
_DRILL = typer.Argument(...)


@app.command()
def start(
    size: int = typer.Option(10),
    hours: float = typer.Option(4.0),
    seed: str = typer.Option(""),
    item: str = typer.Option(""),
    owner: str = typer.Option(""),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Draw records at random and ask their owners."""
    desk = opened(profile, actor)
    drills = Drills(desk.synced())
    drill = drills.start(size, hours, seed or secrets.token_hex(4), desk.who, Filter(item=item, owner=desk.person(owner)))
    _show(desk, drill, json_, "evidence.drill.started")
    if not json_:
        write(say("undo.drill", desk.settings.lang))


@app.command()
def answer(
    drill: str = _DRILL,
    slot: str = typer.Argument(...),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """The record was produced as it is on file."""
    desk = opened(profile, actor)
    result = Drills(desk.synced()).answer(drill, slot, desk.who)
    if json_:
        emit({"drill": drill, "slot": slot, "result": result})
    else:
        lang = desk.settings.lang
        write(say("evidence.drill.answered", lang, slot=slot, result=say(f"evidence.drill.{result}", lang)))


@app.command()
def report(drill: str = typer.Argument(""), profile: Path = PROFILE_OPTION, at: str = AT_OPTION, json_: bool = JSON_OPTION) -> None:
    """What was found in time, late or not at all."""
    desk = opened(profile, at=at)
    _show(desk, Drills(desk.service).report(drill, desk.now), json_, "evidence.drill.report")


def _show(desk: Opened, drill: Drill, json_: bool, key: str) -> None:
    lang, zone = desk.settings.lang, desk.zone
    if json_:
        rows: list[dict[str, Any]] = [
            {"slot": d.slot, "owner": d.owner, "result": d.result, "at": d.at.astimezone(zone).isoformat() if d.at else None}
            for d in drill.drawn
        ]
        deadline = drill.deadline.astimezone(zone).isoformat()
        emit({"drill": drill.id, "seed": drill.seed, "deadline": deadline, **{r: drill.count(r) for r in RESULTS}, "slots": rows})
        return
    counts = {r: drill.count(r) for r in RESULTS}
    deadline = drill.deadline.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    write(say(key, lang, drill=drill.id, seed=drill.seed, count=len(drill.drawn), deadline=deadline, **counts))
    names = {e.slot.id: titled(e.slot, lang) for e in desk.service.entries(desk.now, WITH_WITHDRAWN)}
    for d in drill.drawn:
        write(f"{names.get(d.slot, d.slot)}  {desk.called(d.owner)}  {say(f'evidence.drill.{d.result}', lang)}")
