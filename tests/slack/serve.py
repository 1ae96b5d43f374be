"""Serves any Bolt app by the product's own HTTP server on 127.0.0.1."""

from __future__ import annotations

from slack_bolt import App

from connectors.slack.wire import web


def serve(app: App, port: int = 0) -> web.Server:
    """A running server that takes Slack's requests at ``/slack/events``; its ``shutdown`` and ``server_close`` end it."""
    return web.serve(app, dict, "127.0.0.1", port)
