"""conversations.*: channels, their members and what was said in them."""

from __future__ import annotations

from tests.slack.loopback.methods.registry import Caller, method, page
from tests.slack.loopback.model import Channel, Json, Message, SlackError


@method("conversations.open", "im:write|mpim:write")
def open_conversation(caller: Caller, args: Json) -> Json:
    """The direct message with a person, made if need be."""
    workspace = caller.workspace
    if "channel" in args:
        return {"channel": {"id": workspace.channel(args["channel"]).id}}
    users = [workspace.user(user) for user in str(args["users"]).split(",")]
    if any(user.deleted for user in users):
        raise SlackError("user_disabled")
    if any(user.bot for user in users):
        raise SlackError("cannot_dm_bot")
    if len(users) > 1:
        channel = workspace.add_channel("mpdm", {workspace.bot.id, *(user.id for user in users)}, "mpim")
        return {"channel": channel.public()}
    known = {channel.user for channel in workspace.channels.values() if channel.kind == "im"}
    channel = workspace.direct(users[0].id)
    state = {"already_open": True, "no_op": True} if users[0].id in known else {}
    return {"channel": channel.public() if args.get("return_im") else {"id": channel.id}} | state


@method("conversations.info")
def info(caller: Caller, args: Json) -> Json:
    """One channel."""
    channel = caller.workspace.channel(args["channel"])
    need(caller, channel, "read")
    return {"channel": channel.public()}


@method("conversations.list", "channels:read|groups:read|im:read|mpim:read")
def list_channels(caller: Caller, args: Json) -> Json:
    """All channels of the kinds asked for."""
    names = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    kinds = {names.get(kind.strip()) for kind in str(args.get("types") or "public_channel").split(",")}
    found = [channel.public() for channel in caller.workspace.channels.values() if channel.kind in kinds]
    shown, following = page(found, args)
    return {"channels": shown, "response_metadata": {"next_cursor": following}}


@method("conversations.members")
def members(caller: Caller, args: Json) -> Json:
    """Who is in a channel."""
    channel = caller.workspace.channel(args["channel"])
    need(caller, channel, "read")
    shown, following = page(sorted(channel.members), args)
    return {"members": shown, "response_metadata": {"next_cursor": following}}


@method("conversations.history")
def history(caller: Caller, args: Json) -> Json:
    """Messages of a channel, newest first, without replies."""
    channel = _readable(caller, args)
    found = [m for m in channel.messages.values() if not m.only_for and (m.thread in (None, m.ts) or m.broadcast)]
    return _messages(channel, sorted(_between(found, args), key=lambda m: float(m.ts), reverse=True), args)


@method("conversations.replies")
def replies(caller: Caller, args: Json) -> Json:
    """A thread, oldest first, its root included."""
    channel = _readable(caller, args)
    thread = channel.thread(args["ts"])
    if not thread:
        raise SlackError("thread_not_found")
    return _messages(channel, [m for m in thread if m.ts == args["ts"] or m in _between(thread, args)], args)


def need(caller: Caller, channel: Channel, right: str) -> None:
    """Refuse when the app lacks the scope for this kind of channel."""
    missing = caller.core.setup.missing([f"{channel.scope}:{right}"])
    if missing:
        raise SlackError("missing_scope", needed=missing, provided=",".join(sorted(caller.core.setup.scopes or ())))


def _readable(caller: Caller, args: Json) -> Channel:
    channel = caller.workspace.channel(args["channel"])
    need(caller, channel, "history")
    if caller.workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(messages: list[Message], args: Json) -> list[Message]:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    if args.get("inclusive"):
        return [m for m in messages if oldest <= float(m.ts) <= latest]
    return [m for m in messages if oldest < float(m.ts) < latest]


def _messages(channel: Channel, found: list[Message], args: Json) -> Json:
    shown, following = page(found, args)
    listed = []
    for message in shown:
        public = message.public(metadata=bool(args.get("include_all_metadata")))
        answers = [m for m in channel.thread(message.ts) if m.ts != message.ts]
        if answers:
            public |= {"thread_ts": message.ts, "reply_count": len(answers), "latest_reply": answers[-1].ts}
        listed.append(public)
    return {"messages": listed, "has_more": bool(following), "response_metadata": {"next_cursor": following}}
