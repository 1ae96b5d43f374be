"""The log: append-only, chained, complete; the past can be shown from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from assistant.adapters.sql import migrate as sql_migrate
from assistant.adapters.sql.register import SqlRegister, make_engine, open_register
from assistant.errors import SettingsError, Unavailable
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.events import START as ORIGIN
from assistant.register.facts.events import Draft, check, seal
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.happened import Snoozed
from assistant.register.facts.people import Assignment
from tests.contracts.conftest import new_database, new_file
from tests.register.company import LINK, RENEWAL, START, company, part_of, who

SLOT = "24(3)/records/1@2024"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SqlRegister:
    """A real database."""
    if request.param == "sqlite":
        return open_register(new_file(tmp_path))
    return open_register(new_database(request.getfixturevalue("postgres")))


def test_every_change_breaks_the_chain() -> None:
    """Any changed field, a removed, added or swapped event, and a cut end are all found."""
    events, prev = [], ORIGIN
    for n in range(1, 9):
        event = seal(Draft(Snoozed(until=START.date() + timedelta(days=n)), "a", START + timedelta(hours=n), slot="k"), "w", n, prev)
        events.append(event)
        prev = event.hash
    assert check(events, 8, prev).intact
    for name, value in (
        ("actor", "b"),
        ("origin", "slack"),
        ("body", {"n": 9}),
        ("slot", "l"),
        ("kind", "accepted"),
        ("at", START),
        ("seq", 9),
        ("salt", "0"),
    ):
        changed = [*events]
        changed[3] = replace(changed[3], **{name: value})
        assert check(changed).broken_at == 4, name
    assert not check([*events[:3], *events[4:]]).intact
    assert not check([events[1], events[0], *events[2:]]).intact
    assert not check(events[:-1], 8, prev).intact
    assert not check([seal(Draft(Snoozed(until=START.date()), "b", START), "w", 1, ORIGIN), *events[1:]]).intact


def test_database_refuses(guide: Guide, store: SqlRegister) -> None:
    """The database itself refuses to change or remove an event, whoever asks."""
    company(part_of(guide, "24"), register=store)
    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
            connection.execute(text(statement))


def test_tampering_is_found(guide: Guide, store: SqlRegister) -> None:
    """Who removes the guard and edits the log, or edits a state behind it, is found by verifying."""
    service = company(part_of(guide, "24"), register=store)
    service.submit(SLOT, [LINK], who("wang"))
    service.accept(SLOT, who(), seen=WHOLE)
    assert service.verify()[0].intact
    guard = "DROP TRIGGER events_no_update" if store.engine.dialect.name == "sqlite" else "ALTER TABLE events DISABLE TRIGGER ALL"
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE slots SET state_doc = '{}' WHERE id = :id"), {"id": SLOT})
    assert ("states", SLOT) in service.verify()[1]
    with store.engine.begin() as connection:
        connection.execute(text(guard))
        connection.execute(text("UPDATE events SET actor = 'mallory' WHERE seq = 2"))
    assert service.verify()[0].broken_at == 2


def test_migrations_match_models(store: SqlRegister) -> None:
    """What the migrations build is what the models say, and the known newest step is the newest."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from assistant.adapters.sql.conversation_tables import LeftRow  # the same migrations make them
    from assistant.adapters.sql.tables import Base

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert LeftRow.metadata is Base.metadata
        assert compare_metadata(context, Base.metadata) == []
        assert sql_migrate.version(connection) == sql_migrate.HEAD
    scripts = ScriptDirectory(str(Path(sql_migrate.__file__).parent / "migrations"))
    assert scripts.get_current_head() == sql_migrate.HEAD


def test_newer_database(store: SqlRegister) -> None:
    """A database of a newer version is refused with a sentence, and not touched."""
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="9999"):
        open_register(store.engine.url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("nonsense", SettingsError),
        ("mysql://u:secret@h/x", SettingsError),
        ("postgresql://u:secret@127.0.0.1:1/x", Unavailable),
        ("sqlite:////proc/none/x.db", Exception),
    ],
)
def test_addresses(address: str, error: type[Exception]) -> None:
    """An address that makes no sense, or a database that does not answer, is one sentence without the password."""
    with pytest.raises(error) as wrong:
        open_register(address)
    assert "secret" not in str(wrong.value)


def test_the_past(guide: Guide) -> None:
    """The state at any past moment is shown from the log: states, and which slots were planned then."""
    small = part_of(guide, "24")
    service = company(small)
    moments = [START]
    for act in (
        lambda w: service.submit(SLOT, [LINK], w),
        lambda w: service.give_back(SLOT, "缺", replace(w, actor="lead")),
        lambda w: service.submit(SLOT, [LINK], w),
        lambda w: service.accept(SLOT, replace(w, actor="lead"), seen=WHOLE),
        lambda w: service.sync(small, RENEWAL.model_copy(update={"certified_on": date(2025, 1, 1)}), w),
    ):
        moments.append(moments[-1] + timedelta(days=1))
        act(who("wang", moments[-1]))
    seen = []
    for moment in moments:
        past = {e.slot.id: e.shown(moment.date()) for e in service.as_of(moment)}
        seen.append((past.get(SLOT), len(past)))
    assert [s for s, _ in seen] == ["missing", "submitted", "returned", "submitted", "accepted", None]
    assert seen[0][1] == seen[4][1] > seen[5][1]
    assert service.as_of(START - timedelta(days=1)) == []


def test_acts_are_all_logged(guide: Guide) -> None:
    """Every act leaves an event with actor, moment and origin; planning again without a change leaves none."""
    service = company(part_of(guide, "24"))
    service.sync(part_of(guide, "24"), RENEWAL, who())
    Owners(service).assign([Assignment("item", "24", owner="wang")], who())
    Owners(service).assign([Assignment("item", "24", owner="wang")], who())
    service.submit(SLOT, [LINK], who("wang", origin="slack"))
    service.set_due(SLOT, date(2026, 9, 1), who())
    assert [(e.kind, e.actor, e.origin) for e in service.history()] == [
        ("planned", "lead", "cli"),
        ("assigned", "lead", "cli"),
        ("submitted", "wang", "slack"),
        ("due_set", "lead", "cli"),
    ]
    assert all(e.at == START for e in service.history())


def test_engine_is_lazy_about_postgres(tmp_path: Path) -> None:
    """Making an engine opens no connection; the folder of a SQLite file is made."""
    make_engine("postgresql://nobody@127.0.0.1:1/none").dispose()
    open_register(f"sqlite:///{tmp_path}/a/b/register.sqlite3").close()
    assert (tmp_path / "a/b/register.sqlite3").exists()
