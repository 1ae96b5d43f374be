"""One workspace: who is in it, what was said, and the events that follow from it. Runs on the server's thread only."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from tests.slack.loopback.clock import Clock
from tests.slack.loopback.model import Channel, File, Json, Kind, Message, SlackError, User
from tests.slack.loopback.setup import AppSetup

Emit = Callable[["Workspace", str, Json], None]
_IDS = count(1)
_STAMPS = {"last": 0}


def new_id(prefix: str) -> str:
    """An id that no other object of this process has."""
    return f"{prefix}0LOOP{next(_IDS):05d}"


class Workspace:
    """A team with its users, channels and messages; ``emit`` hands on what the app may hear of."""

    def __init__(self, name: str, setup: AppSetup, clock: Clock, emit: Emit, base: str) -> None:
        self.id, self.name, self.domain = new_id("T"), name, f"loopback-{next(_IDS)}"
        self.setup, self.clock, self.emit, self.base = setup, clock, emit, base
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.bot = self.add_user("aeo", "AEO 助手", bot=True)
        self.bot_id = new_id("B")

    def add_user(self, name: str, real_name: str = "", **fields: Any) -> User:
        """A new member."""
        user = User(new_id("U"), self.id, name, real_name or name, **fields)
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, members: Iterable[str], kind: Kind = "channel") -> Channel:
        """A new channel or group."""
        prefix = "D" if kind == "im" else "C"
        channel = Channel(new_id(prefix), self.id, kind, name, set(members), created=int(self.clock.now()))
        self.channels[channel.id] = channel
        return channel

    def direct(self, user: str) -> Channel:
        """The direct message channel between the app and ``user``."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.user == user:
                return channel
        channel = self.add_channel("", (user, self.bot.id), "im")
        channel.user = user
        return channel

    def user(self, user: str) -> User:
        """The member ``user``."""
        if user not in self.users:
            raise SlackError("user_not_found")
        return self.users[user]

    def channel(self, channel: str) -> Channel:
        """The channel ``channel``, by its id; a user's id stands for the direct message with them."""
        if channel in self.users and channel != self.bot.id:
            return self.direct(channel)
        if channel not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel]

    def message(self, channel: str, ts: str) -> Message:
        """The message ``ts`` of ``channel``."""
        found = self.channel(channel).messages.get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def stamp(self) -> str:
        """A ts that no other message has."""
        _STAMPS["last"] = max(int(self.clock.now() * 1_000_000), _STAMPS["last"] + 1)
        return f"{_STAMPS['last'] // 1_000_000}.{_STAMPS['last'] % 1_000_000:06d}"

    def post(self, channel: Channel, user: User, text: str, **fields: Any) -> Message:
        """Store a message and let the app hear of it."""
        message = Message(self.stamp(), channel.id, user.id, text, self.id, **fields)
        if user.bot:
            message.bot, message.app = self.bot_id, self.setup.id
        else:
            message.client_id = str(uuid.uuid4())
        channel.messages[message.ts] = message
        if not message.only_for and not message.streaming:
            self.heard(channel, self._event(channel, message))
        return message

    def update(self, message: Message, **fields: Any) -> None:
        """Change a message in place."""
        before = message.public()
        for name, value in fields.items():
            setattr(message, name, value)
        message.edited = self.stamp()
        self._changed(message, "message_changed", {"message": message.public(), "previous_message": before})

    def delete(self, message: Message) -> None:
        """Take a message away."""
        del self.channels[message.channel].messages[message.ts]
        self._changed(message, "message_deleted", {"deleted_ts": message.ts, "previous_message": message.public()})

    def share(self, file: File, channel: Channel, user: User, text: str = "", thread: str | None = None) -> Message:
        """Post a file: a message with it, and file_shared."""
        message = self.post(channel, user, text, files=[file], thread=thread)
        file.shares.append((channel.id, message.ts, channel.kind))
        if self.bot.id in channel.members:
            shared = {"file_id": file.id, "user_id": user.id, "file": {"id": file.id}, "channel_id": channel.id}
            self.emit(self, "file_shared", {"type": "file_shared", **shared, "event_ts": message.ts})
        return message

    def add_file(self, name: str, content: bytes, user: str) -> File:
        """Keep a file's bytes."""
        file = File(new_id("F"), name, content, user, int(self.clock.now()), self.base)
        self.files[file.id] = file
        return file

    def heard(self, channel: Channel, event: Json) -> None:
        """A message event, and app_mention when the app is named, if the app is in the channel."""
        if self.bot.id not in channel.members:
            return
        kind = {"channel": "channels", "group": "groups"}.get(channel.kind, channel.kind)
        self.emit(self, f"message.{kind}", event)
        if f"<@{self.bot.id}>" in str(event.get("text")) and channel.kind != "im" and event.get("user") != self.bot.id:
            mention = {key: value for key, value in event.items() if key not in ("channel_type", "subtype", "parent_user_id")}
            self.emit(self, "app_mention", mention | {"type": "app_mention"})

    def _event(self, channel: Channel, message: Message) -> Json:
        event = message.public() | {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
        root = channel.messages.get(message.thread or "")
        if message.thread and root:
            event["parent_user_id"] = root.user
        return event

    def _changed(self, message: Message, subtype: str, parts: Json) -> None:
        if message.only_for:
            return
        channel = self.channels[message.channel]
        of = {"channel": channel.id, "channel_type": channel.kind}
        inner = {key: value | of | {"event_ts": message.ts} for key, value in parts.items() if isinstance(value, dict)}
        ts = self.stamp()
        self.heard(channel, {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts} | parts | inner | of)
