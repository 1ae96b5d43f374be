"""The app's memory without a database: the twin of the SQL one, for tests. The same contract holds both."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.conversation.ports import Enquiry, Exchange, Job, JobState, Sent, Thread


@dataclass
class _Kept:
    job: Job
    number: int
    state: JobState = "open"
    worker: str = ""
    lease_until: datetime | None = None


class MemoryStore:
    """Everything in dictionaries, one call at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._jobs: dict[tuple[str, str], _Kept] = {}
        self._threads: dict[tuple[str, str, str], tuple[Thread, datetime]] = {}
        self._exchanges: dict[tuple[str, str], Exchange] = {}
        self._posts: dict[tuple[str, str], tuple[Sent, datetime]] = {}
        self._enquiries: dict[tuple[str, str], Enquiry] = {}
        self._directs: dict[tuple[str, str], str] = {}
        self._left: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self._things: dict[tuple[str, str], tuple[dict[str, Any], datetime | None]] = {}

    def add(self, job: Job, worker: str, lease_until: datetime) -> bool:
        """Keep a job as held by ``worker``; False when its key is known."""
        with self._lock:
            if self.known(job.team, job.key):
                return False
            self._jobs[job.team, job.key] = _Kept(job, len(self._jobs), "open", worker, lease_until)
            return True

    def known(self, team: str, key: str) -> bool:
        """Whether a job with this key was kept before."""
        return (team, key) in self._jobs

    def take(self, worker: str, now: datetime, lease_until: datetime, limit: int = 20) -> list[Job]:
        """Jobs whose worker is gone, and jobs put off until now, oldest first."""
        taken = []
        with self._lock:
            ripe = [k for k in self._jobs.values() if k.state == "open" and k.lease_until is not None and k.lease_until <= now]
            for kept in sorted(ripe, key=lambda k: k.number)[:limit]:
                kept.job = replace(kept.job, attempts=kept.job.attempts + (1 if kept.worker else 0))
                kept.worker, kept.lease_until = worker, lease_until
                taken.append(kept.job)
        return taken

    def renew(self, jobs: Sequence[Job], worker: str, lease_until: datetime) -> None:
        """Hold on to jobs that are still worked on."""
        with self._lock:
            for job in jobs:
                kept = self._jobs[job.team, job.key]
                if kept.worker == worker and kept.state == "open":
                    kept.lease_until = lease_until

    def finish(self, job: Job, state: JobState) -> None:
        """Say that a job is over."""
        with self._lock:
            kept = self._jobs[job.team, job.key]
            kept.job, kept.state, kept.worker, kept.lease_until = replace(job, payload={}), state, "", None

    def put_off(self, job: Job, until: datetime) -> None:
        """Leave a job for later, to any worker."""
        with self._lock:
            kept = self._jobs[job.team, job.key]
            kept.job, kept.worker, kept.lease_until = replace(kept.job, attempts=job.attempts), "", until

    def before(self, job: Job) -> bool:
        """Whether an earlier job of the same lane is still open."""
        with self._lock:
            me = self._jobs[job.team, job.key].number
            lane = [k for k in self._jobs.values() if (k.job.team, k.job.lane) == (job.team, job.lane)]
            return any(k.state == "open" and k.number < me for k in lane)

    def open_jobs(self) -> tuple[int, datetime | None]:
        """How many jobs are open, and since when the oldest is."""
        with self._lock:
            waiting = [k.job.at for k in self._jobs.values() if k.state == "open" and k.job.at is not None]
        return len(waiting), min(waiting, default=None)

    def first_time(self, team: str, key: str, at: datetime) -> bool:
        """Whether a click or submission is seen for the first time."""
        with self._lock:
            if self.known(team, key):
                return False
            self._jobs[team, key] = _Kept(Job(team, key, "", at=at), len(self._jobs), "done")
            return True

    def thread(self, team: str, channel: str, ts: str) -> Thread | None:
        """A thread in which the app takes part."""
        found = self._threads.get((team, channel, ts))
        return found[0] if found else None

    def save_thread(self, thread: Thread, at: datetime) -> None:
        """Take part in a thread, or stop."""
        self._threads[thread.team, thread.channel, thread.ts] = (thread, at)

    def threads(self, team: str, channel: str, since: datetime) -> list[Thread]:
        """Threads of a channel that were active since a moment."""
        found = [(t, at) for t, at in self._threads.values() if (t.team, t.channel) == (team, channel) and at >= since]
        return [t for t, _ in sorted(found, key=lambda f: f[1])]

    def exchanges(self, team: str, channel: str, thread: str, limit: int = 6) -> list[Exchange]:
        """The last exchanges of a thread, oldest first."""
        found = [e for e in self._exchanges.values() if (e.team, e.channel, e.thread) == (team, channel, thread)]
        return sorted(found, key=lambda e: e.at)[-limit:]

    def exchange(self, team: str, exchange_id: str) -> Exchange | None:
        """One exchange."""
        return self._exchanges.get((team, exchange_id))

    def save_exchange(self, exchange: Exchange) -> None:
        """Keep an exchange, new or changed."""
        self._exchanges[exchange.team, exchange.id] = exchange

    def begin_post(self, team: str, key: str, channel: str, at: datetime) -> Sent | None:
        """Note that a post is about to be made; what was noted before comes back instead."""
        with self._lock:
            known = self._posts.get((team, key))
            self._posts.setdefault((team, key), (Sent(channel), at))
            return known[0] if known else None

    def end_post(self, team: str, key: str, ts: str) -> None:
        """Note where a post stands."""
        sent, at = self._posts[team, key]
        self._posts[team, key] = (replace(sent, ts=ts), at)

    def save_enquiry(self, enquiry: Enquiry) -> None:
        """Keep a question to the lead, new or changed."""
        self._enquiries[enquiry.team, enquiry.id] = enquiry

    def enquiry(self, team: str, enquiry_id: str) -> Enquiry | None:
        """One question to the lead."""
        return self._enquiries.get((team, enquiry_id))

    def open_enquiries(self, team: str) -> list[Enquiry]:
        """Questions that the lead has not answered yet, the longest waiting first."""
        return sorted((e for e in self._enquiries.values() if e.team == team and e.answered_at is None), key=lambda e: (e.at, e.id))

    def saw(self, team: str, channel: str, ts: str) -> None:
        """Remember the newest message that was seen in a direct message channel."""
        with self._lock:
            self._directs[team, channel] = max(ts, self._directs.get((team, channel), ""))

    def direct_messages(self, team: str) -> dict[str, str]:
        """Channel -> ts of the newest message seen there, the latest first."""
        found = {channel: ts for (of, channel), ts in self._directs.items() if of == team}
        return dict(sorted(found.items(), key=lambda f: f[1], reverse=True))

    def keep(self, team: str, key: str, person: str, value: dict[str, Any], at: datetime | None = None) -> None:
        """Keep a small thing for a person, new or changed."""
        del person
        self._things[team, key] = (value, at)

    def kept(self, team: str, key: str) -> dict[str, Any] | None:
        """What was kept under a key."""
        found = self._things.get((team, key))
        return found[0] if found else None

    def leave(self, team: str, person: str, key: str, saying: dict[str, Any], at: datetime) -> None:
        """Leave something said for a person who is not there, once per key."""
        del at
        self._left.setdefault((team, person), {}).setdefault(key, saying)

    def collect(self, team: str, person: str) -> list[tuple[str, dict[str, Any]]]:
        """Key and content of everything that was left for a person, oldest first; it waits no more."""
        return list(self._left.pop((team, person), {}).items())

    def prune(self, before: datetime) -> int:
        """Forget keys of finished jobs, clicks and posts, and small things kept, from before a moment."""
        with self._lock:
            old = [k for k, kept in self._jobs.items() if kept.state != "open" and kept.job.at is not None and kept.job.at < before]
            gone = [k for k, (_, at) in self._posts.items() if at < before]
            things = [k for k, (_, at) in self._things.items() if at is not None and at < before]
            for key in old:
                del self._jobs[key]
            for key in things:
                del self._things[key]
            for key in gone:
                del self._posts[key]
            return len(old) + len(gone) + len(things)

    def close(self) -> None:
        """Nothing to let go of."""
