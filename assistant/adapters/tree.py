"""The files of an existing tree, a folder or a zip: what can be read, and by name what cannot. Nothing is followed, unpacked or changed.

Names that are no UTF-8 (an old Windows archive, a disk written by one) are read as GB18030.
"""

from __future__ import annotations

import io
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

from assistant import typed_file
from assistant.errors import RegisterError, UsageError

MOST_FILES = 5000
"""Files of one tree: what one table shows and one person can check."""
_DEEPEST, _LONGEST = 40, 255
"""Folders inside of each other, and characters of one name, as file systems have them."""
_RATIO = 200  # unpacked to packed bytes beyond which an entry is a bomb; chosen, not measured
_TEMPORARY = re.compile(r"^(~\$|\.~|~wrl|\._)|\.(tmp|part|crdownload|lnk|ds_store)$|^(thumbs\.db|desktop\.ini)$", re.I)
Skipped = Literal["", "link", "hidden", "temporary", "large", "empty", "special", "unreadable", "bomb", "encrypted", "deep"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file: its path in the tree, its size, why it cannot be read (``skipped``, else empty), and its bytes (seekable)."""

    path: str
    size: int
    skipped: Skipped
    open: Callable[[], IO[bytes]]


def leaves(root: Path, limit: int) -> list[Leaf]:
    """All files of a folder or a zip, by path. ``limit``: bytes that one file may have.

    Raises:
        UsageError: there is no such folder or zip, or it holds more than ``MOST_FILES`` files.
    """
    found: list[Leaf] = []
    seen: dict[str, int] = {}
    for leaf in _zipped(root, limit) if root.is_file() else _walked(root, limit):
        seen[leaf.path] = seen.get(leaf.path, 0) + 1
        found.append(leaf if seen[leaf.path] == 1 else replace(leaf, path=_numbered(leaf.path, seen[leaf.path])))
        if len(found) > MOST_FILES:
            raise UsageError("filing.too_many", where=str(root), limit=MOST_FILES)
    return sorted(found, key=lambda leaf: [_natural(name) for name in leaf.path.split("/")])


def _numbered(path: str, number: int) -> str:
    """A name of its own for a file whose name another one has too (an archive may hold two, two encodings may read alike)."""
    stem, dot, ending = path.rpartition(".")
    return f"{stem} ({number}){dot}{ending}" if dot and "/" not in ending else f"{path} ({number})"


def _walked(root: Path, limit: int) -> Iterator[Leaf]:
    if not root.is_dir():
        raise UsageError("filing.no_folder", where=str(root))
    waiting = [(root, "")]
    while waiting:
        folder, above = waiting.pop()
        try:
            with os.scandir(folder) as listed:
                inside = sorted(listed, key=lambda e: e.name)
        except OSError:
            yield _skipped(above.rstrip("/") or str(root), "unreadable")
            continue
        for entry in inside:
            path = above + readable(os.fsencode(entry.name))
            why = _why(entry, limit)
            if not why and entry.is_dir(follow_symlinks=False):
                if path.count("/") < _DEEPEST:
                    waiting.append((Path(entry.path), f"{path}/"))
                else:
                    yield _skipped(path, "deep")
                continue
            size = 0 if why in ("link", "unreadable") else entry.stat(follow_symlinks=False).st_size
            yield Leaf(path, size, why, _opener(entry.path))


def _why(entry: os.DirEntry[str], limit: int) -> Skipped:
    """Why an entry of a folder is not read."""
    try:
        if entry.is_symlink() or entry.is_junction():  # type: ignore[attr-defined,unused-ignore]
            return "link"
    except AttributeError:  # Python 3.11 knows no junctions
        pass
    if _TEMPORARY.search(entry.name):
        return "temporary"
    if entry.name.startswith(".") or entry.name == "__MACOSX":
        return "hidden"
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return "unreadable"
    if stat.S_ISDIR(found.st_mode):
        return ""
    if not stat.S_ISREG(found.st_mode):
        return "special"
    if not os.access(entry.path, os.R_OK):
        return "unreadable"
    return "empty" if not found.st_size else "large" if found.st_size > limit else ""


def _opener(path: str) -> Callable[[], IO[bytes]]:
    """Opens the file that was seen, never what a link put in its place points to."""

    def open_() -> IO[bytes]:
        if Path(path).is_symlink():
            raise RegisterError("register.file_link", where=path)
        return typed_file.opened(path, getattr(os, "O_NOFOLLOW", 0))

    return open_


def _zipped(path: Path, limit: int) -> Iterator[Leaf]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UsageError("filing.no_zip", where=str(path)) from None
    for member in members:
        if member.is_dir():
            continue
        names = [n[:_LONGEST] for n in _member_name(member).replace("\\", "/").split("/") if n not in ("", ".", "..")][-_DEEPEST:]
        yield Leaf("/".join(names), member.file_size, _why_member(member, names, limit), _unpacker(path, member, limit))


def _why_member(member: zipfile.ZipInfo, names: list[str], limit: int) -> Skipped:
    if stat.S_ISLNK(member.external_attr >> 16):
        return "link"
    if not names or _TEMPORARY.search(names[-1]):
        return "temporary"
    if any(n.startswith(".") or n == "__MACOSX" for n in names):
        return "hidden"
    if member.flag_bits & 0x1:
        return "encrypted"
    if member.file_size > limit:
        return "large"
    if member.file_size > 1 << 20 and member.file_size > _RATIO * max(member.compress_size, 1):
        return "bomb"
    return "" if member.file_size else "empty"


def _unpacker(path: Path, member: zipfile.ZipInfo, limit: int) -> Callable[[], IO[bytes]]:
    """A member's bytes in a temporary file of their own, never more than ``limit`` whatever the archive says."""

    def unpack() -> IO[bytes]:
        target = tempfile.TemporaryFile()  # noqa: SIM115 - whoever opens it closes it
        try:
            with zipfile.ZipFile(path) as archive, archive.open(member) as source:
                while block := source.read(1 << 20):
                    if target.tell() + len(block) > limit:
                        raise RegisterError("register.file_large", limit=limit // (1024 * 1024))
                    target.write(block)
        except (zipfile.BadZipFile, RuntimeError, EOFError, NotImplementedError) as error:
            target.close()
            raise OSError(str(error)) from error
        except BaseException:
            target.close()
            raise
        target.seek(0)
        return target

    return unpack


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name; archives without the mark of UTF-8 were named in the code page of their maker."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return readable(member.filename.encode("cp437"))
    except UnicodeEncodeError:
        return member.filename


def readable(raw: bytes) -> str:
    r"""A file's name as text, whatever wrote it.

    >>> readable("登记.pdf".encode("gb18030")), readable(b"\xff\xff.pdf")
    ('登记.pdf', '\\xff\\xff.pdf')
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return "".join(c if c.isprintable() else "_" for c in raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts 2 before 10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d{1,9})", name) if part]


def _skipped(path: str, why: Skipped) -> Leaf:
    return Leaf(path, 0, why, lambda: io.BytesIO())
