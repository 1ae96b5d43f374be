"""Fetching a file that a person put into Slack: with the bot's token, only from Slack's own address, never more than is allowed."""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import Mapping
from http.client import HTTPResponse
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from slack_sdk import WebClient

from assistant.conversation.jobs import Later
from assistant.errors import RegisterError
from connectors.slack.wire.errors import Refused, called, failure

log = logging.getLogger("aeo.slack.download")

_HOSTS = ("files.slack.com", "slack-files.com")
_SECONDS = 60  # until a download counts as broken off
_BLOCK = 1 << 20  # bytes read at a time
_IN_MEMORY = 4 << 20  # bytes of a file before it goes to disk
_BUSY = 500  # HTTP statuses from which it is the server's fault


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: it would take the token elsewhere, and Slack only redirects to its login page."""

    def redirect_request(self, *_: Any) -> None:
        """Stay."""


_OPENER = urllib.request.build_opener(_Staying)


def described(client: WebClient, file: Mapping[str, Any]) -> Mapping[str, Any]:
    """All that Slack says of a file; asked for where a form or an event left it out.

    Raises:
        RegisterError: the file is gone. Later: not now.
    """
    if file.get("url_private") and file.get("file_access") != "check_file_info":
        return file
    try:
        return dict(called(lambda: client.files_info(file=str(file["id"])))["file"])
    except Refused as refused:
        raise RegisterError("evidence_slack.file.gone", name=file_name(file)) from refused


def download(client: WebClient, file: Mapping[str, Any], limit: int) -> IO[bytes]:
    """The bytes of a file, at most ``limit``.

    Raises:
        RegisterError: too large, not Slack's, or refused; the sentence says what to do. Later: not now.
    """
    name, url = file_name(file), str(file.get("url_private_download") or file.get("url_private") or "")
    if int(file.get("size") or 0) > limit:
        raise RegisterError("register.file_large", limit=limit // (1024 * 1024))
    if not is_slacks(url, client.base_url):
        raise RegisterError("evidence_slack.file.elsewhere", name=name)
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310  checked above
    target: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  the caller closes it
    try:
        with _OPENER.open(request, timeout=_SECONDS) as response:
            _copy(response, target, limit, file)
    except HTTPError as error:
        target.close()
        if error.code == 429 or error.code >= _BUSY:
            raise Later(float(error.headers.get("Retry-After") or 2)) from error
        log.warning("Slack does not hand over a file: HTTP %s", error.code)
        raise RegisterError("evidence_slack.file.refused", name=name) from error
    except RegisterError:
        target.close()
        raise
    except Exception as error:
        target.close()
        if failure(error) is None:
            raise
        raise Later(2.0) from error
    target.seek(0)
    return target


def _copy(response: HTTPResponse, target: IO[bytes], limit: int, file: Mapping[str, Any]) -> None:
    page = str(response.headers.get("Content-Type") or "").startswith("text/html")
    if page and not str(file.get("mimetype") or "").startswith("text/html"):
        log.warning("Slack shows a page for a file; is the scope files:read granted?")
        raise RegisterError("evidence_slack.file.refused", name=file_name(file))
    copied = 0
    while block := response.read(_BLOCK):
        copied += len(block)
        if copied > limit:
            raise RegisterError("register.file_large", limit=limit // (1024 * 1024))
        target.write(block)
    if copied < int(file.get("size") or 0):
        raise ConnectionResetError("the file broke off")


def is_slacks(url: str, api: str) -> bool:
    """Whether an address belongs to Slack, or to what stands in for it (the configured Web API)."""
    try:
        parts, own = urlsplit(url), urlsplit(api)
        host = (parts.hostname or "").lower()
        if host and own.hostname != "slack.com" and (parts.scheme, host, parts.port) == (own.scheme, own.hostname, own.port):
            return True
        return parts.scheme == "https" and parts.port in (None, 443) and not parts.username and host in _HOSTS
    except ValueError:
        return False


def file_name(file: Mapping[str, Any]) -> str:
    """A file's name."""
    return str(file.get("name") or file.get("title") or file.get("id") or "file")
