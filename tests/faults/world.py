"""A small enterprise whose register, files and editions are hit by faults; and the promises that must hold afterwards."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from assistant.adapters.builds import Manifest
from assistant.adapters.editions import Editions
from assistant.adapters.files import FileStore, open_files
from assistant.adapters.journal import Journal
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailServer
from assistant.adapters.sql.register import SqlRegister, make_engine, open_register
from assistant.errors import Unavailable
from assistant.families import combined, short
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.in_bulk.importing import Source, bring
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.announce import announce
from assistant.register.acts.telling.delivery import Courier
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.policy import Policy
from assistant.register.rules.people.workdays import Window, WorkCalendar
from assistant.settings import Settings
from tests.contracts.conftest import new_database
from tests.faults.doomed import Wrap
from tests.faults.letters import untold
from tests.faults.post import Arrival, HttpNotifier, Post, Ways, Wire
from tests.faults.words import Worker
from tests.register.company import RENEWAL, SHANGHAI, START, part_of

POLICY = Policy(cap=2, lease_seconds=60, attempts=50, quiet_after_submission_hours=0)
PEOPLE = ("wang", "li", "zhao", "lead")
REVIEWERS = ("rui", "mei", "mei", "rui")
OTHER = "报关企业"
"""The second family, where there are two: the same people have the same lines of it."""
OWNERS = [Assignment("clause", f"24({n})", owner=o, reviewer=r) for n, (o, r) in enumerate(zip(PEOPLE, REVIEWERS, strict=True), 1)]
MAILED = ("zhao", "mei")
"""Whom only mail reaches: an owner, and a reviewer, whose hand-ins are gathered."""
PDF = b"%PDF-1.4\n"


class Broken(AssertionError):
    """A promise that did not hold."""


@dataclass
class Prepared:
    """What every run starts from: an address per run, a home with two editions, slots that can be handed in.

    ``owed`` is the guide (of one family or two) that the register follows.
    """

    folder: Path
    server: str | None
    guides: tuple[Guide, Guide]
    slots: tuple[str, ...]
    owed: Guide

    def home(self, folder: Path) -> tuple[Path, str]:
        """A fresh copy: the folder and its database's address."""
        shutil.copytree(self.folder / "home", folder)
        if self.server is None:
            return folder, f"sqlite:///{folder}/register.sqlite3"
        address = new_database(self.server)
        service_over(address, folder).sync(self.owed, RENEWAL, Who("lead", START))
        Owners(service_over(address, folder)).assign(_owners(self.owed), Who("lead", START))
        _addressed(service_over(address, folder))
        return folder, address


def prepare(folder: Path, guide: Guide, server: str | None = None, families: bool = False) -> Prepared:
    """Plan and assign once; runs copy it. ``server``: on a PostgreSQL server instead of SQLite; ``families``: two families are owed."""
    home = folder / "home"
    first = part_of(guide, "24")
    second = first.model_copy(update={"edition": "next"})
    editions = Editions(home)
    for edition in (first, second):
        made = editions.begin(f"aeo-{edition.edition}")
        (made / "guide.json").write_text(edition.model_dump_json(), encoding="utf-8")
        words = dict.fromkeys(("title", "source", "source_sha256", "embedder", "bank", "version"), "")
        editions.finish(
            Manifest(build=made.name, edition=edition.edition, clauses=4, passages=1, created=f"{edition.edition == 'next'}", **words)
        )
    editions.activate(editions.manifest(first.edition), START)
    address = f"sqlite:///{home}/register.sqlite3"
    open_register(address).close()
    service = service_over(address, home)
    owed = combined({"通用": first, OTHER: first.model_copy(update={"edition": "other"})}) if families else first
    service.sync(owed, RENEWAL, Who("lead", START))
    Owners(service).assign(_owners(owed), Who("lead", START))
    _addressed(service)
    slots = tuple(e.slot.id for e in service.entries(START) if e.owed)
    service.register.close()  # type: ignore[attr-defined]
    return Prepared(folder, server, (first, second), slots, owed)


def _owners(owed: Guide) -> list[Assignment]:
    others = [replace(a, target=f"{short(OTHER)}:{a.target}") for a in OWNERS]
    return [a for a in (*OWNERS, *others) if a.target in owed.clauses]


def _addressed(service: RegisterService) -> None:
    """Those whom only mail reaches have an address."""
    for person in MAILED:
        Owners(service).know(Person(person, address={"email": f"{person}@example.cn"}), Who("lead", START))


def service_over(address: str, home: Path) -> RegisterService:
    """The register at an address whose tables are there, with connections of its own."""
    return RegisterService(
        RENEWAL.key, SqlRegister(make_engine(address)), open_files(None, home), POLICY, "lead", SHANGHAI, announce=announce
    )


def held_by(slot: str) -> Assignment:
    """Whose a slot (by id) is, and who reviews it."""
    return next(a for a in OWNERS if slot.rpartition(":")[2].startswith(a.target))


@dataclass
class World:
    """One run's enterprise, as the campaign's own process sees it."""

    prepared: Prepared
    home: Path
    address: str
    post: Post
    chance: random.Random
    wall: datetime = START
    latest: datetime = START
    handed_in: dict[str, str] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    edition: set[str] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)

    @property
    def editions(self) -> Editions:
        """The editions."""
        return Editions(self.home)

    def jump(self) -> None:
        """The clock goes on, or far ahead, or back; mostly to a time at which people may be asked."""
        hours = self.chance.choice((1, 2, 20, 24, 24, 24, 72, 24 * 9, -1, -5, -30))
        self.wall += timedelta(hours=hours, minutes=self.chance.randrange(60))
        if self.chance.random() < 0.8:
            self.to_work()
        self.latest = max(self.latest, self.wall)

    def cut(self) -> None:
        """Break every connection to the database, where it is a server."""
        import psycopg

        mine = "datname = current_database() AND pid <> pg_backend_pid()"
        with psycopg.connect(self.address.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
            connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")  # noqa: S608

    def to_work(self) -> None:
        """To the next moment at which people may be asked."""
        window = Window(POLICY, WorkCalendar())
        while not window.open(self.wall, SHANGHAI):
            self.wall += timedelta(hours=1)
        self.latest = max(self.latest, self.wall)

    # -- acts, each in a process of its own ----------------------------------------------------------------------

    def nudge(self, wrap: Wrap, name: str, skew: float, pace: timedelta = timedelta(0)) -> int:
        """One worker's round; its clock is off by less than half a lease. ``pace``: how long hand-ins told by letter wait for others."""
        service = service_over(self.address, self.home)
        wall = self.wall + timedelta(seconds=skew)
        ways = Ways(HttpNotifier(self.post.address), self._mail(service), MAILED)
        worker = Courier(wrap(service.register), wrap(ways), POLICY, lambda: wall, name, announce=announce, pace=pace)
        return sum(t.sent for t in worker.run(wall))

    def _mail(self, service: RegisterService) -> MailNotifier:
        server = MailServer.of(Settings(smtp_url=SecretStr(f"smtp://127.0.0.1:{self.post.mail.port}?from=aeo@example.cn")))
        assert server is not None
        return MailNotifier(server, service.register, Journal(self.home / "mailed.txt"), lambda: POLICY, "zh")

    def worker(self, wrap: Wrap, name: str) -> Worker:
        """A process that hears what people write."""
        service = service_over(self.address, self.home)
        service.register = wrap(service.register)
        return Worker(service, self.address, self.prepared.owed, Wire(self.post.address), wrap, self.wall, name)

    def threads(self) -> list[tuple[str, str]]:
        """Whom a list or a card reached over HTTP, with the thread that it began."""
        service = service_over(self.address, self.home)
        told = [m for m in service.messages(limit=500) if m.state == "sent" and m.kind in ("nudge", "review") and m.receipt.ts]
        service.register.close()  # type: ignore[attr-defined]
        return [(m.recipient, m.receipt.ts) for m in told]

    def given(self) -> list[str]:
        """Slots (ids) that wait for a review or are accepted."""
        service = service_over(self.address, self.home)
        found = [e.slot.id for e in service.entries(self.wall) if e.state.name in ("submitted", "accepted")]
        service.register.close()  # type: ignore[attr-defined]
        return found

    def submit(self, wrap: Wrap, slot: str, actor: str, content: bytes, event: str) -> str:
        """Hand a file in; its hash, once the register said that it has it."""
        service = service_over(self.address, self.home)
        service.register, service.files = wrap(service.register), wrap(service.files)
        piece = service.take_file(io.BytesIO(content), "记录.pdf")
        service.submit(slot, [piece], Who(actor, self.wall, "cli", event), again=True)
        return piece.sha256

    def bring(self, wrap: Wrap, wanted: Sequence[tuple[bytes, str]], actor: str) -> list[str]:
        """Bring in a folder: files, each for a slot (by id); their hashes, once the register has all that may be handed in."""
        service = service_over(self.address, self.home)
        slots = {e.slot.id: e for e in service.entries(self.wall)}
        sources: dict[str, Source] = {f"{n}.pdf": (lambda content=content: io.BytesIO(content)) for n, (content, _) in enumerate(wanted)}
        service.register, service.files = wrap(service.register), wrap(service.files)
        files = [(f"{n}.pdf", [slots[slot]] if slot in slots else []) for n, (_, slot) in enumerate(wanted)]
        done = bring(service, files, sources, Who(actor, self.wall, "cli"))
        broken = next((f.error for f in done.failed if isinstance(f.error, Unavailable)), None)
        if broken is not None:
            raise broken
        kept = {path for paths in (*done.submitted.values(), *done.already.values()) for path in paths}
        return [hashlib.sha256(wanted[int(path.removesuffix(".pdf"))][0]).hexdigest() for path in kept]

    def review(self, wrap: Wrap, slot: str, version: int | None, good: bool, event: str) -> str:
        """Accept or return, perhaps late, for a version that is no longer there."""
        service = service_over(self.address, self.home)
        service.register = wrap(service.register)
        who = Who(held_by(slot).reviewer, self.wall, "cli", event)
        entry = service.accept(slot, who, version, seen=WHOLE) if good else service.give_back(slot, "缺签名", who, version)
        return entry.state.name

    def take_back(self, wrap: Wrap, slot: str, actor: str, event: str) -> str:
        """What is in review is withdrawn by who handed it in, or what is accepted is taken back by its reviewer."""
        service = service_over(self.address, self.home)
        service.register = wrap(service.register)
        if service.entry(slot).state.name == "submitted":
            return service.withdraw(slot, Who(actor, self.wall, "cli", event)).state.name
        return service.reopen(slot, "年份不对", Who(held_by(slot).reviewer, self.wall, "cli", event)).state.name

    def merge(self, wrap: Wrap, one: str, into: str, event: str) -> int:
        """A second record of somebody, made and merged."""
        service = service_over(self.address, self.home)
        service.register = wrap(service.register)
        owners, me = Owners(service), Who("lead", self.wall, "cli")
        owners.know(Person(one, "张三"), me)
        owners.know(Person(into, "张三"), me)
        return owners.merge(one, into, Who("lead", self.wall, "cli", event))

    def activate(self, wrap: Wrap, edition: str) -> str:
        """Put an edition in force, or go back to the one before."""
        editions = self.editions
        try:
            with editions.lock():
                active = editions.active()
                if active is not None and active.before and edition == active.before[0]["edition"]:
                    editions.rollback(self.wall)
                else:
                    editions.activate(editions.manifest(edition), self.wall)
        except OSError as error:  # the command line says it in the same words
            raise Unavailable("cli.disk", where=str(self.home), what=error.strerror) from error
        return edition

    # -- promises ------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The storm is over: whatever is waiting is delivered, and what lies on the side goes where it belongs."""
        self.post.calm()
        service = service_over(self.address, self.home)
        self.wall = self.latest
        for number in range(4):
            self.wall += timedelta(minutes=5)
            heard = self.worker(lambda port: port, f"calm {number}")
            heard.drain()
            heard.close()
        for _ in range(2):
            self.wall += timedelta(days=1)
            self.to_work()
            wanted = {d.recipient for d in service.preview(self.wall).digests}
            before = Counter(a.recipient for a in self._arrived(service) if a.dedup.startswith("nudge:"))
            waiting = {
                m.recipient for m in service.messages(limit=10_000) if m.kind == "nudge" and m.state in ("pending", "claimed", "ambiguous")
            }
            self.nudge(lambda port: port, f"calm {self.wall}", 0.0)
            after = Counter(a.recipient for a in self._arrived(service) if a.dedup.startswith("nudge:"))
            for person in wanted - waiting:
                self._hold(after[person] - before[person] == 1, f"{person} is due and got {after[person] - before[person]} messages")
        service.settle_files(self.wall + timedelta(days=365 * 20))
        service.register.close()  # type: ignore[attr-defined]

    def check(self) -> None:
        """Every promise, after the storm.

        Raises:
            Broken: names the one that does not hold.
        """
        service = service_over(self.address, self.home)
        self._messages(service)
        self._words()
        self._evidence(service)
        chain, wrong = service.verify()
        self._hold(chain.intact, "the chain of events is broken")
        self._hold(wrong == [], f"states are not what the log says: {wrong}")
        served = self.editions.active()
        self._hold(served is not None, "no edition is served")
        assert served is not None
        self._hold(served.edition in (self.edition or {self.prepared.guides[0].edition}), f"{served.edition} was not asked for")
        self._hold(self.editions.guide(self.editions.manifest()).edition == served.edition, "the pointer and its guide differ")
        service.register.close()  # type: ignore[attr-defined]

    def _messages(self, service: RegisterService) -> None:
        told = self._arrived(service)
        arrived = Counter(a.id for a in told)
        twice = [m for m, count in arrived.items() if count > 1]
        self._hold(not twice, f"{len(twice)} messages arrived twice")
        per_day = Counter(a.dedup for a in told)
        self._hold(set(per_day.values()) <= {1}, "somebody was asked twice on one day")
        stored = {m.id: m.state for m in service.messages(limit=10_000) if m.detail != "needless"}
        self._hold(set(stored.values()) <= {"sent", "dropped"}, f"messages left over: {Counter(stored.values())}")
        self._hold({m for m, state in stored.items() if state == "sent"} == set(arrived), "sent is not what arrived")
        wrong = untold(service, set(arrived), MAILED, self.wall)
        self._hold(wrong == [], f"hand-ins that a letter does not tell, or two do: {wrong}")

    def _arrived(self, service: RegisterService) -> list[Arrival]:
        """What arrived over HTTP, and the letters in mailboxes."""
        by_mail = {mark.strip("<>").partition("@")[0] for mark in list(self.post.mail.arrived)}
        letters = [Arrival(m.id, m.recipient, m.dedup) for m in service.messages(limit=10_000) if m.id in by_mail] if by_mail else []
        return [*self.post.arrived, *letters]

    def _words(self) -> None:
        said = Counter(a.id for a in self.post.said)
        self._hold(set(said.values()) <= {1}, "something was said twice in a conversation")
        for key in self.spoken:
            self._hold(any(a.dedup.endswith(key) for a in self.post.said), f"what somebody wrote was never answered ({key})")
        self.wall += timedelta(hours=2)
        last = self.worker(lambda port: port, "last")
        self._hold(last.left() == 0, "something that people wrote is left over")
        last.close()

    def _evidence(self, service: RegisterService) -> None:
        pieces = {p.sha256 for p in service.pieces() if p.kind == "file"}
        for sha256, event in self.handed_in.items():
            self._hold(sha256 in pieces, f"an accepted submission is gone ({event})")
        for sha256 in pieces:
            with service.open_file(sha256) as content:
                self._hold(hashlib.sha256(content.read()).hexdigest() == sha256, "the bytes are not those handed in")
        files = service.files
        assert isinstance(files, FileStore)
        self._hold(set(files.visible()) == pieces, "a file that nobody handed in is kept, or one is missing")
        self._hold(list(files.staged()) == [], "something is left on the side")
        imported = Counter((p.slot, p.version, p.sha256) for p in service.pieces() if p.sha256 in self.imported)
        self._hold(set(imported.values()) <= {1}, "an import came twice")
        acts = Counter(e.body.get("event") for e in service.history() if e.kind == "submitted" and e.body.get("event"))
        self._hold(set(acts.values()) <= {1}, "an act was done twice")

    @staticmethod
    def _hold(holds: Any, sentence: str) -> None:
        if not holds:
            raise Broken(sentence)
