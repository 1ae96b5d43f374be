"""``aeo backup`` and ``aeo restore``: everything in one file, also while workers run, and back into an empty installation."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import typer

from assistant.enterprises import Enterprises
from assistant.errors import Unavailable, UsageError
from assistant.register.facts.happened import Exported
from assistant.register.facts.slots import slot_of
from assistant.register.papers.said.file_words import file_words
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.clock import local
from connectors.cli.keeping.migrate import beside
from connectors.cli.opened import ACTOR_OPTION, Opened
from connectors.cli.out import FORCE_OPTION, may_write
from connectors.cli.output import JSON_OPTION, emit, note, write

if TYPE_CHECKING:
    from assistant.adapters.archive.save import Archive

_NAMED = 5  # files that a sentence names


def backup(
    file: Path = typer.Argument(...),
    force: bool = FORCE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Write everything into one file, also while running."""
    from assistant.adapters.archive.save import Archive, manifest_digest, save

    may_write(file, force)
    settings = load_settings()
    desk = Opened(settings, actor=actor)
    leaving = desk.has_profile and any(w.key == desk.profile.key for w in desk.enterprises.planned())
    if leaving:
        desk.service.require("export", desk.who)
    enterprises = desk.enterprises
    version = metadata.version("aeo-assistant")
    manifest = save(settings, enterprises.sql.engine, enterprises.files, file, datetime.now(UTC), version, beside(settings))
    if leaving:
        desk.service.exported("backup", desk.who, manifest_digest(manifest))
    enterprises.sql.close()
    if json_:
        emit(_counts(manifest) | {"missing": manifest["missing"], "altered": manifest["altered"]})
    else:
        write(say("ops.backup_done", settings.lang, where=shlex.quote(str(file)), **_counts(manifest)))
    if manifest["missing"] or manifest["altered"]:
        with Archive(file) as archive:
            called = _names(archive, settings.lang)
        for what in ("altered", "missing"):
            if lost := manifest[what]:
                note(say(f"ops.backup_{what}", settings.lang, count=len(lost), names=tuple(map(called, lost[:_NAMED]))))
        raise typer.Exit(1)


def restore(
    file: Path = typer.Argument(...),
    check: bool = typer.Option(False, "--check"),
    gaps: bool = typer.Option(False, "--with-gaps"),
    force: bool = typer.Option(False, "--force"),
    json_: bool = JSON_OPTION,
) -> None:
    """Restore into an empty installation; verified first, refused when faulty."""
    from assistant.adapters.archive.restore import restore as bring_back
    from assistant.adapters.archive.save import Archive

    settings = load_settings()
    with Archive(file) as archive:
        problems = archive.problems()
        counts = _counts(archive.manifest)
        if json_:
            emit(counts | {"at": archive.manifest["at"], "problems": [{"what": what, "where": where} for what, where in problems]})
        called = _names(archive, settings.lang) if problems else str
        for what, where in problems:
            note(say(f"ops.problem.{what}", settings.lang, where=called(where)))
        if check and problems:
            raise typer.Exit(1)
        logged = _logged(settings, archive)
        if logged is not None:
            note(say(f"ops.backup_{logged}", settings.lang))
        if check:
            good = {k: counts[k] for k in ("rows", "files")} | {"workspaces": len(archive.manifest["heads"])}
            _unless(
                json_, say("ops.backup_good", settings.lang, where=str(file), at=local(archive.manifest["at"], settings.timezone), **good)
            )
            return
        lost = {where.removeprefix("files/") for what, where in problems if what == "missing" or where.startswith("files/")}
        there = archive.evidence()
        only_files = len(lost) == len({where for _, where in problems})
        if problems and not (gaps and only_files):
            raise UsageError("ops.restore_gaps" if only_files else "ops.restore_refused", count=len(lost), file=shlex.quote(str(file)))
        enterprises = Enterprises(settings)
        beside = bring_back(archive, settings, enterprises.fresh, enterprises.files, lost, force)
        if beside is not None:
            moved = tuple(sorted(path.name for path in beside.iterdir()))
            note(say("ops.set_aside", settings.lang, where=str(beside), names=moved))
        home = str(settings.home.absolute())
        _unless(json_, say("ops.restored", settings.lang, home=home, rows=counts["rows"], files=counts["files"] - len(lost & there)))
        if lost:
            note(say("ops.restored_gaps", settings.lang, count=len(lost)))


def _names(archive: Archive, lang: str) -> Callable[[str], str]:
    """How a file of evidence (by its hash) is called: for which line it was handed in and under which name; all else as it is."""
    try:
        slots = {row["key"]: slot_of(row["slot"]) for row in archive.rows("slots")}
        named = file_words(((p["sha256"], p["name"], p["slot"]) for p in archive.rows("pieces") if p["kind"] == "file"), slots, lang)
    except (BadZipFile, KeyError, ValueError, OSError, EOFError):  # a damaged archive tells of itself what it can
        named = {}
    return lambda where: named.get(where.removeprefix("files/"), where)


def _logged(settings: Settings, archive: Archive) -> str | None:
    """What the register that stands here says of this very backup: ``logged``, ``origin`` (it came from it); None where there is none."""
    from assistant.adapters.archive.restore import came_from

    enterprises = Enterprises(settings)
    if not enterprises.begun:
        return None
    try:
        services = [enterprises.of(w) for w in enterprises.planned()]
    except Unavailable as error:
        if error.key != "register.lost":
            raise
        return None
    with closing(enterprises.sql):
        if not services:
            return None
        said = (e.says for s in services for e in s.history(kinds=("exported",)))
        if any(isinstance(one, Exported) and one.sha256 == archive.digest for one in said):
            return "logged"
        ends = {s.workspace: {(e.seq, e.hash) for e in s.history()} for s in services}
    ours = all(tuple(end) in ends.get(key, set()) for key, end in archive.manifest["heads"].items())
    return "origin" if ours and came_from(settings.home, archive.digest) else "unlogged"


def _unless(json_: bool, text: str) -> None:
    if not json_:
        write(text)


def _counts(manifest: dict[str, Any]) -> dict[str, int]:
    members = manifest["members"]
    return {
        "tables": len(manifest["tables"]),
        "rows": sum(t["rows"] for t in manifest["tables"].values()),
        "files": sum(name.startswith("files/") for name in members),
        "editions": sum(name.startswith("index/") for name in members),
    }
