"""What a reader does with an element: the action that Slack sends for it, and the value that a form keeps of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.slack.loopback.model import Json

_VALUE_KEY = {
    "plain_text_input": "value", "number_input": "value", "url_text_input": "value", "email_text_input": "value",
    "datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
    "users_select": "selected_user", "conversations_select": "selected_conversation", "channels_select": "selected_channel",
    "multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels", "rich_text_input": "rich_text_value", "file_input": "files",
}  # fmt: skip
_ONE_OF = ("static_select", "radio_buttons", "overflow", "external_select")
_SOME_OF = ("multi_static_select", "checkboxes", "multi_external_select")
_INITIAL = {
    "value": "initial_value", "selected_date": "initial_date", "selected_time": "initial_time", "selected_user": "initial_user",
    "selected_date_time": "initial_date_time", "selected_conversation": "initial_conversation", "selected_channel": "initial_channel",
    "selected_option": "initial_option", "selected_options": "initial_options", "selected_users": "initial_users",
    "rich_text_value": "initial_value",
}  # fmt: skip


class NotPossible(AssertionError):
    """What a person cannot do in the client: a button that is not there, a form with a required field left empty."""


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that can be used, with its block."""
    for block in blocks:
        found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in found:
            if not isinstance(element, Mapping):
                continue
            if element.get("type") == "feedback_buttons" or "action_id" in element:
                yield block, dict(element)


def find(blocks: list[Json], action_id: str, block_id: str | None = None, value: str | None = None) -> tuple[Json, Json]:
    """The element ``action_id``; ``block_id`` or a button's ``value`` tell equal ones apart."""
    shown = list(elements(blocks))
    hits = [
        (block, element)
        for block, element in shown
        if element.get("action_id") == action_id
        and (block_id is None or block["block_id"] == block_id)
        and (value is None or element["type"] != "button" or element.get("value") == value)
    ]
    if not hits:
        there = ", ".join(f"{e['action_id']}={e.get('value', '')}" for _, e in shown) or "nothing"
        raise NotPossible(f"nothing to use as {action_id!r} (block {block_id}, value {value}); there is: {there}")
    return hits[0]


def action(block: Json, element: Json, chosen: Any, at: str) -> Json:
    """The action that Slack sends when ``element`` is clicked or set to ``chosen``."""
    sent: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"], "action_ts": at}
    if element["type"] == "button":
        return sent | {key: element[key] for key in ("text", "value", "url", "style") if key in element}
    if element["type"] == "feedback_buttons":
        button = next(
            (element[f"{side}_button"] for side in ("positive", "negative") if element[f"{side}_button"]["value"] == chosen), None
        )
        if button is None:
            raise NotPossible(f"no feedback button with value {chosen!r}")
        return sent | {"text": button["text"], "value": button["value"]}
    if element["type"] == "icon_button":
        return sent | {key: element[key] for key in ("icon", "text", "value") if key in element}
    return sent | {key: value for key, value in state(element, chosen).items() if key != "type"}


def state(element: Json, chosen: Any) -> Json:
    """What ``view.state.values`` holds for ``element`` when ``chosen`` was entered; None leaves it empty."""
    kind = element["type"]
    if kind in _ONE_OF:
        return {"type": kind, "selected_option": None if chosen is None else _option(element, chosen)}
    if kind in _SOME_OF:
        return {"type": kind, "selected_options": [_option(element, value) for value in chosen or ()]}
    key = _VALUE_KEY.get(kind)
    if key is None:
        raise NotPossible(f"a {kind} takes no input")
    if kind == "file_input":
        _check_files(element, chosen or [])
    several = kind.startswith("multi_") or kind == "file_input"
    return {"type": kind, key: (chosen or []) if several else chosen}


def initial(element: Json) -> Any:
    """What the field holds before anything is entered."""
    kind = element["type"]
    key = "selected_option" if kind in _ONE_OF else "selected_options" if kind in _SOME_OF else _VALUE_KEY.get(kind, "value")
    start = element.get(_INITIAL.get(key, ""))
    if key == "selected_option" and start:
        return start["value"]
    if key == "selected_options" and start:
        return [option["value"] for option in start]
    return start


def empty(value: Json) -> bool:
    """Whether a form field holds nothing."""
    return all(v in (None, "", []) for key, v in value.items() if key != "type")


def _option(element: Json, chosen: Any) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for option in (option for group in groups for option in group["options"]):
        if chosen == option["value"]:
            return dict(option)
    if element["type"].endswith("external_select"):
        return dict(chosen)
    raise NotPossible(f"{element['action_id']!r} has no option {chosen!r}")


def _check_files(element: Json, files: list[Json]) -> None:
    most = element.get("max_files", 10)
    if len(files) > most:
        raise NotPossible(f"{element['action_id']!r} takes {most} files, not {len(files)}")
    allowed = element.get("filetypes")
    for file in files:
        if allowed and file["filetype"] not in allowed:
            raise NotPossible(f"{element['action_id']!r} does not take {file['name']!r}")
