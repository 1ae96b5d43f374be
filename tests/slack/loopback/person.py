"""A person in the workspace: writes, clicks, fills in forms, drops files, and sees what the app shows to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.slack.loopback.courier import Delivery
from tests.slack.loopback.forms import NotPossible
from tests.slack.loopback.installing import install
from tests.slack.loopback.model import Channel, File, Json, Message, User, View
from tests.slack.loopback.screen import Screen
from tests.slack.loopback.workspace import Workspace, new_id

if TYPE_CHECKING:
    from tests.slack.loopback.slack import LoopbackSlack


class Person:
    """One member; what they do is sent to the app as Slack would send it."""

    def __init__(self, slack: LoopbackSlack, workspace: Workspace, user: User) -> None:
        self.slack, self.workspace, self.user = slack, workspace, user
        self.id = user.id
        self._screen = Screen(slack.core, workspace, user)
        self._emit("team_join", {"user": user.public(), "cache_ts": 1}, user=False)

    @property
    def mention(self) -> str:
        """How others name this person in a text."""
        return f"<@{self.id}>"

    @property
    def dm(self) -> str:
        """The id of the direct message with the app."""
        return self.slack.run(lambda: self.workspace.direct(self.id)).id

    def says(self, channel: str, text: str, thread: str | None = None) -> Message:
        """Write in a channel or thread; ``thread`` is the root's ts."""
        return self.slack.run(lambda: self._post(self._member_of(channel), text, thread))

    def asks(self, channel: str, text: str, thread: str | None = None) -> Message:
        """Write and name the app."""
        return self.says(channel, f"<@{self.workspace.bot.id}> {text}", thread)

    def dms(self, text: str, thread: str | None = None) -> Message:
        """Write to the app."""
        if not self.slack.setup.messages_tab or self.slack.setup.read_only:
            raise NotPossible("sending messages to this app has been turned off")
        return self.says(self.dm, text, thread)

    def edits(self, message: Message, text: str) -> None:
        """Change what was written."""
        self.slack.run(lambda: self.workspace.update(message, text=text))

    def deletes(self, message: Message) -> None:
        """Take back what was written."""
        self.slack.run(lambda: self.workspace.delete(message))

    def drops(self, channel: str, name: str, content: bytes, thread: str | None = None, text: str = "") -> Message:
        """Drop a file into a channel or thread."""

        def share() -> Message:
            file = self.workspace.add_file(name, content, self.id)
            return self.workspace.share(file, self._member_of(channel), self.user, text, thread)

        return self.slack.run(share)

    def clicks(
        self, message: Message, action_id: str, chosen: Any = None, *, block_id: str | None = None, value: str | None = None,
        wait: bool = True,
    ) -> Delivery:  # fmt: skip
        """Use a button or menu of a message; ``chosen`` is an option's value, a date, a user. A button that is gone is NotPossible."""
        return self._sent(lambda: self._screen.act_on_message(message, action_id, chosen, block_id, value), wait)

    def clicks_home(
        self, action_id: str, chosen: Any = None, *, block_id: str | None = None, value: str | None = None, wait: bool = True
    ) -> Delivery:
        """Use a button or menu of the Home tab."""
        home = self._the(self.home_view, "Home tab")
        return self._sent(lambda: self._screen.act_on_view(home, action_id, chosen, block_id, value), wait)

    def clicks_modal(
        self, action_id: str, chosen: Any = None, *, block_id: str | None = None, value: str | None = None, wait: bool = True
    ) -> Delivery:
        """Use a button or menu of the open modal."""
        modal = self._the(self.modal, "modal")
        return self._sent(lambda: self._screen.act_on_view(modal, action_id, chosen, block_id, value), wait)

    def fills(self, fields: Mapping[str, Any]) -> None:
        """Enter values into the open modal, by action_id; files are a list of (name, bytes)."""
        modal = self._the(self.modal, "modal")
        prepared = {name: self._upload(value) if _is_files(value) else self._found(modal, name, value) for name, value in fields.items()}
        self.slack.run(lambda: self._screen.fill(modal, prepared))

    def submits(self, fields: Mapping[str, Any] | None = None, wait: bool = True) -> Delivery:
        """Fill in and press the modal's submit button; what the app answered is done: close, errors, update, push."""
        self.fills(fields or {})
        modal = self._the(self.modal, "modal")
        delivery = self._sent(lambda: self._screen.submit(modal), wait)
        if wait:
            self.slack.run(lambda: self._screen.after_submit(modal, delivery))
        return delivery

    def looks_for(self, action_id: str, typed: str = "") -> list[Json]:
        """Type into a field whose options the app gives; what is offered."""
        modal = self._the(self.modal, "modal")
        delivery = self._sent(lambda: self._screen.suggested(modal, action_id, typed), True)
        return list((delivery.answer or {}).get("options") or ()) if isinstance(delivery.answer, dict) else []

    def _found(self, modal: View, action_id: str, chosen: Any) -> Any:
        """What was chosen, as one of the options that the app offers where the field has none of its own."""
        fields = (e for block in modal.body["blocks"] if (e := block.get("element")) and e.get("action_id") == action_id)
        if not any(field["type"] == "external_select" for field in fields):
            return chosen
        option = next((o for o in self.looks_for(action_id) if o["value"] == chosen), None)
        if option is None:
            raise NotPossible(f"{action_id!r} offers no {chosen!r}")
        return option

    def closes(self) -> None:
        """Close the modal in front."""
        modal = self._the(self.modal, "modal")
        self.slack.run(lambda: self._screen.close(modal))

    def slash(self, command: str, text: str = "", channel: str | None = None, wait: bool = True) -> Delivery:
        """Type a slash command; an answer that comes with the ack is shown to this person."""
        where = channel or self.dm
        delivery = self._sent(lambda: self._screen.command(command, text, where), wait)
        if wait and delivery.answer:
            answer = {"text": delivery.answer} if isinstance(delivery.answer, str) else delivery.answer
            self.slack.run(lambda: self.slack.core.whisper(self.workspace, self.workspace.channel(where), self.id, answer))
        return delivery

    def shortcut(self, callback_id: str, message: Message | None = None, wait: bool = True) -> Delivery:
        """Use a global shortcut, or, with a message, a message shortcut."""
        return self._sent(lambda: self._screen.shortcut(callback_id, message), wait)

    def opens_home(self, tab: str = "home") -> None:
        """Open the app's Home tab, or with ``messages`` its Messages tab."""
        self._emit("app_home_opened", {"tab": tab, "channel": self.dm} | ({"view": self.home_view.public()} if self._has_home(tab) else {}))

    def looks_at(self, channel: str) -> None:
        """Open another channel while the agent stands beside it."""
        entity = {"type": "slack#/types/channel_id", "value": channel, "team_id": self.workspace.id}
        self._emit("app_context_changed", {"channel": self.dm, "context": {"entities": [entity]}})

    def opens_assistant(self, channel: str = "") -> str:
        """Open the legacy side panel: a new thread, whose root's ts comes back."""
        root = self.slack.run(lambda: self.workspace.post(self.workspace.direct(self.id), self.workspace.bot, "New thread"))
        context = {"channel_id": channel, "team_id": self.workspace.id} if channel else {}
        thread = {"user_id": self.id, "context": context, "channel_id": root.channel, "thread_ts": root.ts}
        self._emit("assistant_thread_started", {"assistant_thread": thread}, user=False)
        return root.ts

    def stops(self, message: Message) -> None:
        """Press stop on a stream."""
        message.streaming = False
        of = {"channel": message.channel, "thread_ts": message.thread, "streaming_message_ts": [message.ts]}
        self._emit("agent_session_stopped", of)

    def stops_waiting(self, asked: Message) -> None:
        """Press stop while the app is at work and has shown nothing yet."""
        self._emit("agent_session_stopped", {"channel": asked.channel, "thread_ts": asked.thread or asked.ts, "streaming_message_ts": []})

    def installs(self, install_url: str) -> tuple[int, str]:
        """Install the app into this person's workspace, in a browser that begins at the app's install page; the last page."""
        return install(install_url, lambda: self.slack.approve(self.workspace, self))

    def leaves_company(self) -> None:
        """The account is deactivated: the app hears user_change, and direct messages fail."""
        self.user.deleted = True
        self._emit("user_change", {"user": self.user.public(), "cache_ts": 1}, user=False)

    @property
    def modal(self) -> View | None:
        """The modal in front."""
        stack = self.slack.core.views.stack(self.workspace.id, self.id)
        return stack[-1] if stack else None

    @property
    def home_view(self) -> View | None:
        """The Home tab as the app published it."""
        return self.slack.core.views.homes.get((self.workspace.id, self.id))

    @property
    def errors(self) -> dict[str, str]:
        """What the open modal says is wrong, by block_id."""
        return self._screen.errors

    @property
    def whispers(self) -> list[Message]:
        """Messages that only this person sees, oldest first."""
        found = [m for channel in self.workspace.channels.values() for m in list(channel.messages.values()) if m.only_for == self.id]
        return sorted(found, key=lambda m: m.ts)

    @property
    def inbox(self) -> list[Message]:
        """What the app posted to this person directly, oldest first."""
        return self.slack.posts(self.dm)

    def wait_for_modal(self, callback_id: str | None = None, timeout: float = 5.0) -> View:
        """Wait until a modal is open."""

        def found() -> View | None:
            modal = self.modal
            return modal if modal and callback_id in (None, modal.body.get("callback_id")) else None

        return self.slack.wait(found, f"a modal {callback_id or ''}", timeout)  # type: ignore[return-value]

    def _post(self, channel: Channel, text: str, thread: str | None) -> Message:
        rich = {"type": "rich_text", "block_id": new_id("b")[-5:], "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": text or " "}]},
        ]}  # fmt: skip
        return self.workspace.post(channel, self.user, text, thread=thread, blocks=[rich])

    def _member_of(self, channel: str) -> Channel:
        found = self.workspace.channel(channel)
        if self.user.deleted or self.id not in found.members:
            raise NotPossible(f"{self.user.name} cannot write in {channel}")
        return found

    def _upload(self, files: list[tuple[str, bytes]]) -> list[Json]:
        def add() -> list[File]:
            return [self.workspace.add_file(name, content, self.id) for name, content in files]

        return [file.public() | {"user_team": self.workspace.id} for file in self.slack.run(add)]

    def _sent(self, act: Any, wait: bool) -> Delivery:
        delivery: Delivery = self.slack.run(act)
        return delivery.wait() if wait else delivery

    def _emit(self, kind: str, event: Json, user: bool = True) -> None:
        def emit() -> None:
            whole = {"type": kind, **event, "event_ts": self.workspace.stamp()} | ({"user": self.id} if user else {})
            self.workspace.emit(self.workspace, kind, whole)

        self.slack.run(emit)

    def _has_home(self, tab: str) -> bool:
        return tab == "home" and self.home_view is not None

    def _the(self, view: View | None, what: str) -> View:
        if view is None:
            raise NotPossible(f"{self.user.name} has no {what} open")
        return view


def _is_files(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], tuple)
