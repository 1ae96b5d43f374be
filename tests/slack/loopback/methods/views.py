"""views.*: modals by trigger id, and the Home tab."""

from __future__ import annotations

from tests.slack.loopback.methods.registry import Caller, method
from tests.slack.loopback.model import Json, SlackError, View

MOST_PUSHED = 3


@method("views.open")
def open_view(caller: Caller, args: Json) -> Json:
    """Open a modal for who gave the trigger id."""
    user = caller.core.views.redeem(args["trigger_id"], caller.workspace)
    return {"view": caller.core.views.open(caller.workspace, user, args["view"]).public()}


@method("views.push")
def push(caller: Caller, args: Json) -> Json:
    """Put a modal on top of the open one."""
    user = caller.core.views.redeem(args["trigger_id"], caller.workspace)
    if not 0 < len(caller.core.views.stack(caller.workspace.id, user)) < MOST_PUSHED:
        raise SlackError("push_limit_reached")
    return {"view": caller.core.views.push(caller.workspace, user, args["view"]).public()}


@method("views.update")
def update(caller: Caller, args: Json) -> Json:
    """Change an open modal; ``hash`` guards against an older change overtaking a newer one."""
    view = _found(caller, args)
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")
    caller.core.views.replace(view, args["view"])
    return {"view": view.public()}


@method("views.publish")
def publish(caller: Caller, args: Json) -> Json:
    """Set someone's Home tab."""
    user = caller.workspace.user(args["user_id"])
    if not caller.core.setup.home_tab:
        raise SlackError("not_enabled")
    if user.deleted:
        raise SlackError("user_disabled")
    home = caller.core.views.homes.get((caller.workspace.id, user.id))
    if args.get("hash") and home and args["hash"] != home.hash:
        raise SlackError("hash_conflict")
    return {"view": caller.core.views.publish(caller.workspace, user.id, args["view"]).public()}


def _found(caller: Caller, args: Json) -> View:
    for view in caller.core.views.open_views(caller.workspace.id):
        if view.id == args.get("view_id") or (args.get("external_id") and view.body.get("external_id") == args["external_id"]):
            return view
    raise SlackError("not_found")
