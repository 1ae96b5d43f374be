"""A tiny Bolt app, only to show that the loopback and the peer can carry an app: question, button, form, file, Home, stream.

``python -m tests.slack.tiny_app socket|events PORT`` runs it as a process of its own, with the settings of SLACK.md's environment names.
"""

from __future__ import annotations

import os
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from tests.slack.serve import serve

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Tiny"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "slash_commands": [{"command": "/aeo", "description": "问"}],
        "shortcuts": [{"type": "message", "callback_id": "ask_this", "name": "问这一条", "description": "问"}],
    },
    "oauth_config": {
        "scopes": {"bot": ["app_mentions:read", "assistant:write", "chat:write", "commands", "files:read", "im:history", "im:write"]}
    },
    "settings": {"event_subscriptions": {"bot_events": ["app_mention", "message.im", "app_home_opened"]}},
}
SUBMIT = {"type": "button", "action_id": "submit", "text": {"type": "plain_text", "text": "提交"}, "value": "24(3)/records/1"}
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "evidence",
    "title": {"type": "plain_text", "text": "提交材料"},
    "submit": {"type": "plain_text", "text": "提交"},
    "blocks": [
        {
            "type": "input",
            "block_id": "url",
            "label": {"type": "plain_text", "text": "链接"},
            "element": {"type": "plain_text_input", "action_id": "url"},
        },
        {
            "type": "input",
            "block_id": "file",
            "optional": True,
            "label": {"type": "plain_text", "text": "文件"},
            "element": {"type": "file_input", "action_id": "file", "max_files": 2},
        },
    ],
}


def build(client: WebClient, signing_secret: str, files: bool = True) -> App:
    """The app; ``files=False`` leaves the file input out of the form, for a peer that does not draw it."""
    app = App(client=client, signing_secret=signing_secret, listener_executor=ThreadPoolExecutor(20), url_verification_enabled=True)
    modal = MODAL if files else MODAL | {"blocks": MODAL["blocks"][:1]}

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], client: WebClient) -> None:
        answer(client, event["channel"], event.get("thread_ts") or event["ts"], event["text"])

    @app.event("message")
    def message(event: dict[str, Any], client: WebClient) -> None:
        if event.get("channel_type") != "im" or event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
            return
        thread = event.get("thread_ts") or event["ts"]
        for file in event.get("files", ()):
            content = fetch(file["url_private_download"], client.token or "")
            client.chat_postMessage(channel=event["channel"], thread_ts=thread, text=f"收到 {file['name']}，{len(content)} 字节")
        if not event.get("files"):
            answer(client, event["channel"], thread, event["text"])

    @app.event("file_shared")
    def shared() -> None:
        """The message event says all; this one only wants its ack."""

    @app.action("submit")
    def clicked(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal)

    @app.view("evidence")
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
        values = view["state"]["values"]
        if not str(values["url"]["url"]["value"]).startswith("http"):
            ack(response_action="errors", errors={"url": "请填写网址"})
            return
        ack()
        named = [file["name"] for file in values.get("file", {}).get("file", {}).get("files", [])]
        client.chat_postMessage(channel=body["user"]["id"], text=f"材料已收到：{'、'.join(named) or values['url']['url']['value']}")

    @app.command("/aeo")
    def command(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"答：{command['text']}")

    @app.shortcut("ask_this")
    def ask_this(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        answer(client, shortcut["channel"]["id"], shortcut["message"]["ts"], shortcut["message"]["text"])

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") == "home":
            blocks = [{"type": "section", "text": {"type": "plain_text", "text": "我的材料"}}, {"type": "actions", "elements": [SUBMIT]}]
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
        else:
            prompts = [{"title": "查条款", "message": "24(3) 要什么？"}]
            client.assistant_threads_setSuggestedPrompts(channel_id=event["channel"], prompts=prompts)

    return app


def answer(client: WebClient, channel: str, thread: str, text: str) -> None:
    """Answer with the text and a button."""
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": f"答：{text}"}}, {"type": "actions", "elements": [SUBMIT]}]
    client.chat_postMessage(channel=channel, thread_ts=thread, text=f"答：{text}", blocks=blocks)


def fetch(url: str, token: str) -> bytes:
    """A file's bytes."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return bytes(response.read())


def main(mode: str, port: str = "0") -> None:
    """Run until killed."""
    client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = build(client, os.environ["SLACK_SIGNING_SECRET"], files=False)
    if mode == "socket":
        from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client).start()
    else:
        serve(app, int(port))
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
