"""assistant.threads.* and agents.sessions.*: status, suggested prompts and titles of the agent's threads."""

from __future__ import annotations

from tests.slack.loopback.methods.registry import Caller, method
from tests.slack.loopback.model import Json, SlackError


@method("assistant.threads.setStatus", "assistant:write|chat:write")
def set_status(caller: Caller, args: Json) -> Json:
    """Show what the app is doing; an empty status clears it."""
    channel = caller.workspace.channel(args["channel_id"])
    if args["thread_ts"] not in channel.messages:
        raise SlackError("thread_not_found")
    caller.core.set_status(channel.id, args["thread_ts"], args["status"])
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(caller: Caller, args: Json) -> Json:
    """Offer prompts in a thread, or, without one, in the messages tab."""
    if not 0 < len(args["prompts"]) <= 4:
        raise SlackError("too_many_prompts" if args["prompts"] else "invalid_arguments")
    channel = caller.workspace.channel(args["channel_id"])
    caller.core.prompts[(channel.id, args.get("thread_ts") or "")] = [dict(prompt) for prompt in args["prompts"]]
    return {}


@method("assistant.threads.setTitle", "assistant:write")
def set_title(caller: Caller, args: Json) -> Json:
    """Name a thread."""
    channel = caller.workspace.channel(args["channel_id"])
    if args["thread_ts"] not in channel.messages:
        raise SlackError("thread_not_found")
    caller.core.titles[(channel.id, args["thread_ts"])] = args["title"]
    return {}


@method("agents.sessions.setStatus", "chat:write")
def set_session(caller: Caller, args: Json) -> Json:
    """The state of an agent session, which begins with it; a title counts only then."""
    channel = caller.workspace.channel(args["channel_id"])
    if args.get("thread_ts") not in channel.messages:
        raise SlackError("thread_not_found")
    sessions = caller.core.sessions.setdefault((channel.id, args["thread_ts"]), [])
    if not sessions and args.get("title"):
        caller.core.titles[(channel.id, args["thread_ts"])] = args["title"]
    sessions.append(args["status"])
    return {}
