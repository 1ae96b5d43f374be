"""The app's manifest: what is to be created in Slack, with no more rights than the app uses."""

from __future__ import annotations

from typing import Any

from assistant.texts import say
from connectors.slack.listeners.asking.commands import COMMAND, SHORTCUT
from connectors.slack.listeners.asking.messages_tab import suggested
from connectors.slack.wire.rights import CALLBACK, EVENTS, PATH, SCOPES


def manifest(lang: str = "zh", address: str = "") -> dict[str, Any]:
    """The manifest for Socket Mode, or with the https ``address`` of the server for signed HTTP."""
    base = address.rstrip("/")
    url = {"url": base + PATH} if base else {}
    request = {"request_url": base + PATH} if base else {}
    options = {"message_menu_options_url": base + PATH} if base else {}
    command = {
        "command": COMMAND,
        "description": say("slack.manifest.command", lang),
        "usage_hint": say("slack.manifest.command_hint", lang),
        "should_escape": False,
    }
    shortcut = {
        "name": say("slack.manifest.shortcut", lang),
        "type": "message",
        "callback_id": SHORTCUT,
        "description": say("slack.manifest.shortcut_what", lang),
    }
    name = say("slack.manifest.name", lang)
    return {
        "_metadata": {"major_version": 2},
        "display_information": {"name": name, "description": say("slack.manifest.description", lang)},
        "features": {
            "agent_view": {"agent_description": say("slack.manifest.agent", lang), "suggested_prompts": suggested(lang, evidence=True)},
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": [shortcut],
            "slash_commands": [command | url],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}} | ({"redirect_urls": [base + CALLBACK]} if base else {}),
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)} | request,
            "interactivity": {"is_enabled": True} | request | options,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }
