"""What was written to the app while it was away: direct messages since the last one that it saw, and replies in its threads there.

Only channels with something open are read: where somebody wrote, or was told something by the register, in the last 30 days, and
conversations that began since. Slack allows an app that is distributed outside its Marketplace one such call a minute.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.conversation.jobs import Task
from assistant.conversation.ports import Job
from assistant.conversation.post import Post
from assistant.register.acts.slots.review_notes import ROOTS
from connectors.slack.calls.posting import page
from connectors.slack.listeners.asking.heard import post_of
from connectors.slack.wire.clients import Clients
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.catching_up")

_KIND, _THREAD, _FIND = "catch_up", "catch_up_thread", "catch_up_new"
_THREADS = 20  # of a channel that are looked into
_TALKING = timedelta(days=7)  # threads this young are looked into
_ASKED = timedelta(days=30)
"""Messages this young, digests above all, are looked at for replies that were missed."""
_FIRST_SEEN = timedelta(days=1)  # conversations this young are looked through though nobody is known there
_PAGES = 5  # of a channel that are looked through
_LATEST = 500  # messages of a kind that are looked through


class Look(Task):
    """One page of a channel, or of a thread in it, to look through from a moment on (a Slack ``ts``)."""

    channel: str
    since: str
    thread: str = ""
    cursor: str | None = None
    pages: int = 1


class CatchingUp:
    """Looks back, channel by channel, as jobs: a limit of Slack's only makes it take longer."""

    def __init__(self, deps: Deps, clients: Clients, accept: Callable[[Deps, Post], bool]) -> None:
        self.deps, self.clients, self.accept = deps, clients, accept
        deps.work.handles(_KIND, Look, self._look)
        deps.work.handles(_THREAD, Look, self._look_into)
        deps.work.handles(_FIND, Task, self._find)

    def look_back(self) -> None:
        """Look for what was missed in every workspace; what was not missed is known by its key and left alone."""
        lately = f"{(self.deps.now() - _ASKED).timestamp():.6f}"
        for team in self.clients.teams():
            told = self._told(team)
            for channel, ts in self.deps.store.direct_messages(team).items():
                if ts > lately or channel in told:
                    self._add(_KIND, team, Look(channel=channel, since=ts))
            self._add(_FIND, team, Task())

    def _told(self, team: str) -> set[str]:
        """Channels in which the register told somebody something lately: an answer may have been written there."""
        desk, since = self.deps.desk(team), self.deps.now() - _ASKED
        if desk.profile is None:
            return set()
        with desk.service.register.reading(desk.workspace) as tx:
            sent = [m for kind in (*ROOTS, "review") for m in tx.messages(kind=kind, limit=_LATEST)]
        return {m.receipt.channel for m in sent if m.created_at is not None and m.created_at > since}

    def _add(self, kind: str, team: str, task: Task) -> None:
        """A job with one call to Slack; where Slack allows few of them, one after the other, so that none gives up waiting for its turn."""
        lane = f"{_KIND}:{team}" if self.deps.settings.several_workspaces else ""
        self.deps.work.add(kind, team, f"{kind}:{uuid.uuid4().hex}", task, lane=lane)

    def _find(self, job: Job, _: Task) -> None:
        """Direct messages of people who had never written before: those that the register wrote to lately, and new ones."""
        known, told = self.deps.store.direct_messages(job.team), self._told(job.team)
        began = self.deps.now() - _FIRST_SEEN
        since = f"{began.timestamp():.6f}"
        cursor: str | None = None
        for _page in range(_PAGES):
            ask = partial(self.deps.client(job.team).conversations_list, types="im", limit=200, cursor=cursor)
            try:
                answer = called(ask)
            except Refused as refused:
                log.warning("direct messages of %s cannot be listed: %s", job.team, refused.code)
                return
            for channel in answer["channels"]:
                fresh = float(channel.get("created") or 0) > began.timestamp()
                if channel["id"] not in known and not channel.get("is_user_deleted") and (fresh or channel["id"] in told):
                    self._add(_KIND, job.team, Look(channel=channel["id"], since=since))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return
        log.warning("%s has more direct messages than are looked through; people who never wrote before may have been missed", job.team)

    def _look(self, job: Job, at: Look) -> None:
        """One page of a channel, by one call: what was written since, and the threads that may hold more, each a job of its own."""
        now, channel, since = self.deps.now(), at.channel, at.since
        oldest = min(since, f"{(now - _ASKED).timestamp():.6f}")
        found, cursor = self._page(job, at, oldest)
        talking = [t.ts for t in self.deps.store.threads(job.team, channel, now - _TALKING)[-_THREADS:]] if not at.cursor else []
        replied = [m["ts"] for m in found if m.get("latest_reply", "") > since]
        self._accept(job, at, [m for m in found if m["ts"] > since])
        for thread in dict.fromkeys((*talking, *replied)):
            self._add(_THREAD, job.team, Look(channel=channel, since=since, thread=thread))
        if cursor is not None and at.pages < _PAGES:
            self._add(_KIND, job.team, at.model_copy(update={"cursor": cursor, "pages": at.pages + 1}))

    def _look_into(self, job: Job, at: Look) -> None:
        """One page of a thread, by one call."""
        found, cursor = self._page(job, at, at.since)
        self._accept(job, at, [m for m in found if m["ts"] > at.since])
        if cursor is not None and at.pages < _PAGES:
            self._add(_THREAD, job.team, at.model_copy(update={"cursor": cursor, "pages": at.pages + 1}))

    def _page(self, job: Job, at: Look, oldest: str) -> tuple[list[dict[str, Any]], str | None]:
        try:
            return page(self.deps.client(job.team), at.channel, at.thread or None, oldest, at.cursor)
        except Refused as refused:
            log.info("%s of %s cannot be looked through: %s", at.channel, job.team, refused.code)
            return [], None

    def _accept(self, job: Job, at: Look, missed: Iterable[dict[str, Any]]) -> None:
        me, channel = self.clients.me(job.team), at.channel
        for message in sorted(missed, key=lambda m: str(m["ts"])):
            post = post_of({"type": "message", "channel": channel, "channel_type": "im"} | message, job.team, me)
            if post is not None:
                self.accept(self.deps, post)
