"""People to tell, behind HTTP on loopback: a server that keeps what arrives and fails by script, and the notifier that calls it."""

from __future__ import annotations

import http.client
import json
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from assistant.register.facts.outbox import Arrived, Message, Notifier, Receipt
from tests.mail.office import MailOffice, mail_office

FAULTS = ("429", "503 before", "500 after", "cut before", "cut after")
PATIENCE = 2.0


class Arrival(NamedTuple):
    """One message as it arrived."""

    id: str
    recipient: str
    dedup: str


class Post:
    """What arrived, and how often which fault is played; faults come in bursts, as they do."""

    def __init__(self) -> None:
        self.address = ("", 0)
        self.arrived: list[Arrival] = []
        self.said: list[Arrival] = []
        self.mail = MailOffice()
        self.played: Counter[str] = Counter()
        self.chance = random.Random(0)
        self.share = 0.0
        self._burst: list[str] = []
        self._lock = threading.Lock()

    def begin(self, seed: int, share: float) -> None:
        """A new run: nothing arrived yet; this share of requests fails."""
        with self._lock:
            self.arrived, self.said, self.chance, self.share, self._burst = [], [], random.Random(seed), share, []
            self.mail.arrived.clear()
            self.mail.faults.clear()

    def calm(self) -> None:
        """No faults from now on."""
        with self._lock:
            self.share, self._burst = 0.0, []
            self.mail.faults.clear()

    def fault(self) -> str:
        """The fault of this request, or nothing."""
        with self._lock:
            if not self._burst and self.chance.random() < self.share:
                self._burst = [self.chance.choice(FAULTS)] * self.chance.choice((1, 1, 2, 4))
            found = self._burst.pop() if self._burst else ""
            if found:
                self.played[found] += 1
            return found

    def keep(self, arrival: Arrival, said: bool = False) -> None:
        """It arrived; ``said``: in a conversation."""
        with self._lock:
            (self.said if said else self.arrived).append(arrival)

    def letters(self) -> None:
        """Perhaps the mail server fails next, too."""
        with self._lock:
            self.mail.faults[:] = [self.chance.choice(("after", "before", "450"))] if self.chance.random() < self.share else []

    def knows(self, message: str) -> bool:
        """Whether it arrived."""
        with self._lock:
            return any(a.id == message for a in (*self.arrived, *self.said))


@contextmanager
def post_office() -> Iterator[Post]:
    """The server, until the block ends."""
    post = Post()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrival = Arrival(**json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            fault = post.fault()
            if fault == "429":
                self._say(429)
            elif fault == "503 before":
                self._say(503)
            elif fault == "cut before":
                self._cut()
            else:
                post.keep(arrival, self.path == "/said")
                if fault == "cut after":
                    self._cut()
                else:
                    self._say(500 if fault == "500 after" else 200)

        def do_GET(self) -> None:
            if post.fault():
                self._cut()
            else:
                self._say(200 if post.knows(self.path[1:]) else 404)

        def _say(self, status: int) -> None:
            with suppress(OSError):  # the worker was killed meanwhile
                self.send_response(status)
                self.send_header("Retry-After", "30")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def _cut(self) -> None:
            """A reset in the middle of things, as a broken network gives."""
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """A killed worker leaves a broken connection."""

    with mail_office() as office:
        post.mail = office
        server = Server(("127.0.0.1", 0), Handler)
        post.address = ("127.0.0.1", server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield post
        finally:
            server.shutdown()
            server.server_close()


class Wire:
    """Calls the server."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> tuple[int, float]:
        """Status and how long to wait; a connection that breaks raises."""
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body).encode())
            answer = connection.getresponse()
            answer.read()
            return answer.status, float(answer.headers.get("Retry-After", 0))
        finally:
            connection.close()


class HttpNotifier:
    """Tells people over HTTP, and knows what the server's answers mean for a message."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.wire = Wire(address)

    def deliver(self, message: Message) -> Receipt:
        """Deliver once; a connection that breaks raises, and nobody knows."""
        status, wait = self.wire.ask("POST", "/", Arrival(message.id, message.recipient, message.dedup)._asdict())
        if status == 200:
            return _sent(message)
        if status == 429:
            return Receipt("later", retry_after=wait)
        return Receipt("unknown", detail=str(status))

    def find(self, message: Message) -> Receipt | None:
        """Whether it arrived."""
        status, _ = self.wire.ask("GET", f"/{message.id}")
        return _sent(message) if status == 200 else None


def _sent(message: Message) -> Receipt:
    """Where it stands, so that people can write under it."""
    return Receipt("sent", Arrived(channel=f"D{message.recipient}", ts=message.id))


class Ways:
    """Those whom only mail reaches get letters, everybody else is told over HTTP."""

    def __init__(self, http: HttpNotifier, mail: Notifier, mailed: Sequence[str]) -> None:
        self.http, self.mail, self.mailed = http, mail, mailed

    def deliver(self, message: Message) -> Receipt:
        """One way for each."""
        return self._way(message).deliver(message)

    def find(self, message: Message) -> Receipt | None:
        """As it was told."""
        return self._way(message).find(message)

    def _way(self, message: Message) -> Notifier:
        return self.mail if message.recipient in self.mailed else self.http
