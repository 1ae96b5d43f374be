"""The field of a hand-over offers people only: what is typed is looked up among the members, bots left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slack_bolt import Ack, App

from connectors.slack.calls.colleagues import Colleagues
from connectors.slack.cards.blocks.parts import COLLEAGUE
from connectors.slack.cards.blocks.text import plain
from connectors.slack.cards.carried import Json
from connectors.slack.wire import limits

if TYPE_CHECKING:
    from connectors.slack.context import Deps


def listen(app: App, deps: Deps) -> None:
    """Register what the field asks."""
    members = Colleagues()

    def offered(ack: Ack, body: Json) -> None:
        team, view = str(body["team"]["id"]), str((body.get("view") or {}).get("id") or body["user"]["id"])
        found = members.found(view, deps.client(team), str(body.get("value") or ""))
        ack(options=[{"text": plain(one.name, limits.OPTION_TEXT), "value": one.user} for one in found[: limits.OPTIONS]])

    app.options(COLLEAGUE)(offered)
