"""``aeo evidence coverage``: how much is ready, by part, item, kind, owner or due date."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from assistant.register.papers.reports.coverage import DIMENSIONS, counted, readiness, ruled_out, total, with_rest
from assistant.register.papers.reports.report import named as rows_by_name
from assistant.register.papers.reports.report import render
from assistant.register.papers.said.words import by_name, exempt_word, why_word
from assistant.texts import say
from connectors.cli.evidence.looking.slot_table import one_of, plain
from connectors.cli.opened import AT_OPTION, PROFILE_OPTION, Opened, opened
from connectors.cli.out import written
from connectors.cli.output import JSON_OPTION, console, emit, note


def coverage(
    by: str = typer.Option("part"),
    html: Path = typer.Option(None, "--html"),
    profile: Path = PROFILE_OPTION,
    at: str = AT_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Readiness by part, item, kind, owner or due date."""
    desk = opened(profile, at=at)
    dimension = one_of(by, DIMENSIONS)
    entries = desk.by_log(desk.service.entries(desk.now, guide=desk.guide, profile=desk.profile))
    counts = counted(entries, desk.today)
    without = desk.owed.exempt
    table = with_rest(readiness(counts, dimension), dimension, without, desk.guide, entries)
    if html is not None:
        _report(desk, by_name(entries, desk.called), html)
        if not json_:
            note(say("evidence.report_done", desk.settings.lang, where=str(html)))
    lang = desk.settings.lang
    if json_:
        rows = {k: {**asdict(v), "percent": v.percent} for k, v in table.items()}
        rest = [{"clause": e.clause, "why": exempt_word(e, lang)} for e in without]
        rest += [{"clause": clause, "why": why_word(e.slot, lang)} for clause, e in ruled_out(entries).items()]
        emit({"total": asdict(total(counts)), "by": dimension, "rows": rows, "nothing_to_hand_in": rest})
        return
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, header_style="bold", title=None)
    for column in (dimension, "ready", "share", "overdue", "missing", "pending", "later", "rest"):
        shown.add_column(say(f"evidence.column.{column}", lang), justify="left" if column == dimension else "right")
    if dimension == "owner":
        table = readiness(counted(by_name(entries, desk.called), desk.today), dimension)
    for name, r in [*rows_by_name(table, dimension, desk.guide, lang), (desk.profile.enterprise, total(counts))]:
        late = f"[red]{r.overdue}[/red]" if r.overdue else "0"
        share = "—" if r.percent is None else f"{r.percent}%"
        bare = str(r.rest + r.off or "")
        shown.add_row(plain(name), f"{r.ready}/{r.owed}", share, late, str(r.open), str(r.pending), str(r.later), bare)
    console().print(shown)


def _report(desk: Opened, entries: list[Any], out: Path) -> None:
    with desk.register.reading(desk.profile.key) as tx:
        workspace = tx.workspace()
    log = (workspace.head_seq, workspace.head) if workspace else (0, "—")
    page = render(desk.guide, desk.profile.enterprise, entries, desk.owed.exempt, desk.today, log, desk.settings.lang)
    with written(out, True, ".html", ".htm") as target:
        target.write(page.encode())
