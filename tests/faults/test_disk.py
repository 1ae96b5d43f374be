"""A disk that is really full (a small tmpfs): every act ends in one sentence, nothing is half written, and it goes on when there is room."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.files import open_files
from assistant.adapters.sql import open_register
from assistant.guide import Guide
from assistant.register.policy import Policy
from assistant.register.service import RegisterService, Who
from connectors.cli import register
from tests.access.rules import staffed
from tests.connectors.test_cli import aeo
from tests.register.company import LEAD, RENEWAL, SHANGHAI, START, part_of

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


def fill(disk: Path) -> Path:
    """A file that takes the last byte."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    assert shutil.disk_usage(disk).free == 0
    return filler


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
        done = aeo(*words, home=disk, lead=LEAD)
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
        done = aeo(*words, home=disk, lead=LEAD)
        assert done.returncode == 0, done.stderr
