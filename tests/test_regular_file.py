"""Only regular files are read, wherever a path is named: nothing waits for ever, nothing is read without end."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import typed_file
from assistant.adapters.archive.save import Archive
from assistant.adapters.lead_files import read_policy, read_profile
from assistant.adapters.sheet import read_cells
from assistant.adapters.tree import leaves
from assistant.errors import AeoError, UsageError
from connectors.cli.talking.ask import _cases
from evals.cases.files import text_of
from evals.cases.sheet import read_sheet
from evals.gates.policy import load_policy as load_gates

READERS: list[Callable[[Path], object]] = [
    read_cells, read_profile, read_policy, load_gates, lambda p: list(_cases(p)), text_of, read_sheet, Archive, typed_file.read
]  # fmt: skip


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "folder", "link"])
def test_what_is_no_file_is_refused_in_one_sentence(
    tmp_path: Path, kind: str, read: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe, a socket, a device, a folder, and a link to a pipe."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "表.yaml"
    if kind == "socket":
        held = socket.socket(socket.AF_UNIX)
        held.bind("表.yaml")
        held.close()
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        os.mkfifo(tmp_path / "管道" if kind == "link" else path)
        if kind == "link":
            path.symlink_to(tmp_path / "管道")
    with pytest.raises(UsageError) as refused:
        read(path)
    said = str(refused.value)
    assert str(path) in said
    assert ("是文件夹" if kind == "folder" else "不是普通文件") in said


def test_a_pipe_or_a_foreign_link_among_the_files_of_a_folder(tmp_path: Path) -> None:
    """Somebody confirmed it in the table all the same: what it is, is said."""
    os.mkfifo(tmp_path / "管道.pdf")
    (tmp_path / "别处.pdf").symlink_to("/etc/passwd")
    said = {}
    for leaf in leaves(tmp_path, 1000):
        with pytest.raises(AeoError) as refused:
            leaf.open()
        said[leaf.path] = str(refused.value)
    assert "不是普通文件" in said["管道.pdf"]
    assert "是指向其他文件的链接" in said["别处.pdf"]


def test_a_file_is_read(tmp_path: Path) -> None:
    """All of it, or its beginning."""
    (tmp_path / "a").write_bytes(b"abc")
    assert typed_file.read(tmp_path / "a") == b"abc"
    assert typed_file.read(str(tmp_path / "a"), 2) == b"ab"
