"""No password of an address is in any sentence, log, doctor's line, health page or printed setting, however it is written."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from assistant.adapters.files import FileStore, open_files
from assistant.adapters.sql.register import make_engine, open_register, reachable
from assistant.errors import AeoError, SettingsError, Unavailable
from assistant.settings import Settings, secrets_of, without_secrets
from connectors.serving.health import health
from connectors.serving.logs import JsonLines, Redactor
from tests.connectors.test_cli import aeo
from tests.mail.office import free_port

SECRET = "Gehe1m"
FORMS = [
    "scheme://aeo:{}@host/path", "scheme://aeo:{}%40%2F@host:1/path", "scheme://aeo:a/{}#b?c@host/path", "scheme://aeo:a@{}@host/path",
    "scheme://host/path?password={}", "scheme://host/path?user=x&token={}#y", "scheme://{}@host", "scheme://:{}@host",
    "scheme://aeo:秘密{}！@host",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_an_address_as_it_may_be_shown(form: str) -> None:
    """Scheme, host and path at most; and what is secret in it is known in every form in which it may turn up."""
    address = form.format(SECRET)
    assert SECRET not in without_secrets(address)
    assert without_secrets(address).startswith("scheme://")
    assert any(SECRET in said for said in secrets_of(address))
    for setting in ("database_url", "smtp_url", "files_url", "chroma_url"):
        clean = Redactor(Settings(**{setting: address}))
        assert SECRET not in clean(f"could not reach {address}: {next(s for s in secrets_of(address) if SECRET in s)} refused")


@pytest.mark.parametrize("form", FORMS)
def test_the_sentences(form: str, tmp_path: Path) -> None:
    """Every part that takes an address refuses a wrong one without repeating what is secret in it."""
    from assistant.adapters.chroma.server import ChromaServer
    from assistant.adapters.mail.server import MailServer

    address = form.format(SECRET)
    for act in (
        lambda: make_engine(address),
        lambda: open_files(address, tmp_path),
        lambda: ChromaServer(address),
        lambda: MailServer.of(Settings(smtp_url=SecretStr(address), smtp_sender="a@b.cn")),
    ):
        with pytest.raises((SettingsError, Unavailable)) as wrong:
            act()
        assert SECRET not in wrong.value.sentence() + wrong.value.sentence("en")


def test_settings_are_not_printed_with_them() -> None:
    """A settings object in a log or traceback."""
    settings = Settings(**dict.fromkeys(("database_url", "smtp_url", "files_url", "chroma_url", "chat_base_url"), f"http://u:{SECRET}@h"))
    assert SECRET not in repr(settings) + str(settings)


def test_in_logs_with_their_causes() -> None:
    """A library's own error in a traceback, with the password alone."""
    settings = Settings(files_url=f"s3://k:{SECRET}@bucket", smtp_url=f"smtp://a:{SECRET}%40x@h")
    try:
        raise ValueError(f"login failed for {SECRET}@x ({SECRET})")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, f"at s3://k:{SECRET}@bucket", (), __import__("sys").exc_info())
    assert SECRET not in JsonLines(settings, "w").format(record)


@pytest.mark.thorough
def test_doctor_health_and_commands(tmp_path: Path) -> None:
    """Servers that are away, each with a password in its address: named, and the password is nowhere."""
    port = free_port()
    settings: dict[str, Any] = {
        "database_url": f"postgresql://aeo:{SECRET}@127.0.0.1:{port}/aeo?application_name={SECRET}2",
        "smtp_url": f"smtp://aeo%40x.cn:{SECRET}@127.0.0.1:{port}",
        "chroma_url": f"http://u:{SECRET}@127.0.0.1:{port}",
        "files_url": f"ftp://u:{SECRET}@127.0.0.1:{port}/x",
    }
    (tmp_path / "profile.yaml").write_text("enterprise: 甲\ncertification: initial\n", encoding="utf-8")
    said = ""
    for words in (("doctor",), ("doctor", "--json"), ("evidence", "list"), ("backup", str(tmp_path / "b.zip")), ("nudge", "run")):
        done = aeo(*words, home=tmp_path, actor="lead", **settings)
        assert done.returncode != 0, words
        said += done.stdout + done.stderr
    said += json.dumps(health(Settings(home=tmp_path, **settings)), ensure_ascii=False)
    assert SECRET not in said
    assert "数据库 postgresql" in said
    assert f"smtp://127.0.0.1:{port}" in said
    if (tmp_path / "crash.log").exists():
        assert SECRET not in (tmp_path / "crash.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(("driver", "key"), [("disk I/O error", "disk"), ("database or disk is full", "full")])
def test_a_disk_that_fails_is_named_as_the_disk(tmp_path: Path, driver: str, key: str) -> None:
    """A full or faulty disk is no database that does not run."""
    with pytest.raises(Unavailable) as failed, reachable(make_engine(f"sqlite:///{tmp_path}/r.sqlite3")):
        raise OperationalError("select 1", {}, sqlite3.OperationalError(driver))
    assert (failed.value.key, "磁盘" in failed.value.sentence("zh")) == (f"register.database_{key}", True)


def test_a_damaged_database(tmp_path: Path) -> None:
    """Named as what it is, with what to do; doctor says so too."""
    for content in (b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000):
        (tmp_path / "register.sqlite3").write_bytes(content)
        with pytest.raises(Unavailable) as damaged:
            open_register(f"sqlite:///{tmp_path}/register.sqlite3")
        assert damaged.value.key == "register.database_damaged"
    (tmp_path / "profile.yaml").write_text("enterprise: 甲\ncertification: initial\n", encoding="utf-8")
    done = aeo("evidence", "list", home=tmp_path, actor="lead")
    assert (done.returncode, "已损坏" in done.stderr, "aeo restore" in done.stderr) == (2, True, True)
    assert "已损坏" in aeo("doctor", home=tmp_path).stdout


class Gone(MemoryFileSystem):
    """A store whose host is down: its driver raises something of its own."""

    protocol = "s3"

    def exists(self, path: str, **kwargs: Any) -> bool:
        raise RuntimeError(f"could not connect with {SECRET}")

    makedirs = open = exists  # type: ignore[assignment]


def test_a_storage_host_that_is_down_when_it_is_opened(tmp_path: Path) -> None:
    """A driver that connects at once is the same sentence: the host, not the home."""
    with pytest.raises(AeoError) as down:
        open_files(f"ftp://u:{SECRET}@127.0.0.1:1/evidence", tmp_path)
    assert (down.value.key, SECRET in down.value.sentence(), "127.0.0.1:1" in down.value.sentence()) == ("register.files_down", False, True)


def test_a_storage_host_that_is_down() -> None:
    """One sentence, whatever the driver raises and whatever was asked."""
    import io

    store = FileStore(Gone(), f"u:{SECRET}@bucket/aeo")
    for act in (
        lambda: store.has("a" * 64),
        lambda: store.open("a" * 64),
        lambda: store.publish("a" * 64),
        lambda: store.stage(io.BytesIO(b"x"), 10),
    ):
        with pytest.raises(AeoError) as down:
            act()
        assert down.value.key == "register.files_down"
        assert SECRET not in down.value.sentence()
