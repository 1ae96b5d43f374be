"""What a Slack workspace holds: users, channels, messages, files and views, in the shapes that the Web API shows."""

from __future__ import annotations

import copy
import mimetypes
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["channel", "group", "im", "mpim"]


class SlackError(Exception):
    """An answer with ``ok: false``; ``code`` is Slack's name for it."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass
class User:
    """A member of a workspace; a deactivated one has lost the fields that Slack drops."""

    id: str
    team: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "Asia/Shanghai"
    tz_offset: int = 28800
    deleted: bool = False
    bot: bool = False
    admin: bool = False

    def public(self) -> Json:
        """As users.info shows it."""
        names = {"real_name": self.real_name, "real_name_normalized": self.real_name, "first_name": self.real_name, "last_name": ""}
        shown_as = {"display_name": self.name, "display_name_normalized": self.name, "team": self.team, "fields": None}
        blank = dict.fromkeys(("title", "phone", "skype", "status_text", "status_text_canonical", "status_emoji", "avatar_hash"), "")
        images = {f"image_{size}": f"https://example.com/{size}.png" for size in (24, 32, 48, 72, 192, 512)}
        status: Json = {"status_emoji_display_info": [], "status_expiration": 0}
        profile: Json = names | shown_as | blank | images | status | ({"email": self.email} if self.email else {})
        shown: Json = {"id": self.id, "team_id": self.team, "name": self.name, "deleted": self.deleted, "is_bot": self.bot}
        shown |= {"profile": profile, "updated": 1, "is_app_user": False}
        if self.deleted:
            return shown
        zone = {"real_name": self.real_name, "tz": self.tz, "tz_label": self.tz, "tz_offset": self.tz_offset, "locale": "zh-CN"}
        role = dict.fromkeys(("is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"), False)
        more = {"is_admin": self.admin, "color": "9f69e7", "is_email_confirmed": True, "who_can_share_contact_card": "EVERYONE"}
        return shown | zone | role | more


@dataclass
class File:
    """An uploaded file; its bytes stay with it."""

    id: str
    name: str
    content: bytes
    user: str
    created: int
    base: str
    title: str = ""
    mode: str = "hosted"
    shares: list[tuple[str, str, Kind]] = field(default_factory=list)

    def public(self) -> Json:
        """As files.info and message events show it."""
        suffix = PurePath(self.name).suffix.lstrip(".").lower()
        mime = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        shared = {kind: list(dict.fromkeys(c for c, _, of in self.shares if of == kind)) for kind in ("channel", "group", "im")}
        return {
            "channels": shared["channel"], "groups": shared["group"], "ims": shared["im"],
            "id": self.id, "created": self.created, "timestamp": self.created, "name": self.name, "title": self.title or self.name,
            "mimetype": mime, "filetype": suffix or "binary", "pretty_type": suffix.upper() or "Binary", "user": self.user,
            "editable": False, "size": len(self.content), "mode": self.mode, "is_external": self.mode == "external",
            "external_type": "", "is_public": False, "public_url_shared": False, "display_as_bot": False, "username": "",
            "url_private": f"{self.base}/files-pri/{self.id}/{suffix or 'file'}",
            "url_private_download": f"{self.base}/files-pri/{self.id}/download/{suffix or 'file'}",
            "permalink": f"{self.base}/files/{self.user}/{self.id}", "permalink_public": f"{self.base}/pub/{self.id}",
            "is_starred": False, "has_rich_preview": False, "file_access": "visible",
        }  # fmt: skip


@dataclass
class Message:
    """A message, or what is left of it; ``thread`` is the root's ts when it is a reply."""

    ts: str
    channel: str
    user: str
    text: str
    team: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread: str | None = None
    bot: str | None = None
    app: str | None = None
    files: list[File] = field(default_factory=list)
    metadata: Json | None = None
    edited: str | None = None
    only_for: str | None = None
    streaming: bool = False
    stream_began: float = 0.0
    client_id: str | None = None
    broadcast: bool = False

    def public(self, metadata: bool = False) -> Json:
        """As the Web API shows it."""
        shown: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": self.team}
        if self.blocks:
            shown["blocks"] = copy.deepcopy(self.blocks)
        if self.attachments:
            shown["attachments"] = copy.deepcopy(self.attachments)
        if self.bot:
            shown |= {"bot_id": self.bot, "app_id": self.app}
        if self.thread:
            shown["thread_ts"] = self.thread
        if self.client_id:
            shown["client_msg_id"] = self.client_id
        if self.files:
            shown |= {"files": [file.public() for file in self.files], "upload": False, "subtype": "file_share"}
        if self.edited:
            shown["edited"] = {"user": self.user, "ts": self.edited}
        if metadata and self.metadata:
            shown["metadata"] = copy.deepcopy(self.metadata)
        return shown


@dataclass
class Channel:
    """A channel, a direct message or a group of people."""

    id: str
    team: str
    kind: Kind
    name: str = ""
    members: set[str] = field(default_factory=set)
    user: str = ""
    archived: bool = False
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The part of scope names that stands for this kind: channels, groups, im, mpim."""
        return {"channel": "channels", "group": "groups"}.get(self.kind, self.kind)

    def public(self) -> Json:
        """As conversations.info shows it."""
        shown: Json = {"id": self.id, "created": self.created, "is_im": self.kind == "im", "is_archived": self.archived}
        shown |= {"context_team_id": self.team, "is_mpim": self.kind == "mpim", "is_channel": self.kind == "channel"}
        if self.kind == "im":
            return shown | {"user": self.user, "is_open": True}
        return shown | {
            "name": self.name,
            "is_private": self.kind != "channel",
            "is_group": self.kind == "group",
            "is_member": True,
            "num_members": len(self.members),
        }

    def thread(self, root: str) -> list[Message]:
        """The root and its replies, oldest first."""
        found = [m for m in self.messages.values() if (m.ts == root or m.thread == root) and not m.only_for]
        return sorted(found, key=lambda m: float(m.ts))


@dataclass
class View:
    """An open modal or a published Home, with what its reader has entered so far."""

    id: str
    team: str
    app: str
    bot: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    entered: dict[str, dict[str, Json]] = field(default_factory=dict)

    def public(self) -> Json:
        """As views.open and interactions show it."""
        kept = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False, "notify_on_close": False}
        empty = {"title": {"type": "plain_text", "text": "View Title", "emoji": True}, "close": None, "submit": None}
        return copy.deepcopy(
            {**kept, **empty, **self.body}
            | {
                "id": self.id, "team_id": self.team, "app_installed_team_id": self.team, "app_id": self.app, "bot_id": self.bot,
                "hash": self.hash, "root_view_id": self.root, "previous_view_id": self.previous, "state": {"values": self.entered},
            }
        )  # fmt: skip
