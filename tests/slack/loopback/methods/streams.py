"""chat.startStream, appendStream, stopStream: a message that grows, for at most five minutes."""

from __future__ import annotations

from tests.slack.loopback.blocks import stored
from tests.slack.loopback.methods.chat import may_post
from tests.slack.loopback.methods.registry import Caller, method
from tests.slack.loopback.model import Json, Message, SlackError


@method("chat.startStream", "chat:write")
def start(caller: Caller, args: Json) -> Json:
    """Open a stream as a reply in a thread; in a channel its reader must be named."""
    channel = may_post(caller, args["channel"])
    if args["thread_ts"] not in channel.messages:
        raise SlackError("invalid_thread_ts")
    if channel.kind != "im":
        for needed in ("recipient_team_id", "recipient_user_id"):
            if not args.get(needed):
                raise SlackError(f"missing_{needed}")
    fields = {"thread": args["thread_ts"], "streaming": True, "stream_began": caller.core.clock.now()}
    message = caller.workspace.post(channel, caller.workspace.bot, "", **fields)
    _append(message, args)
    caller.core.clear_status(channel.id, args["thread_ts"])
    return {"channel": channel.id, "ts": message.ts}


@method("chat.appendStream", "chat:write")
def append(caller: Caller, args: Json) -> Json:
    """Add to a stream that still runs."""
    message = _running(caller, args)
    _append(message, args)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.stopStream", "chat:write")
def stop(caller: Caller, args: Json) -> Json:
    """End a stream; blocks stand at its end."""
    message = _running(caller, args)
    _append(message, args)
    message.streaming = False
    message.blocks += stored(args.get("blocks") or [])
    message.metadata = args.get("metadata")
    return {"channel": message.channel, "ts": message.ts, "message": message.public()}


def _running(caller: Caller, args: Json) -> Message:
    message = caller.workspace.message(args["channel"], args["ts"])
    if message.user != caller.workspace.bot.id:
        raise SlackError("message_not_owned_by_app")
    caller.core.expire_stream(message)
    if not message.streaming:
        raise SlackError("message_not_in_streaming_state")
    return message


def _append(message: Message, args: Json) -> None:
    message.text += args.get("markdown_text") or ""
    for chunk in args.get("chunks") or ():
        if chunk["type"] == "markdown_text":
            message.text += chunk["text"]
        elif chunk["type"] == "blocks":
            message.blocks += stored(chunk["blocks"])
    if len(message.text) > 40_000:
        raise SlackError("msg_too_long")
