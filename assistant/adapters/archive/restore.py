"""A backup brought back into an empty installation, whatever database, file store and Chroma that one uses."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path

from sqlalchemy import Connection

from assistant.adapters.archive.save import OURS, Archive
from assistant.adapters.chroma.index import ChromaIndex
from assistant.adapters.durable import write_durably
from assistant.adapters.editions import Editions
from assistant.adapters.sql.copying import Copied, hashed, heads, held, is_empty, prepared, read, tables, write
from assistant.adapters.sql.describe import made
from assistant.adapters.sql.migrate import take_over
from assistant.adapters.sql.register import SqlRegister, reachable, shown
from assistant.errors import UsageError
from assistant.register.ports import Files
from assistant.settings import Settings

_POINTER, _MARK, _FROM = "active.json", "restoring.txt", "restored.txt"


def restore(
    archive: Archive, settings: Settings, register: SqlRegister, store: Files, gaps: Set[str] = frozenset(), aside: bool = False
) -> Path | None:
    """Bring everything back: files first, then the register in one transaction, the pointer to the active edition last.

    ``gaps`` are the hashes of files that the archive lost or holds damaged: everything else comes back without them. ``aside``: what
    the product wrote in a home without a register (an edition was brought in there) is moved into a folder of its own first, so that
    nothing is mixed and nothing lost; a register that holds something is never overwritten.

    An attempt that was killed is repeated by the same call, wherever it was killed: a mark says of which archive it is.

    Returns:
        the folder into which was moved what stood there, if anything did.

    Raises:
        UsageError: something is there already, or does not come back as it was.
    """
    mark = settings.home / _MARK
    again = _noted(mark)[0] == archive.digest
    beside: Path | None = None
    if not again:
        if (settings.home / _POINTER).exists() and not aside:
            raise UsageError("ops.home_not_empty", home=str(settings.home.absolute()))
        with reachable(register.engine), register.engine.connect() as connection:
            if not is_empty(connection):
                raise UsageError("ops.register_there", where=shown(register.engine.url), names=held(connection))
        beside = _set_aside(settings.home, archive.digest) if aside else None
        write_durably(mark, f"{archive.digest}\n{archive.path.absolute()}")
    try:
        with reachable(register.engine), register.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                there = not is_empty(connection)
                if there and not (again and _ours(archive, connection)):
                    raise UsageError("ops.register_there", where=shown(register.engine.url), names=held(connection))
                _evidence(archive, store, gaps)
                _home(archive, settings.home)
                if not there:
                    _rows(archive, connection)
                    take_over(connection)
        _index(archive, settings)
        if _POINTER in archive.home():
            _file(archive, _POINTER, settings.home)
        mark.replace(settings.home / _FROM)
    finally:
        register.close()
    return beside


def unfinished(home: Path) -> str | None:
    """The file of a restore that was broken off in a home and not repeated yet; None where there is none."""
    return _noted(home / _MARK)[1] or None


def came_from(home: Path, digest: str) -> bool:
    """Whether a home was restored from the archive with this digest."""
    return _noted(home / _FROM)[0] == digest


def _noted(mark: Path) -> tuple[str, str]:
    """Of which archive a mark says that it is brought back: its digest, and where the file lies; empty where there is no mark."""
    try:
        digest, _, where = mark.read_text(encoding="utf-8").partition("\n")
    except OSError:
        return "", ""
    return digest, where


def _ours(archive: Archive, connection: Connection) -> bool:
    """Whether the rows that are there are those of this archive: the logs end where its logs end, or after."""
    ends = heads(connection)
    return set(ends) == set(archive.manifest["heads"]) and all(ends[key][0] >= end[0] for key, end in archive.manifest["heads"].items())


def _set_aside(home: Path, digest: str) -> Path | None:
    """What the product wrote under a home, moved into a folder there that is named after the archive; None where there was nothing."""
    found = [home / name for name in OURS if (home / name).exists()]
    beside = home / f"before-restore-{digest[:8]}"
    for path in found:
        beside.mkdir(exist_ok=True)
        path.replace(beside / path.name)
    return beside if found or beside.exists() else None


def _evidence(archive: Archive, store: Files, gaps: Set[str]) -> None:
    for sha256 in sorted(archive.evidence() - gaps):
        size = archive.manifest["members"][f"files/{sha256}"]["size"]
        with archive.open(f"files/{sha256}") as source:
            kept, _ = store.stage(source, size)
        if kept != sha256:
            raise UsageError("ops.copy_differs", table=f"files/{sha256[:12]}", given=1, kept=0)
        store.publish(sha256)


def _home(archive: Archive, home: Path) -> None:
    for name in archive.home():
        if name != _POINTER:
            _file(archive, name, home)


def _file(archive: Archive, name: str, home: Path) -> None:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    with archive.open(f"home/{name}") as source, beside.open("wb") as target:
        shutil.copyfileobj(source, target)
    beside.replace(path)


def _rows(archive: Archive, connection: Connection) -> None:
    described = {name: made(name, description) for name, description in archive.manifest["made"].items()}
    declared = {**described, **{t.name: t for t in tables(connection)}}
    for name, wanted in archive.manifest["tables"].items():
        if name not in declared:
            raise UsageError("ops.table_unknown", table=name)
        table = prepared(connection, declared[name])
        write(connection, table, archive.rows(name))
        columns = set(next(archive.rows(name), {}))  # an earlier version's table may have had fewer
        seen: list[Copied] = []
        for _ in hashed(({k: v for k, v in row.items() if k in columns} for row in read(connection, table)), seen):
            pass
        if seen[0]._asdict() != wanted:
            raise UsageError("ops.copy_differs", table=name, given=wanted["rows"], kept=seen[0].rows)


def _index(archive: Archive, settings: Settings) -> None:
    store = Editions(settings.home)
    for manifest in store.all():
        records = archive.index(manifest.build)
        if records is not None:
            ChromaIndex(manifest.build, store.folder(manifest.build) / "chroma", settings.chroma_url).write(records, manifest.edition)
