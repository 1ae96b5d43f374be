"""The loopback's people and screens over the independent peer, so that the same stories are told on both.

Only what stories use: writing, dropping, pressing, filling in forms, Home, and what everybody reads. ``LoopbackSlack`` is the model.
"""

from __future__ import annotations

import socket
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

from connectors.slack.wire.socket_line import SocketLine
from tests.slack.loopback import forms
from tests.slack.loopback.forms import NotPossible
from tests.slack.peer.carried import into, out_of
from tests.slack.peer.namespace import Namespace
from tests.slack.peer.slack import APP_PORT, BOT, CHANNEL, TOKENS, Json, PeerSlack

T = TypeVar("T")
TEAM = "T0PEER"
PEOPLE = {"wang": "王芳", "li": "李雷", "lead": "赵合规", "zhao": "钱外人"}


class PeerMessage:
    """A message as the peer shows it now."""

    def __init__(self, office: PeerOffice, channel: str, ts: str) -> None:
        self.office, self.channel, self.ts = office, channel, ts

    @property
    def now(self) -> Json:
        """Its JSON; without content where it was deleted."""
        return next((m for m in self.office.peer.messages(self.channel) if m["ts"] == self.ts), {})

    @property
    def text(self) -> str:
        """Its text."""
        return str(self.now.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.now.get("blocks") or [])

    @property
    def user(self) -> str:
        """Who wrote it."""
        return str(self.now.get("user", ""))

    @property
    def thread(self) -> str | None:
        """The root of its thread, None for a root."""
        found = self.now.get("thread_ts")
        return found if found and found != self.ts else None


class PeerMember:
    """A person of the peer's workspace."""

    def __init__(self, office: PeerOffice, name: str) -> None:
        self.office, self.id = office, f"U0{name.upper()}"
        self.user = types.SimpleNamespace(id=self.id, email=f"{name}@example.cn", real_name=PEOPLE[name], name=name)
        self.errors: dict[str, str] = {}
        self._entered: dict[str, Any] = {}

    @property
    def mention(self) -> str:
        """How others name this person."""
        return f"<@{self.id}>"

    @property
    def dm(self) -> str:
        """The direct messages with the app."""
        return self.office.direct(self.id)

    @property
    def inbox(self) -> list[PeerMessage]:
        """What the app wrote there."""
        return self.office.posts(self.dm)

    @property
    def whispers(self) -> list[PeerMessage]:
        """What only this person sees, oldest first."""
        return [m for c in (self.dm, CHANNEL) for m in self.office.messages(c) if m.now.get("ephemeral_to") == self.id]

    def says(self, channel: str, text: str, thread: str | None = None) -> PeerMessage:
        """Write."""
        return self.office.message(self.office.peer.says(self.id, channel, text, thread))

    def asks(self, channel: str, text: str, thread: str | None = None) -> PeerMessage:
        """Write and name the app."""
        return self.says(channel, f"<@{BOT}> {text}", thread)

    def dms(self, text: str, thread: str | None = None) -> PeerMessage:
        """Write to the app."""
        return self.says(self.dm, text, thread)

    def drops(self, channel: str, name: str, content: bytes, thread: str | None = None, text: str = "") -> PeerMessage:
        """Drop a file; the message that shares it."""
        before = {m.ts for m in self.office.messages(channel)}
        self.office.peer.drops(self.id, channel, name, content, thread, text)
        return self.office.wait(
            lambda: next((m for m in self.office.messages(channel) if m.ts not in before and m.user == self.id), None), "a file"
        )

    def clicks(
        self, message: PeerMessage, action_id: str, chosen: Any = None, *, block_id: str | None = None, value: str | None = None
    ) -> None:
        """Use a button or menu of a message as it is now."""
        block, element = forms.find(message.blocks, action_id, block_id, value)
        action = forms.action(block, element, chosen, f"{time.time():.6f}")
        self.office.peer.interacts(self.id, message.channel, message.ts, action)

    def opens_home(self) -> None:
        """Open the app's Home tab."""
        self.office.peer.opens_home(self.id)

    def wait_for_modal(self, callback_id: str | None = None) -> Any:
        """Wait for a form that was not seen yet."""
        del callback_id
        self._entered = {}
        return self.office.wait(lambda: self.modal, "a form")

    @property
    def modal(self) -> Any:
        """The form that was opened last."""
        shown = [h for h in self.office.peer.heard if h.get("t") == "view"]
        return types.SimpleNamespace(body=shown[-1]["stack"][-1]) if shown and shown[-1]["stack"] else None

    @property
    def home_view(self) -> Any:
        """The Home tab as the app published it last; None before."""
        shown = [h for h in self.office.peer.heard if h.get("t") == "home" and h.get("user") == self.id]
        return types.SimpleNamespace(body=shown[-1]["view"]) if shown else None

    def fills(self, fields: Mapping[str, Any]) -> None:
        """Enter values into the form in front, by action_id."""
        self._entered |= fields

    def submits(self, fields: Mapping[str, Any] | None = None) -> None:
        """Fill in and send the form in front."""
        view, entered = self.office.wait(lambda: self.modal, "a form"), {**self._entered, **(fields or {})}
        values: dict[str, dict[str, Json]] = {}
        for block in view.body["blocks"]:
            if block["type"] == "input":
                element = block["element"]
                chosen = entered.pop(element["action_id"], forms.initial(element))
                if chosen and element["type"] == "file_input":
                    raise NotPossible("the peer takes no files in forms")
                values[block["block_id"]] = {element["action_id"]: forms.state(element, chosen)}
        if entered:
            raise NotPossible(f"no fields of the form: {sorted(entered)}")
        before = len(self.office.peer.heard)
        self.office.peer.submits(self.id, values)
        came = self.office.wait(
            lambda: [h for h in self.office.peer.heard[before:] if h.get("t") in ("view", "view_errors")], "what became of the form"
        )
        self._entered, self.errors = {}, dict(came[-1].get("errors") or {})


class PeerOffice:
    """The peer in the place of a ``LoopbackSlack``; the app is served in this process and reached by signed requests or Socket Mode."""

    def __init__(self, folder: Path, program: Path, mode: Literal["socket", "events"]) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(listener.getsockname()[1])
        self.folder, self.mode = folder, mode
        self.namespace = Namespace(folder, self.port, f"back:{APP_PORT}")
        self.carried = [into(self.namespace, listener, self.port)]
        people = [
            {"id": f"U0{n.upper()}", "name": n, "real_name": r, "email": f"{n}@example.cn", "tz": "Asia/Shanghai"}
            for n, r in PEOPLE.items()
        ]
        self.peer = PeerSlack(self.namespace, program, mode, port=self.port, people=people)
        self.api_url, self.bot_user = f"{self.peer.url}/api/", BOT
        self.workspace: Any = types.SimpleNamespace(id=TEAM, bot=types.SimpleNamespace(id=BOT), channels=_Channels(self))
        self.core: Any = types.SimpleNamespace(workspaces={TEAM: self.workspace})
        self.environment = TOKENS | {"SLACK_API_URL": self.api_url}
        self.lines: list[SocketLine] = []
        self._directs: dict[str, str] = {}

    def close(self) -> None:
        """End the peer."""
        for line in self.lines:
            line.close()
        for carried in self.carried:
            carried.close()
        self.namespace.close()

    def serve(self, app: Any, port: int) -> None:
        """Bring events to an app of this process: from the peer's requests, or over a socket that the app opens."""
        if self.mode == "events":
            self.carried.append(out_of(self.folder / f"{APP_PORT}.back", port))
            return
        self.lines.append(SocketLine(app, TOKENS["SLACK_APP_TOKEN"], lambda: None))
        threading.Thread(target=self.lines[-1].start, daemon=True).start()
        self.wait(lambda: [h for h in self.peer.heard if h.get("t") == "socket_status" and h.get("connected")], "the socket")

    # -- as a LoopbackSlack ---------------------------------------------------------------------------------------

    def deliver_to(self, request_url: str | None) -> None:
        """Events come by ``serve``."""

    def token_of(self, workspace: Any) -> str:
        """The app's token."""
        del workspace
        return TOKENS["SLACK_BOT_TOKEN"]

    def run(self, act: Callable[[], T]) -> T:
        """The peer needs no thread of its own."""
        return act()

    def wait(self, until: Callable[[], T | None], what: str = "", timeout: float = 15.0) -> T:
        """Wait until ``until()`` gives something true."""
        return self.peer.wait(until, what, timeout)  # type: ignore[arg-type, return-value]

    def settle(self) -> None:
        """What was sent is on its way for a moment."""
        time.sleep(0.25)

    def direct(self, user: str) -> str:
        """The direct message channel of the app with somebody."""
        if user not in self._directs:
            self._directs[user] = self.peer.dm(user)
        return self._directs[user]

    def channel(self, name: str, *people: PeerMember, app: bool = True) -> str:
        """The one channel that everybody and the app are in."""
        if not app:
            raise NotPossible(f"the app is in the only channel; {name} has none")
        del people
        return CHANNEL

    def message(self, found: Json) -> PeerMessage:
        """A message of the peer."""
        return PeerMessage(self, str(found["channel"]), str(found["ts"]))

    def messages(self, channel: str, thread: str | None = None) -> list[PeerMessage]:
        """Messages of a channel, oldest first; with ``thread`` the replies in it."""
        return [PeerMessage(self, channel, str(m["ts"])) for m in self._kept(channel, thread)]

    def posts(self, channel: str, thread: str | None = None) -> list[PeerMessage]:
        """Those that the app posted for everyone there."""
        kept = [m for m in self._kept(channel, thread) if m.get("user") == BOT and "ephemeral_to" not in m]
        return [PeerMessage(self, channel, str(m["ts"])) for m in kept]

    def _kept(self, channel: str, thread: str | None) -> list[Json]:
        found = [m for m in self.peer.messages(channel) if thread is None or (m.get("thread_ts") == thread and m["ts"] != thread)]
        return sorted(found, key=lambda m: str(m["ts"]))

    @property
    def problems(self) -> list[str]:
        """What Slack would have refused."""
        return self.peer.problems()


class _Channels:
    """``workspace.channels[id].messages``."""

    def __init__(self, office: PeerOffice) -> None:
        self.office = office

    def __getitem__(self, channel: str) -> Any:
        return types.SimpleNamespace(messages={m.ts: m for m in self.office.messages(channel)})


@contextmanager
def peer_office(folder: Path, program: Path, mode: Literal["socket", "events"]) -> Iterator[PeerOffice]:
    """The peer, running."""
    office = PeerOffice(folder, program, mode)
    try:
        yield office
    finally:
        office.close()
