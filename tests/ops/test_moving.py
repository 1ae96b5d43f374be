"""Moved to another database, saved while writing goes on, brought back: nothing is lost, changed or half done."""

from __future__ import annotations

import json
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.adapters.archive.restore import restore
from assistant.adapters.archive.save import Archive, save
from assistant.adapters.chroma.index import ChromaIndex
from assistant.adapters.editions import Editions
from assistant.adapters.files import open_files
from assistant.adapters.sql.inbox import inbox_of
from assistant.adapters.sql.register import open_register
from assistant.app import Assistant
from assistant.enterprises import Enterprises
from assistant.errors import UsageError
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.settings import Settings
from connectors.cli.keeping.migrate import beside, move_index, move_register
from tests.connectors.test_cli import aeo
from tests.contracts.conftest import new_database
from tests.ops.made import contents, hand_in, working
from tests.ops.servers import Chroma
from tests.register.company import LEAD, SHANGHAI

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def reopened(settings: Settings, service: RegisterService) -> RegisterService:
    """The same enterprise in the database of these settings."""
    files = open_files(settings.files_url, settings.home)
    return RegisterService(service.workspace, open_register(settings.database), files, service.policy, LEAD, SHANGHAI)


def test_a_register_moves_to_postgresql_and_back(guide: Guide, tmp_path: Path, postgres: str) -> None:
    """Every table the same by rows and hash both ways, the log's end the same; work goes on in the new place, also its numbering."""
    first = Settings(home=tmp_path)
    service = working(guide, first)
    before = contents(service.register)  # type: ignore[arg-type]
    second = Settings(home=tmp_path, database_url=SecretStr(new_database(postgres)))
    moved = move_register(first, second.database)
    there = reopened(second, service)
    assert contents(there.register) == {**before, "eval_inbox": moved["eval_inbox"]}  # type: ignore[arg-type]
    assert there.verify() == service.verify()
    assert there.verify()[0].intact
    assert [f.question for f in inbox_of(second).entries()] == ["围墙多高"]
    assert {"slack_installations", "slack_jobs", "events", "outbox", "eval_inbox"} <= moved.keys()
    hand_in(there, 12, 3)
    third = Settings(home=tmp_path, database_url=SecretStr(f"sqlite:///{tmp_path}/back.sqlite3"))
    move_register(second, third.database)
    back = reopened(third, service)
    assert contents(back.register) == contents(there.register)  # type: ignore[arg-type]
    assert back.verify() == there.verify()
    hand_in(back, 15, 2)
    for opened in (service, there, back):
        opened.register.close()  # type: ignore[attr-defined]


def test_a_target_that_holds_something_is_refused(guide: Guide, tmp_path: Path) -> None:
    """Two registers never mix, and a refused move leaves the target as it was."""
    ours, other = (Settings(home=tmp_path / n) for n in ("a", "b"))
    working(guide, ours)
    theirs = working(guide, other)
    before = contents(theirs.register)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="不是空的"):
        move_register(ours, other.database)
    assert contents(theirs.register) == before  # type: ignore[arg-type]


def test_the_index_moves_to_a_server_and_back(home: Path, chroma: Chroma) -> None:
    """Every passage compared; the assistant answers the same from either."""
    embedded, served = Settings(home=home), Settings(home=home, chroma_url=chroma.url)
    build = Editions(home).manifest().build
    assert move_index(embedded, chroma.url) == {build: Editions(home).manifest().passages}
    question = "离职员工的账号怎么处理"
    assert Assistant(served).ask(question).citations == Assistant(embedded).ask(question).citations
    before = ChromaIndex(build, None, chroma.url).read()
    move_index(served, "embedded")
    assert ChromaIndex(build, Editions(home).folder(build) / "chroma").read().same(before)


def test_a_backup_of_a_register_that_is_written_to_is_whole(guide: Guide, tmp_path: Path, postgres: str) -> None:
    """Saved while somebody hands in: one moment of it, its log intact, every file there; restored elsewhere it is that moment."""
    home = tmp_path / "home"
    home.mkdir()
    settings = Settings(home=home)
    (home / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\n", encoding="utf-8")
    service = working(guide, settings)
    written, stop = threading.Event(), threading.Event()

    def write() -> None:
        n = 12
        while not stop.is_set():
            hand_in(service, n, 1)
            n += 1
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    engine = open_register(settings.database).engine
    store = open_files(None, home)
    for number in range(3):
        written.clear()
        assert written.wait(20)
        save(settings, engine, store, tmp_path / f"{number}.zip", NOW, "1", beside(settings))
    stop.set()
    writer.join()
    heads = []
    for number in range(3):
        with Archive(tmp_path / f"{number}.zip") as archive:
            assert archive.problems() == []
            heads.append(archive.manifest["heads"][service.workspace][0])
    assert sorted(set(heads)) == heads
    target = Settings(home=tmp_path / "new", database_url=SecretStr(new_database(postgres)))
    with Archive(tmp_path / "1.zip") as archive:
        restore(archive, target, Enterprises(target).fresh, open_files(None, target.home))
        kept = archive.manifest["tables"]
        with pytest.raises(UsageError, match="已有登记簿"):
            restore(archive, target, Enterprises(target).fresh, open_files(None, target.home))
    back = reopened(target, service)
    assert {name: c._asdict() for name, c in contents(back.register).items()} == kept  # type: ignore[arg-type]
    chain, differing = back.verify()
    assert (chain.intact, chain.events, differing) == (True, heads[1], [])
    assert {e.seq: e.hash for e in service.history()}[heads[1]] == chain.head
    for piece in back.pieces():
        if piece.kind == "file":
            with back.open_file(piece.sha256) as content:
                assert len(content.read()) == piece.size
    assert target.profile_path.exists()
    assert not list(target.home.glob("register.sqlite3*"))
    back.register.close()  # type: ignore[attr-defined]
    engine.dispose()


def test_a_damaged_backup_is_refused_and_says_where(guide: Guide, tmp_path: Path) -> None:
    """A changed row, a lost file and half an archive are each found by ``--check``; nothing is restored from them."""
    settings = Settings(home=tmp_path / "home")
    service = working(guide, settings)
    good = tmp_path / "good.zip"
    save(settings, service.register.engine, service.files, good, NOW, "1")  # type: ignore[attr-defined, arg-type]
    lost = sorted(p.sha256 for p in service.pieces() if p.kind == "file")[0]

    def changed(name: str, drop: str = "", old: bytes = b"", new: bytes = b"") -> Path:
        out = tmp_path / name
        with zipfile.ZipFile(good) as source, zipfile.ZipFile(out, "w") as target:
            for member in source.namelist():
                if member != drop:
                    target.writestr(
                        member, source.read(member).replace(old, new) if old and member.startswith("tables/events") else source.read(member)
                    )
        return out

    def found(path: Path) -> set[str]:
        with Archive(path) as archive:
            return {what for what, _ in archive.problems()}

    assert found(good) == set()
    assert found(changed("row.zip", old="见附件 3".encode(), new="见附件 4".encode())) == {"damaged", "chain"}
    assert found(changed("file.zip", drop=f"files/{lost}")) == {"damaged"}
    half = tmp_path / "half.zip"
    half.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    with pytest.raises(UsageError, match="不是完整的备份"):
        Archive(half)
    service.register.close()  # type: ignore[attr-defined]


def test_a_backup_holds_what_is_ours_and_restores_nothing_elsewhere(guide: Guide, tmp_path: Path) -> None:
    """No earlier backup, log or token file that lies in the home; a member whose path leads out of the home is not written."""
    settings = Settings(home=tmp_path / "home")
    service = working(guide, settings)
    (settings.home / "profile.yaml").write_text("enterprise: 甲\n", encoding="utf-8")
    for name in ("mon.zip", "aeo.log", "crash.log", ".env"):
        (settings.home / name).write_bytes(b"x" * 1000)
    out = settings.home / "tue.zip"
    save(settings, service.register.engine, service.files, out, NOW, "1")  # type: ignore[attr-defined, arg-type]
    with Archive(out) as archive:
        assert archive.home() == ["evals/inbox.sqlite3", "profile.yaml"]
    bent = tmp_path / "bent.zip"
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(bent, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        manifest["members"]["home/../escaped"] = manifest["members"]["home/profile.yaml"]
        for member in source.namelist():
            target.writestr(member, json.dumps(manifest) if member == "manifest.json" else source.read(member))
        target.writestr("home/../escaped", source.read("home/profile.yaml"))
    back = Settings(home=tmp_path / "back")
    with Archive(bent) as archive:
        restore(archive, back, Enterprises(back).fresh, open_files(back.files_url, back.home))
    assert (back.home / "profile.yaml").is_file()
    assert not (tmp_path / "escaped").exists()
    service.register.close()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_commands(guide: Guide, home: Path, tmp_path: Path, postgres: str, chroma: Chroma) -> None:
    """backup, restore --check, restore, migrate as an operator types them."""
    working(guide, Settings(home=home)).register.close()  # type: ignore[attr-defined]
    file = tmp_path / "all.zip"
    saved = json.loads(aeo("backup", str(file), "--json", home=home).stdout)
    assert saved["missing"] == []
    assert saved["editions"] == 1
    assert file.stat().st_mode & 0o077 == 0
    checked = aeo("restore", str(file), "--check", home=tmp_path / "empty")
    assert checked.returncode == 0
    assert not (tmp_path / "empty").exists()
    assert aeo("restore", str(file), home=tmp_path / "back").returncode == 0
    assert aeo("restore", str(file), home=tmp_path / "back").returncode == 2
    asked = json.loads(aeo("ask", "访客登记要留哪些记录", "--json", home=tmp_path / "back").stdout)
    assert asked["notices"] == []
    address = new_database(postgres)
    moved = aeo("migrate", "--to", address, "--chroma-to", chroma.url, home=home)
    assert "AEO_DATABASE_URL" in moved.stdout
    assert aeo("migrate", "--to", address, home=home).returncode == 2
    doctor = json.loads(aeo("doctor", "--json", home=home, database_url=address, chroma_url=chroma.url).stdout)
    assert {c["name"]: c["ok"] for c in doctor if c["name"] in ("index", "register", "files")} == dict.fromkeys(
        ("index", "register", "files"), True
    )
