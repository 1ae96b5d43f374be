"""What every command shares: one JSON document on stdout, text and progress for people, errors as one sentence."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from assistant.texts import say

if TYPE_CHECKING:
    from rich.console import Console

JSON_OPTION = typer.Option(False, "--json")

Progress = Callable[[str, int, int], None]


def emit(document: Any) -> None:
    """Print ``document`` as one JSON document on stdout, Chinese unescaped."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))  # half a surrogate pair stays what it was in JSON


def write(text: str = "") -> None:
    """Print a line for people on stdout."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Print a line for people on stderr: notices, progress, errors."""
    sys.stderr.write(text + "\n")


def console() -> Console:
    """A rich console on stdout, coloured only on a terminal."""
    from rich.console import Console

    return Console(soft_wrap=False, highlight=False)


def wide_console() -> Console:
    """The same for a table: where no terminal says how wide it is, nothing is cut off."""
    screen = console()
    if not screen.is_terminal:
        screen.width = 200
    return screen


_QUIET, _APART = 2.0, 20.0
"""Seconds of work of which nothing is said, and seconds between two lines of one stage."""


def lines(lang: str, clock: Callable[[], float] = time.monotonic) -> Progress:
    """A function ``(stage, done, total)`` for logs and pipes: a line where a stage begins, and another now and then while it lasts."""
    began = said = clock()
    told: set[str] = set()

    def move(stage: str, done: int, total: int) -> None:
        nonlocal said
        now = clock()
        if now - began < _QUIET or done == total or (stage in told and now - said < _APART):
            return
        told.add(stage)
        said = now
        name = say(f"cli.stage.{stage}", lang)
        note(say("cli.stage_at" if done else "cli.stage_begins", lang, stage=name, done=done, total=total))

    return move


@contextmanager
def progress(lang: str) -> Iterator[Progress]:
    """A function ``(stage, done, total)`` that moves a progress bar on a terminal; elsewhere it says lines on stderr (``lines``)."""
    if not sys.stderr.isatty():
        yield lines(lang)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def move(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(say(f"cli.stage.{stage}", lang), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield move
