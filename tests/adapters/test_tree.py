"""The files of an existing tree: hostile ones are named and never followed, unpacked or opened."""

from __future__ import annotations

import os
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from assistant.adapters import tree
from assistant.adapters.tree import leaves
from assistant.errors import RegisterError, UsageError

MB = 1 << 20


def test_a_folder(tmp_path: Path) -> None:
    """Links, hidden, temporary, empty, huge and special files are named with their reason; numbers sort as numbers."""
    (tmp_path / "10").mkdir()
    (tmp_path / "2").mkdir()
    (tmp_path / "2/好.pdf").write_bytes(b"%PDF")
    (tmp_path / "10/大.pdf").write_bytes(b"x" * 2000)
    for name in (".hidden", "~$锁.docx", "Thumbs.db", "空.pdf"):
        (tmp_path / "10" / name).write_bytes(b"" if name == "空.pdf" else b"x")
    (tmp_path / "10/链接.pdf").symlink_to("/etc/passwd")
    (tmp_path / "圈").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "管道.pdf")
    found = {leaf.path: leaf.skipped for leaf in leaves(tmp_path, 1000)}
    assert found == {
        "2/好.pdf": "", "10/大.pdf": "large", "10/.hidden": "hidden", "10/~$锁.docx": "temporary", "10/Thumbs.db": "temporary",
        "10/空.pdf": "empty", "10/链接.pdf": "link", "圈": "link", "管道.pdf": "special",
    }  # fmt: skip
    assert next(iter(found)) == "2/好.pdf"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes there")
def test_names_of_another_system(tmp_path: Path) -> None:
    """A name in GB18030 is read as that; its bytes open."""
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "登记.pdf".encode("gb18030")))).write_bytes(b"%PDF")
    [leaf] = leaves(tmp_path, MB)
    assert leaf.path == "登记.pdf"
    with leaf.open() as content:
        assert content.read() == b"%PDF"


def test_a_link_put_in_place_is_not_followed(tmp_path: Path) -> None:
    """A file exchanged for a link after it was seen does not open."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    [leaf] = leaves(tmp_path, MB)
    (tmp_path / "a.pdf").unlink()
    (tmp_path / "a.pdf").symlink_to("/etc/passwd")
    with pytest.raises(RegisterError):
        leaf.open()


def test_a_zip(tmp_path: Path) -> None:
    """A zip is a tree: names of an old Windows, ways out of it, links and bombs do no harm."""
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("24/登记.pdf", b"%PDF-1")
        archive.writestr("../../etc/外面.pdf", b"%PDF-2")
        archive.writestr("弹.pdf", b"0" * (3 * MB))
        archive.writestr("大.pdf", b"0123456789" * MB)
        link = zipfile.ZipInfo("链.pdf")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    found = {leaf.path: leaf for leaf in leaves(path, 5 * MB)}
    skipped = {name: leaf.skipped for name, leaf in found.items()}
    assert skipped == {"24/登记.pdf": "", "etc/外面.pdf": "", "弹.pdf": "bomb", "大.pdf": "large", "链.pdf": "link"}
    with found["24/登记.pdf"].open() as content:
        assert content.read() == b"%PDF-1"
    small = {leaf.path: leaf for leaf in leaves(path, 5)}
    with pytest.raises(RegisterError):
        small["24/登记.pdf"].open()


def test_two_of_one_name(tmp_path: Path) -> None:
    """An archive that holds two files of one name has both; a name without end is cut."""
    path = tmp_path / "t.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.pdf", b"%PDF-1")
        archive.writestr("a.pdf", b"%PDF-2")
        archive.writestr("长" * 9000 + ".pdf", b"%PDF-3")
    found = leaves(path, MB)
    content: dict[str, bytes] = {}
    for leaf in found:
        with leaf.open() as file:
            content[leaf.path] = file.read()
    assert content == {"a.pdf": b"%PDF-1", "a (2).pdf": b"%PDF-2", "长" * 255: b"%PDF-3"}


def test_what_is_no_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No folder, a file that is no zip, and too many files: one sentence each."""
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(UsageError, match="找不到文件夹"):
        leaves(tmp_path / "none", MB)
    with pytest.raises(UsageError, match="zip"):
        leaves(tmp_path / "x.zip", MB)
    monkeypatch.setattr(tree, "MOST_FILES", 0)
    with pytest.raises(UsageError, match="超过 0 个"):
        leaves(tmp_path, MB)
