"""The page of the house is true: what it names is there, and it stays one page."""

from __future__ import annotations

import re

from tests.house.sources import ROOT, trees

PAGE = ROOT / "ARCHITECTURE.md"
WAY = re.compile(r"`([a-z_]+(?:/[a-z_]+)+)(?:\.([A-Z]\w+))?`")
SHORT = ("assistant.", "assistant.answers.", "assistant.register.", "connectors.", "connectors.slack.", "")
"""How names on the page may be shortened."""


def test_every_place_on_the_page_exists() -> None:
    """A folder, module or class that was moved is moved on the page too."""
    modules = set(trees())
    missing = []
    for way, name in WAY.findall(PAGE.read_text("utf-8")):
        dotted = way.replace("/", ".")
        found = [module for short in SHORT if (module := f"{short}{dotted}") in modules]
        classes = {n.name for module in found for n in trees()[module].body if hasattr(n, "name")}
        if not (found or (ROOT / way).exists()) or (name and name not in classes):
            missing.append(f"{way}.{name}" if name else way)
    assert not missing, missing


def test_it_is_one_page() -> None:
    """A newcomer reads it in five minutes."""
    assert len(PAGE.read_text("utf-8").split()) < 1_000
