"""``aeo``: the root command, and what becomes of what goes wrong."""

from __future__ import annotations

import logging
import os
import shlex
import sys
import traceback
from importlib import metadata
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from assistant.dot_env import DOT_ENV, language, said, unread_lines
from assistant.errors import AeoError, RegisterError, SettingsError, UsageError, reason
from assistant.texts import say
from connectors.cli.commands import COMMANDS, command
from connectors.cli.help_texts import in_words
from connectors.cli.usage import usage_sentence

logging.getLogger("aeo").addHandler(logging.NullHandler())  # causes are for a log that somebody set up, not for who asks


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
FAILED, WRONG, CRASHED, INTERRUPTED = 1, 2, 3, 130
"""Exit statuses: a check that a command makes failed; wrong use or input; a fault of the program; Ctrl-C."""


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
    if "_AEO_COMPLETE" not in os.environ and (lines := unread_lines()):
        sys.stderr.write(say("cli.dot_env_lines", language(), where=DOT_ENV.absolute(), lines=tuple(lines)) + "\n")
    try:
        sys.exit(app(prog_name="aeo", standalone_mode=False) or 0)
    except AeoError as error:
        _tell(_redacted(error.sentence(language())), error.exit_status)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(error.format_message() + "\n")
            sys.exit(0)
        _tell(usage_sentence(error, language(), COMMANDS), WRONG)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILED)
    except OSError as error:  # a full disk, a folder that is not ours: wherever it happens
        where, what = Path(error.filename or said("AEO_HOME") or ".aeo").absolute(), reason(error).in_words(language())
        _tell(say("cli.disk", language(), where=where, what=what), WRONG)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except Exception as error:  # a fault of the program: the sentence for people, the rest for those who mend it
        _tell(_crashed(error), CRASHED)


def _tell(sentence: str, status: int) -> None:
    sys.stderr.write(sentence + "\n")
    sys.exit(status)


def _redacted(text: str) -> str:
    """The text without any secret of the settings."""
    from assistant.settings import Settings, load_settings
    from connectors.serving.logs import Redactor

    try:
        settings = load_settings()
    except SettingsError:  # tokens are known by their shape then
        settings = Settings.model_construct()
    return Redactor(settings)(text)


def _crashed(error: Exception) -> str:
    file = Path(said("AEO_HOME") or ".aeo").absolute() / "crash.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            file.chmod(0o600)
            log.write(_redacted("".join(traceback.format_exception(error))) + "\n")
    except OSError:
        file = Path("—")
    return say("cli.crash", language(), what=type(error).__name__, where=file)


if __name__ == "__main__":
    run()
