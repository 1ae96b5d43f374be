"""Rooms stay small enough to be seen at a glance, and say what they are for."""

from __future__ import annotations

import ast

from tests.house.sources import FLOORS, ROOT

MANY = 14
"""Files beside a room's ``__init__`` at most; about ten is meant."""


def test_no_room_is_crowded() -> None:
    """What grows beyond it becomes rooms of its own."""
    rooms = [init.parent for floor in FLOORS for init in (ROOT / floor).rglob("__init__.py")]
    assert len(rooms) > 80
    assert {str(room.relative_to(ROOT)): n for room in rooms if (n := len([*room.glob("*.py")]) - 1) > MANY} == {}


def test_every_room_says_what_it_is_for() -> None:
    """In the first line of its ``__init__``."""
    inits = [init for floor in FLOORS for init in (ROOT / floor).rglob("__init__.py")]
    assert [str(init.relative_to(ROOT)) for init in inits if not ast.get_docstring(ast.parse(init.read_text("utf-8")))] == []
