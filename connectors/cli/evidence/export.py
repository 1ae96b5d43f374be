"""``aeo evidence export`` and ``binder``: what leaves the house, each logged; never over another file unasked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import typer

from assistant.register.acts.in_bulk.archiving import archive
from assistant.register.papers.for_customs.binder import bind
from assistant.register.papers.for_customs.register_book import register_book
from assistant.register.papers.said.words import by_name
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, AT_OPTION, PROFILE_OPTION, opened
from connectors.cli.out import FORCE_OPTION, may_write, written
from connectors.cli.output import JSON_OPTION, emit, note, write


def export(
    file: Path = typer.Argument(...),
    force: bool = FORCE_OPTION,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """The register as XLSX: slots with filters and links, and the gaps by year."""
    desk = opened(profile, actor)
    may_write(file, force, ".xlsx")
    service, lang = desk.synced(), desk.settings.lang
    service.require("export", desk.who)
    entries = desk.by_log(service.entries(desk.now))
    local = desk.now.astimezone(desk.zone)
    book = register_book(desk.guide, desk.profile.enterprise, by_name(entries, desk.called), service.pieces(), desk.today, local, lang)
    with written(file, force) as target:
        target.write(book)
    sha256 = hashlib.sha256(book).hexdigest()
    service.exported(file.name, desk.who, sha256)
    if json_:
        emit({"out": str(file), "slots": len(entries), "sha256": sha256})
    else:
        write(say("evidence.book.done", lang, where=str(file), slots=len(entries)))


def binder(
    out: Path = typer.Option(..., "--out"),
    with_waiting: bool = typer.Option(False, "--with-waiting"),
    force: bool = FORCE_OPTION,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    at: str = AT_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """The binder: folders in the guide's order, a page for the visit, and a catalogue."""
    desk = opened(profile, actor, at)
    may_write(out, force, ".zip")
    service, lang = desk.service, desk.settings.lang
    service.require("export", desk.who)
    entries = by_name(service.entries(desk.now, guide=desk.guide, profile=desk.profile), desk.called)
    enterprise, given, doubtful = desk.profile.enterprise, service.pieces(), service.doubtful()
    rest = (desk.today, desk.zone, lang, desk.owed.exempt, doubtful, with_waiting)
    bound = bind(out, desk.guide, enterprise, entries, given, service.open_file, *rest)
    lacking = 0
    if desk.at is None:
        lacking = archive(desk.synced(), out.name, bound.sha256, (*bound.gaps, *bound.waiting), desk.who)
        service.exported(out.name, desk.who, bound.sha256)
    gone = [{"slot": line.slot, "name": line.file, "sha256": line.sha256, "altered": line.status == "altered_file"} for line in bound.gone]
    if json_:
        lacks = {"gaps": list(bound.gaps), "waiting": list(bound.waiting), "missing": gone}
        emit({"out": str(out), "files": bound.files, **lacks, "sha256": bound.sha256})
        return
    write(say("evidence.binder_done", lang, where=str(out), files=bound.files, gaps=len(bound.gaps), sha256=bound.sha256))
    if bound.waiting:
        note(say(f"evidence.binder_waiting.{'in' if with_waiting else 'out'}", lang, count=len(bound.waiting)))
    if lacking:
        note(say("evidence.binder_open", lang, count=lacking))
    write(say("evidence.visit.open", lang))
    for line in gone:
        note(say("evidence.binder_altered" if line["altered"] else "evidence.binder_missing", lang, **line))
