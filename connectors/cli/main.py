"""``aeo``: the root command, and every command by its name."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from assistant.dot_env import DOT_ENV, language, said, unread_lines
from assistant.errors import RegisterError, UsageError
from assistant.texts import say
from connectors.cli.ending import ended
from connectors.cli.help_texts import in_words

logging.getLogger("aeo").addHandler(logging.NullHandler())  # causes are for a log that somebody set up, not for who asks

COMMANDS = (
    "ask",
    "chat",
    "guide",
    "profile",
    "evidence",
    "owners",
    "people",
    "nudge",
    "eval",
    "slack",
    "mcp",
    "migrate",
    "backup",
    "restore",
    "person",
    "doctor",
    "bench",
)
"""Every command by its name, in the order in which a new user needs them."""


class _Lazy(TyperGroup):
    """Commands by name, each loaded when it is called or asked for help."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in sys.argv and "_AEO_COMPLETE" not in os.environ:
            return _placeholder(cmd_name)
        return in_words(command(cmd_name), cmd_name, language())

    def invoke(self, ctx: Any) -> Any:
        """Run the command; where the register refuses, people and slots are named as people name them."""
        if not {"restore", "-h", "--help"} & set(sys.argv[1:]) and (Path(said("AEO_HOME") or ".aeo") / "restoring.txt").exists():
            from assistant.adapters.archive.restore import unfinished

            home = Path(said("AEO_HOME") or ".aeo").absolute()
            raise UsageError("ops.restore_unfinished", home=str(home), file=shlex.quote(unfinished(home) or "FILE"))
        try:
            return super().invoke(ctx)
        except RegisterError as error:
            from connectors.cli.refusals import by_name

            by_name(error)
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The list of commands, in the reader's language."""
        in_words(self, "root", language(), deep=False)
        super().format_help(ctx, formatter)


def _placeholder(name: str) -> Any:
    """A stand-in with the command's one-line help, so that listing commands imports none of them."""
    single = typer.Typer(add_completion=False)
    single.command(name, help=say(f"cli.help.{name}", language()))(lambda: None)
    return typer.main.get_command(single)


app = typer.Typer(cls=_Lazy, no_args_is_help=True, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"aeo {metadata.version('aeo-assistant')}\n")
        raise typer.Exit


@app.callback()
def root(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True)) -> None:
    """Answers, evidence and editions of the AEO guide."""


def run() -> None:
    """Console script: runs a command; an error is one sentence on stderr and its exit status, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal in GBK has no ✓; better a ? than a crash
    os.umask(0o077)  # what is written under the home is its owner's alone
    os.environ["PYTHONSAFEPATH"] = "1"  # what it starts never imports from the working folder
    if "_AEO_COMPLETE" not in os.environ and (lines := unread_lines()):
        sys.stderr.write(say("cli.dot_env_lines", language(), where=DOT_ENV.absolute(), lines=tuple(lines)) + "\n")
    ended(lambda: app(prog_name="aeo", standalone_mode=False), COMMANDS)


def command(name: str) -> Any:
    """The command (or group) of a name, ready to be called; None when there is none."""
    found = _found(name)
    if found is None:
        return None
    if isinstance(found, typer.Typer):
        made = typer.main.get_command(found)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(found)
        made = typer.main.get_command(single)
    made.name = name
    return made


def _found(name: str) -> Any:
    """The module of a command is imported when it is called or asked for help, so that ``aeo --help`` stays fast."""
    match name:
        case "ask":
            from connectors.cli.talking.ask import ask

            return ask
        case "chat":
            from connectors.cli.talking.chat import chat

            return chat
        case "guide":
            from connectors.cli.guide.editions import app

            return app
        case "profile":
            from connectors.cli.enterprise.profile import app

            return app
        case "evidence":
            from connectors.cli.evidence.group import app

            return app
        case "owners":
            from connectors.cli.enterprise.owners import app

            return app
        case "people":
            from connectors.cli.enterprise.people import app

            return app
        case "nudge":
            from connectors.cli.serving.nudge import app

            return app
        case "eval":
            from connectors.cli.eval.runs import app

            return app
        case "slack":
            from connectors.cli.serving.slack import app

            return app
        case "mcp":
            from connectors.cli.serving.mcp import mcp

            return mcp
        case "migrate":
            from connectors.cli.keeping.migrate import migrate

            return migrate
        case "backup":
            from connectors.cli.keeping.backup import backup

            return backup
        case "restore":
            from connectors.cli.keeping.backup import restore

            return restore
        case "person":
            from connectors.cli.keeping.person import app

            return app
        case "doctor":
            from connectors.cli.doctor.looks import doctor

            return doctor
        case "bench":
            from connectors.cli.bench import bench

            return bench
    return None


if __name__ == "__main__":
    run()
