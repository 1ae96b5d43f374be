"""The page of the house is true: what it names is there, and it stays one page."""

from __future__ import annotations

import re

from tests.house.sources import ROOT, trees

PAGE = ROOT / "ARCHITECTURE.md"
WAY = re.compile(r"`([a-z_]+(?:/[a-z_]+)+)(?:\.([A-Z]\w+))?`")
FLOORS = ("connectors", "evals", "ingest", "assistant", "prompts")
SHELVES = {"guides", "sets", "replies"}
"""Folders of data."""
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


def test_every_room_stands_on_the_page() -> None:
    """The rooms of every floor are named, and what is named as a room is one."""
    page = PAGE.read_text("utf-8")
    folders = [p.parent for floor in FLOORS for p in (ROOT / floor).rglob("__init__.py")]
    named = set(re.findall(r"(?<![\w/])([a-z_]+)/(?![\w*])", page))
    assert [f.name for f in folders if len(f.relative_to(ROOT).parts) == 2 and not re.search(rf"\b{f.name}\b", page)] == []
    assert sorted(named - {f.name for f in folders} - {p.name for p in ROOT.rglob("questions")} - SHELVES) == []


def test_it_is_one_page() -> None:
    """A newcomer reads it in five minutes."""
    assert len(PAGE.read_text("utf-8").split()) < 1_000
