"""``aeo migrate``: the register to another database, the search index to another Chroma; all of it, compared, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from pydantic import SecretStr

from assistant.adapters.editions import Editions
from assistant.enterprises import Enterprises
from assistant.errors import UsageError
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, Opened
from connectors.cli.output import JSON_OPTION, emit, write

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

EMBEDDED = "embedded"


def migrate(
    to: str = typer.Option(None, "--to"),
    chroma_to: str = typer.Option(None, "--chroma-to"),
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Move register and index, compared row by row."""
    settings = load_settings()
    if not to and not chroma_to:
        raise UsageError("ops.migrate_what")
    done: dict[str, Any] = {}
    if to:
        desk = Opened(settings, actor=actor)
        if desk.has_profile and any(w.key == desk.profile.key for w in desk.enterprises.planned()):
            desk.service.require("export", desk.who)
            desk.service.exported("migration", desk.who)
        done["tables"] = {name: copied._asdict() for name, copied in move_register(settings, to).items()}
    if chroma_to:
        done["index"] = move_index(settings, chroma_to)
    if json_:
        emit(done)
        return
    lang = settings.lang
    if to:
        write(say("ops.migrated", lang, rows=sum(t["rows"] for t in done["tables"].values()), tables=len(done["tables"])))
        write(say("ops.migrated_next", lang, setting="AEO_DATABASE_URL"))
    if chroma_to:
        write(say("ops.index_moved", lang, builds=len(done["index"]), passages=sum(done["index"].values())))
        write(say("ops.migrated_next" if chroma_to != EMBEDDED else "ops.migrated_unset", lang, setting="AEO_CHROMA_URL"))


def move_register(settings: Settings, to: str) -> dict[str, Any]:
    """Table -> what was copied; the source is left as it is.

    Raises:
        UsageError: the target is not empty, or the source changed meanwhile. Unavailable: one of them does not answer.
    """
    from assistant.adapters.sql.copying import chains, copy, heads, read, snapshot, tables

    with ExitStack() as stack:
        source = Enterprises(settings).sql
        target = Enterprises(settings.model_copy(update={"database_url": SecretStr(to)})).fresh
        stack.callback(source.close)
        stack.callback(target.close)
        if source.engine.url == target.engine.url:
            raise UsageError("ops.migrate_same")
        before = stack.enter_context(snapshot(source.engine))
        others = [stack.enter_context(engine.connect()) for engine in beside(settings)]
        with _changing(target.engine) as there:
            found = copy([before, *others], there)
            ends = heads(there)
            events = next(t for t in tables(there) if t.name == "events")
            broken = [key for key, chain in chains(read(there, events), ends).items() if not chain.intact]
            if broken or ends != heads(before):
                raise UsageError("ops.chain_broken", workspaces=tuple(broken))
            with snapshot(source.engine) as after:
                if heads(after) != ends:
                    raise UsageError("ops.moved_on")
        return found


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it, or nothing."""
    from assistant.adapters.sql.register import reachable

    with reachable(engine), engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            yield connection


def beside(settings: Settings) -> list[Engine]:
    """Databases beside the register's own that belong into it once it is no file under ``AEO_HOME``: the inbox of the evals."""
    from assistant.adapters.sql.register import make_engine

    inbox = settings.home / "evals" / "inbox.sqlite3"
    if settings.database_url is not None or not inbox.exists():
        return []
    return [make_engine(f"sqlite:///{inbox.absolute()}")]


def move_index(settings: Settings, to: str) -> dict[str, int]:
    """Build -> passages, for every finished build of the home.

    Raises:
        UsageError: what was read back is not what was written. Unavailable: one of them does not answer.
    """
    from assistant.adapters.chroma.index import ChromaIndex

    url = None if to == EMBEDDED else to
    if url == settings.chroma_url:
        raise UsageError("ops.migrate_same")
    store = Editions(settings.home)
    found: dict[str, int] = {}
    for manifest in store.all():
        if manifest.embedder == "none":
            continue
        folder: Path = store.folder(manifest.build) / "chroma"
        records = ChromaIndex(manifest.build, folder, settings.chroma_url).read()
        target = ChromaIndex(manifest.build, folder, url)
        target.write(records, manifest.edition)
        if not target.read().same(records):
            raise UsageError("ops.index_differs", edition=manifest.edition)
        found[manifest.build] = len(records.ids)
    return found
