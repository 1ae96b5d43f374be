"""A register that was there and is gone is said to be gone, and no empty one is begun in its place; another id is named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.connectors.test_cli import aeo
from tests.register.company import LEAD

pytestmark = pytest.mark.thorough


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose register is planned."""
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\n", encoding="utf-8")
    assert aeo("evidence", "plan", home=tmp_path, actor=LEAD, lead=LEAD).returncode == 0
    return tmp_path


@pytest.mark.parametrize("way", ["emptied", "deleted", "rows"])
def test_a_lost_register_is_named_by_every_command(home: Path, way: str) -> None:
    """Verify, list, plan and doctor say so in one sentence and end with an error; nothing new is begun."""
    file = home / "register.sqlite3"
    if way == "rows":
        with sqlite3.connect(file) as connection:
            connection.execute("DELETE FROM workspaces")
    for path in home.glob("register.sqlite3*") if way != "rows" else ():
        path.unlink()
    if way == "emptied":
        file.touch()
    for words in (("evidence", "verify"), ("evidence", "list"), ("evidence", "plan"), ("doctor",)):
        done = aeo(*words, home=home, actor=LEAD, lead=LEAD)
        said = done.stderr + done.stdout
        assert (done.returncode != 0, said.count("aeo restore")) == (True, 1 if words != ("doctor",) else said.count("aeo restore")), said
        assert "曾有登记簿" in said, said
    assert way == "rows" or not file.exists() or file.stat().st_size == 0


def test_files_alone_tell_of_a_register(tmp_path: Path) -> None:
    """Bytes that were handed in are enough to know that there was a register."""
    (tmp_path / "files/content/aa").mkdir(parents=True)
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\n", encoding="utf-8")
    done = aeo("evidence", "plan", home=tmp_path, actor=LEAD, lead=LEAD)
    assert (done.returncode != 0, "曾有登记簿" in done.stderr) == (True, True)


def test_another_database_for_another_profile_is_begun(home: Path, tmp_path: Path) -> None:
    """A database with an address is lost only to the profile that was planned in it; another enterprise's begins."""
    (tmp_path / "other.yaml").write_text("enterprise: 另一公司\ncertification: initial\n", encoding="utf-8")
    who = {"home": home, "actor": LEAD, "lead": LEAD, "database_url": f"sqlite:///{tmp_path}/other.sqlite3"}
    assert aeo("evidence", "plan", **who).returncode != 0
    assert aeo("evidence", "plan", **who, profile=str(tmp_path / "other.yaml")).returncode == 0
    (tmp_path / "other.sqlite3").unlink()
    done = aeo("evidence", "list", **who, profile=str(tmp_path / "other.yaml"))
    assert (done.returncode != 0, "曾有登记簿" in done.stderr) == (True, True)


def test_a_lost_register_comes_back_from_a_backup(home: Path, tmp_path: Path) -> None:
    """The advice works: what was lost is restored by the command that the sentence names."""
    assert aeo("backup", str(tmp_path / "bk.zip"), home=home, actor=LEAD, lead=LEAD).returncode == 0
    for path in home.glob("register.sqlite3*"):
        path.unlink()
    assert aeo("restore", str(tmp_path / "bk.zip"), "--force", home=home).returncode == 0
    assert aeo("evidence", "verify", home=home, actor=LEAD, lead=LEAD).returncode == 0


def test_another_id_names_the_register_there_is(home: Path) -> None:
    """An id changed by hand in the profile shows no empty register; changed back, all is there again."""
    profile = home / "profile.yaml"
    before = profile.read_text(encoding="utf-8")
    profile.write_text(before + "id: 另一家\n", encoding="utf-8")
    for words in (("evidence", "list"), ("evidence", "verify"), ("evidence", "plan"), ("doctor",)):
        done = aeo(*words, home=home, actor=LEAD, lead=LEAD)
        assert done.returncode != 0
        assert "而由它建立的登记簿是“某某公司”" in done.stderr + done.stdout
    profile.write_text(before, encoding="utf-8")
    assert aeo("evidence", "verify", home=home, actor=LEAD, lead=LEAD).returncode == 0
