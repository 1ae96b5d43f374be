"""The state behind all methods: workspaces, views, streams and statuses, and what is sent on to the app. Server's thread only."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from tests.slack.loopback.blocks import stored
from tests.slack.loopback.clock import Clock
from tests.slack.loopback.courier import Courier, Delivery, Kind
from tests.slack.loopback.modals import Views
from tests.slack.loopback.model import Channel, Json, Message, User
from tests.slack.loopback.setup import AppSetup
from tests.slack.loopback.sockets import Sockets
from tests.slack.loopback.workspace import Workspace, new_id
from tests.slack.schemas import check_event

STREAM_SECONDS = 300.0
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5


class Core:
    """One Slack with one app."""

    def __init__(self, setup: AppSetup, clock: Clock, changed: Callable[[], None]) -> None:
        self.setup, self.clock, self.changed = setup, clock, changed
        self.base = ""
        self.workspaces: dict[str, Workspace] = {}
        self.sockets = Sockets(changed)
        self.sockets.app_id = setup.id
        self.courier = Courier(clock, self.sockets, lambda: setup.signing_secret, changed)
        self.views = Views(clock, setup.id)
        self.statuses: dict[tuple[str, str], list[str]] = {}
        self.prompts: dict[tuple[str, str], list[Json]] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.sessions: dict[tuple[str, str], list[str]] = {}
        self.uploads: dict[str, tuple[str, int]] = {}
        self.codes: dict[str, tuple[Workspace, str]] = {}
        self.responses: dict[str, Json] = {}
        self.problems: list[str] = []

    def add_workspace(self, name: str) -> Workspace:
        """A new workspace, in which the app is not installed yet."""
        workspace = Workspace(name, self.setup, self.clock, self.emit, self.base)
        self.workspaces[workspace.id] = workspace
        return workspace

    def emit(self, workspace: Workspace, subscription: str, event: Json) -> Delivery | None:
        """Send an event that the app is subscribed to."""
        if not self.setup.hears(subscription) or not self.setup.installed_in(workspace.id):
            return None
        bot = {"enterprise_id": None, "team_id": workspace.id, "user_id": workspace.bot.id, "is_bot": True, "is_enterprise_install": False}
        envelope = {
            "token": self.setup.verification_token, "team_id": workspace.id, "context_team_id": workspace.id, "api_app_id": self.setup.id,
            "event": event, "type": "event_callback", "event_id": new_id("Ev"), "event_time": int(self.clock.now()),
            "authorizations": [bot], "is_ext_shared_channel": False, "event_context": f"4-{uuid.uuid4().hex}",
        }  # fmt: skip
        return self.send("events_api", envelope)

    def send(self, kind: Kind, payload: Json) -> Delivery:
        """Send anything; a payload that Slack's own types do not allow is a problem of this loopback.

        A deactivated user is the exception: Slack leaves out of them what its types require.
        """
        gone = payload.get("event", {}).get("type") == "user_change" and payload["event"]["user"]["deleted"]
        self.problems += [] if gone else [f"sent to the app: {finding}" for finding in check_event(payload).errors]
        return self.courier.send(kind, payload)

    def interaction(self, kind: str, workspace: Workspace, user: User, **parts: object) -> Json:
        """The frame of an interaction payload."""
        return {
            "type": kind, "token": self.setup.verification_token, "api_app_id": self.setup.id, "is_enterprise_install": False,
            "team": {"id": workspace.id, "domain": workspace.domain},
            "user": {"id": user.id, "name": user.name, "username": user.name, "team_id": workspace.id},
            "trigger_id": self.views.trigger(workspace.id, user.id),
        } | parts  # fmt: skip

    def response_url(self, workspace: Workspace, channel: str, user: str, message: Message | None = None) -> str:
        """An address for answers, good for 30 minutes and five uses."""
        key = uuid.uuid4().hex
        origin = {"workspace": workspace, "channel": channel, "user": user, "message": message}
        self.responses[key] = origin | {"until": self.clock.now() + RESPONSE_SECONDS, "left": RESPONSE_USES}
        return f"{self.base}/response/{key}"

    def respond(self, key: str, args: Json) -> int:
        """Post, replace or delete by a response address; the HTTP status."""
        origin = self.responses.get(key)
        if origin is None or origin["left"] <= 0 or self.clock.now() > origin["until"]:
            return 404
        origin["left"] -= 1
        workspace, message = origin["workspace"], origin["message"]
        if message is not None and args.get("delete_original"):
            workspace.delete(message)
        elif message is not None and args.get("replace_original"):
            workspace.update(message, text=args.get("text", ""), blocks=stored(args.get("blocks") or []))
        elif args.get("response_type") == "in_channel":
            channel = workspace.channel(origin["channel"])
            workspace.post(channel, workspace.bot, args.get("text", ""), blocks=stored(args.get("blocks") or []))
        else:
            self.whisper(workspace, workspace.channel(origin["channel"]), origin["user"], args)
        return 200

    def whisper(self, workspace: Workspace, channel: Channel, user: str, args: Json) -> Message:
        """A message that only ``user`` sees."""
        blocks = stored(args.get("blocks") or [])
        fields = {"blocks": blocks, "thread": args.get("thread_ts"), "only_for": user}
        return workspace.post(channel, workspace.bot, args.get("text") or "", **fields)

    def expire_stream(self, message: Message) -> None:
        """End a stream that has run for five minutes."""
        if message.streaming and self.clock.now() - message.stream_began > STREAM_SECONDS:
            message.streaming = False

    def set_status(self, channel: str, thread: str, status: str) -> None:
        """Remember a thread's status; all of them, in order."""
        self.statuses.setdefault((channel, thread), []).append(status)

    def clear_status(self, channel: str, thread: str) -> None:
        """A reply of the app clears the status."""
        if self.statuses.get((channel, thread), [""])[-1]:
            self.statuses[(channel, thread)].append("")
