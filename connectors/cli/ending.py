"""What becomes of what goes wrong: one sentence on stderr and an exit status, never a traceback."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import typer

from assistant.dot_env import language, said
from assistant.errors import AeoError, SettingsError, reason
from assistant.texts import say
from connectors.cli.usage import usage_sentence

FAILED, WRONG, CRASHED, INTERRUPTED = 1, 2, 3, 130
"""Exit statuses: a check that a command makes failed; wrong use or input; a fault of the program; Ctrl-C."""


def ended(start: Callable[[], int | None], commands: Sequence[str]) -> NoReturn:
    """Run what was called, and leave the process with its exit status; ``commands`` are offered for one that is misspelt."""
    try:
        sys.exit(start() or 0)
    except AeoError as error:
        _tell(_redacted(error.sentence(language())), error.exit_status)
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stdout.write(error.format_message() + "\n")
            sys.exit(0)
        _tell(usage_sentence(error, language(), commands), WRONG)
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


def _tell(sentence: str, status: int) -> NoReturn:
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
