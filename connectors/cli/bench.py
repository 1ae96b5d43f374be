"""``aeo bench``: runs the benches that live beside the tests in a source folder; an installed package says where they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer

from assistant.errors import UsageError
from connectors.cli.output import JSON_OPTION

_SOURCE = Path(__file__).parents[2]


def bench(
    group: list[str] = typer.Argument(None),
    json_: bool = JSON_OPTION,
) -> None:
    """Measure speed and memory. Exit status 1 when a limit is passed.

    Raises:
        UsageError: the product runs from an installed package, without its source.
    """
    if not (_SOURCE / "tests" / "bench").is_dir():
        raise UsageError("cli.bench_source")
    words = [*(group or []), *(["--json"] if json_ else [])]
    raise typer.Exit(subprocess.run([sys.executable, "-m", "tests.bench", *words], cwd=_SOURCE, check=False).returncode)  # noqa: S603 - our own benches
