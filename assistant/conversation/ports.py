"""What a chat remembers, as its listeners need it. Real: ``adapters.sql.conversation``; twin: ``tests.twins.conversation``.

Every call names the workspace (``team``), and nothing of one workspace is ever found through another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from assistant.answers.answer import Answer, Turn

JobState = Literal["open", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """Something from Slack that must be acted on once. ``key`` is Slack's own id of it, ``lane`` what has to stay in order."""

    team: str
    key: str
    kind: str
    payload: dict[str, Any] = field(default_factory=dict)
    lane: str = ""
    attempts: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread in which the app takes part. ``stopped``: it was told to be quiet until it is named again.

    ``asker`` is who began it; ``enquiry:<id>`` under a card with which a question was handed to the compliance lead.
    """

    team: str
    channel: str
    ts: str
    asker: str
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question in a thread and the answer that was given."""

    team: str
    id: str
    channel: str
    thread: str
    asker: str
    answer: Answer
    at: datetime

    @property
    def turn(self) -> Turn:
        """As the assistant reads it."""
        return Turn(question=self.answer.question, answer=self.answer)


@dataclass(frozen=True, slots=True)
class Sent:
    """A post that was begun (no ``ts`` yet: nobody knows whether it arrived) or has arrived."""

    channel: str
    ts: str = ""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A question handed on to the compliance lead, and what came back."""

    team: str
    id: str
    asker: str
    channel: str
    thread: str
    question: str
    at: datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


class Store(Protocol):
    """The app's memory."""

    def add(self, job: Job, worker: str, lease_until: datetime) -> bool:
        """Keep a job as held by ``worker``; False, and nothing changes, when its key is known."""
        ...

    def known(self, team: str, key: str) -> bool:
        """Whether a job with this key was kept before."""
        ...

    def take(self, worker: str, now: datetime, lease_until: datetime, limit: int = 20) -> list[Job]:
        """Jobs whose worker is gone (one attempt more), and jobs put off until now, oldest first; they are ``worker``'s from here on."""
        ...

    def renew(self, jobs: Sequence[Job], worker: str, lease_until: datetime) -> None:
        """Hold on to jobs that are still worked on."""
        ...

    def finish(self, job: Job, state: JobState) -> None:
        """Say that a job is over; its payload is forgotten, its key is not."""
        ...

    def put_off(self, job: Job, until: datetime) -> None:
        """Leave a job, with its attempts, for later, to any worker."""
        ...

    def before(self, job: Job) -> bool:
        """Whether an earlier job of the same lane is still open."""
        ...

    def open_jobs(self) -> tuple[int, datetime | None]:
        """How many jobs are open in all workspaces, and since when the oldest is."""
        ...

    def first_time(self, team: str, key: str, at: datetime) -> bool:
        """Whether a click or submission is seen for the first time; seeing it is remembered."""
        ...

    def thread(self, team: str, channel: str, ts: str) -> Thread | None:
        """A thread in which the app takes part."""
        ...

    def save_thread(self, thread: Thread, at: datetime) -> None:
        """Take part in a thread, or stop."""
        ...

    def threads(self, team: str, channel: str, since: datetime) -> list[Thread]:
        """Threads of a channel that were active since a moment."""
        ...

    def exchanges(self, team: str, channel: str, thread: str, limit: int = 6) -> list[Exchange]:
        """The last exchanges of a thread, oldest first."""
        ...

    def exchange(self, team: str, exchange_id: str) -> Exchange | None:
        """One exchange."""
        ...

    def save_exchange(self, exchange: Exchange) -> None:
        """Keep an exchange, new or changed."""
        ...

    def begin_post(self, team: str, key: str, channel: str, at: datetime) -> Sent | None:
        """Note that a post is about to be made; what was noted before under this key comes back instead."""
        ...

    def end_post(self, team: str, key: str, ts: str) -> None:
        """Note where a post stands."""
        ...

    def save_enquiry(self, enquiry: Enquiry) -> None:
        """Keep a question to the lead, new or changed."""
        ...

    def enquiry(self, team: str, enquiry_id: str) -> Enquiry | None:
        """One question to the lead."""
        ...

    def open_enquiries(self, team: str) -> list[Enquiry]:
        """Questions that the lead has not answered yet, the longest waiting first."""
        ...

    def saw(self, team: str, channel: str, ts: str) -> None:
        """Remember the newest message that was seen in a direct message channel."""
        ...

    def direct_messages(self, team: str) -> dict[str, str]:
        """Channel -> ts of the newest message seen there, the latest first."""
        ...

    def keep(self, team: str, key: str, person: str, value: dict[str, Any], at: datetime | None = None) -> None:
        """Keep a small thing for a person (Slack's id), new or changed; with a moment it is forgotten in time (``prune``)."""
        ...

    def kept(self, team: str, key: str) -> dict[str, Any] | None:
        """What was kept under a key."""
        ...

    def leave(self, team: str, person: str, key: str, saying: dict[str, Any], at: datetime) -> None:
        """Leave something said (``Saying.document``) for a person who is not there, once per key."""
        ...

    def collect(self, team: str, person: str) -> list[tuple[str, dict[str, Any]]]:
        """Key and content of everything that was left for a person, oldest first; it waits no more."""
        ...

    def prune(self, before: datetime) -> int:
        """Forget keys of finished jobs, clicks and posts, and small things kept, from before a moment; how many."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...
