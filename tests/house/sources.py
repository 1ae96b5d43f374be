"""The files of the product and their syntax, read once for all tests of the house."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("assistant", "ingest", "prompts", "evals", "connectors", "deploy")


@cache
def sources() -> dict[str, str]:
    """Path from the root -> text, for every Python file that ships."""
    files = (path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")))
    return {p.relative_to(ROOT).as_posix(): p.read_text("utf-8") for p in files}


def written() -> dict[str, str]:
    """The same without the migrations, which are steps of a moment and stay as they were written."""
    return {path: text for path, text in sources().items() if "/migrations/" not in path}


@cache
def trees() -> dict[str, ast.Module]:
    """Module name -> its syntax."""
    return {path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): ast.parse(text) for path, text in sources().items()}
