"""What Slack sends when somebody presses a button or sends a form in, as anybody could forge it who holds the app's secret."""

from __future__ import annotations

import itertools
import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from connectors.slack.cards.carried import packed
from tests.slack.evidence.bureau import Bureau
from tests.slack.loopback import Person as Member

_numbers = itertools.count(1)
Payload = dict[str, Any]


def _by(bureau: Bureau, member: Member) -> Payload:
    number = next(_numbers)
    return {
        "team": {"id": bureau.team, "domain": "acme"},
        "user": {"id": member.id, "name": member.user.name, "team_id": bureau.team},
        "api_app_id": "A1",
        "token": "x",
        "trigger_id": f"{number}.trigger",
    }


def form(
    bureau: Bureau, member: Member, callback: str, slot: str, version: int = 0, ticked: tuple[str, ...] = (), **fields: str
) -> Payload:
    """A form sent in, about a slot of the sender's choice; the first box under each name of ``ticked`` is ticked."""
    types = {"until": "selected_date", "valid": "selected_date"}
    state: Payload = {name: {name: {"type": "x", types.get(name, "value"): value}} for name, value in fields.items()}
    state |= {name: {name: {"type": "checkboxes", "selected_options": [{"value": "0"}]}} for name in ticked}
    made = _by(bureau, member)
    view = {
        "id": f"V{made['trigger_id']}",
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(s=slot, v=version, c=member.dm),
        "state": {"values": state},
        "blocks": [],
        "hash": "1.a",
    }
    return {"type": "view_submission", **made, "view": view, "response_urls": []}


def button(bureau: Bureau, member: Member, action: str, **carried: Any) -> Payload:
    """A button pressed in the sender's direct messages; what it carries is of the sender's choice."""
    place = {"type": "message", "channel_id": member.dm, "message_ts": "1700000000.000100", "is_ephemeral": False}
    pressed = {"type": "button", "action_id": action, "block_id": "b", "value": packed(**carried), "action_ts": "1.0"}
    return {
        "type": "block_actions",
        **_by(bureau, member),
        "container": place,
        "channel": {"id": member.dm, "name": "directmessage"},
        "message": {"ts": place["message_ts"], "text": "x", "blocks": []},
        "actions": [pressed],
    }


def send(bureau: Bureau, payload: Payload, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Send it to the app, signed as Slack signs (or with other headers): status, and what the app answered."""
    body = urlencode({"payload": json.dumps(payload)})
    signed = headers if headers is not None else bureau.slack.core.courier.signed(body)
    request = Request(bureau.url, body.encode(), {"Content-Type": "application/x-www-form-urlencoded", **signed})  # noqa: S310
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            text = answer.read().decode()
    except HTTPError as refused:
        return refused.code, None
    return 200, json.loads(text) if text.startswith("{") else text
