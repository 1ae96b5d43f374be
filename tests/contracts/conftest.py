"""Every adapter behind the register's ports, for the one test body that holds them all."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from assistant.adapters.files import FileStore, open_files
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.register.ports import Register
from tests.ops.servers import free_port, wait_for
from tests.twins.register import MemoryRegister

TEMPLATE = "register_template"


def new_database(server: str) -> str:
    """A fresh database with empty tables on a PostgreSQL server (migrated once, then copied); its address."""
    import psycopg

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone() is None:
            connection.execute(f"CREATE DATABASE {TEMPLATE}")
            open_register(server.replace("/postgres?", f"/{TEMPLATE}?")).close()
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return server.replace("/postgres?", f"/{name}?")


def new_file(folder: Path) -> str:
    """A fresh SQLite file with empty tables (migrated once, then copied); its address."""
    made = folder / "register.sqlite3"
    template = Path(tempfile.gettempdir()) / f"aeo-template-{os.getpid()}.sqlite3"
    if not template.exists():
        open_register(f"sqlite:///{template}").close()
        atexit.register(template.unlink, missing_ok=True)
    shutil.copy(template, made)
    return f"sqlite:///{made}"


@pytest.fixture(scope="session")
def pooler(postgres: str) -> Iterator[str]:
    """PgBouncer in transaction mode before the PostgreSQL server of the tests; ``{}`` stands for the database's name."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    behind, port = make_url(postgres), free_port()
    folder = Path(tempfile.mkdtemp(prefix="aeo-pooler-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n* = host={behind.query.get('host') or behind.host} port={behind.port or 5432} user={behind.username}\n[pgbouncer]\npool_mode = transaction\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nunix_socket_dir =\nserver_reset_query_always = 0\n"
    )
    where = Path(str(behind.query.get("host")))  # the server's socket, which its own user alone may open
    itself = ("-u", where.owner()) if os.getuid() == 0 and where.is_dir() else ()
    with subprocess.Popen([program, "-q", *itself, str(folder / "pgbouncer.ini")]) as process:
        wait_for(lambda: process.poll() is not None or _listens(port), 20)
        yield f"postgresql://{behind.username}@127.0.0.1:{port}/{{}}?pgbouncer=true"
        process.terminate()
    shutil.rmtree(folder)


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["memory", "sqlite", "postgres", "pooled"])
def register(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Register]:
    """An empty register in memory, in SQLite, in PostgreSQL."""
    made: MemoryRegister | SqlRegister
    if request.param == "memory":
        made = MemoryRegister()
    elif request.param == "sqlite":
        made = open_register(new_file(tmp_path))
    else:
        address = new_database(request.getfixturevalue("postgres"))
        if request.param == "pooled":
            address = request.getfixturevalue("pooler").format(make_url(address).database)
        made = open_register(address)
    yield made
    made.close()


@pytest.fixture(params=["folder", "memory", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileStore]:
    """An empty file store in a folder, in fsspec's memory, in a bucket (where an S3 server for tests is installed)."""
    if request.param == "folder":
        yield open_files(None, tmp_path)
    elif request.param == "memory":
        yield open_files(f"memory://{uuid.uuid4().hex}", tmp_path)
    else:
        pytest.importorskip("s3fs", reason="the S3 driver is not installed")
        server_module = pytest.importorskip("moto.server", reason="no S3 server for tests is installed")
        server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        server.start()
        host, port = server.get_host_and_port()
        import s3fs

        system = s3fs.S3FileSystem(key="k", secret="s", client_kwargs={"endpoint_url": f"http://{host}:{port}", "region_name": "us-east-1"})
        system.call_s3("create_bucket", Bucket="evidence")
        yield FileStore(system, "evidence/aeo")
        server.stop()
