"""Socket Mode: tickets, hello, envelopes and acks, disconnects, and connections that break or fall silent."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack.loopback.model import Json

MOST_CONNECTIONS = 10


class Connection:
    """One WebSocket of the app."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request, self.socket = request, socket
        self.waiting: dict[str, asyncio.Future[Any]] = {}
        self.draining = False
        self.deaf = False
        self.pings = 0

    def broke(self) -> None:
        """Nothing that was sent will be acked any more."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the connection broke"))
        self.waiting.clear()


class Sockets:
    """All open connections; an envelope goes to one of them, in turn."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.connections: list[Connection] = []
        self.tickets: set[str] = set()
        self.opened = 0
        self.app_id = ""
        self._turn = 0

    def ticket(self) -> str:
        """A ticket for one connection."""
        ticket = uuid.uuid4().hex
        self.tickets.add(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=403, text="invalid ticket")
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(connection)
        self.opened += 1
        await socket.send_json(self._hello())
        self.changed()
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            connection.broke()
            self.changed()
        return socket

    async def deliver(self, kind: str, payload: Json, number: int, reason: str | None) -> Any:
        """Send one envelope and wait for its ack."""
        open_ones = [c for c in self.connections if not c.draining]
        if not open_ones:
            raise ConnectionError("no connection is open")
        self._turn += 1
        connection = open_ones[self._turn % len(open_ones)]
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason or ""}
        acked: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = acked
        if not connection.deaf:
            await connection.socket.send_str(json.dumps(envelope, ensure_ascii=False))
        try:
            return await acked
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str) -> list[Connection]:
        """Ask every connection to come back on a new one; they get nothing more."""
        asked = list(self.connections)
        for connection in asked:
            connection.draining = True
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})
        return asked

    async def close(self, connections: list[Connection]) -> None:
        """Close these politely."""
        for connection in connections:
            if not connection.socket.closed:
                await connection.socket.close()

    def kill(self) -> None:
        """Break every connection without a word."""
        for connection in self.connections:
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def deafen(self) -> None:
        """Let every connection stay open and say nothing more: no pongs, no envelopes."""
        for connection in self.connections:
            connection.deaf = True

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "loopback", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app_id},
        }

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type == WSMsgType.PING:
                connection.pings += 1
                if not connection.deaf:
                    await connection.socket.pong(message.data)
            elif message.type == WSMsgType.TEXT and not connection.deaf and message.data.startswith("{"):
                ack = json.loads(message.data)
                acked = connection.waiting.get(ack.get("envelope_id", ""))
                if acked and not acked.done():
                    acked.set_result(ack.get("payload"))
