"""``aeo guide map``: which clauses of an edition of another structure take the place of which, proposed, corrected and kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from assistant.adapters.editions import Editions
from assistant.adapters.sheet import read_cells
from assistant.enterprises import Enterprises
from assistant.register.papers.for_customs.catalogue import workbook
from assistant.settings import load_settings
from assistant.texts import say
from connectors.cli.opened import whoever
from connectors.cli.out import written
from connectors.cli.output import JSON_OPTION, emit, write
from evals.release.registers import Registers, may
from ingest.compare.clause_map import header, proposed, rows, taken


def mapping(
    old: str = typer.Argument(...),
    new: str = typer.Argument(...),
    xlsx: Path = typer.Option(None, "--xlsx"),
    take: Path = typer.Option(None, "--take"),
    actor: str = typer.Option(None, "--actor", "--as"),
    json_: bool = JSON_OPTION,
) -> None:
    """Propose where the clauses of an older edition went, or take the proposal back corrected."""
    settings = load_settings()
    store = Editions(settings.home)
    manifest = store.manifest(new)
    before, after = store.guide(store.manifest(old)), store.guide(manifest)
    if take is not None:
        may(Registers(Enterprises(settings)), whoever(settings, actor))
        kept = taken(read_cells(take), before, after, str(take))
        store.keep_map(manifest, old, kept)
        store.touch(manifest)
        if json_:
            emit({"old": old, "new": new, "clauses": {a: list(b) for a, b in kept.items()}})
        else:
            write(say("diff.map.taken", settings.lang, old=old, new=new, count=sum(map(bool, kept.values()))))
        return
    found = proposed(before, after)
    told = list(rows(found, before, after, settings.lang))
    if xlsx is not None:
        title = say("diff.map.title", settings.lang, old=old, new=new)
        table = workbook((title, say("diff.map.about", settings.lang)), header(settings.lang), told, old, set(), datetime.now(UTC), {})
        with written(xlsx, True, ".xlsx") as file:
            file.write(table)
    if json_:
        emit({"old": old, "new": new, "clauses": [m._asdict() for m in found], "out": str(xlsx) if xlsx else None})
        return
    counts = {how: sum(m.how == how for m in found) for how in ("lives_on", "likely", "nothing")}
    write(say("diff.map.counts", settings.lang, old=old, new=new, **counts))
    if xlsx is not None:
        write(say("diff.map.written", settings.lang, old=old, new=new, where=str(xlsx)))
    else:
        for m in found:
            write(f"{m.old} → {'；'.join(m.news) or '—'}  {m.likeness or ''}".rstrip())
