"""A class has its name to itself, so that nothing has to be renamed where it is imported."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.house.sources import FLOORS, trees


def test_a_class_has_its_name_to_itself() -> None:
    """No two classes of the product are called the same."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert len(homes) > 500
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_class_of_ours_is_renamed_by_an_import() -> None:
    """What is imported from the product keeps its name (``import X as Y`` hides what Y is)."""
    found = [
        f"{module}:{node.lineno}: {alias.name} as {alias.asname}"
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in FLOORS
        for alias in node.names
        if alias.asname and alias.name[0].isupper()
    ]
    assert found == []
