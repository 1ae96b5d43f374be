"""users.*: who people are."""

from __future__ import annotations

from tests.slack.loopback.methods.registry import Caller, method, page
from tests.slack.loopback.model import Json, SlackError, User


@method("users.info", "users:read")
def info(caller: Caller, args: Json) -> Json:
    """One member."""
    return {"user": _shown(caller, caller.workspace.user(args["user"]))}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(caller: Caller, args: Json) -> Json:
    """The active member with an address."""
    for user in caller.workspace.users.values():
        if user.email and user.email.lower() == args["email"].lower() and not user.deleted:
            return {"user": _shown(caller, user)}
    raise SlackError("users_not_found")


@method("users.list", "users:read")
def list_users(caller: Caller, args: Json) -> Json:
    """All members, the deactivated ones too."""
    shown, following = page(list(caller.workspace.users.values()), args)
    members = [_shown(caller, user) for user in shown]
    return {"members": members, "cache_ts": int(caller.core.clock.now()), "response_metadata": {"next_cursor": following}}


def _shown(caller: Caller, user: User) -> Json:
    public = user.public()
    if caller.core.setup.missing(["users:read.email"]):
        public["profile"].pop("email", None)
    return public
