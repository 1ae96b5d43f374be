"""What ``--help`` says, in one language at a time: every command and parameter has its text in ``texts/<language>/help.toml``.

The text of a command stands under its path and ``about``, that of a parameter under the path and the parameter's name
(``evidence.accept.about``, ``evidence.accept.slot``); the code holds none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.text import Text
from typer import rich_utils

from assistant.texts import say, texts

_made = rich_utils._make_rich_text
_TYPES = {"str": "text", "path": "path", "Path": "path", "int": "number", "int range": "number", "float": "number"}


def in_words(command: Any, path: str, lang: str, deep: bool = True) -> Any:
    """The command with its help, and that of all that is under it (``deep``), in ``lang``."""
    known = texts("help", lang)
    rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = known["arguments"], known["options"]
    rich_utils.COMMANDS_PANEL_TITLE = known["commands"]
    rich_utils.REQUIRED_LONG_STRING, rich_utils.DEFAULT_STRING = f"[{known['required']}]", f"[{known['default']}{{}}]"
    rich_utils._make_rich_text = _folded
    for name, each in walked(command, path) if deep else [(path, command)]:
        _word(each, name, known, lang)
    return command


def walked(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """A command and all under it, each with its path, dots between."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walked(below, f"{path}.{name}" if path else name)


def keys(command: Any, path: str) -> list[str]:
    """The texts that a command tree needs."""
    return [f"{p}.{n}" for p, each in walked(command, path) for n in ("about", *_names(each))]


def _folded(**given: Any) -> Any:
    """A text of help that breaks anywhere: Chinese has no blanks, and what does not fit would be cut."""
    made = _made(**given)
    if isinstance(made, Text):
        made.overflow = "fold"
    return made


def _names(command: Any) -> list[str]:
    return [str(p.name) for p in command.params if p.name not in ("help", "install_completion", "show_completion")]


def _word(command: Any, path: str, known: dict[str, str], lang: str) -> None:
    command.help = known.get(f"{path}.about", command.help)
    command.short_help = None
    for parameter in command.params:
        parameter.help = known.get(f"{path}.{parameter.name}", getattr(parameter, "help", None))
        parameter.display_type_rich = _kind(parameter, known)
        if f"completion.{parameter.name}" in known:
            parameter.help = known[f"completion.{parameter.name}"]
    command.options_metavar = f"[{known['options']}]"
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = known["below"]
    made = command.get_help_option

    def help_option(context: Any) -> Any:
        option = made(context)
        if option is not None:
            option.help, option.display_type_rich = known["this"], _kind(option, known)
        return option

    def usage(context: Any) -> str:
        pieces = " ".join(command.collect_usage_pieces(context)).replace("{", "").replace("}", "")  # of words that must be given
        return say("help.usage", lang, command=context.command_path, pieces=pieces)

    command.get_help_option, command.get_usage = help_option, usage


def _kind(parameter: Any, known: dict[str, str]) -> Any:
    """What a parameter takes, in words; a flag takes nothing."""

    def display(ctx: Any) -> str:
        one = str(parameter.display_type(ctx)).strip("<>").removeprefix("list[").removesuffix("]")
        if one == "bool":
            return ""
        return known.get(f"takes_{_TYPES.get(one, one)}", one)

    return display
