"""The people to whom something can be handed over: a workspace's members without bots and those who left, read once for each open form."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from slack_sdk import WebClient

from assistant.conversation.jobs import Later
from connectors.slack.calls.people import SLACKBOT
from connectors.slack.wire.errors import Refused, called

_PAGE, _PAGES, _FORMS = 1_000, 20, 64  # people of a page (Slack's most), pages, forms that are remembered


class Colleague(NamedTuple):
    """A member: Slack's id, the name that is shown, and all that they can be found by."""

    user: str
    name: str
    known_as: str


@dataclass
class _Members:
    """Who is there, as it was read for one form; None until it was."""

    read: Sequence[Colleague] | None = None
    lock: Lock = field(default_factory=Lock)


@dataclass
class Colleagues:
    """The members, kept while a form (a view's id) is open in which one of them is looked for; they are read once for it."""

    _kept: OrderedDict[str, _Members] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def found(self, view: str, client: WebClient, typed: str) -> list[Colleague]:
        """Those who are known by what was typed, in the order of their names; nobody while Slack does not say who is there."""
        with self._lock:
            members = self._kept.setdefault(view, _Members())
            while len(self._kept) > _FORMS:
                self._kept.popitem(last=False)
        with members.lock:
            if members.read is None:
                try:
                    members.read = _members(client)
                except (Later, Refused):
                    return []
        wanted = typed.casefold().split()
        return [m for m in members.read if all(word in m.known_as for word in wanted)]


def _members(client: WebClient) -> list[Colleague]:
    found: list[Colleague] = []
    cursor = ""
    for _ in range(_PAGES):
        page = called(lambda at=cursor: client.users_list(limit=_PAGE, cursor=at))  # type: ignore[misc]
        for member in page["members"]:
            if member.get("deleted") or member.get("is_bot") or member["id"] == SLACKBOT:
                continue
            profile = member.get("profile") or {}
            names = [
                profile.get("real_name"),
                member.get("real_name"),
                profile.get("display_name"),
                member.get("name"),
                profile.get("email"),
            ]
            said = [str(name) for name in names if name]
            found.append(Colleague(str(member["id"]), said[0] if said else str(member["id"]), " ".join(said).casefold()))
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return sorted(found, key=lambda m: m.name)
