"""The HTML pages of the register, from the templates beside this file; every value is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def template(name: str) -> Any:
    """A template by its file name."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return pages.get_template(name)
