"""Files that a command writes where somebody asked for them: whole or not at all, never over another one unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

from assistant.errors import UsageError

FORCE_OPTION = typer.Option(False, "--force")


@contextmanager
def written(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """The file to write (and read) that becomes ``path`` in one step when all went well.

    Until then it is ``path`` with ``.part`` behind it: whoever kills the command sees what it is, and the next run writes over it.

    Raises:
        UsageError: there is such a file and nobody said that it may be replaced, or nothing can be written there.
    """
    may_write(path, force)
    beside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w+b") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        beside.replace(path)
    except OSError as error:
        raise UsageError("cli.out_failed", where=str(path), what=error.strerror or type(error).__name__) from error
    finally:
        beside.unlink(missing_ok=True)


def may_write(path: Path, force: bool) -> None:
    """Refuse to replace a file unasked, before the work for it begins.

    Raises:
        UsageError: there is one, or a folder of that name.
    """
    if path.is_dir() or (path.exists() and not path.is_file()):  # a folder, or a device
        raise UsageError("cli.out_folder", where=str(path))
    if path.exists() and not force:
        raise UsageError("cli.out_exists", where=str(path))
