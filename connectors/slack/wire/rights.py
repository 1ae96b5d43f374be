"""What the app may do and is told of in a workspace, and the paths of its HTTP side."""

from __future__ import annotations

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "users:read",
    "users:read.email",
)
EVENTS = (
    "agent_session_stopped",  # without it there is no stop button
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "tokens_revoked",
)
PATH, INSTALL, CALLBACK = "/slack/events", "/slack/install", "/slack/oauth_redirect"
