"""What a person wrote to the app, translated from Slack's events, commands and shortcuts into one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from connectors.slack.text import heard

Origin = Literal["mention", "direct", "thread", "command", "shortcut"]
Json = dict[str, Any]

_SPOKEN = (None, "file_share", "thread_broadcast")


@dataclass(frozen=True, slots=True)
class Post:
    """One message of a person, addressed to the app.

    ``thread`` is where an answer belongs: the thread it was written in, else the message itself. ``files`` are Slack's file
    objects. ``response_url`` is set for commands, whose answers only the asker sees. ``me`` is the app's own user id there.
    """

    team: str
    channel: str
    user: str
    ts: str
    thread: str
    text: str
    origin: Origin
    direct: bool = False
    reply: bool = False
    names_others: bool = False
    files: tuple[Json, ...] = ()
    response_url: str = ""
    key: str = ""
    me: str = ""

    def document(self) -> Json:
        """As JSON, for the work queue."""
        return asdict(self) | {"files": list(self.files)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Post:
        """From JSON."""
        return cls(**{**document, "files": tuple(document["files"])})


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


def post_key(channel: str, ts: str) -> str:
    """The key of a post, the same for every event that tells of it."""
    return f"post:{channel}:{ts}"
