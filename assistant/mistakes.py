"""What is wrong in a file or in settings that people typed, told in the reader's language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from assistant.texts import say, texts
from assistant.typed_yaml import Twice


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
    places = [e["loc"] for e in error.errors()]
    for e in error.errors():
        if e["type"] == "too_short" and any(len(p) > len(e["loc"]) and p[: len(e["loc"])] == e["loc"] for p in places):
            continue  # too few are right, because one of them is wrong
        where = ".".join(str(p) for p in e["loc"])
        values: dict[str, Any] = {"value": _shown(e.get("input")), **{k: str(v) for k, v in (e.get("ctx") or {}).items()}}
        if e["type"] == "extra_forbidden":
            values["near"] = "、".join(_near(str(e["loc"][-1]), _keys(model, e["loc"][:-1])))
        if e["type"] == "model_type":
            values["near"] = ", ".join(f"{key}: …" for key in _keys(model, e["loc"])[:2])
        if "expected" in values:
            values["expected"] = "、".join(re.findall(r"'([^']*)'", values["expected"])) or values["expected"]
        found.append(Mistake(name(where) if where else "", e["type"], values))
    return Mistakes(tuple(found))


def twisted(typed: Any, made: Any, where: str = "") -> Iterator[Mistake]:
    """Values that validation took for what nobody means by them: 830 for the time 00:13:50, a number for a date, yes for 1."""
    if isinstance(made, BaseModel) and isinstance(typed, dict):
        for key, value in typed.items():
            yield from twisted(value, getattr(made, str(key), None), f"{where}.{key}" if where else str(key))
    elif isinstance(made, tuple) and isinstance(typed, list):
        for at, (value, became) in enumerate(zip(typed, made, strict=False)):
            yield from twisted(value, became, f"{where}.{at}")
    elif isinstance(typed, int | float):
        kinds = {time: "time", date: "date"} | ({int: "int", float: "float"} if isinstance(typed, bool) else {})
        if kind := kinds.get(type(made)):
            yield Mistake(where, kind, {"value": _shown(typed)})


def yaml_mistake(error: yaml.MarkedYAMLError) -> Mistake:
    """Where a file stops being YAML, or says a thing twice; lines count from 1."""
    first, last = (mark.line + 1 if mark else "?" for mark in (error.context_mark, error.problem_mark))
    if isinstance(error, Twice):
        return Mistake("", "twice", {"key": str(error.problem), "first": first, "line": last})
    begun = isinstance(error, yaml.scanner.ScannerError) and error.context_mark  # the word that has no end
    return Mistake("", "yaml", {"line": first if begun else last})


def _near(key: str, known: Sequence[str]) -> Sequence[str]:
    """The known key that ``key`` was meant for, else all of them."""
    return difflib.get_close_matches(key.lower(), known, 1) or known


def _keys(model: Any, place: Sequence[str | int]) -> list[str]:
    """The keys that are known at a place of a model, through lists of models."""
    for key in place:
        if isinstance(key, int):
            model = next(iter(get_args(model)), None)
        else:
            field = model.model_fields.get(key) if isinstance(model, type) and issubclass(model, BaseModel) else None
            model = field.annotation if field else None
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _shown(value: Any) -> str:
    """A value as one would type it."""
    if value is None or isinstance(value, str):
        text = value or ""
    else:
        text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1_000).removesuffix("\n...\n").strip()
    return text if len(text) <= 40 else text[:40] + "…"
