"""What is about the app itself: its tokens, its connection, its installation, and a check of blocks."""

from __future__ import annotations

from tests.slack.loopback.methods.registry import Caller, method
from tests.slack.loopback.model import Json, SlackError


@method("api.test", takes="none")
def api_test(caller: Caller, args: Json) -> Json:
    """Answer."""
    if args.get("error"):
        raise SlackError(args["error"])
    return {"args": args}


@method("auth.test")
def auth_test(caller: Caller, args: Json) -> Json:
    """Whose token this is."""
    workspace = caller.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/", "team": workspace.name, "user": workspace.bot.name, "team_id": workspace.id,
        "user_id": workspace.bot.id, "bot_id": workspace.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


@method("auth.revoke")
def auth_revoke(caller: Caller, args: Json) -> Json:
    """Give a token up."""
    caller.token.revoked = not args.get("test")
    return {"revoked": caller.token.revoked}


@method("team.info", "team:read")
def team_info(caller: Caller, args: Json) -> Json:
    """The workspace."""
    workspace = caller.workspace
    return {"team": {"id": workspace.id, "name": workspace.name, "domain": workspace.domain, "email_domain": ""}}


@method("bots.info", "users:read")
def bots_info(caller: Caller, args: Json) -> Json:
    """The app's own bot."""
    workspace = caller.workspace
    if args.get("bot", workspace.bot_id) != workspace.bot_id:
        raise SlackError("bot_not_found")
    shown = {"id": workspace.bot_id, "deleted": False, "name": workspace.bot.name, "app_id": caller.core.setup.id}
    return {"bot": shown | {"user_id": workspace.bot.id}}


@method("apps.connections.open", takes="app")
def connections_open(caller: Caller, args: Json) -> Json:
    """An address for one Socket Mode connection."""
    ticket = caller.core.sockets.ticket()
    return {"url": f"{caller.core.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={caller.core.setup.id}"}


@method("blocks.validate", takes="none")
def blocks_validate(caller: Caller, args: Json) -> Json:
    """Accept; what is wrong with blocks was found before, as for every method."""
    return {}


@method("oauth.v2.access", takes="none")
def oauth_v2_access(caller: Caller, args: Json) -> Json:
    """Exchange the code of an approved installation for a bot token."""
    setup = caller.core.setup
    if (args.get("client_id"), args.get("client_secret")) != (setup.client_id, setup.client_secret):
        raise SlackError("bad_client_secret" if args.get("client_id") == setup.client_id else "invalid_client_id")
    granted = caller.core.codes.pop(args.get("code") or "", None)
    if granted is None:
        raise SlackError("invalid_code")
    workspace, user = granted
    token = setup.issue("bot", workspace.id)
    return {
        "access_token": token.value, "token_type": "bot", "scope": ",".join(sorted(setup.scopes or ())), "app_id": setup.id,
        "bot_user_id": workspace.bot.id, "team": {"id": workspace.id, "name": workspace.name}, "enterprise": None,
        "authed_user": {"id": user}, "is_enterprise_install": False,
    }  # fmt: skip
