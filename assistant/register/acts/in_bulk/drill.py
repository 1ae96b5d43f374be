"""The spot-check drill (抽查演练): draw records as customs would, ask for them with a deadline, see what is found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.register.acts.doing.recording import record
from assistant.register.acts.doing.who import Who, once, slot_id
from assistant.register.acts.log.rights import entitled
from assistant.register.acts.mentions import mention
from assistant.register.facts.events import Draft, Event
from assistant.register.facts.happened import DrawnSlot, DrillAnswered, DrillStarted, Submitted
from assistant.register.facts.notices.asking import Drilled
from assistant.register.facts.notices.leading import DrillOver, Produced
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, RegisterReader

if TYPE_CHECKING:
    from assistant.register.acts.service import RegisterService

Result = Literal["found", "late", "missing", "waiting"]
RESULTS: tuple[Result, ...] = ("found", "late", "missing", "waiting")
MOST = 200  # records of one drill; chosen, not measured
_REMEMBERED = timedelta(days=60)  # drills that are looked at; none takes longer


@dataclass(frozen=True, slots=True)
class DrilledSlot:
    """One slot of a drill: whose it is, what became of it and when."""

    slot: str
    key: str
    owner: str
    result: Result
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill and its results. The same seed over the same slots draws the same sample."""

    id: str
    seed: str
    started: datetime
    deadline: datetime
    drawn: tuple[DrilledSlot, ...]

    def count(self, result: Result) -> int:
        """How many have this result."""
        return sum(d.result == result for d in self.drawn)


class Drills:
    """Spot-check drills in one workspace."""

    def __init__(self, service: RegisterService) -> None:
        self.service = service

    def start(self, size: int, hours: float, seed: str, who: Who, where: Filter | None = None) -> Drill:
        """Draw ``size`` records slots, and ask their owners for them within ``hours``.

        Raises:
            RegisterError: nothing to draw from, a size out of range, or the actor may not.
        """
        if not 1 <= size <= MOST:
            raise RegisterError("register.drill_size", limit=MOST)
        service, day = self.service, self.service.day(who.at)
        wanted = replace(where or Filter(), kind="records", applicable=True)
        with service.register.writing(service.workspace, who.by) as tx:
            entitled(tx, "drill", who.actor, who.origin, None, service.lead_of(tx), day)
            once(tx, who)
            drawn = draw([e for e in tx.entries(day, wanted) if e.owed and e.open(day)], seed, size)
            if not drawn:
                raise RegisterError("register.drill_empty")
            number = sum(e.kind == "drill_started" for e in tx.events()) + 1
            drill, deadline = f"{day.isoformat()}-{number}", who.at + timedelta(hours=hours)
            asked = {e.slot.key: DrawnSlot(slot=e.slot.id, owner=e.owner) for e in drawn}
            says = DrillStarted(drill=drill, seed=seed, deadline=deadline, drawn=asked)
            record(tx, [Draft(says, who.actor, who.at, who.origin)], service.rules)
            for message in self._messages(tx, drill, seed, hours, deadline, drawn, who):
                tx.enqueue(message)
        return self.report(drill, who.at)

    def answer(self, drill: str, slot: str, who: Who) -> Result:
        """Say that a drawn record was produced as it is on file; its files must be there.

        Raises:
            RegisterError: no such drill, the slot is not in it, nothing is on file, or the actor may not.
        """
        service = self.service
        found = self.report(drill, who.at)
        entry = service.entry(slot)
        with service.register.reading(service.workspace) as tx:
            entitled(tx, "submit", who.actor, who.origin, entry, service.lead_of(tx), service.day(who.at))
        if all(d.key != entry.slot.key for d in found.drawn):
            raise RegisterError("register.drill_slot", slot=slot_id(slot), drill=found.id)
        version = max(entry.state.accepted_version, entry.state.version)
        pieces = [p for p in service.pieces([entry.slot.key]) if p.version == version]
        if not pieces:
            raise RegisterError("register.nothing", slot=entry.slot.id)
        for piece in pieces:
            if piece.kind == "file":
                try:
                    service.open_file(piece.sha256).close()
                except FileNotFoundError:
                    raise RegisterError("register.file_gone", where=piece.name) from None
        service.note([Draft(DrillAnswered(drill=found.id, version=version), who.actor, who.at, who.origin, entry.slot.key)], who)
        return next(d.result for d in self.report(found.id, who.at).drawn if d.key == entry.slot.key)

    def report(self, drill: str, at: datetime) -> Drill:
        """What was found in time, late or not at all; ``drill``: its id or number, empty for the last one.

        Raises:
            RegisterError: there is no such drill.
        """
        with self.service.register.reading(self.service.workspace) as tx:
            return told(named(drill, tx.events(until=at, kinds=("drill_started",))), tx.events(until=at), at)

    def conclude(self, at: datetime) -> list[str]:
        """Tell the lead, and whoever started it, what came of each drill that is over (all found, or its time is up), once; which."""
        service, over = self.service, list[str]()
        with service.register.reading(service.workspace) as tx:
            lead = service.lead_of(tx)
            started = [(e.says, e.actor) for e in tx.events(kinds=("drill_started",)) if at - e.at < _REMEMBERED]
            open_ = [(s, by) for s, by in started if isinstance(s, DrillStarted) and tx.message(_result(service, s.drill, lead).id) is None]
        for said, by in open_:
            drill = self.report(said.drill, at)
            if at <= drill.deadline and drill.count("waiting"):
                continue
            over.append(drill.id)
            with service.register.writing(service.workspace) as tx:
                entries = [e for d in drill.drawn if (e := tx.entry(d.key)) is not None]
                results = {d.key: d.result for d in drill.drawn}
                says = DrillOver(
                    drill=drill.id,
                    deadline=_on_the_clock(drill.deadline, service.rules.zone),
                    counts={r: drill.count(r) for r in RESULTS},
                    slots=tuple(Produced(**dict(mention(e, "drill", service.day(at))), result=results[e.slot.key]) for e in entries),
                )
                for person in dict.fromkeys((lead, by)):
                    tx.enqueue(_result(service, drill.id, person, says, at))
        return over

    def _messages(
        self, tx: RegisterReader, drill: str, seed: str, hours: float, deadline: datetime, drawn: Sequence[Entry], who: Who
    ) -> Iterable[Message]:
        workspace, day = tx.workspace(), self.service.day(who.at)
        for owner in dict.fromkeys(e.owner for e in drawn):
            theirs = [e for e in drawn if e.owner == owner]
            yield Message(
                workspace=self.service.workspace,
                says=Drilled(
                    edition=workspace.edition if workspace else "",
                    enterprise=workspace.profile.get("enterprise", "") if workspace else "",
                    drill=drill,
                    seed=seed,
                    hours=f"{hours:g}",
                    deadline=_on_the_clock(deadline, self.service.rules.zone),
                    slots=tuple(mention(e, "drill", day) for e in theirs),
                ),
                recipient=owner,
                dedup=f"drill:{drill}:{owner}",
                slots=tuple(e.slot.key for e in theirs),
                created_at=who.at,
            )


def _result(service: RegisterService, drill: str, person: str, says: DrillOver | None = None, at: datetime | None = None) -> Message:
    """The message of what came of a drill; without what it says, to look whether it was sent."""
    return Message(service.workspace, says or DrillOver(), person, f"{DrillOver.named}:{drill}:{person}", created_at=at)


def _on_the_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment as the enterprise's clock shows it, to the minute, with its distance from UTC."""
    return datetime.fromisoformat(moment.astimezone(zone).isoformat(timespec="minutes"))


def draw(entries: Sequence[Entry], seed: str, size: int) -> list[Entry]:
    """A sample that anybody can draw again: the lowest SHA-256 of seed and slot key, in the guide's order."""

    def rank(entry: Entry) -> str:
        return hashlib.sha256(f"{seed}\x1f{entry.slot.key}".encode()).hexdigest()

    return sorted(sorted(entries, key=rank)[:size], key=lambda e: e.slot.position)


def named(drill: str, events: Iterable[Event]) -> str:
    """The drill that somebody names by its id or only its number; the last one without either; what was typed where there is none."""
    ids = [e.says.drill for e in events if isinstance(e.says, DrillStarted)]
    wanted = drill.strip().lstrip("#第").rstrip("次")
    return next((i for i in reversed(ids) if wanted in ("", i, i.rpartition("-")[2])), drill)


def told(drill: str, events: Iterable[Event], at: datetime) -> Drill:
    """A drill's results from the log: an answer or a submission after its start counts as finding.

    Raises:
        RegisterError: there is no such drill.
    """
    start: tuple[DrillStarted, datetime] | None = None
    found: dict[str, datetime] = {}
    for event in events:
        said = event.says
        if isinstance(said, DrillStarted) and said.drill == drill:
            start = (said, event.at)
        elif start is not None and event.slot in start[0].drawn:
            answers = isinstance(said, DrillAnswered) and said.drill == drill
            if answers or isinstance(said, Submitted):
                found.setdefault(event.slot, event.at)
    if start is None:
        raise RegisterError("register.no_drill" if drill else "register.no_drills", drill=drill)
    began = start[0]

    def result(key: str) -> Result:
        if key in found:
            return "found" if found[key] <= began.deadline else "late"
        return "missing" if at > began.deadline else "waiting"

    drawn = tuple(DrilledSlot(d.slot, key, d.owner, result(key), found.get(key)) for key, d in began.drawn.items())
    return Drill(drill, began.seed, start[1], began.deadline, drawn)
