"""Open modals, Home tabs and the trigger ids that open them."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from tests.slack.loopback.blocks import stored
from tests.slack.loopback.clock import Clock
from tests.slack.loopback.forms import elements, initial, state
from tests.slack.loopback.model import Json, SlackError, View
from tests.slack.loopback.workspace import Workspace, new_id

TRIGGER_SECONDS = 3.0


@dataclass
class _Trigger:
    user: str
    team: str
    issued: float
    used: bool = False


class Views:
    """What is open on people's screens."""

    def __init__(self, clock: Clock, app: str) -> None:
        self.clock, self.app = clock, app
        self.homes: dict[tuple[str, str], View] = {}
        self._stacks: dict[tuple[str, str], list[View]] = {}
        self._triggers: dict[str, _Trigger] = {}

    def trigger(self, team: str, user: str) -> str:
        """A trigger id for something that ``user`` just did."""
        trigger = f"{len(self._triggers) + 1}.{uuid.uuid4().hex[:12]}"
        self._triggers[trigger] = _Trigger(user, team, self.clock.now())
        return trigger

    def redeem(self, trigger_id: str, workspace: Workspace) -> str:
        """The user of a trigger id that is fresh and unused."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team != workspace.id:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.clock.now() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def stack(self, team: str, user: str) -> list[View]:
        """The modals that ``user`` has open, the one in front last."""
        return self._stacks.setdefault((team, user), [])

    def open_views(self, team: str) -> Iterator[View]:
        """Everything that views.update can reach."""
        for (of, _), stack in self._stacks.items():
            if of == team:
                yield from stack
        yield from (view for (of, _), view in self.homes.items() if of == team)

    def open(self, workspace: Workspace, user: str, body: Json) -> View:
        """Show a modal; what was open is gone."""
        stack = self.stack(workspace.id, user)
        stack[:] = [self._new(workspace, body)]
        return stack[-1]

    def push(self, workspace: Workspace, user: str, body: Json) -> View:
        """Show a modal over the one in front."""
        stack = self.stack(workspace.id, user)
        view = self._new(workspace, body)
        view.root, view.previous = stack[0].root, stack[-1].id
        stack.append(view)
        return view

    def publish(self, workspace: Workspace, user: str, body: Json) -> View:
        """Show a Home tab."""
        known = self.homes.get((workspace.id, user))
        if known:
            self.replace(known, body)
            return known
        view = self._new(workspace, body)
        self.homes[(workspace.id, user)] = view
        return view

    def replace(self, view: View, body: Json) -> None:
        """New content; what was entered stays where block and action keep their ids."""
        before = view.entered
        view.body = self._kept(body)
        view.hash = f"{int(self.clock.now())}.{uuid.uuid4().hex[:8]}"
        view.entered = _empty_form(view.body["blocks"])
        for block, fields in view.entered.items():
            for action in fields:
                if action in before.get(block, {}):
                    fields[action] = before[block][action]

    def _new(self, workspace: Workspace, body: Json) -> View:
        view_id = new_id("V")
        view = View(view_id, workspace.id, self.app, workspace.bot_id, {"blocks": []}, "", view_id)
        self.replace(view, body)
        return view

    def _kept(self, body: Json) -> Json:
        kept = copy.deepcopy(body)
        kept["blocks"] = stored(kept["blocks"])
        for key in ("title", "submit", "close"):
            if isinstance(kept.get(key), dict):
                kept[key].setdefault("emoji", True)
        return kept


def _empty_form(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    form: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if block["type"] == "input":
            form.setdefault(block["block_id"], {})[element["action_id"]] = state(element, initial(element))
    return form
