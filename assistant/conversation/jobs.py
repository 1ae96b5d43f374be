"""The work queue: what came from Slack is stored before it is acknowledged, and done in threads of its own afterwards.

A stored job is held by this worker with a lease that is renewed while it runs; when a worker dies, another one takes its jobs
over. Jobs of one lane (a thread) run one after the other, in every worker.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.conversation.ports import Job, Store

log = logging.getLogger("aeo.slack.work")

Act = Callable[[Job], None]
T = TypeVar("T")
LEASE = timedelta(seconds=30)  # how long a dead worker's job waits; renewed every second; chosen, held by tests/contracts/test_lease.py
THREADS = 16  # jobs at once; 50 questions at once are answered in 12.5 s (`aeo bench slack`, DECISIONS)
ATTEMPTS = 6  # before a job counts as failed; with the pauses below a minute; chosen, not measured
PATIENCE = timedelta(minutes=15)  # a job waits this long for Slack or the database; chosen, not measured
LONGEST_WAIT = 60.0  # seconds between two attempts
KEPT = timedelta(days=30)  # done jobs are known this long, so that none is done twice


class Task(BaseModel):
    """What a job is about: a model for each kind of job, stored as JSON. Keys that another version wrote are left alone."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")


class OwnTask(Task):
    """What one person did, by the chat's id of them."""

    user: str


class Later(Exception):
    """Raised by an act that could not finish now and may be repeated, after ``seconds``."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def worker_name() -> str:
    """A name that no other worker has; it stands in what a worker holds for a while."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


_form: Callable[[type], TypeAdapter[Any]] = cache(TypeAdapter)
"""What reads and writes tasks of a type, built once for each."""


class WorkQueue:
    """Runs jobs once each. ``handles`` names what is done with each kind; ``add`` stores and starts one."""

    def __init__(self, store: Store, now: Callable[[], datetime], worker: str, lease: timedelta = LEASE, threads: int = THREADS) -> None:
        self.store, self.now, self.worker, self.lease = store, now, worker, lease
        self._acts: dict[str, tuple[Act, Act | None]] = {}
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="slack-work")
        self._lock = threading.Lock()
        self._held: dict[tuple[str, str], Job] = {}
        self._lanes: dict[tuple[str, str], deque[Job]] = {}
        self._stop = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_on, name="slack-sweeper", daemon=True)

    def handles(self, kind: str, what: type[T], act: Callable[[Job, T], None], lost: Callable[[Job, T], None] | None = None) -> None:
        """Jobs of ``kind`` are about ``what`` and done by ``act``, which may be run again; ``lost`` is told of one that failed for good."""

        def typed(do: Callable[[Job, T], None]) -> Act:
            return lambda job: do(job, _form(what).validate_python(job.payload))

        self._acts[kind] = (typed(act), typed(lost) if lost is not None else None)

    def add(self, kind: str, team: str, key: str, task: object, lane: str = "") -> bool:
        """Store a job about ``task`` and start it; False when its key is known, for then it is done or under way somewhere.

        Raises:
            Unavailable: the database does not answer; Slack must not get an acknowledgement then.
        """
        now = self.now()
        payload: dict[str, Any] = _form(type(task)).dump_python(task, mode="json", by_alias=True)
        job = Job(team, key[:200], kind, payload, lane, attempts=1, at=now)
        if self._stop.is_set():  # kept for whoever comes next
            return self.store.add(job, "", now)
        if not self.store.add(job, self.worker, now + self.lease):
            return False
        self._start(job)
        return True

    def start(self) -> None:
        """Renew leases and take over what others left, every second."""
        self._sweeper.start()

    def sweep(self) -> None:
        """Once: hold on to what runs, take over what is left."""
        now = self.now()
        with self._lock:
            held = list(self._held.values())
        if held:
            self.store.renew(held, self.worker, now + self.lease)
        for job in self.store.take(self.worker, now, now + self.lease):
            if job.kind in self._acts:
                self._start(job)
            else:
                self.store.put_off(job, now + self.lease)

    def idle(self) -> bool:
        """Whether nothing runs or waits here."""
        with self._lock:
            return not self._held

    def close(self, wait: bool = True) -> None:
        """Finish what runs and start nothing more; what waits is left to whoever comes next."""
        self._stop.set()
        self._pool.shutdown(wait=wait, cancel_futures=True)
        if self._sweeper.is_alive():
            self._sweeper.join(5)
        with self._lock:
            left = list(self._held.values()) if wait else []
        for job in left:
            self.store.put_off(job, self.now())

    def _start(self, job: Job) -> None:
        with self._lock:
            if (job.team, job.key) in self._held:
                return
            self._held[job.team, job.key] = job
            if job.lane:
                waiting = self._lanes.setdefault((job.team, job.lane), deque())
                waiting.append(job)
                if len(waiting) > 1:
                    return
        self._submit(job)

    def _submit(self, job: Job) -> None:
        try:
            self._pool.submit(self._run, job)
        except RuntimeError:  # closing: the lease ends, and another worker takes the job over
            self._let_go(job)

    def _run(self, job: Job) -> None:
        try:
            self._do(job)
        except Exception:
            log.exception("job %s of %s could not be settled; it is taken up again after its lease", job.key, job.team)
        finally:
            following = self._let_go(job)
            if following is not None:
                self._submit(following)

    def _do(self, job: Job) -> None:
        act, lost = self._acts[job.kind]
        if job.attempts > ATTEMPTS and self.now() - (job.at or self.now()) >= PATIENCE:  # it took its workers down with it
            self._give_up(job, lost)
            return
        if job.lane and self.store.before(job):
            self.store.put_off(job, self.now() + timedelta(seconds=1))
            return
        try:
            act(job)
        except Exception as error:
            self._failed(job, error, lost)
        else:
            self.store.finish(job, "done")

    def _failed(self, job: Job, error: Exception, lost: Act | None) -> None:
        """Another attempt: soon after an error, and for a quarter of an hour while Slack or the database cannot be had."""
        now, waits = self.now(), isinstance(error, Later)
        if job.attempts >= ATTEMPTS and (not waits or now - (job.at or now) >= PATIENCE):
            log.error("job %s of %s failed for good", job.key, job.team, exc_info=error)
            self._give_up(job, lost)
            return
        pause = min(2.0 ** (job.attempts - 1), LONGEST_WAIT)
        if isinstance(error, Later):
            pause = max(error.seconds, pause)
        else:
            log.warning("job %s of %s failed, attempt %s", job.key, job.team, job.attempts, exc_info=error)
        self.store.put_off(replace(job, attempts=job.attempts + 1), now + timedelta(seconds=pause))

    def _give_up(self, job: Job, lost: Act | None) -> None:
        try:
            if lost is not None:
                lost(job)
        finally:
            self.store.finish(job, "failed")

    def _let_go(self, job: Job) -> Job | None:
        with self._lock:
            self._held.pop((job.team, job.key), None)
            waiting = self._lanes.get((job.team, job.lane)) if job.lane else None
            if waiting is None:
                return None
            waiting.popleft()
            if waiting:
                return waiting[0]
            del self._lanes[job.team, job.lane]
            return None

    def _sweep_on(self) -> None:
        beats = 0
        while not self._stop.wait(1.0):
            try:
                self.sweep()
                beats += 1
                if beats % 3600 == 0:
                    self.store.prune(self.now() - KEPT)
            except Exception as error:
                log.warning("the queue could not be looked after: %s", error)
