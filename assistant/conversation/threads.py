"""Taking part in a thread: which posts count as said to the app, when it is told to stop, when it is asked back."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import datetime

from assistant.conversation.ports import Store, Thread
from assistant.conversation.post import Post

_STOP = frozenset(
    ("停", "停下", "停止", "停一下", "别说了", "别回了", "别回复了", "不用了", "不用回复", "不用回复了", "不用回了", "不需要了",
     "够了", "闭嘴", "结束", "退出", "stop", "stop it", "please stop", "quit", "enough", "no more", "be quiet", "shut up"),
)  # fmt: skip
_HELP = frozenset(("", "帮助", "怎么用", "使用说明", "help", "?", "？", "usage"))
_EDGES = re.compile(r"^[\s\W_]+|[\s\W_]+$")
_POLITE = re.compile(
    r"^(?:请|麻烦|好的?|谢谢|thanks?|ok(?:ay)?)?\s*[，,]?\s*|\s*[，,]?\s*(?:吧|了?谢谢|谢谢你|啦|哦|thanks?|thank you|please)$"
)

_LONGEST_STOP = 60
"""Characters; the patterns above are slow in long runs of blanks."""


def means_stop(text: str) -> bool:
    """Whether a message says nothing but that the app should be quiet."""
    text = text.strip()
    if len(text) > _LONGEST_STOP:
        return False
    said = _EDGES.sub("", unicodedata.normalize("NFKC", text).casefold())
    return said in _STOP or _POLITE.sub("", said) in _STOP


def means_help(text: str) -> bool:
    """Whether a command or mention holds no question but asks how to ask."""
    return unicodedata.normalize("NFKC", text).strip().casefold() in _HELP


def is_heard(store: Store, post: Post) -> bool:
    """Whether a post is said to the app: named, written to it directly, or going on in a thread where it answered."""
    if post.origin != "thread":
        return True
    thread = store.thread(post.team, post.channel, post.thread)
    return thread is not None and not thread.stopped and not post.names_others


def takes_part(store: Store, post: Post, at: datetime) -> Thread:
    """From now on the app listens in the post's thread."""
    known = store.thread(post.team, post.channel, post.thread)
    thread = Thread(post.team, post.channel, post.thread, known.asker if known else post.user)
    store.save_thread(thread, at)
    return thread


def leaves(store: Store, post: Post, at: datetime) -> None:
    """From now on the app is quiet in the post's thread, until it is named."""
    store.save_thread(replace(takes_part(store, post, at), stopped=True), at)


def asks_to_stop(store: Store, team: str, channel: str, thread: str, user: str, at: datetime) -> None:
    """Note, before anything waits for its turn, that a reader wants no more of what is being answered in a thread."""
    store.keep(team, _stop_key(channel, thread), user, {"at": at.isoformat()}, at)


def stop_asked(store: Store, post: Post, since: datetime) -> bool:
    """Whether a reader asked to stop in the post's thread since it was written."""
    kept = store.kept(post.team, _stop_key(post.channel, post.thread))
    return kept is not None and datetime.fromisoformat(str(kept["at"])) >= since


def _stop_key(channel: str, thread: str) -> str:
    return f"stop:{channel}:{thread}"


def exchange_id(key: str) -> str:
    """The id of the exchange that a post begins; the same for the same post."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def reference(key: str) -> str:
    """What people are told to quote when something went wrong; the log has it too."""
    return hashlib.sha256(f"reference:{key}".encode()).hexdigest()[:8].upper()
