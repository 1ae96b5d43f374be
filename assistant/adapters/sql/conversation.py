"""The app's memory in SQL, in the register's database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError

from assistant.adapters.sql import leases
from assistant.adapters.sql.conversation_tables import DirectRow, EnquiryRow, ExchangeRow, JobRow, KeptRow, LeftRow, PostRow, ThreadRow
from assistant.adapters.sql.tables import Base
from assistant.adapters.sql.turns import Together, Turns
from assistant.answers.answer import Answer
from assistant.conversation.ports import Enquiry, Exchange, Job, JobState, Sent, Thread
from assistant.errors import Unavailable
from assistant.settings import without_secrets


class SqlStore:
    """Over an engine of ``assistant.adapters.sql.register`` whose tables are up to date."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turns = Turns() if engine.dialect.name == "sqlite" else None
        self._together = Together(self._turns, self._new_jobs) if self._turns else None

    # -- jobs ----------------------------------------------------------------------------------------------------

    def add(self, job: Job, worker: str, lease_until: datetime) -> bool:
        """Keep a job as held by ``worker``; False when its key is known."""
        return self._new_job(_job_row(job) | {"state": "open", "worker": worker, "lease_until": lease_until})

    def known(self, team: str, key: str) -> bool:
        """Whether a job with this key was kept before."""
        with self._begin() as connection:
            return connection.execute(select(JobRow.number).where(JobRow.team == team, JobRow.key == key)).first() is not None

    def take(self, worker: str, now: datetime, lease_until: datetime, limit: int = 20) -> list[Job]:
        """Jobs whose worker is gone, and jobs put off until now, oldest first."""
        j = JobRow
        ripe = and_(j.state == "open", leases.free(j, now))
        with self._begin() as connection:
            found = connection.execute(select(*j.__table__.c).where(ripe).order_by(j.number).limit(limit)).mappings().all()
        taken = []
        for row in found:
            attempts = row["attempts"] + (1 if row["worker"] else 0)
            as_read = and_(j.number == row["number"], j.state == "open")
            with self._begin(writes=True) as connection:
                if leases.take(connection, j, as_read, now, lease_until, worker=worker, attempts=attempts):
                    taken.append(replace(_job(row), attempts=attempts))
        return taken

    def renew(self, jobs: Sequence[Job], worker: str, lease_until: datetime) -> None:
        """Hold on to jobs that are still worked on."""
        ours = or_(*(and_(JobRow.team == job.team, JobRow.key == job.key) for job in jobs))
        with self._begin(writes=True) as connection:
            connection.execute(update(JobRow).where(JobRow.worker == worker, JobRow.state == "open", ours).values(lease_until=lease_until))

    def finish(self, job: Job, state: JobState) -> None:
        """Say that a job is over."""
        self._change_job(job, state=state, payload={}, worker="", lease_until=None)

    def put_off(self, job: Job, until: datetime) -> None:
        """Leave a job for later, to any worker."""
        self._change_job(job, worker="", lease_until=until, attempts=job.attempts)

    def before(self, job: Job) -> bool:
        """Whether an earlier job of the same lane is still open."""
        j = JobRow
        number = select(j.number).where(j.team == job.team, j.key == job.key).scalar_subquery()
        earlier = select(j.number).where(j.team == job.team, j.lane == job.lane, j.state == "open", j.number < number).limit(1)
        with self._begin() as connection:
            return connection.execute(earlier).first() is not None

    def open_jobs(self) -> tuple[int, datetime | None]:
        """How many jobs are open, and since when the oldest is."""
        with self._begin() as connection:
            count, oldest = connection.execute(select(func.count(), func.min(JobRow.at)).where(JobRow.state == "open")).one()
            return count, oldest

    def first_time(self, team: str, key: str, at: datetime) -> bool:
        """Whether a click or submission is seen for the first time."""
        row = _job_row(Job(team, key[:200], "", at=at)) | {"state": "done", "worker": "", "lease_until": None}
        return self._new_job(row)

    # -- threads -------------------------------------------------------------------------------------------------

    def thread(self, team: str, channel: str, ts: str) -> Thread | None:
        """A thread in which the app takes part."""
        t = ThreadRow
        found = self._one(t, t.team == team, t.channel == channel, t.ts == ts)
        return _thread(found) if found else None

    def save_thread(self, thread: Thread, at: datetime) -> None:
        """Take part in a thread, or stop."""
        self._put(ThreadRow, asdict(thread) | {"at": at})

    def threads(self, team: str, channel: str, since: datetime) -> list[Thread]:
        """Threads of a channel that were active since a moment."""
        t = ThreadRow
        wanted = select(*t.__table__.c).where(t.team == team, t.channel == channel, t.at >= since).order_by(t.at)
        with self._begin() as connection:
            return [_thread(row) for row in connection.execute(wanted).mappings()]

    def exchanges(self, team: str, channel: str, thread: str, limit: int = 6) -> list[Exchange]:
        """The last exchanges of a thread, oldest first."""
        e = ExchangeRow
        wanted = select(*e.__table__.c).where(e.team == team, e.channel == channel, e.thread == thread)
        with self._begin() as connection:
            rows = connection.execute(wanted.order_by(e.at.desc(), e.id).limit(limit)).mappings().all()
        return [_exchange(row) for row in reversed(rows)]

    def exchange(self, team: str, exchange_id: str) -> Exchange | None:
        """One exchange."""
        found = self._one(ExchangeRow, ExchangeRow.team == team, ExchangeRow.id == exchange_id)
        return _exchange(found) if found else None

    def save_exchange(self, exchange: Exchange) -> None:
        """Keep an exchange, new or changed."""
        values = {name: getattr(exchange, name) for name in ("team", "id", "channel", "thread", "asker", "at")}
        self._put(ExchangeRow, values | {"answer": exchange.answer.model_dump(mode="json")})

    # -- posts, enquiries, direct messages -----------------------------------------------------------------------

    def begin_post(self, team: str, key: str, channel: str, at: datetime) -> Sent | None:
        """Note that a post is about to be made; what was noted before comes back instead."""
        values = {"team": team, "key": key, "channel": channel, "ts": "", "at": at}
        statement = self._insert(PostRow).values(**values).on_conflict_do_nothing().returning(PostRow.key)
        with self._begin(writes=True) as connection:
            if connection.execute(statement).first() is not None:
                return None
        found = self._one(PostRow, PostRow.team == team, PostRow.key == key)
        return Sent(found["channel"], found["ts"]) if found else None

    def end_post(self, team: str, key: str, ts: str) -> None:
        """Note where a post stands."""
        with self._begin(writes=True) as connection:
            connection.execute(update(PostRow).where(PostRow.team == team, PostRow.key == key).values(ts=ts))

    def save_enquiry(self, enquiry: Enquiry) -> None:
        """Keep a question to the lead, new or changed."""
        self._put(EnquiryRow, asdict(enquiry))

    def enquiry(self, team: str, enquiry_id: str) -> Enquiry | None:
        """One question to the lead."""
        found = self._one(EnquiryRow, EnquiryRow.team == team, EnquiryRow.id == enquiry_id)
        return Enquiry(**found) if found else None

    def open_enquiries(self, team: str) -> list[Enquiry]:
        """Questions that the lead has not answered yet, the longest waiting first."""
        e = EnquiryRow
        wanted = select(*e.__table__.c).where(e.team == team, e.answered_at.is_(None)).order_by(e.at, e.id)
        with self._begin() as connection:
            return [Enquiry(**row) for row in connection.execute(wanted).mappings()]

    def saw(self, team: str, channel: str, ts: str) -> None:
        """Remember the newest message that was seen in a direct message channel."""
        statement = self._insert(DirectRow).values(team=team, channel=channel, ts=ts)
        newer = statement.excluded.ts > DirectRow.ts
        with self._begin(writes=True) as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["team", "channel"], set_={"ts": statement.excluded.ts}, where=newer)
            )

    def direct_messages(self, team: str) -> dict[str, str]:
        """Channel -> ts of the newest message seen there, the latest first."""
        wanted = select(DirectRow.channel, DirectRow.ts).where(DirectRow.team == team).order_by(DirectRow.ts.desc())
        with self._begin() as connection:
            return {row.channel: row.ts for row in connection.execute(wanted)}

    def keep(self, team: str, key: str, person: str, value: dict[str, Any], at: datetime | None = None) -> None:
        """Keep a small thing for a person, new or changed."""
        self._put(KeptRow, {"team": team, "key": key, "person": person, "value": value, "at": at})

    def kept(self, team: str, key: str) -> dict[str, Any] | None:
        """What was kept under a key."""
        found = self._one(KeptRow, KeptRow.team == team, KeptRow.key == key)
        return found["value"] if found else None

    def leave(self, team: str, person: str, key: str, saying: dict[str, Any], at: datetime) -> None:
        """Leave something said for a person who is not there, once per key."""
        values = {"team": team, "person": person, "key": key, "saying": saying, "at": at}
        with self._begin(writes=True) as connection:
            connection.execute(self._insert(LeftRow).values(**values).on_conflict_do_nothing())

    def collect(self, team: str, person: str) -> list[tuple[str, dict[str, Any]]]:
        """Key and content of everything that was left for a person, oldest first; it waits no more."""
        row = LeftRow
        taken = delete(row).where(row.team == team, row.person == person).returning(row.number, row.key, row.saying)
        with self._begin(writes=True) as connection:
            return [(key, saying) for _, key, saying in sorted(connection.execute(taken).all(), key=lambda r: r.number)]

    def prune(self, before: datetime) -> int:
        """Forget keys of finished jobs, clicks and posts, and small things kept, from before a moment."""
        old_jobs = delete(JobRow).where(JobRow.state != "open", JobRow.at < before)
        with self._begin(writes=True) as connection:
            old = (old_jobs, delete(PostRow).where(PostRow.at < before), delete(KeptRow).where(KeptRow.at < before))
            return sum(connection.execute(s).rowcount for s in old)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    # -- parts ---------------------------------------------------------------------------------------------------

    def _new_job(self, row: dict[str, Any]) -> bool:
        """Whether it is new. Slack waits for this: it goes before other writes, and what comes at once shares one commit."""
        return self._together.granted(row) if self._together else self._new_jobs([row])[0]

    def _new_jobs(self, rows: Sequence[dict[str, Any]]) -> list[bool]:
        insert = self._insert(JobRow)
        with self._transaction(writes=True) as connection:
            made = [insert.values(**row).on_conflict_do_nothing().returning(JobRow.number) for row in rows]
            return [connection.execute(statement).first() is not None for statement in made]

    def _change_job(self, job: Job, **values: Any) -> None:
        with self._begin(writes=True) as connection:
            connection.execute(update(JobRow).where(JobRow.team == job.team, JobRow.key == job.key).values(**values))

    def _one(self, table: type[Base], *where: Any) -> dict[str, Any] | None:
        with self._begin() as connection:
            found = connection.execute(select(*table.__table__.c).where(*where)).mappings().first()
            return dict(found) if found else None

    def _put(self, table: type[Base], values: dict[str, Any]) -> None:
        statement = self._insert(table).values(**values)
        keys = [c.name for c in table.__table__.primary_key]
        changed = {name: statement.excluded[name] for name in values if name not in keys}
        with self._begin(writes=True) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))

    def _insert(self, table: type[Base]) -> Any:
        return (postgresql if self.engine.dialect.name == "postgresql" else sqlite).insert(table)

    @contextmanager
    def _begin(self, writes: bool = False) -> Iterator[Connection]:
        with self._turns.mine() if writes and self._turns else nullcontext(), self._transaction(writes) as connection:
            yield connection

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[Connection]:
        try:
            with self.engine.connect() as plain:
                connection = plain.execution_options(writes=writes)
                with connection.begin():
                    yield connection
        except (OperationalError, DBAPIError) as error:
            if isinstance(error, OperationalError) or error.connection_invalidated:
                where = without_secrets(self.engine.url.render_as_string(hide_password=True))
                raise Unavailable("register.database_down", where=where, what=str(error.orig).splitlines()[0]) from error
            raise


def _job_row(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in ("team", "kind", "payload", "lane", "attempts", "at", "key")}


def _job(row: Any) -> Job:
    return Job(**{name: row[name] for name in ("team", "key", "kind", "payload", "lane", "attempts", "at")})


def _thread(row: Any) -> Thread:
    return Thread(**{name: row[name] for name in ("team", "channel", "ts", "asker", "stopped")})


def _exchange(row: Any) -> Exchange:
    return Exchange(**{**row, "answer": Answer.model_validate(row["answer"])})
