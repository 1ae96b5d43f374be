"""What earlier packings computed, each under a fingerprint of all that it was made of: what nothing changed for is not computed again.

Only ``ingest.pack`` keeps anything, under ``build/``; everywhere else ``kept`` computes.
"""

from __future__ import annotations

import ast
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

Made = TypeVar("Made")

_ROOT = Path(__file__).parents[3]
_DAYS = 7
"""After how many days without use a result is thrown away."""
_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Within it results are kept in ``folder``, which may be deleted at any time; those long unused are deleted at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if file.stat().st_mtime < time.time() - _DAYS * 86400:
            file.unlink()
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def kept(name: str, made_of: Sequence[object], make: Callable[[], Made]) -> Made:
    """What ``make`` gives, or gave when it was made of the same before.

    Args:
        name: what it is, for the name of the file.
        made_of: all that the result depends on, the code among it (``code_of``).
        make: computes it.
    """
    file = _file(name, made_of)
    if file is None:
        return make()
    if not file.exists():
        _write(file, make())
    return cast(Made, _read(file))


@contextmanager
def growing(name: str, made_of: Sequence[object]) -> Iterator[dict[str, Any]]:
    """What was found of single texts before, all depending on the same ``made_of``; what is added within it is kept."""
    file = _file(name, made_of)
    found: dict[str, Any] = _read(file) if file and file.exists() else {}
    before = len(found)
    try:
        yield found
    finally:
        if file and len(found) > before:
            _write(file, found)


def _file(name: str, made_of: Sequence[object]) -> Path | None:
    """Where what is made of these is kept; nowhere outside of ``keeping``."""
    import joblib

    folder = _folder.get()
    return None if folder is None else folder / f"{name}-{joblib.hash(list(made_of))}.pickle"


def _write(file: Path, made: object) -> None:
    whole = file.with_suffix(".part")
    whole.write_bytes(pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    whole.replace(file)


def _read(file: Path) -> Any:
    file.touch()  # in use
    return pickle.loads(file.read_bytes())  # noqa: S301 - written by ``_write``


@cache
def code_of(module: str) -> dict[str, str]:
    """The sources of a module and of all of ours that it imports, by name."""
    sources: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = _ROOT.joinpath(*name.split("."))
        file = next((f for f in (path.with_suffix(".py"), path / "__init__.py") if f.exists()), None)
        if file is None or name in sources:
            continue
        sources[name] = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(sources[name])):
            if isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{n.name}" for n in node.names)]
    return sources
