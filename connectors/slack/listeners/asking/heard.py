"""What a person wrote, translated from Slack's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.conversation.post import Origin, Post, post_key
from connectors.slack.cards.blocks.text import heard

_SPOKEN = (None, "file_share", "thread_broadcast")


def post_of(event: Mapping[str, Any], team: str, me: str) -> Post | None:
    """The post in an ``app_mention`` or ``message`` event; None for what no person wrote (bots, edits, joins) or what is empty.

    A message in a channel that names the app comes twice, as both events; both give the same post with the same key.
    """
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if not user or not channel or not ts or user == me or event.get("bot_id") or event.get("subtype") not in _SPOKEN:
        return None
    raw = str(event.get("text") or "")
    named = f"<@{me}" in raw
    direct = event.get("channel_type") == "im" or str(channel).startswith("D")
    thread = event.get("thread_ts")
    reply = bool(thread) and thread != ts
    origin: Origin = "direct" if direct else "mention" if named or event.get("type") == "app_mention" else "thread"
    if origin == "thread" and not reply:
        return None
    return Post(
        team=team,
        channel=str(channel),
        user=str(user),
        ts=str(ts),
        thread=str(thread or ts),
        text=heard(raw, me),
        origin=origin,
        direct=direct,
        reply=reply,
        names_others="<@" in raw.replace(f"<@{me}", ""),
        files=tuple(event.get("files") or ()),
        key=post_key(str(channel), str(ts)),
        me=me,
    )
