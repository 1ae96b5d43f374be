"""Ids of slots and keys are taken apart in one place (``SlotId``, ``SlotKey``), those of lines too (``LineId``)."""

from __future__ import annotations

import ast

from tests.house.sources import trees

CUTS = {"partition", "rpartition", "split", "rsplit"}
HOMES = ("assistant.register.facts.slot_ids", "assistant.line_ids")
NO_IDS = {
    "assistant.settings",
    "assistant.register.acts.people.terminals",
    "assistant.conversation.meaning.whom",
    "assistant.adapters.mail.notifier",
    "ingest.parse.check",
}
"""Where what is cut at such a sign is no id of ours: addresses, and numbers that a guide prints twice while it is parsed."""


def test_ids_are_taken_apart_in_one_place() -> None:
    """Nobody else cuts at ``@`` or ``#``."""
    found = []
    for name, tree in trees().items():
        for node in ast.walk(tree) if name not in (*HOMES, *NO_IDS) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CUTS and node.args:
                at = node.args[0]
                found += [f"{name}:{node.lineno}"] if isinstance(at, ast.Constant) and at.value in ("@", "#") else []
    assert found == []
