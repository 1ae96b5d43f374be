"""A company for tests: its profile, a small guide, a register in memory, people, and moments in its own zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from assistant.adapters.files import FileStore
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.delivery import Courier
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.outbox import Arrived, Message, Receipt
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import FLAGS, Profile, Scope
from assistant.register.ports import Register
from tests.twins.register import MemoryRegister

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEAD = "lead"
PLAIN = Scope(**dict.fromkeys(FLAGS, False))
RENEWAL = Profile(enterprise="某某公司", certification="renewal", certified_on=date(2022, 3, 15), scope=PLAIN)
INITIAL = Profile(enterprise="某某公司", certification="initial", scope=PLAIN)
LINK = Piece("link", text="https://example.invalid/doc")


def at(text: str) -> datetime:
    """A moment in the company's zone: ``2026-06-01`` (10 in the morning) or ``2026-06-01T09:30``."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T10:00").replace(tzinfo=SHANGHAI)


START = at("2026-06-01")


def who(actor: str = LEAD, moment: datetime = START, origin: str = "cli") -> Who:
    """Somebody acting."""
    return Who(actor, moment, origin)


def part_of(guide: Guide, *items: str) -> Guide:
    """The guide with only these items."""
    parts: list[Any] = []
    for part in guide.parts:
        categories = []
        for category in part.categories:
            kept = tuple(i for i in category.items if i.number in items)
            if kept:
                categories.append(category.model_copy(update={"items": kept}))
        if categories:
            parts.append(part.model_copy(update={"categories": tuple(categories)}))
    return Guide(edition=guide.edition, title=guide.title, parts=tuple(parts))


def company(
    guide: Guide,
    profile: Profile = RENEWAL,
    register: Register | None = None,
    files: FileStore | None = None,
    policy: Policy | None = None,
    moment: datetime = START,
    owners: Sequence[Assignment] = (),
) -> RegisterService:
    """A register that is planned and has its owners."""
    service = RegisterService(profile.key, register or MemoryRegister(), files or memory_files(), policy or Policy(), LEAD, SHANGHAI)
    service.sync(guide, profile, who(moment=moment))
    if owners:
        Owners(service).assign(list(owners), who(moment=moment))
    return service


def memory_files() -> FileStore:
    """A file store in memory, of its own."""
    import uuid

    from fsspec.implementations.memory import MemoryFileSystem

    return FileStore(MemoryFileSystem(), f"/{uuid.uuid4().hex}")


@dataclass
class Postbox:
    """A notifier that keeps what it got. ``outcomes`` are answered in turn, then ``sent``; ``lost`` ones do not arrive."""

    outcomes: list[Receipt | Exception] = field(default_factory=list)
    lost: bool = False
    got: list[Message] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)

    def deliver(self, message: Message) -> Receipt:
        """Keep it, unless the planned outcome says that it did not arrive."""
        outcome = self.outcomes.pop(0) if self.outcomes else Receipt("sent", Arrived(ts=str(len(self.got))))
        arrives = not self.lost and (isinstance(outcome, Exception) or outcome.outcome in ("sent", "unknown"))
        if arrives:
            self.got.append(message)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def find(self, message: Message) -> Receipt | None:
        """Whether it was kept."""
        self.looked.append(message.id)
        return Receipt("sent", Arrived(ts="found")) if any(m.id == message.id for m in self.got) else None


@dataclass
class Clock:
    """A clock that moves only when told."""

    now: datetime = datetime(2026, 6, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time on it."""
        return self.now


def courier(service: RegisterService, postbox: Any, clock: Any = None, worker: str = "w1", policy: Policy | None = None) -> Courier:
    """A worker."""
    return Courier(service.register, postbox, policy or service.policy, clock or Clock(), worker)
