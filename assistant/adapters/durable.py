"""A text file written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_IN_PLACE = (errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS)
"""What is said where no file may be put in another's place: over a mounted file, in a folder that is not ours."""


def write_durably(path: Path, text: str) -> None:
    """Write beside, flush to disk, rename over: readers see the old file or the new one, never half of it.

    A file that cannot be renamed over (a container's bind mount, a folder that may only be read) is written in place.

    Raises:
        OSError: the file may not be written, or there is no room; what stood there stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _write(beside, text)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno not in _IN_PLACE or not path.exists():
            raise
        _write(path, text)
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
