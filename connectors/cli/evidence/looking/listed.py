"""``aeo evidence list``: slots and how they stand, as a table."""

from __future__ import annotations

from pathlib import Path

import typer

from assistant.register.acts.doing.who import slot_id
from assistant.register.facts.slots import STATES
from assistant.register.ports import Filter
from connectors.cli.evidence.looking.slot_table import draw, one_of
from connectors.cli.opened import AT_OPTION, PROFILE_OPTION, day, document, opened
from connectors.cli.output import JSON_OPTION, emit


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

    if slot_id(item) in desk.guide.clauses:
        item, clause = "", clause or item
    where = Filter(
        part=part,
        item=item,
        clause=slot_id(clause),
        kind=one_of(kind, ("documents", "situation", "records", "onsite")),
        owner=desk.person(owner),
        reviewer=desk.person(reviewer),
        state=one_of(state, STATES),
        period=period,
        due_by=day(due_by, desk.today) if due_by else None,
        overdue=overdue,
        applicable=applicable,
    )
    found = desk.by_log(desk.service.entries(desk.now, guide=desk.guide, profile=desk.profile))
    entries = [e for e in found if where.fits(e, desk.today)]
    if json_:
        emit([document(e, desk.today) for e in entries])
    else:
        draw(desk, entries)
