"""The HTTP side: the Web API, uploads and downloads, response addresses, and the door to Socket Mode."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from aiohttp import web

from tests.slack.loopback.calls import Call
from tests.slack.loopback.core import Core
from tests.slack.loopback.faults import Fault, Faults
from tests.slack.loopback.methods import METHODS, Caller, Method
from tests.slack.loopback.model import Json, SlackError
from tests.slack.loopback.pace import Pace
from tests.slack.schemas import check_blocks, check_request, typed


class Web:
    """Answers requests; each one is recorded, and judged by Slack's published types before it takes effect."""

    def __init__(self, core: Core, faults: Faults, pace: Pace) -> None:
        self.core, self.faults, self.pace = core, faults, pace
        self.calls: list[Call] = []
        self.application = web.Application(client_max_size=1 << 30)
        self.application.add_routes(
            [
                web.route("*", "/api/{method}", self.api),
                web.route("*", "/upload/v1/{file}", self.upload),
                web.get("/files-pri/{path:.*}", self.download),
                web.post("/response/{key}", self.respond),
                web.get("/link/", core.sockets.handle),
                web.get("/login", self.login),
            ]
        )

    async def api(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        name = request.match_info["method"]
        args, token = await _arguments(request, name)
        call = Call(name, args, token, "", self.core.clock.now(), time.monotonic(), dict(request.headers))
        self.calls.append(call)
        fault = call.fault = self.faults.next(name, args)
        if fault is None or fault.stored:
            call.status, call.answer, headers = self._answered(call)
        else:
            call.status, call.answer, headers = fault.status, {"ok": False, "error": fault.error or "internal_error"}, {}
        if fault is not None:
            return await self._fail(request, call, fault)
        self.core.changed()
        return web.json_response(call.answer, status=call.status, headers=headers)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, raw or as a form."""
        file_id = request.match_info["file"]
        workspace = self.core.workspaces.get(self.core.uploads.get(file_id, ("", 0))[0])
        if workspace is None or file_id not in workspace.files:
            return web.Response(status=404)
        if request.content_type.startswith("multipart/"):
            content = b"".join([await part.read() async for part in await request.multipart()])  # type: ignore[union-attr]
        else:
            content = await request.read()
        workspace.files[file_id].content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes, for who may read it; anyone else is sent to the login page, as Slack does."""
        file_id = request.match_info["path"].split("/")[0]
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = self.core.setup.tokens.get(bearer)
        if token is None or token.revoked or self.core.setup.missing(["files:read"]):
            raise web.HTTPFound(f"{self.core.base}/login")
        workspace = self.core.workspaces.get(token.team)
        if workspace is None or file_id not in workspace.files:
            return web.Response(status=404)
        file = workspace.files[file_id]
        return web.Response(body=file.content, content_type=file.public()["mimetype"])

    async def login(self, _: web.Request) -> web.StreamResponse:
        """What a download without a token ends in: a page, with status 200."""
        return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """A post to a response address."""
        args: Json = await request.json()
        self.calls.append(Call("response_url", args, "", "", self.core.clock.now(), time.monotonic(), dict(request.headers), 200))
        if args.get("blocks"):
            self.core.problems += [f"response_url: {finding}" for finding in check_blocks(args["blocks"])]
        status = self.core.respond(request.match_info["key"], args)
        self.calls[-1].status = status
        self.core.changed()
        return web.json_response({"ok": True}) if status == 200 else web.Response(status=status, text="used_url")

    def _answered(self, call: Call) -> tuple[int, Json, dict[str, str]]:
        method = METHODS.get(call.method)
        if method is None:
            self.core.problems.append(f"{call.method}: the loopback does not speak this method")
            return 200, {"ok": False, "error": "unknown_method"}, {}
        try:
            caller = self._caller(method, call.token)
            call.team = caller.workspace.id
            wait = self.pace.retry_after(call.method, call.team, call.args)
            if wait is not None:
                return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}
            self._judge(call)
            self._scopes(method)
            answer = {"ok": True} | method.act(caller, call.args)
        except SlackError as error:
            answer = {"ok": False, "error": error.code} | error.extra
        scopes = {"x-oauth-scopes": ",".join(sorted(self.core.setup.scopes or ()))} if call.token.startswith("xoxb") else {}
        return 200, answer, scopes

    def _caller(self, method: Method, value: str) -> Caller:
        token = self.core.setup.tokens.get(value)
        anywhere = next(iter(self.core.workspaces.values()))
        if method.takes == "none":
            return Caller(self.core, anywhere, token)  # type: ignore[arg-type]
        if token is None:
            raise SlackError("invalid_auth" if value else "not_authed")
        if token.revoked:
            raise SlackError("token_revoked")
        if token.kind != method.takes:
            raise SlackError("not_allowed_token_type")
        return Caller(self.core, self.core.workspaces.get(token.team, anywhere), token)

    def _scopes(self, method: Method) -> None:
        missing = self.core.setup.missing(method.scopes)
        if missing:
            raise SlackError("missing_scope", needed=missing, provided=",".join(sorted(self.core.setup.scopes or ())))

    def _judge(self, call: Call) -> None:
        findings = check_request(call.method, call.args)
        if findings:
            self.core.problems += [f"{call.method}: {finding}" for finding in findings]
            code = "invalid_blocks" if any("blocks" in finding for finding in findings) else "invalid_arguments"
            raise SlackError(code, response_metadata={"messages": [f"[ERROR] {finding}" for finding in findings]})

    async def _fail(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.seconds:
            await self.core.clock.sleep(fault.seconds)
        self.core.changed()
        if fault.reset:
            call.status = 0
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.garbage:
            call.status = fault.status
            return web.Response(status=fault.status, text="<html>upstream connect error</html>", content_type="text/html")
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        return web.json_response(call.answer, status=call.status, headers=headers)


async def _arguments(request: web.Request, method: str) -> tuple[Json, str]:
    """The arguments, in the types that the method publishes, and the token."""
    sent: Json = typed(method, request.query)
    if request.content_type == "application/json":
        sent |= json.loads(await request.read() or b"{}")
    elif request.can_read_body:
        fields: dict[str, Any] = dict(await request.post())
        sent |= typed(method, fields)
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        sent["client_id"], _, sent["client_secret"] = base64.b64decode(credentials).decode().partition(":")
        credentials = ""
    token = sent.pop("token", None) or credentials
    return sent, token
