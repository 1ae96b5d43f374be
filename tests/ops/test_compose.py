"""The commands of ``compose.yaml``, walked as processes: planned, backed up by the service's own loop, restored before a first ingest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.conftest import copied
from tests.ops.test_deploy import COMPOSE

pytestmark = pytest.mark.thorough
PASSWORD = "p@s/s:w#d %1"
"""With everything that would have to be written otherwise in an address."""
PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """The address of a PostgreSQL that asks user ``aeo`` for the password, with databases ``aeo`` and ``other``."""
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE aeo LOGIN PASSWORD '{PASSWORD}'")
        for name in ("aeo", "other"):
            connection.execute(f"CREATE DATABASE {name} OWNER aeo")
        [(file,)] = connection.execute("SHOW hba_file").fetchall()
        rules, asked = Path(file), "local all aeo scram-sha-256\nhost all aeo 127.0.0.1/32 scram-sha-256\n"
        before = rules.read_text(encoding="utf-8")
        rules.write_text(asked + before, encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")
        yield postgres
        rules.write_text(before, encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")
        for name in ("aeo", "other"):
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute("DROP ROLE aeo")


def settings_of(service: str, server: str, folder: Path, name: str = "aeo") -> dict[str, str]:
    """What a service is given, with this machine's places for those of the containers; the index stays embedded."""
    behind = make_url(server)
    given = {k: v.replace("${POSTGRES_PASSWORD:?set it in .env}", PASSWORD) for k, v in COMPOSE["services"][service]["environment"].items()}
    url = make_url(given["AEO_DATABASE_URL"]).set(host=behind.host, port=behind.port, query=behind.query, database=name)
    places = {key: value.replace("/config/", f"{folder}/config/") for key, value in given.items() if value.startswith("/config/")}
    ours = {"AEO_DATABASE_URL": url.render_as_string(hide_password=False), "AEO_HOME": str(folder / "data"), "AEO_ACTOR": "王芳"}
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AEO_", "SLACK_", "PG"))}
    left_out = ("AEO_CHROMA_URL", "AEO_METRICS_PORT", "AEO_METRICS_HOST")
    return clean | {k: v for k, v in given.items() if k not in left_out} | places | ours | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"}


def run(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """A command of a service, to its end."""
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False, cwd="/")


def test_compose_from_nothing_to_restored(database: str, ingested: Path, tmp_path: Path) -> None:
    """The password may hold anything and is asked for; the backup service writes today's file; it is restored where nothing was ingested."""
    first, second = tmp_path / "first", tmp_path / "second"
    copied(ingested, first / "data")
    for folder in (first, second):
        (folder / "config").mkdir(parents=True)
        (folder / "config" / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\nlead: 王芳\n", encoding="utf-8")
    backups = tmp_path / "backups"
    backups.mkdir()
    environment = settings_of("worker", database, first)
    assert "@s/" not in environment["AEO_DATABASE_URL"]
    planned = run(environment, "aeo", "evidence", "plan")
    assert planned.returncode == 0, planned.stderr
    wrong = run(environment | {"PGPASSWORD": "other"}, "aeo", "evidence", "list")
    assert (wrong.returncode, len(wrong.stderr.strip().splitlines()), "AEO_DATABASE_URL" in wrong.stderr) == (2, 1, True)

    loop = (
        COMPOSE["services"]["backup"]["entrypoint"][-1].replace("$$", "$").replace("/backups", str(backups)).replace("sleep 86400", "break")
    )
    saved = run(settings_of("backup", database, first), "sh", "-c", loop)
    assert saved.returncode == 0, saved.stderr
    [file] = backups.glob("*.zip")

    empty = settings_of("restore", database, second, "other")
    restored = run(empty, "aeo", "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    [edition] = json.loads(run(empty, "aeo", "guide", "list", "--json").stdout)
    assert (edition["edition"], edition["active"]) == ("2018-177", True), "what prepare finds, so that it brings nothing in anew"
    states = [json.loads(run(e, "aeo", "evidence", "list", "--json").stdout) for e in (environment, empty)]
    assert states[0] == states[1] != []
