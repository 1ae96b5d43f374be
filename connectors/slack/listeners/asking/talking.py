"""Buttons, choices and forms of the conversation: each translated into a ``Press`` or a ``Filled``, and handed on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.chat import Filled, Press
from assistant.conversation.jobs import Later
from assistant.conversation.post import Place
from assistant.texts import say
from connectors.slack.cards.asking.saying import CHOICE, FORM, PRESS
from connectors.slack.cards.blocks.parts import value
from connectors.slack.cards.carried import Json, unpacked

if TYPE_CHECKING:
    from connectors.slack.context import Deps


def listen(app: App, deps: Deps) -> None:
    """Register them."""
    talk = deps.talk

    def pressed(ack: Ack, body: Json, action: Json) -> None:
        press = press_of(deps, body, action)
        talk.press(press)
        ack()

    def chose(ack: Ack, body: Json, action: Json) -> None:
        """Kept as it is chosen: a button beside it may come without it."""
        place, ref = place_of(body), _ref(body)
        values = [str(o["value"]) for o in action.get("selected_options") or ()]
        deps.store.keep(place.team, _chosen(place, ref), place.user, {"chosen": values}, deps.now())
        ack()

    def filled(ack: Ack, body: Json, view: dict[str, Any]) -> None:
        wrong = _filled(body, view)
        try:
            why = talk.fill(wrong)
        except Later:
            why = say("evidence_slack.wrong.again", deps.lang)
        if why:
            ack(response_action="errors", errors={str(next(b["block_id"] for b in view["blocks"] if b["type"] == "input")): why})
        else:
            ack()

    app.action(re.compile(rf"^{PRESS}:"))(pressed)
    app.action(re.compile(rf"^{CHOICE}:"))(chose)
    app.view(re.compile(rf"^{FORM}:"))(filled)


def press_of(deps: Deps, body: Json, action: Json) -> Press:
    """A press, with what is chosen in the same message: as the client says, else as it was chosen last, else as it was offered."""
    place, ref = place_of(body), _ref(body)
    act = str(action["action_id"]).split(":")[1]
    chosen = str(action.get("value") or "")
    return Press(
        place, act, "" if chosen == "-" else chosen, f"press:{body['trigger_id']}", ref, _selected(deps, body, place, ref),
        str(body.get("trigger_id") or ""),
    )  # fmt: skip


def place_of(body: Json) -> Place:
    """Where a click was made; the Home tab is no place."""
    at, message = body.get("container") or {}, body.get("message") or {}
    channel = str(at.get("channel_id") or "")
    thread = str(at.get("thread_ts") or message.get("thread_ts") or at.get("message_ts") or "") if channel else ""
    private = str(body.get("response_url") or "") if at.get("is_ephemeral") else ""
    return Place(_team(body), str(body["user"]["id"]), channel, thread, channel.startswith("D"), private)


def _selected(deps: Deps, body: Json, place: Place, ref: str) -> tuple[str, ...]:
    for fields in ((body.get("state") or {}).get("values") or {}).values():
        for name, field in fields.items():
            if name.startswith(CHOICE):
                return tuple(str(o["value"]) for o in field.get("selected_options") or ())
    kept = deps.store.kept(place.team, _chosen(place, ref))
    if kept is not None:
        return tuple(kept["chosen"])
    offered = [b["accessory"] for b in (body.get("message") or {}).get("blocks") or () if str(b.get("block_id", "")).startswith(CHOICE)]
    return tuple(str(o["value"]) for element in offered for o in element.get("initial_options") or ())


def _filled(body: Json, view: dict[str, Any]) -> Filled:
    kept = unpacked(str(view.get("private_metadata") or ""))
    values: dict[str, Any] = {}
    for name, fields in view["state"]["values"].items():
        field = fields.get(name) or {}
        several = field.get("selected_options")
        values[name] = [str(o["value"]) for o in several] if several is not None else value(view, name)
    place = Place(_team(body), str(body["user"]["id"]), str(kept.get("c") or ""), str(kept.get("t") or ""), bool(kept.get("d")))
    return Filled(place, str(view["callback_id"]).partition(":")[2], values, str(kept.get("m") or ""), f"view:{view['id']}")


def _team(body: Json) -> str:
    return str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")


def _ref(body: Json) -> str:
    return str((body.get("container") or {}).get("message_ts") or (body.get("message") or {}).get("ts") or "")


def _chosen(place: Place, ref: str) -> str:
    return f"chosen:{place.channel}:{ref}:{place.user}"
