"""chat.*: messages that the app posts, changes and takes back."""

from __future__ import annotations

from tests.slack.loopback.blocks import stored
from tests.slack.loopback.methods.registry import Caller, method
from tests.slack.loopback.model import Channel, Json, Message, SlackError

MOST_TEXT = 40_000


@method("chat.postMessage", "chat:write")
def post_message(caller: Caller, args: Json) -> Json:
    """Post a message to a channel, thread or person."""
    channel = may_post(caller, args["channel"])
    message = caller.workspace.post(channel, caller.workspace.bot, content(args), **_fields(args))
    if message.thread:
        caller.core.clear_status(channel.id, message.thread)
    return {"channel": channel.id, "ts": message.ts, "message": message.public(metadata=True)}


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(caller: Caller, args: Json) -> Json:
    """Show a message to one person only."""
    channel = may_post(caller, args["channel"])
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    message = caller.core.whisper(caller.workspace, channel, args["user"], args)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(caller: Caller, args: Json) -> Json:
    """Change a message of the app; what is not given stays: blocks too, as Slack documents."""
    message = _own(caller, args, "cant_update_message")
    if message.streaming:
        caller.core.expire_stream(message)
        if message.streaming:
            raise SlackError("streaming_state_conflict")
    fields: Json = {}
    if "text" in args or "markdown_text" in args:
        fields["text"] = content(args)
    if "blocks" in args:
        fields["blocks"] = stored(args["blocks"])
    if "attachments" in args:
        fields["attachments"] = args["attachments"]
    if "metadata" in args:
        fields["metadata"] = args["metadata"]
    caller.workspace.update(message, **fields)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.public()}


@method("chat.delete", "chat:write")
def delete(caller: Caller, args: Json) -> Json:
    """Take a message of the app back."""
    message = _own(caller, args, "cant_delete_message")
    caller.workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(caller: Caller, args: Json) -> Json:
    """The address of a message."""
    message = caller.workspace.message(args["channel"], args["message_ts"])
    link = f"https://{caller.workspace.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread:
        link += f"?thread_ts={message.thread}&cid={message.channel}"
    return {"channel": message.channel, "permalink": link}


def may_post(caller: Caller, target: str) -> Channel:
    """The channel, if the app may post there and someone would read it."""
    channel = caller.workspace.channel(target)
    if channel.archived:
        raise SlackError("is_archived")
    if caller.workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.kind == "im":
        if caller.workspace.users[channel.user].deleted:
            raise SlackError("user_disabled")
        if not caller.core.setup.messages_tab:
            raise SlackError("messages_tab_disabled")
    return channel


def content(args: Json) -> str:
    """The text of a message; one without any content is refused."""
    text = args.get("text") or args.get("markdown_text") or ""
    if len(text) > MOST_TEXT:
        raise SlackError("msg_too_long")
    if not text and not args.get("blocks") and not args.get("attachments"):
        raise SlackError("no_text")
    return str(text)


def _fields(args: Json) -> Json:
    thread = args.get("thread_ts")
    return {
        "blocks": stored(args.get("blocks") or []),
        "attachments": args.get("attachments") or [],
        "thread": thread,
        "metadata": args.get("metadata"),
        "broadcast": bool(args.get("reply_broadcast")),
    }


def _own(caller: Caller, args: Json, otherwise: str) -> Message:
    message = caller.workspace.message(args["channel"], args["ts"])
    if message.user != caller.workspace.bot.id or message.only_for:
        raise SlackError(otherwise)
    return message
