"""Wrong use of the command line, said in one sentence of the reader's language."""

from __future__ import annotations

import sys
from collections.abc import Collection
from difflib import get_close_matches
from itertools import takewhile
from typing import Any

import typer

from assistant.texts import say, texts


def usage_sentence(error: typer.TyperException, lang: str, commands: Collection[str]) -> str:
    """What was wrong with the words after ``aeo``, and where help is; ``commands`` are the first of such words."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    known = texts("usage", lang)
    key = next((kind for kind in kinds if kind in known), "UsageError")
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    name = str(getattr(error, "option_name", "") or (parameter.get_error_hint() if parameter is not None else ""))
    near = tuple(getattr(error, "possibilities", None) or ())
    path = context.command_path if context else _path(commands)
    values: dict[str, Any] = {"name": _called(name.strip("'"), parameter, path, lang), "what": _unknown_command(error), "command": path}
    if key == "NoSuchOption" and near:
        key = "NoSuchOptionNear"
    if key == "UsageError" and values["what"]:
        near = tuple(get_close_matches(values["what"], context.command.list_commands(context), 1, 0.7)) if context else ()
        key = "NoSuchCommandNear" if near else "NoSuchCommand"
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if key == "BadParameter" and low is not None and high is not None:
        key, values = "OutOfRange", values | {"low": low, "high": high}
    return say(f"usage.{key}", lang, near=near, **values)


def _path(commands: Collection[str]) -> str:
    """The command that the words after ``aeo`` name, as far as they do."""
    words = list(takewhile(lambda word: not word.startswith("-"), sys.argv[1:]))
    return " ".join(["aeo", *(words[:1] if words and words[0] in commands else [])])


def _called(name: str, parameter: Any, path: str, lang: str) -> str:
    """A parameter by its name and, where it is a word and no option, by what it means."""
    known = texts("help", lang).get(".".join([*path.split()[1:], str(getattr(parameter, "name", ""))]), "")
    return name if not known or name.startswith("-") else say("usage.meaning", lang, name=name, meaning=known.rstrip("."))


def _unknown_command(error: typer.TyperException) -> str:
    """The word that was taken for a command and is none; nothing where a command takes words of any kind."""
    context = getattr(error, "ctx", None)
    if context is None or not hasattr(context.command, "list_commands"):
        return ""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    return next(iter(words[len(context.command_path.split()) - 1 :]), "")
