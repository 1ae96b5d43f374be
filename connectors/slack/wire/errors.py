"""What went wrong with a call to Slack, in the three ways that matter: wait, look first whether it arrived, or give up."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from typing import Literal, NamedTuple, TypeVar

from slack_sdk.errors import SlackApiError

from assistant.conversation.chat import Unsaid
from assistant.conversation.jobs import Later
from connectors.slack.wire.pace import Pace

T = TypeVar("T")
Kind = Literal["limited", "unknown", "refused"]
UNHEARD = ("channel_not_found", "not_in_channel", "is_archived", "user_not_found", "user_disabled", "cannot_dm_bot",
           "messages_tab_disabled", "restricted_action", "restricted_action_read_only_channel", "ekm_access_denied")  # fmt: skip
"""Codes that mean: this person or place cannot be reached by the app."""
DISMISSED = ("token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired", "org_login_required", "app_uninstalled")
"""Codes that mean: the app is no longer installed there."""
_BUSY = ("ratelimited", "rate_limited", "message_limit_exceeded")
_BROKEN = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")


class CallFailure(NamedTuple):
    """``limited``: not done, repeat after ``retry_after`` seconds. ``unknown``: perhaps done. ``refused``: not done, never will be."""

    kind: Kind
    code: str
    retry_after: float = 0.0


class Refused(Unsaid):
    """Slack will not do it, now or later; ``code`` is Slack's word for why."""

    def __init__(self, code: str) -> None:
        super().__init__("slack.refused", code=code)
        self.code = code

    def __reduce__(self) -> tuple[type[Refused], tuple[str]]:
        return (Refused, (self.code,))

    @property
    def unheard(self) -> bool:
        """Whether this person or place cannot be reached."""
        return self.code in UNHEARD

    @property
    def final(self) -> bool:
        """Whether nothing more can be said to them."""
        return self.unheard or self.code in DISMISSED


def failure(error: Exception) -> CallFailure | None:
    """How a call failed; None for an error that is not Slack's or the network's."""
    if isinstance(error, SlackApiError):
        response = error.response
        code = str(_field(response, "error") or "")
        status = int(getattr(response, "status_code", 200) or 200)
        if status == 429 or code in _BUSY:
            return CallFailure("limited", "ratelimited", _seconds(response))
        if status >= 500 or code in _BROKEN or not code:
            return CallFailure("unknown", code or f"http_{status}", 1.0)
        return CallFailure("refused", code)
    if isinstance(error, (OSError, HTTPException)):  # URLError, resets and timeouts are OSErrors
        return CallFailure("unknown", type(error).__name__, 1.0)
    return None


def _field(response: object, name: str) -> object:
    data = getattr(response, "data", response)
    return data.get(name) if isinstance(data, dict) else None


def _seconds(response: object) -> float:
    headers = {str(k).lower(): v for k, v in dict(getattr(response, "headers", None) or {}).items()}
    value = headers.get("retry-after", "1")
    value = value[0] if isinstance(value, list) else value
    try:
        return max(0.5, float(value))
    except ValueError:
        return 1.0


def called(act: Callable[[], T], pace: Pace | None = None) -> T:
    """The answer of a call to Slack; where it asks for a pause, all that keep to ``pace`` make it.

    Raises:
        Later: it was not done, or nobody knows. Refused: it never will be.
    """
    try:
        return act()
    except Exception as error:
        found = failure(error)
        if found is None:
            raise
        if found.kind == "refused":
            raise Refused(found.code) from error
        if found.kind == "limited" and pace is not None:
            pace.hold(found.retry_after)
        raise Later(found.retry_after) from error
