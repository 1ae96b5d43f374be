"""Files that a command writes where somebody asked for them: whole or not at all, never over another one unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import typer

from assistant.errors import UsageError, reason

FORCE_OPTION = typer.Option(False, "--force")


@contextmanager
def written(path: Path, force: bool, *kinds: str) -> Iterator[IO[bytes]]:
    """The file to write (and read) that becomes ``path`` in one step when all went well.

    Until then it is ``path`` with ``.part`` behind it: whoever kills the command sees what it is, and the next run writes over it.

    Raises:
        UsageError: see ``may_write``; or nothing can be written there.
    """
    may_write(path, force, *kinds)
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("w+b") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        beside.replace(path)
    except OSError as error:
        raise UsageError("cli.out_failed", where=str(path), what=reason(error)) from error
    finally:
        beside.unlink(missing_ok=True)


def folder_for(path: Path) -> Path:
    """A folder for several files, made where it is missing; the one that it is in must be there.

    Raises:
        UsageError: it is not, or ``path`` is a file.
    """
    if path.exists() and not path.is_dir():
        raise UsageError("cli.out_file", where=str(path))
    if not path.parent.is_dir():
        raise UsageError("cli.out_nowhere", where=str(path.parent))
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError("cli.out_failed", where=str(path), what=reason(error)) from error
    return path


def may_write(path: Path, force: bool, *kinds: str) -> None:
    """Refuse what cannot be meant, before the work for it begins. ``kinds``: endings that its name may have (``.xlsx``); none: any.

    Raises:
        UsageError: such a file is there and nobody said that it may be replaced; a folder has that name; the folder of it is missing;
            or its name says another kind of file.
    """
    if path.is_dir() or (path.exists() and not path.is_file()):  # a folder, or a device
        raise UsageError("cli.out_folder", where=str(path))
    if kinds and path.suffix.lower() not in kinds:
        raise UsageError("cli.out_kind", where=str(path), kind=kinds[0], better=f"{path.stem}{kinds[0]}")
    if not path.parent.is_dir():
        raise UsageError("cli.out_nowhere", where=str(path.parent))
    if path.exists() and not force:
        raise UsageError("cli.out_exists", where=str(path))
