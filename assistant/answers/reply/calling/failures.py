"""Why a chat model gave no reply, in one of few words: for the log, the metrics and the doctor, never for staff."""

from __future__ import annotations

import re

_HOPELESS = frozenset(
    [
        "timeout",
        "key",
        "credit",
        "unknown_model",
        "busy",
        "down",
        "unreachable",
        "broken",
        "certificate",
        "proxy",
        "too_long",
        "endless",
        "not_built",
    ]
)
_STATUS = {
    401: "key",
    403: "key",
    402: "credit",
    404: "unknown_model",
    405: "unknown_model",
    407: "proxy",
    410: "unknown_model",
    413: "too_long",
    429: "busy",
}
_TOO_LONG = re.compile(r"context.?(length|window)|maximum context|too (long|many tokens|large)|max_model_len|上下文", re.I)
_SIZE = re.compile(r"\b(?:context|tokens?|length|size)\b|上下文|长度|字数", re.I)
_BOUND = re.compile(r"\b(?:exceed\w*|limit\w*|max\w*|range|larger|longer|most|too)\b|超|过长|上限|最大|不能大于", re.I)
_OPTION = re.compile(r"response_format|json_schema|json_object|tool|function|stream_options", re.I)
_NO_MODEL = re.compile(r"model.{0,60}(not|n't) (exist|found)|unknown model|no such model", re.I)
_NO_CREDIT = re.compile(r"insufficient|balance|quota|arrear|欠费|余额", re.I)
_FORM = re.compile(r"response_format|json_schema|json_object|tool|function|schema|stream_options|support|unavailable|thinking", re.I)
_UNREACHABLE = ("APIConnectionError", "ConnectError", "ConnectTimeout", "ConnectionError", "UnsupportedProtocol")
_CERTIFICATE, _PROXY = re.compile(r"CERTIFICATE_VERIFY_FAILED|certificate verify failed", re.I), re.compile(r"\bProxyError\b")
_BROKEN, _NOT_API = (
    re.compile(r"\b(?:ReadError|WriteError|RemoteProtocolError|DecodingError)\b"),
    re.compile(r"JSONDecodeError|Unexpected response type"),
)
_SLOW = ("TimeoutError", "APITimeoutError", "ReadTimeout", "PoolTimeout")


_DEEP = 8
"""Errors of a chain that are told, the outermost first counted."""


class NoReply(Exception):
    """A call came to nothing.

    ``why``: timeout, key, credit, unknown_model, busy, down, unreachable, broken, certificate, proxy, too_long, endless, form (of output,
    refused), unreadable, not_api, length (it broke off at its most tokens), filtered, error, not_built, nothing_stands. ``detail`` is for the log.
    """

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail
        self.rejected = False
        """Whether the request itself was refused (400, 422, …) for a reason that nobody knows."""
        self.cost: dict[str, str] = {}

    @property
    def hopeless(self) -> bool:
        """Whether no other form of output would cure it."""
        return self.why in _HOPELESS


def cause(error: Exception) -> NoReply:
    """What an exception of a provider's client means."""
    if isinstance(error, NoReply):
        return error
    detail = _told(error)
    status = getattr(error, "status_code", None)
    names = {type(e).__name__ for e in (error, error.__cause__, error.__context__) if e is not None}
    if names & set(_SLOW):
        return NoReply("timeout", detail)
    for why, pattern in (("certificate", _CERTIFICATE), ("proxy", _PROXY), ("broken", _BROKEN)):
        if pattern.search(detail):
            return NoReply(why, detail)
    if names & set(_UNREACHABLE):
        return NoReply("unreachable", detail)
    if isinstance(status, int):
        if status in _STATUS:
            return NoReply(_STATUS[status], detail)
        if status >= 500:
            return NoReply("down", detail)
    if status in (400, 422) and _SIZE.search(detail) and _BOUND.search(detail) and not _OPTION.search(detail):
        return NoReply("too_long", detail)
    for why, pattern in (("too_long", _TOO_LONG), ("unknown_model", _NO_MODEL), ("credit", _NO_CREDIT), ("not_api", _NOT_API)):
        if pattern.search(detail):
            return NoReply(why, detail)
    if isinstance(status, int) and _FORM.search(detail.partition(":")[2]):
        return NoReply("form", detail)
    failure = NoReply("error", detail)
    failure.rejected = isinstance(status, int) and 400 <= status < 500
    return failure


def _told(error: BaseException | None) -> str:
    """An error and what it came from, the root first: a client's own words (Connection error) name neither DNS nor certificate."""
    told: list[str] = []
    while error is not None and len(told) < _DEEP:
        told.insert(0, f"{type(error).__name__}: {error}"[:200])
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " < ".join(dict.fromkeys(told))[:400]
