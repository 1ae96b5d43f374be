"""Checks of everything sent to Slack, by JSON Schemas made from Slack's own published types, and by a few lints of ours.

Each ``check_…`` gives a list of findings, one line each; an empty list means that Slack's types and documented limits allow it.
``check_event`` judges what Slack sends to us, where the published types lag behind: properties they do not know are warnings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.slack.schemas.lints import Surface, lint_blocks, lint_request, lint_view
from tests.slack.schemas.published import definitions, errors, findings

__all__ = ["Checked", "Surface", "check_blocks", "check_event", "check_manifest", "check_request", "check_view", "typed"]

_ALWAYS_ALLOWED = ("token", "team_id")  # Bolt adds team_id to calls of its own accord
_INTERACTIONS = ("block_actions", "view_submission", "view_closed", "shortcut", "message_action")


class Checked(NamedTuple):
    """What is wrong with an incoming payload, and what is merely not in Slack's published types."""

    errors: list[str]
    warnings: list[str]


def check_request(method: str, args: Mapping[str, Any]) -> list[str]:
    """What Slack would not accept in a call of ``method`` with ``args`` (typed, see ``typed``)."""
    if method not in definitions("requests"):
        return [f"{method}: no published arguments; add the method to generate.mjs"]
    plain = {key: value for key, value in args.items() if key not in _ALWAYS_ALLOWED}
    found = errors("requests", method, plain)
    blocks = plain.get("blocks")
    if isinstance(blocks, list):
        found += check_blocks(blocks)
    if isinstance(plain.get("view"), Mapping):
        found += check_view(plain["view"])
    for position, chunk in enumerate(plain.get("chunks") or ()):
        found += errors("blockkit", "AnyChunk", chunk, f"chunks[{position}]")
    return found + lint_request(method, plain)


def check_blocks(blocks: Sequence[Any], surface: Surface = "message") -> list[str]:
    """What Slack would not accept in the blocks of a message, or of a view of the kind ``surface``."""
    found = errors("blockkit", "Blocks", list(blocks), "blocks")
    return found or lint_blocks([b for b in blocks if isinstance(b, Mapping)], surface)


def check_view(view: Mapping[str, Any]) -> list[str]:
    """What Slack would not accept in a modal or Home view."""
    return errors("blockkit", "SlackView", dict(view), "view") or lint_view(view)


def check_manifest(manifest: Mapping[str, Any]) -> list[str]:
    """What Slack would not accept in an app manifest; scope and event names are checked too."""
    return errors("manifest", "AppManifest", dict(manifest), "manifest")


def check_event(payload: Mapping[str, Any]) -> Checked:
    """What Slack would not send: an envelope with its event, a bare event, an interaction or a slash command."""
    kind = payload.get("type")
    if kind == "event_callback":
        found = findings("incoming", "Envelope", {**payload, "event": {"type": payload.get("event", {}).get("type")}})
        found += findings("incoming", "SlackEvent", payload.get("event"), "event")
    elif kind == "block_suggestion":  # not among the types that Slack publishes
        return Checked([], [])
    elif kind in _INTERACTIONS:
        found = findings("incoming", "Interaction", dict(payload))
        if "view" in payload:  # the types ask for a response_url where Slack sends none
            found = [(line, unknown or "'response_url' is a required" in line) for line, unknown in found]
    elif "command" in payload:
        found = findings("incoming", "Command", dict(payload))
    else:
        found = findings("incoming", "SlackEvent", dict(payload), "event")
    return Checked([line for line, unknown in found if not unknown], [line for line, unknown in found if unknown])


def typed(method: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The arguments of a form-encoded call, as the types that ``method`` publishes for them."""
    rules = definitions("requests").get(method, {}).get("properties", {})
    return {name: _typed(rules.get(name, {}), value) for name, value in form.items()}


def _typed(rule: Mapping[str, Any], value: str) -> Any:
    kinds = {kind for r in (rule, *rule.get("anyOf", ())) for kind in _kinds(r)}
    if "boolean" in kinds and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    if "number" in kinds and "string" not in kinds and value.lstrip("-").isdigit():
        return int(value)
    if kinds & {"array", "object"} or "$ref" in rule:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _kinds(rule: Mapping[str, Any]) -> list[str]:
    kind = rule.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)
