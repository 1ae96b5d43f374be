"""A file is written whole or not at all, also where it cannot be put in another's place."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from assistant.adapters.durable import write_durably


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EXDEV, errno.EACCES])
def test_a_mounted_file_is_written_in_place(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's bind mount cannot be renamed over: the file itself takes the words, and nothing is left beside it."""

    def refused(self: Path, target: Path) -> Path:
        raise OSError(code, "refused")

    file = tmp_path / "profile.yaml"
    file.write_text("before", encoding="utf-8")
    place = file.stat().st_ino
    monkeypatch.setattr(Path, "replace", refused)
    write_durably(file, "after")
    assert (file.read_text(encoding="utf-8"), file.stat().st_ino) == ("after", place)
    assert [p.name for p in tmp_path.iterdir()] == ["profile.yaml"]


def test_no_room_leaves_what_stood_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no reason to cut the old file short."""

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "no space")

    file = tmp_path / "profile.yaml"
    file.write_text("before", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_durably(file, "after")
    assert file.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["profile.yaml"]
