"""The peer, running: an app beside it, people driven through its control API and its UI's WebSocket, and what the app did."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Literal, TypeVar

from websocket import WebSocket, WebSocketException

from tests.slack.peer.namespace import Namespace
from tests.slack.schemas import check_request, typed

T = TypeVar("T")
Json = dict[str, Any]
PORT, APP_PORT = 3100, 4000
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-peer", "SLACK_APP_TOKEN": "xapp-peer", "SLACK_SIGNING_SECRET": "peer-secret"}
WANG, LI, BOT, CHANNEL = "U0WANG", "U0LI", "U0BOT", "C0GENERAL"
_ROOT = Path(__file__).parents[3]


class PeerSlack:
    """A workspace with the people ``WANG`` and ``LI`` and the channel ``CHANNEL``; ``mode`` is how it delivers events."""

    def __init__(
        self,
        namespace: Namespace,
        program: Path,
        mode: Literal["socket", "events"],
        events_path: str = "/slack/events",
        port: int = PORT,
        people: Sequence[Json] = (),
    ) -> None:
        self.namespace, self.mode, self.port = namespace, mode, port
        self.url = f"http://127.0.0.1:{port}"
        config = namespace.folder / "local-slack.json"
        config.write_text(json.dumps(_config(mode, f"http://127.0.0.1:{APP_PORT}{events_path}", people or _PEOPLE)))
        command = [str(program), "--config", str(config), "--port", str(port), "--base-host", "127.0.0.1"]
        namespace.start([*command, "--files-dir", str(namespace.folder / "files")], os.environ, "local-slack.log")
        self.heard: list[Json] = []
        self.wait(lambda: namespace.answers(port), "the peer listens", 30)
        self._ui = WebSocket()
        self._ui.connect(f"ws://127.0.0.1:{port}/ui", socket=namespace.connect(port), timeout=10)
        self._ui.settimeout(None)
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """The settings that point an app at this peer; in events mode it listens on ``APP_PORT``."""
        return TOKENS | {"SLACK_API_URL": f"{self.url}/api/"}

    def run_app(self, command: Sequence[str], env: Mapping[str, str] | None = None, seconds: float = 30.0) -> subprocess.Popen[bytes]:
        """Start the app beside the peer, and wait until it is connected (socket) or answers (events)."""
        process = self.namespace.start(command, os.environ | self.environment | {"PYTHONPATH": str(_ROOT)} | dict(env or {}), "app.log")

        def ready() -> bool:
            assert process.poll() is None, f"the app ended with {process.returncode}:\n{self.app_log()}"
            if self.mode == "socket":
                return any(h.get("t") == "socket_status" and h.get("connected") for h in self.heard)
            return self.namespace.answers(APP_PORT)

        self.wait(ready, "the app is ready", seconds)
        return process

    def app_log(self) -> str:
        """The end of what the app wrote."""
        file = self.namespace.folder / "app.log"
        return file.read_text(errors="replace")[-3000:] if file.exists() else ""

    def says(self, user: str, channel: str, text: str, thread: str | None = None) -> Json:
        """Write in a channel (or ``dm(user)``); the message comes back."""
        message = self._control("message", {"user": user, "channel": channel, "text": text, "thread_ts": thread})["message"]
        return dict(message)

    def asks(self, user: str, channel: str, text: str, thread: str | None = None) -> Json:
        """Write and name the app."""
        return self.says(user, channel, f"<@{BOT}> {text}", thread)

    def dm(self, user: str) -> str:
        """The direct message channel of the app with ``user``."""
        return str(self.api("conversations.open", users=user)["channel"]["id"])

    def slash(self, user: str, channel: str, command: str, text: str) -> None:
        """Type a slash command."""
        self._control("command", {"user": user, "channel": channel, "command": command, "text": text})

    def clicks(self, user: str, message: Json, action_id: str, **chosen: Any) -> None:
        """Use a button or menu of a message as it is now."""
        now = next(m for m in self.messages(message["channel"]) if m["ts"] == message["ts"])
        for block in now.get("blocks", ()):
            for element in [*block.get("elements", ()), block.get("accessory") or {}]:
                if element.get("action_id") == action_id:
                    kept = {key: element[key] for key in ("type", "action_id", "value", "text") if key in element}
                    action = kept | {"block_id": block.get("block_id", "b"), "action_ts": f"{time.time():.6f}"} | chosen
                    self._control("interact", {"user": user, "channel": now["channel"], "messageTs": now["ts"], "action": action})
                    return
        raise AssertionError(f"no {action_id!r} in {json.dumps(now, ensure_ascii=False)[:500]}")

    def interacts(self, user: str, channel: str, ts: str, action: Json) -> None:
        """Use an element of a message, as an action that Slack would send."""
        self._control("interact", {"user": user, "channel": channel, "messageTs": ts, "action": action})

    def submits(self, user: str, values: Mapping[str, Mapping[str, Json]]) -> None:
        """Submit the modal in front, with ``view.state.values``."""
        self._ui.send(json.dumps({"t": "view_submit", "user": user, "values": values}))

    def drops(self, user: str, channel: str, name: str, content: bytes, thread: str | None = None, text: str = "") -> Json:
        """Drop a file into a channel or thread."""
        fields = {"channel": channel, "user": user, "text": text, "thread_ts": thread or ""}
        edge = uuid.uuid4().hex
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items() if v]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{edge}--\r\n".encode()])
        return self._request("POST", "/_control/upload", body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def opens_home(self, user: str) -> None:
        """Open the app's Home tab."""
        self._control("open-home", {"user": user})

    def messages(self, channel: str) -> list[Json]:
        """All messages of a channel."""
        return list(self._request("GET", f"/_control/messages/{channel}")["messages"])

    def posts(self, channel: str, thread: str | None = None) -> list[Json]:
        """Those that the app posted; with ``thread`` the replies in it."""
        return [m for m in self.messages(channel) if m.get("user") == BOT and (thread is None or m.get("thread_ts") == thread)]

    def wait_for_post(self, channel: str, contains: str = "", thread: str | None = None, seconds: float = 15.0) -> Json:
        """Wait for a post of the app that contains a text."""
        found = self.wait(
            lambda: [m for m in self.posts(channel, thread) if contains in m.get("text", "")], f"{contains!r} in {channel}", seconds
        )
        return found[-1]

    def wait_for(self, kind: str, seconds: float = 15.0) -> Json:
        """Wait for what the peer tells its UI (``view``, ``view_errors``, ``home``), and take it."""
        found = self.wait(lambda: [h for h in self.heard if h.get("t") == kind], kind, seconds)
        self.heard.remove(found[0])
        return found[0]

    def log(self) -> list[Json]:
        """Everything between the peer and the app."""
        return list(self._request("GET", "/_control/log")["log"])

    def problems(self) -> list[str]:
        """What the app sent that Slack's published types or documented limits do not allow; the peer itself accepts nearly all."""
        found = []
        for entry in self.log():
            if entry["direction"] == "from_bot" and entry["kind"] == "web_api":
                args = {}
                for name, value in (entry.get("detail") or {}).items():
                    args |= typed(entry["summary"], {name: value}) if isinstance(value, str) else {name: value}
                found += [f"{entry['summary']}: {finding}" for finding in check_request(entry["summary"], args)]
        return found

    def delivered(self) -> list[Json]:
        """The payloads that the peer sent to the app."""
        return [e["detail"] for e in self.log() if e["direction"] == "to_bot" and isinstance(e.get("detail"), dict)]

    def api(self, method: str, **args: Any) -> Json:
        """Call the peer's Web API as the app would."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKENS['SLACK_BOT_TOKEN']}"}
        return self._request("POST", f"/api/{method}", json.dumps(args).encode(), headers)

    def wait(self, until: Callable[[], T], what: str, seconds: float = 15.0) -> T:
        """Wait until ``until()`` gives something true."""
        deadline = time.monotonic() + seconds
        while not (found := until()):
            assert time.monotonic() < deadline, f"not within {seconds} s: {what}\n{self.app_log()}"
            time.sleep(0.05)
        return found

    def _control(self, act: str, body: Json) -> Json:
        return self._request("POST", f"/_control/{act}", json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _request(self, verb: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Json:
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.sock = self.namespace.connect(self.port)
        try:
            connection.request(verb, path, body, dict(headers or {}))
            answer: Json = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert answer.get("ok", True), f"{path}: {answer}"
        return answer

    def _listen(self) -> None:
        try:
            while text := self._ui.recv():
                self.heard.append(json.loads(text))
        except (WebSocketException, OSError):
            return


_PEOPLE = (
    {"id": WANG, "name": "wang", "real_name": "王芳", "email": "wang@example.cn"},
    {"id": LI, "name": "li", "real_name": "李雷", "email": "li@example.cn"},
)


def _config(mode: str, request_url: str, people: Sequence[Json]) -> Json:
    app = {
        "appId": "A0PEER", "botUserId": BOT, "botName": "aeo", "botToken": TOKENS["SLACK_BOT_TOKEN"], "mode": mode,
        "appToken": TOKENS["SLACK_APP_TOKEN"], "signingSecret": TOKENS["SLACK_SIGNING_SECRET"], "requestUrl": request_url,
    }  # fmt: skip
    return {
        "workspace": {"name": "Peer", "domain": "peer", "teamId": "T0PEER"},
        "app": app,
        "users": list(people),
        "channels": [{"id": CHANNEL, "name": "general", "members": [*(p["id"] for p in people), BOT]}],
    }
