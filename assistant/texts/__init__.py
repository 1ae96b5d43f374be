"""Every text that people read, one folder per language, one TOML file per area; ``say`` picks and fills one."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")


def say(key: str, lang: str = "zh", /, **values: Any) -> str:
    """The text ``area.name`` in ``lang`` with its ``{placeholders}`` filled; values are data and never parsed.

    Raises:
        KeyError: when the language has no such text (a test holds all languages to the same keys).
    """
    area, _, name = key.partition(".")
    return texts(area, lang if lang in LANGUAGES else "zh")[name].format(**values)


@cache
def texts(area: str, lang: str) -> dict[str, str]:
    """All texts of one area, nested tables joined with dots."""
    with (Path(__file__).parent / lang / f"{area}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file), ""))


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        found += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, str(value))]
    return found
