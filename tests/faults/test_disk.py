"""A disk that is really full (a small tmpfs): every act ends in one sentence, nothing is half written, and it goes on when there is room."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.files import open_files
from assistant.adapters.sql.register import open_register
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.service import RegisterService
from assistant.register.facts.policy import Policy
from connectors.cli import opened as register
from ingest.shipped import SHIPPED
from tests.access.rules import staffed
from tests.conftest import copied
from tests.connectors.test_cli import Done, aeo
from tests.register.company import LEAD, RENEWAL, SHANGHAI, START, part_of
from tests.thin import thin_bank

pytestmark = pytest.mark.thorough
PROFILE = "enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\n"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of six megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("this user may not mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """A file that takes all but so many bytes."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while shutil.disk_usage(disk).free > leave:
            file.write(b"x" * 4096)
    assert leave - 4096 <= shutil.disk_usage(disk).free <= leave
    return filler


def names(home: Path) -> set[str]:
    """All that stands in a home, but for the files that SQLite keeps beside an open database."""
    return {str(p.relative_to(home)) for p in home.rglob("*") if not p.name.endswith(("-wal", "-shm"))}


def refused(done: Done) -> bool:
    """Whether a command ended in one sentence about the disk; how far it was (训练排序……1/6) may stand before it where that took a while."""
    lines = [line for line in done.stderr.strip().splitlines() if not re.search(r"……(?:\d+/\d+)?$", line)]
    return done.returncode != 0 and len(lines) == 1 and "请检查磁盘空间" in lines[0]


def test_a_full_disk(disk: Path, tmp_path: Path, guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    """Evidence and a backup are refused in a sentence while the disk is full; the log holds, and afterwards both work."""
    small = part_of(guide, "24")
    monkeypatch.setattr(register, "load_guide", lambda settings: small)
    (disk / "profile.yaml").write_text(PROFILE, encoding="utf-8")
    opened = open_register(f"sqlite:///{disk}/register.sqlite3")
    service = RegisterService(RENEWAL.key, opened, open_files(None, disk), Policy(), LEAD, SHANGHAI)
    service.sync(small, RENEWAL, Who(LEAD, START))
    staffed(service, small)
    opened.close()
    slot = json.loads(aeo("evidence", "list", "--json", home=disk, lead=LEAD).stdout)[0]["slot"]
    evidence = tmp_path / "记录.pdf"
    evidence.write_bytes(b"%PDF-1.4\n" + b"x" * 300_000)
    acts = [
        ["evidence", "submit", slot, "--file", str(evidence), "--note", "见附件"],
        ["evidence", "submit", slot, "--note", "见附件" * 3000],
        ["backup", str(disk / "b.zip")],
    ]
    filler = fill(disk)
    for words in acts:
        done = aeo(*words, home=disk, lead=LEAD, actor=LEAD)
        assert done.returncode != 0, words
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert not (disk / "b.zip").exists()
    filler.unlink()
    opened = open_register(f"sqlite:///{disk}/register.sqlite3")
    service = RegisterService(RENEWAL.key, opened, open_files(None, disk), Policy(), LEAD, SHANGHAI)
    assert service.verify()[0].intact
    assert service.pieces() == []
    opened.close()
    for words in acts:
        done = aeo(*words, home=disk, lead=LEAD, actor=LEAD)
        assert done.returncode == 0, done.stderr


def test_an_edition_and_a_run_of_cases_on_a_full_disk(disk: Path, ingested: Path) -> None:
    """Wherever the disk becomes full, nothing of the edition is left and the one in force answers; with room, both go on."""
    subprocess.run(["mount", "-o", "remount,size=48m", str(disk)], check=True)
    home = disk / "home"
    copied(ingested, home)
    before = names(home)
    add = ("guide", "ingest", str(SHIPPED), "--edition", "next")
    with thin_bank(clauses=4, refusals=8):
        for room in (0, 60_000, 1_500_000, 5_000_000):  # before the first vector, opening Chroma, writing to it, saving the ranker
            filler = fill(disk, room)
            done = aeo(*add, home=home)
            assert refused(done), (room, done)
            assert names(home) == before
            assert "24(3)" in aeo("ask", "24(3)", home=home).stdout
            filler.unlink()
        filler = fill(disk)
        done = aeo("eval", "run", "by_number", home=home)
        assert refused(done), done
        assert not [n for n in names(home) if n.endswith(".tmp")]
        filler.unlink()
        assert aeo(*add, home=home).returncode == 0
    for edition in ("2018-177", "next"):
        done = aeo("eval", "run", "by_number", "--edition", edition, "--json", home=home)
        assert done.returncode == 0, done.stderr
