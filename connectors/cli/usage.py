"""Wrong use of the command line, said in one sentence of the reader's language."""

from __future__ import annotations

import sys

import typer

from assistant.texts import say, texts


def usage_sentence(error: typer.TyperException, lang: str) -> str:
    """What was wrong with the words after ``aeo``, and where help is."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    known = texts("usage", lang)
    key = next((kind for kind in kinds if kind in known), "UsageError")
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    name = str(getattr(error, "option_name", "") or (parameter.get_error_hint() if parameter is not None else ""))
    near = tuple(getattr(error, "possibilities", None) or ())
    values = {"name": name.strip("'"), "what": _unknown_command(error), "command": context.command_path if context else "aeo"}
    if key == "NoSuchOption" and near:
        key = "NoSuchOptionNear"
    if key == "UsageError" and values["what"]:
        key = "NoSuchCommand"
    return say(f"usage.{key}", lang, near=near, **values)


def _unknown_command(error: typer.TyperException) -> str:
    """The word that was taken for a command and is none; nothing where a command takes words of any kind."""
    context = getattr(error, "ctx", None)
    if context is None or not hasattr(context.command, "list_commands"):
        return ""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    return next(iter(words[len(context.command_path.split()) - 1 :]), "")
