"""Files that people type (profile, policy, gates, ``.env``): read as meant, or every mistake named in the reader's language.

Only regular files are read, whoever named them: a pipe, a device or a socket never ends or waits for ever.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import IO, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.dot_env import encoding_of
from assistant.errors import AeoError, UsageError
from assistant.mistakes import Mistake, Mistakes, mistakes, twisted, yaml_mistake
from assistant.typed_yaml import parsed

LARGEST = 64 * 1024
"""Bytes of a file that somebody typed; anything longer is another file."""
M = TypeVar("M", bound=BaseModel)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def opened(path: Path | str, flags: int = 0) -> IO[bytes]:
    """The bytes of a regular file, ready to be read. ``flags``: more of ``os.open`` (``O_NOFOLLOW``).

    Raises:
        UsageError: it is a folder, a pipe, a device or a socket.
        OSError: it is not there, or may not be read.
    """
    _regular(path, Path(path).stat().st_mode)  # before it is opened: that alone may do something to a device
    handle = os.open(path, _FLAGS | flags)
    try:
        _regular(path, os.fstat(handle).st_mode)
    except UsageError:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def read(path: Path | str, most: int = -1) -> bytes:
    """All bytes of a regular file, or its first ``most``.

    Raises:
        UsageError, OSError: see ``opened``.
    """
    with opened(path) as file:
        return file.read(most)


def _regular(path: Path | str, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UsageError("cli.in_folder", where=str(path))
    if not stat.S_ISREG(mode):
        raise UsageError("cli.in_special", where=str(path))


def text_of(raw: bytes) -> str:
    """Text in the encodings that editors here write (see ``encoding_of``).

    Raises:
        UnicodeDecodeError: it is none of them.
    """
    return raw.decode(encoding_of(raw))


def read_typed(path: Path, model: type[M], wrong: AeoError) -> M:
    """The YAML file at ``path`` as a ``model``; an empty file is the model's defaults, and so is a key without a value.

    Raises:
        OSError: it cannot be read. UsageError: it is no regular file.
        The kind of ``wrong``: with its key, ``where`` and everything that is wrong (``Mistakes``).
    """
    raw = read(path, LARGEST + 1)
    try:
        if len(raw) > LARGEST:
            raise type(wrong)(wrong.key, where=str(path.absolute()), wrong=Mistakes((Mistake("", "too_large", {"limit": LARGEST}),)))
        typed = _given(parsed(text_of(raw)) or {})
        made = model.model_validate(typed)
        if not (found := Mistakes(tuple(twisted(typed, made)))).found:
            return made
    except ValidationError as error:
        found = mistakes(error, model)
    except yaml.MarkedYAMLError as error:
        found = Mistakes((yaml_mistake(error),))
    except (yaml.YAMLError, UnicodeDecodeError):  # characters that no text has
        found = Mistakes((Mistake("", "encoding", {}),))
    except (ValueError, RecursionError):  # a date that is none, brackets without end
        found = Mistakes((Mistake("", "value_error", {}),))
    raise type(wrong)(wrong.key, where=str(path.absolute()), wrong=found)


def _given(value: Any) -> Any:
    """What is read, without the keys that were left empty."""
    return {k: _given(v) for k, v in value.items() if v is not None} if isinstance(value, dict) else value
