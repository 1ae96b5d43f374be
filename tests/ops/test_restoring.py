"""Backups that lie and restores that are killed: changed bytes are named, a log knows its backups, the same command goes on."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from assistant.adapters.archive import restore as restoring
from assistant.adapters.archive.restore import restore
from assistant.adapters.archive.save import Archive, save
from assistant.adapters.editions import Editions
from assistant.adapters.files import open_files
from assistant.enterprises import Enterprises
from assistant.errors import UsageError
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.settings import Settings
from tests.connectors.test_cli import aeo
from tests.ops.made import working
from tests.ops.test_moving import NOW
from tests.register.company import RENEWAL

pytestmark = pytest.mark.thorough
STEPS = ("_evidence", "_home", "_rows", "take_over", "_index", "_file")


@pytest.fixture
def made(guide: Guide, tmp_path: Path) -> tuple[RegisterService, Path]:
    """A working register and its backup."""
    settings = Settings(home=tmp_path / "made")
    service = working(guide, settings)
    (settings.home / "profile.yaml").write_text("enterprise: 甲\ncertification: initial\n", encoding="utf-8")
    out = tmp_path / "b.zip"
    save(settings, service.register.engine, service.files, out, NOW, "1")  # type: ignore[attr-defined, arg-type]
    return service, out


def bring(out: Path, home: Path, aside: bool = False) -> Path | None:
    settings = Settings(home=home)
    with Archive(out) as archive:
        return restore(archive, settings, Enterprises(settings).fresh, open_files(None, home), aside=aside)


def whole(service: RegisterService, home: Path) -> None:
    """The restored register is the one that was backed up, and no mark of the restore is left."""
    settings = Settings(home=home)
    back = RegisterService(
        service.workspace, Enterprises(settings).fresh, open_files(None, home), service.policy, service.rules.lead, service.rules.zone
    )
    assert back.verify(files=True)[1] == []
    assert [e.hash for e in back.history()] == [e.hash for e in service.history()]
    assert not (home / "restoring.txt").exists()
    back.register.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_killed_anywhere_and_repeated(
    made: tuple[RegisterService, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    """Killed before or after any of its steps, the same command brings everything back."""

    class Killed(BaseException):
        """The end of the process."""

    service, out = made
    real = getattr(restoring, step)

    def dies(*args: object) -> object:
        if after:
            real(*args)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(restoring, step, dies)
        with pytest.raises(Killed):
            bring(out, tmp_path / "back")
    bring(out, tmp_path / "back")
    whole(service, tmp_path / "back")


def test_where_an_edition_was_brought_in(made: tuple[RegisterService, Path], home: Path) -> None:
    """A home that ``guide ingest`` has touched is refused; asked for, what stood there is moved aside whole, and nothing is mixed."""
    service, out = made
    before = {m.build for m in Editions(home).all()}
    with pytest.raises(UsageError) as refused:
        bring(out, home)
    assert refused.value.key == "ops.home_not_empty"
    beside = bring(out, home, aside=True)
    assert beside is not None
    assert {m.build for m in Editions(beside).all()} == before
    assert not Editions(home).all()
    whole(service, home)
    with pytest.raises(UsageError, match=f"已有登记簿（{RENEWAL.enterprise}）") as there:
        bring(out, home, aside=True)
    assert "*" not in str(there.value)


def test_changed_bytes_are_named_while_backing_up(made: tuple[RegisterService, Path], tmp_path: Path) -> None:
    """Files are hashed again on their way into the archive; one with other bytes is said, and is a gap when it is restored."""
    service, _ = made
    home = tmp_path / "made"
    [first, *_] = sorted(p for p in (home / "files/content").rglob("*") if p.is_file())
    first.chmod(0o600)
    first.write_bytes(b"%PDF-1.4 other")
    manifest = save(Settings(home=home), service.register.engine, service.files, tmp_path / "c.zip", NOW, "1")  # type: ignore[attr-defined, arg-type]
    assert manifest["altered"] == [first.name]
    with Archive(tmp_path / "c.zip") as archive:
        assert ("damaged", f"files/{first.name}") in archive.problems()


def test_a_backup_with_gaps_says_what_is_missing_and_how_the_rest_comes_back(guide: Guide, tmp_path: Path) -> None:
    """Files that are lost or have other bytes are named by line and name, never by hash; the refusal offers what restores the rest."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "profile.yaml").write_text("enterprise: 甲\ncertification: initial\nlead: zhao\n", encoding="utf-8")
    aeo("evidence", "plan", home=home, actor="zhao")
    for name, slots in (("一.pdf", ("24(1)/situation", "24(2)/situation")), ("二.pdf", ("25(1)/situation",))):
        (tmp_path / name).write_bytes(b"%PDF-1.4 " + name.encode())
        assert aeo("evidence", "submit", *slots, "--file", str(tmp_path / name), home=home, actor="zhao").returncode == 0
    one, two = (p for n in ("一.pdf", "二.pdf") for p in home.rglob(hashlib.sha256(b"%PDF-1.4 " + n.encode()).hexdigest()))
    one.unlink()
    two.chmod(0o600)
    two.write_bytes(b"%PDF-1.4 other")
    out = str(tmp_path / "a.zip")
    lost, changed = "24(1) 情况介绍、24(2) 情况介绍 · 一.pdf", "25(1) 情况介绍 · 二.pdf"
    back = tmp_path / "back"
    for command in (
        ("backup", out),
        ("restore", out),
        ("restore", out, "--with-gaps"),
        ("evidence", "verify", "--files"),
        ("doctor", "--files"),
    ):
        at = back if command[0] == "restore" else home
        done = aeo(*command, home=at, actor="zhao")
        said = done.stdout + done.stderr
        assert (lost in said, changed in said, one.name[:12] in said, two.name[:12] in said) == (True, True, False, False), said
        assert ("--with-gaps" in said) == (command == ("restore", out)), said
        assert (done.returncode == 0) == ("--with-gaps" in command), said
    assert aeo("evidence", "verify", home=back, actor="zhao").returncode == 0


def test_a_log_knows_its_backups(guide: Guide, tmp_path: Path) -> None:
    """A backup by command is in the log by its manifest's hash, so that one that was changed or comes from elsewhere is told."""
    (tmp_path / "profile.yaml").write_text("enterprise: 甲\ncertification: initial\nlead: zhao\n", encoding="utf-8")
    aeo("evidence", "plan", home=tmp_path, actor="zhao")
    assert aeo("backup", str(tmp_path / "a.zip"), home=tmp_path, actor="zhao").returncode == 0
    assert "正是当时写出的那一份" in aeo("restore", str(tmp_path / "a.zip"), "--check", home=tmp_path).stderr
    settings = Settings(home=tmp_path)
    enterprises = Enterprises(settings)
    save(settings, enterprises.sql.engine, enterprises.files, tmp_path / "b.zip", NOW, "1")
    enterprises.sql.close()
    assert "没有这份备份" in aeo("restore", str(tmp_path / "b.zip"), "--check", home=tmp_path).stderr
    back = tmp_path / "back"
    assert aeo("restore", str(tmp_path / "a.zip"), home=back).returncode == 0
    assert "正是从这份备份恢复" in aeo("restore", str(tmp_path / "a.zip"), "--check", home=back).stderr
    assert "没有这份备份" in aeo("restore", str(tmp_path / "b.zip"), "--check", home=back).stderr


def test_a_broken_off_restore_is_named_until_it_is_repeated(made: tuple[RegisterService, Path], tmp_path: Path) -> None:
    """Every command says so with the command that ends it; afterwards all is as before."""
    service, out = made
    home = tmp_path / "back"
    home.mkdir()
    with Archive(out) as archive:
        (home / "restoring.txt").write_text(f"{archive.digest}\n{out.absolute()}", encoding="utf-8")
    for words in (("evidence", "list"), ("evidence", "plan"), ("doctor",), ("guide", "list"), ("profile", "show"), ("ask", "访客")):
        said = aeo(*words, home=home)
        assert (said.returncode, f"aeo restore {out.absolute()}" in said.stderr, len(said.stderr.splitlines())) == (2, True, 1), words
    assert aeo("evidence", "list", "--help", home=home).returncode == 0
    bring(out, home)
    whole(service, home)
    assert "恢复没有完成" not in aeo("evidence", "list", home=home).stderr


def test_what_is_no_backup_is_said_in_words(tmp_path: Path) -> None:
    """A folder, a text, a ZIP without a manifest, a missing file: each in one sentence, without a word of the program's own."""
    (tmp_path / "text.zip").write_text("x", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a", "b")
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as listed:
        listed.writestr("manifest.json", "[]")
    for name, why in (
        ("text.zip", "不是 ZIP"),
        ("other.zip", "没有清单"),
        ("list.zip", "没有清单"),
        ("gone.zip", "没有这个文件"),
        (".", "文件夹"),
    ):
        said = aeo("restore", str(tmp_path / name), home=tmp_path / "home")
        assert (said.returncode, why in said.stderr, "Error" in said.stderr) == (2, True, False), said.stderr
