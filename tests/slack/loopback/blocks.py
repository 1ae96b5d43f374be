"""Blocks as Slack keeps them: with the ids that the app left out."""

from __future__ import annotations

import copy
from typing import Any

from tests.slack.loopback.model import Json
from tests.slack.loopback.workspace import new_id

_ACTIONABLE = ("actions", "context_actions")


def stored(blocks: list[Json]) -> list[Json]:
    """A copy of ``blocks`` in which every block has a block_id and every element that can be used an action_id."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_id("b")[-5:])
        for element in _interactive(block):
            element.setdefault("action_id", new_id("a")[-5:])
        _complete(block)
    return kept


def _interactive(block: Json) -> list[Json]:
    found = list(block.get("elements", [])) if block.get("type") in _ACTIONABLE else []
    found += [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    return [element for element in found if element.get("type") not in ("image", "mrkdwn", "plain_text")]


def _complete(node: Any) -> None:
    if isinstance(node, dict):
        if node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        elif node.get("type") == "mrkdwn":
            node.setdefault("verbatim", False)
        for value in node.values():
            _complete(value)
    elif isinstance(node, list):
        for entry in node:
            _complete(entry)
