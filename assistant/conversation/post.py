"""What a person wrote to the app, in one shape for every chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Origin = Literal["mention", "direct", "thread", "command", "shortcut"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said to somebody: a thread of a channel; without a channel, to them directly.

    ``private`` is an address at which only they see it (of a command); empty elsewhere.
    """

    team: str
    user: str
    channel: str = ""
    thread: str = ""
    direct: bool = False
    private: str = ""

    @property
    def own(self) -> Place:
        """The same person, directly."""
        return Place(self.team, self.user)


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

    @property
    def place(self) -> Place:
        """Where an answer to it belongs."""
        return Place(self.team, self.user, self.channel, self.thread, self.direct, self.response_url)

    def document(self) -> Json:
        """As JSON, as it is kept until somebody says what is to become of it."""
        return asdict(self) | {"files": list(self.files)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Post:
        """From JSON."""
        return cls(**{**document, "files": tuple(document["files"])})


def post_key(channel: str, ts: str) -> str:
    """The key of a post, the same for every event that tells of it."""
    return f"post:{channel}:{ts}"
