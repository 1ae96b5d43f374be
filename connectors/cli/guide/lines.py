"""``aeo guide lines``: what stands in for a list that a guide does not print, as a table for the lead, and taken back corrected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from assistant.adapters.durable import write_durably
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
from ingest.proofs import header, rows, taken


def lines(
    edition: str = typer.Argument(...),
    xlsx: Path = typer.Option(None, "--xlsx"),
    take: Path = typer.Option(None, "--take"),
    actor: str = typer.Option(None, "--actor", "--as"),
    json_: bool = JSON_OPTION,
) -> None:
    """Show the evidence lines that were derived for an edition, write them as XLSX, or take them back corrected."""
    settings = load_settings()
    store = Editions(settings.home)
    manifest = store.manifest(edition)
    guide = store.guide(manifest)
    if take is not None:
        may(Registers(Enterprises(settings)), whoever(settings, actor))
        with store.lock():
            guide = taken(guide, read_cells(take), str(take))
            write_durably(store.folder(manifest.build) / "guide.json", guide.model_dump_json())
            store.touch(manifest)
    found = [dict(zip(("clause", "standard", "text", "kind", "period", "owner"), row, strict=True)) for row in rows(guide, settings.lang)]
    if xlsx is not None:
        title = (say("cli.lines.title", settings.lang, edition=edition), say("cli.lines.about", settings.lang))
        table = workbook(title, header(settings.lang), (list(r.values()) for r in found), edition, set(), datetime.now(UTC), {})
        with written(xlsx, True, ".xlsx") as file:
            file.write(table)
    if json_:
        emit({"edition": edition, "lines": found, "out": str(xlsx) if xlsx else None})
        return
    if take is not None:
        write(say("cli.lines.taken", settings.lang, edition=edition, count=len(found)))
    elif xlsx is not None:
        write(say("cli.lines.written", settings.lang, edition=edition, count=len(found), where=str(xlsx)))
    else:
        for r in found:
            write("  ".join(v for v in (r["clause"], r["text"], r["kind"], r["period"], r["owner"]) if v))
        write(say("cli.lines.count", settings.lang, edition=edition, count=len(found)))
