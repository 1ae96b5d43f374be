"""``aeo evidence list``: slots and how they stand, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from assistant.errors import UsageError
from assistant.register.acts.service import slot_id
from assistant.register.facts.slots import STATES, Entry
from assistant.register.papers.words import first_line, kind_word, period_word, state_word
from assistant.register.ports import Filter
from assistant.texts import say
from connectors.cli.opened import AT_OPTION, PROFILE_OPTION, Opened, day, document, opened
from connectors.cli.output import JSON_OPTION, console, emit, note


def list_(
    part: str = typer.Option(""),
    item: str = typer.Option(""),
    clause: str = typer.Option(""),
    kind: str = typer.Option(""),
    owner: str = typer.Option(""),
    reviewer: str = typer.Option(""),
    state: str = typer.Option(""),
    period: str = typer.Option(""),
    due_by: str = typer.Option(""),
    overdue: bool = typer.Option(False, "--overdue"),
    applicable: bool = typer.Option(None, "--applicable/--not-applicable"),
    profile: Path = PROFILE_OPTION,
    at: str = AT_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """List every slot and its state."""
    desk = opened(profile, at=at)

    where = Filter(
        part=part,
        item=item,
        clause=slot_id(clause),
        kind=one_of(kind, ("documents", "situation", "records", "onsite")),
        owner=desk.person(owner),
        reviewer=desk.person(reviewer),
        state=one_of(state, STATES),
        period=period,
        due_by=day(due_by) if due_by else None,
        overdue=overdue,
        applicable=applicable,
    )
    entries = desk.service.entries(desk.now, where, desk.guide, desk.profile)
    if json_:
        emit([document(e, desk.today) for e in entries])
    else:
        draw(desk, entries)


def one_of(value: str, known: tuple[str, ...]) -> Any:
    """A value from a short list, None for an empty one."""
    if value and value not in known:
        raise UsageError("cli.bad_choice", value=value, known=known)
    return value or None


def draw(desk: Opened, entries: list[Entry]) -> None:
    """Slots as a table: colours for the state, red for what is late; on a narrow screen without kind and reviewer."""
    from rich.table import Table

    lang = desk.settings.lang
    if not entries:
        note(say("evidence.none", lang))
        return
    screen = console()
    if not screen.is_terminal:
        screen.width = 200
    wide = screen.width >= 110
    room = max((screen.width - (110 if wide else 70)) // 2, 8)
    columns = ("slot", *(("kind",) if wide else ()), "period", "state", "due", "owner", *(("reviewer",) if wide else ()), "text")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(say(f"evidence.column.{column}", lang), no_wrap=True, overflow="ellipsis")
    colours = {"accepted": "green", "submitted": "cyan", "missing": "yellow", "to_confirm": "magenta", "not_applicable": "dim"}
    colours |= {"returned": "red", "expired": "red"}
    for e in entries:
        shown = e.shown(desk.today)
        late = e.due is not None and e.due < desk.today and e.owed and shown in ("missing", "returned", "to_confirm", "expired")
        due = f"[red]{e.due}[/red]" if late else str(e.due or "")
        colour = colours[shown]
        table.add_row(
            e.slot.id,
            *((kind_word(e.slot.kind, lang),) if wide else ()),
            period_word(e.slot.period, lang),
            f"[{colour}]{state_word(shown, lang)}[/{colour}]",
            due if e.owed else "",
            plain(desk.called(e.owner)),
            *((plain(desk.called(e.reviewer)),) if wide else ()),
            plain(first_line(e.slot.text, min(room, 48))),
        )
    screen.print(table)


def plain(text: str) -> str:
    """Text whose brackets the table does not take for markup."""
    from rich.markup import escape

    return escape(text)
