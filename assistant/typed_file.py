"""Files that people type (profile, policy, gates, ``.env``): read as meant, or every mistake named in the reader's language.

YAML 1.1 turns 8:30 into 510, 014 into 12 and 2026/1/5 into a text; here a time of day stays one, a number is decimal, and a date
may be written 2026-1-5, 2026/1/5, 2026.1.5 or 2026年1月5日. Only regular files are read, whoever named them: a pipe, a device or a socket
never ends or waits for ever.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assistant.dot_env import encoding_of
from assistant.errors import AeoError, UsageError
from assistant.texts import say, texts

LARGEST = 64 * 1024
"""Bytes of a file that somebody typed; anything longer is another file."""
_DATE = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")
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
    """The YAML file at ``path`` as a ``model``; an empty file is the model's defaults.

    Raises:
        OSError: it cannot be read. UsageError: it is no regular file.
        The kind of ``wrong``: with its key, ``where`` and everything that is wrong (``Mistakes``).
    """
    raw = read(path, LARGEST + 1)
    try:
        if len(raw) > LARGEST:
            raise type(wrong)(wrong.key, where=str(path.absolute()), wrong=Mistakes((Mistake("", "too_large", {"limit": LARGEST}),)))
        return model.model_validate(parsed(text_of(raw)) or {})
    except ValidationError as error:
        found = mistakes(error, model)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = Mistakes((Mistake("", "yaml", {"line": mark.line + 1 if mark else "?"}),))
    except UnicodeDecodeError:
        found = Mistakes((Mistake("", "encoding", {}),))
    except (ValueError, RecursionError):  # a date that is none, brackets without end
        found = Mistakes((Mistake("", "value_error", {}),))
    raise type(wrong)(wrong.key, where=str(path.absolute()), wrong=found)


def parsed(text: str) -> Any:
    """YAML as people mean it (see the module).

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with fewer, not more, types


class _Loader(yaml.SafeLoader):
    """A SafeLoader without YAML 1.1's numbers and timestamps; those below take their place."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag.rpartition(":")[2] not in ("int", "float", "timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | float:
    text = str(loader.construct_scalar(node))
    return float(text) if "." in text else int(text)


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> date | str:
    text = str(loader.construct_scalar(node))
    found = _DATE.fullmatch(text)
    assert found
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return text


def _time(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    """A time of day with its noughts, also where it stands in quotation marks; any other text as it is."""
    text = str(loader.construct_scalar(node))
    found = _TIME.fullmatch(text)
    return ":".join(part.zfill(2) for part in found.groups() if part) if found else text


for _tag, _pattern, _first, _make in (
    ("!number", re.compile(r"[-+]?\d+(?:\.\d+)?"), "-+0123456789", _number),
    ("!day", _DATE, "0123456789", _day),
    ("!time", _TIME, "0123456789", _time),
):
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern.pattern})$"), list(_first))
    _Loader.add_constructor(_tag, _make)
_Loader.add_constructor("tag:yaml.org,2002:str", _time)


@dataclass(frozen=True)
class Mistake:
    """One mistake: ``where`` in the file (keys, dots between), its ``kind`` (a key of ``texts/mistakes``), and what fills the text."""

    where: str
    kind: str
    values: dict[str, Any]

    def in_words(self, lang: str) -> str:
        """One sentence part, in ``lang``."""
        known = texts("mistakes", lang)
        kind = next((k for k in (self.kind, self.kind.partition("_")[0]) if k in known), "other")
        said = say(f"mistakes.{kind}", lang, **{"near": "", **self.values})
        return say("mistakes.at", lang, where=self.where, said=said) if self.where else said


@dataclass(frozen=True)
class Mistakes:
    """Everything that is wrong in a file or in the settings."""

    found: tuple[Mistake, ...]

    def in_words(self, lang: str) -> str:
        """All of it in one line."""
        return ("；" if lang == "zh" else "; ").join(m.in_words(lang) for m in self.found)

    def __str__(self) -> str:
        return self.in_words("zh")


def mistakes(error: ValidationError, model: type[BaseModel] | None = None, name: Callable[[str], str] = str) -> Mistakes:
    """What pydantic found, in our words; an unknown key is told the known one that looks like it.

    Args:
        error: what validation raised.
        model: whose keys are known.
        name: how a place, keys with dots between, is written for people.
    """
    found = []
    for e in error.errors():
        where = ".".join(str(p) for p in e["loc"])
        values: dict[str, Any] = {"value": _shown(e.get("input")), **{k: str(v) for k, v in (e.get("ctx") or {}).items()}}
        if e["type"] == "extra_forbidden":
            known = _keys(model, e["loc"][:-1])
            values["near"] = "、".join(difflib.get_close_matches(str(e["loc"][-1]), known, 1) or known)
        if "expected" in values:
            values["expected"] = "、".join(re.findall(r"'([^']*)'", values["expected"])) or values["expected"]
        found.append(Mistake(name(where) if where else "", e["type"], values))
    return Mistakes(tuple(found))


def _keys(model: type[BaseModel] | None, place: Sequence[str | int]) -> list[str]:
    """The keys that are known at a place of a model."""
    for key in place:
        field = model.model_fields.get(str(key)) if model else None
        model = field.annotation if field and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel) else None
    return list(model.model_fields) if model else []


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"
