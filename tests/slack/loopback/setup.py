"""The app as Slack knows it: its manifest's scopes, events and tabs, its tokens, and which workspaces installed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "file_shared": "files:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "assistant_thread_started": "assistant:write",
    "assistant_thread_context_changed": "assistant:write",
}


@dataclass
class Token:
    """A token, what it may do, and whether it still may."""

    value: str
    kind: Literal["bot", "app"]
    team: str = ""
    revoked: bool = False


@dataclass
class AppSetup:
    """What the app's configuration page says. Without a manifest everything is allowed and subscribed."""

    id: str = "A0LOOPBACK"
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"
    client_id: str = "111.222"
    client_secret: str = "shhh-client"
    verification_token: str = "verification"
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    shortcuts: Mapping[str, str] | None = None
    messages_tab: bool = True
    read_only: bool = False
    home_tab: bool = True
    tokens: dict[str, Token] = field(default_factory=dict)

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any] | None) -> AppSetup:
        """The setup that creating an app from ``manifest`` would give."""
        if manifest is None:
            return cls()
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            commands=frozenset(command["command"] for command in features.get("slash_commands", ())),
            shortcuts={shortcut["callback_id"]: shortcut["type"] for shortcut in features.get("shortcuts", ())},
            messages_tab=home.get("messages_tab_enabled", False),
            read_only=home.get("messages_tab_read_only_enabled", True),
            home_tab=home.get("home_tab_enabled", False),
        )

    def missing(self, needed: Iterable[str]) -> str | None:
        """The first of ``needed`` scopes (alternatives joined with ``|``) that the app lacks."""
        if self.scopes is None:
            return None
        return next((scope for scope in needed if not self.scopes & set(scope.split("|"))), None)

    def hears(self, event: str) -> bool:
        """Whether the app is subscribed to ``event`` and has the scope it needs."""
        subscribed = self.events is None or event in self.events
        return subscribed and not self.missing([EVENT_SCOPES[event]] if event in EVENT_SCOPES else ())

    def issue(self, kind: Literal["bot", "app"], team: str = "") -> Token:
        """A new token; a bot token belongs to one workspace."""
        prefix = "xoxb" if kind == "bot" else "xapp-1"
        token = Token(f"{prefix}-{team or self.id}-{len(self.tokens) + 1}", kind, team)
        self.tokens[token.value] = token
        return token

    def installed_in(self, team: str) -> bool:
        """Whether a workspace has the app: a bot token of it is alive."""
        return any(token.team == team and not token.revoked for token in self.tokens.values())
