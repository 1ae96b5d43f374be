"""A person's screen: what is used on it becomes the payload that Slack sends, and the app's answer changes what is shown."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tests.slack.loopback import forms
from tests.slack.loopback.core import Core
from tests.slack.loopback.courier import Delivery
from tests.slack.loopback.forms import NotPossible
from tests.slack.loopback.model import Json, Message, User, View
from tests.slack.loopback.workspace import Workspace
from tests.slack.schemas import check_view

TIMED_OUT = "We had some trouble connecting. Try again?"


class Screen:
    """What one person sees of the app. Runs on the server's thread."""

    def __init__(self, core: Core, workspace: Workspace, user: User) -> None:
        self.core, self.workspace, self.user = core, workspace, user
        self.errors: dict[str, str] = {}

    def act_on_message(self, message: Message, action_id: str, chosen: Any, block_id: str | None, value: str | None) -> Delivery:
        """block_actions from a message as it is shown now."""
        channel = self.workspace.channels[message.channel]
        now = channel.messages.get(message.ts)
        if now is None or now.only_for not in (None, self.user.id):
            raise NotPossible("the message is not there")
        block, element = forms.find(now.blocks, action_id, block_id, value)
        container = {"type": "message", "message_ts": now.ts, "channel_id": channel.id, "is_ephemeral": bool(now.only_for)}
        if now.thread:
            container["thread_ts"] = now.thread
        payload = self.core.interaction(
            "block_actions", self.workspace, self.user, container=container,
            actions=[forms.action(block, element, chosen, self.workspace.stamp())],
            channel={"id": channel.id, "name": channel.name or "directmessage"}, state={"values": {}},
            response_url=self.core.response_url(self.workspace, channel.id, self.user.id, now),
        )  # fmt: skip
        if not now.only_for:
            payload["message"] = now.public(metadata=True)
        return self.core.send("interactive", payload)

    def act_on_view(self, view: View, action_id: str, chosen: Any, block_id: str | None, value: str | None) -> Delivery:
        """block_actions from a modal or the Home tab."""
        block, element = forms.find(view.body["blocks"], action_id, block_id, value)
        if block["type"] == "input":
            view.entered[block["block_id"]][element["action_id"]] = forms.state(element, chosen)
        payload = self.core.interaction(
            "block_actions", self.workspace, self.user, container={"type": "view", "view_id": view.id}, view=view.public(),
            actions=[forms.action(block, element, chosen, self.workspace.stamp())],
        )  # fmt: skip
        return self.core.send("interactive", payload)

    def suggested(self, view: View, action_id: str, typed: str) -> Delivery:
        """block_suggestion: what a field with outside options asks the app while somebody types."""
        block, element = forms.find(view.body["blocks"], action_id)
        if element["type"] != "external_select" or len(typed) < int(element.get("min_query_length", 3)):
            raise NotPossible(f"{action_id!r} asks for no options")
        payload = self.core.interaction(
            "block_suggestion", self.workspace, self.user, action_id=action_id, block_id=block["block_id"], value=typed,
            container={"type": "view", "view_id": view.id}, view=view.public(),
        )  # fmt: skip
        del payload["trigger_id"]
        return self.core.send("interactive", payload)

    def fill(self, view: View, fields: Mapping[str, Any]) -> None:
        """Enter values, by action_id; an input with dispatch_action tells the app at once."""
        for action_id, chosen in fields.items():
            block, element = forms.find(view.body["blocks"], action_id)
            if block["type"] != "input":
                raise NotPossible(f"{action_id!r} is no field of the form")
            self._length(element, chosen)
            view.entered[block["block_id"]][action_id] = forms.state(element, chosen)
            if block.get("dispatch_action"):
                self.act_on_view(view, action_id, chosen, block["block_id"], None)

    def submit(self, view: View) -> Delivery:
        """view_submission; a required field left empty keeps the client from sending."""
        if "submit" not in view.body:
            raise NotPossible("the modal has no submit button")
        for block in view.body["blocks"]:
            field = view.entered.get(block["block_id"], {})
            if block["type"] == "input" and not block.get("optional") and any(forms.empty(value) for value in field.values()):
                raise NotPossible(f"the field {block['block_id']!r} must be filled in")
        self.errors = {}
        return self.core.send("interactive", self.core.interaction("view_submission", self.workspace, self.user, view=view.public()))

    def after_submit(self, view: View, delivery: Delivery) -> None:
        """Do what the app answered to a submission."""
        stack = self.core.views.stack(self.workspace.id, self.user.id)
        if not delivery.acked:
            self.errors = {"": TIMED_OUT}
            return
        answer = delivery.answer if isinstance(delivery.answer, dict) else {}
        kind = answer.get("response_action")
        if kind == "errors":
            self._show_errors(view, answer.get("errors") or {})
        elif kind in ("update", "push"):
            found = check_view(answer["view"])
            self.core.problems += [f"view_submission {kind}: {finding}" for finding in found]
            if not found and kind == "update":
                self.core.views.replace(view, answer["view"])
            elif not found:
                self.core.views.push(self.workspace, self.user.id, answer["view"])
        elif kind == "clear":
            stack.clear()
        elif kind is None and view in stack:
            stack.remove(view)
        elif kind is not None:
            self.core.problems.append(f"view_submission: no response_action {kind!r}")

    def close(self, view: View) -> None:
        """Close the modal in front; the app hears of it if it asked to."""
        stack = self.core.views.stack(self.workspace.id, self.user.id)
        stack.remove(view)
        if view.body.get("clear_on_close"):
            stack.clear()
        if view.body.get("notify_on_close"):
            parts: Json = {"view": view.public(), "is_cleared": False}
            self.core.send("interactive", self.core.interaction("view_closed", self.workspace, self.user, **parts))

    def command(self, command: str, text: str, channel_id: str) -> Delivery:
        """A slash command, if the app has it."""
        known = self.core.setup.commands
        if known is not None and command not in known:
            raise NotPossible(f"{command} is not a valid command")
        channel = self.workspace.channel(channel_id)
        name = {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
        payload = {
            "token": self.core.setup.verification_token, "team_id": self.workspace.id, "team_domain": self.workspace.domain,
            "channel_id": channel.id, "channel_name": name, "user_id": self.user.id, "user_name": self.user.name, "command": command,
            "text": text, "api_app_id": self.core.setup.id, "is_enterprise_install": "false",
            "response_url": self.core.response_url(self.workspace, channel.id, self.user.id),
            "trigger_id": self.core.views.trigger(self.workspace.id, self.user.id),
        }  # fmt: skip
        return self.core.send("slash_commands", payload)

    def shortcut(self, callback_id: str, message: Message | None) -> Delivery:
        """A global or message shortcut, if the app has it."""
        known, kind = self.core.setup.shortcuts, "message" if message else "global"
        if known is not None and known.get(callback_id) != kind:
            raise NotPossible(f"the app has no {kind} shortcut {callback_id!r}")
        stamp = self.workspace.stamp()
        if message is None:
            payload = self.core.interaction("shortcut", self.workspace, self.user, callback_id=callback_id, action_ts=stamp)
            return self.core.send("interactive", payload)
        channel = self.workspace.channels[message.channel]
        payload = self.core.interaction(
            "message_action", self.workspace, self.user, callback_id=callback_id, action_ts=stamp, message_ts=message.ts,
            channel={"id": channel.id, "name": channel.name or "directmessage"}, message=copy.deepcopy(message.public()),
            response_url=self.core.response_url(self.workspace, channel.id, self.user.id, message),
        )  # fmt: skip
        return self.core.send("interactive", payload)

    def _show_errors(self, view: View, errors: Mapping[str, str]) -> None:
        inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
        unknown = set(errors) - inputs
        if unknown or not errors:
            self.core.problems.append(f"view_submission errors: {sorted(unknown) or 'none given'} are no input blocks of the view")
        self.errors = dict(errors)

    def _length(self, element: Json, chosen: Any) -> None:
        if not isinstance(chosen, str):
            return
        most, least = element.get("max_length"), element.get("min_length", 0)
        if (most is not None and len(chosen) > most) or len(chosen) < least:
            raise NotPossible(f"{element['action_id']!r} takes {least} to {most} characters, not {len(chosen)}")
