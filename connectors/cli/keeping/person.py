"""``aeo person``: a person's data erased on request, and what is only kept for a while forgotten after its term."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import typer

from assistant.adapters.durable import write_durably
from assistant.errors import UsageError
from assistant.register.acts.log.erasure import Eraser
from assistant.settings import Settings
from assistant.texts import say
from connectors.cli.keeping.migrate import beside
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, opened
from connectors.cli.output import JSON_OPTION, emit, note, write

_KINDS = dict.fromkeys(("people", "assignments", "absences"), "people") | dict.fromkeys(("outbox", "outbox_slots"), "messages")
_KINDS |= {"slots": "slots", "pieces": "pieces", "events": "events"}
"""Tables of the register by what is told of them."""
app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def erase(
    who: str = typer.Argument(..., metavar="PERSON"),
    confirm: bool = typer.Option(False, "--confirm"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """A token in a person's place; the log still verifies."""
    from assistant.adapters.sql.erase import erase as take_out

    desk = opened(profile, actor)
    lang = desk.settings.lang
    desk.service.require("erase", desk.who)
    found = take_out(desk.register, desk.profile.key, who, desk.who.actor, desk.now, dry=not confirm, by=desk.who.by)
    if confirm:
        _elsewhere(desk.settings, found.eraser)
    token = found.eraser.token
    touched = {name: count for name, count in found.items() if count}
    if json_:
        emit({"erased": confirm, "token": token if confirm else None, "rows": touched})
        return
    told: Counter[str] = Counter()
    for name, count in touched.items():
        told[_KINDS.get(name, "conversations" if name.startswith("slack_") else "other")] += count
    for kind, count in told.items():
        write(say("slot.labelled", lang, label=say(f"ops.rows.{kind}", lang), text=count))
    note(say("ops.erased" if confirm else "ops.would_erase", lang, token=token, who=who))


def _elsewhere(settings: Settings, eraser: Eraser) -> None:
    """The evals' inbox and the console's journal, where those are files of their own."""
    from assistant.adapters.sql.erase import erase_beside

    for engine in beside(settings):
        erase_beside(engine, eraser)
        engine.dispose()
    journal = settings.home / "nudges.jsonl"
    if journal.exists():
        write_durably(journal, eraser(journal.read_text(encoding="utf-8")))


@app.command()
def forget(
    days: int = typer.Option(..., "--older-than", min=1),
    confirm: bool = typer.Option(False, "--confirm"),
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Drop conversations and delivered words older than a term."""
    from assistant.adapters.sql.erase import forget as drop

    if not confirm:
        raise UsageError("ops.forget_confirm", days=days)
    desk = opened(None, actor)
    if desk.settings.profile_path.exists():
        desk.service.require("erase", desk.who)
    done = drop(desk.register, desk.now - timedelta(days=days))
    if json_:
        emit(done)
    else:
        write(say("ops.forgotten", desk.settings.lang, days=days, rows=sum(done.values())))
