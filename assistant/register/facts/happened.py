"""What each kind of event says (its payload), typed. A log that an earlier version wrote reads the same; what it left out is None.

An event keeps the JSON that was sealed (``Event.body``); these models read and write it, its kind tells which (``read``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from assistant.register.facts.handed_in import Piece, PieceKind
from assistant.register.facts.naming import tidy
from assistant.register.facts.people import Absence, Assignment, Level
from assistant.register.facts.slots import State, state_document

Name = Annotated[str, AfterValidator(tidy)]
"""A person in normal form, however an earlier version wrote them; what was sealed stays as it was."""
Kept = Annotated[State, PlainSerializer(state_document)]
"""A state inside of an event."""


class Happening(BaseModel):
    """One kind of event, named by ``kind``; ``by``: who really did it, where somebody acted in the name of another."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")
    named: ClassVar[str]
    by: Name | None = None

    def body(self) -> dict[str, Any]:
        """Plain JSON values, as they are sealed and stored; what was left open is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Planned(Happening):
    """A plan came into force: the keys of the slots that appeared and went; ``due_rule`` is the version of the rule of due dates."""

    named = "planned"
    edition: str
    profile: dict[str, Any] = {}
    fingerprint: str = ""
    lead: Name | None = None
    due_days: int | None = None
    due_rule: int | None = None
    slots: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Given(BaseModel):
    """One thing handed in, as its event says it; who and when stand in the event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: PieceKind
    text: str | None = None
    sha256: str | None = None
    name: str | None = None
    size: int | None = None
    type: str | None = None
    period: str | None = None
    valid_until: date | None = None

    @classmethod
    def of(cls, piece: Piece) -> Given:
        """A piece without what the event says of it."""
        names = ("text", "sha256", "name", "size", "type", "period", "valid_until")
        return cls(kind=piece.kind, **{name: getattr(piece, name) or None for name in names})

    def piece(self, version: int, by: str, at: datetime, slot: str) -> Piece:
        """The piece that it is in a slot."""
        values = {k: v for k, v in self if v is not None}
        return Piece(**values, version=version, by=by, at=at, slot=slot)


class Submitted(Happening):
    """Something was handed in; ``adds``: to what is in review already, in the same version; ``along``: together with that slot.

    ``confirms``: the version that this one only says to serve still.
    """

    named = "submitted"
    version: int
    confirms: int | None = None
    adds: bool = False
    pieces: tuple[Given, ...] = ()
    expires_on: date | None = None
    count: int | None = None
    covers: tuple[str, ...] | None = None
    along: str | None = None


class ClaimedNa(Happening):
    """Somebody says that a slot does not apply."""

    named = "claimed_na"
    version: int
    reason: str


class Accepted(Happening):
    """It is accepted; ``given``: the digest of what was shown; ``partial``: more is wanted; the rest: what its reviewer saw in it."""

    named = "accepted"
    version: int
    reason: str | None = None
    given: str | None = None
    partial: bool | None = None
    count: int | None = None
    covers: tuple[str, ...] | None = None
    whole: bool | None = None
    expires_on: date | None = None


class Returned(Happening):
    """What was in review goes back with a reason, and the elements that it lacks."""

    named = "returned"
    version: int
    reason: str
    lacking: tuple[str, ...] | None = None


class Withdrawn(Happening):
    """Who handed something in took it back while it was in review; what was accepted before stands again."""

    named = "withdrawn"
    version: int
    expires_on: date | None = None


class Reopened(Happening):
    """An acceptance is taken back, with a reason."""

    named = "reopened"
    version: int
    reason: str


class Commented(Happening):
    """A word on a slot, that changes nothing."""

    named = "commented"
    text: str


class Exported(Happening):
    """Something left the house: a binder, a backup, the register to another database; ``sha256`` of the file that was written."""

    named = "exported"
    what: str
    sha256: str | None = None


class Stood(Happening):
    """What the register rests on outside of itself, as it stood after an act: name -> SHA-256."""

    named = "stood"
    files: dict[str, str] = {}


class Snoozed(Happening):
    """Asked again only from a day on."""

    named = "snoozed"
    until: date
    reason: str | None = None


class Reassigned(Happening):
    """One slot has another owner; ``dated``: its due date counts from here."""

    named = "reassigned"
    owner: Name
    before: Name = ""
    dated: bool | None = None


class DueSet(Happening):
    """One slot has another due date; None: again the one that follows from the rules. ``undoes``: as it was before the last act."""

    named = "due_set"
    due: date | None = None
    undoes: bool | None = None


class Assigned(Happening):
    """A place has other people in charge."""

    named = "assigned"
    level: Level
    target: str
    owner: Name = ""
    deputy: Name = ""
    deputy_from: date | None = None
    deputy_until: date | None = None
    reviewer: Name = ""
    since: date | None = None

    @classmethod
    def of(cls, assignment: Assignment) -> Assigned:
        """The event that puts an assignment in force."""
        return cls.model_validate(assignment, from_attributes=True)

    @property
    def assignment(self) -> Assignment:
        """Who is in charge there now."""
        return Assignment(**{name: value for name, value in self if name != "by"})


class PersonSet(Happening):
    """What is known of a person."""

    named = "person_set"
    person: Name
    zone: str = ""
    admin: bool = False
    name: str | None = None
    address: dict[str, Any] | None = None
    known_as: tuple[Name, ...] | None = None


class AwaySet(Happening):
    """Somebody is absent; ``undone``: not after all."""

    named = "away_set"
    person: Name
    start: date
    end: date
    deputy: Name = ""
    undone: bool | None = None

    @property
    def absence(self) -> Absence:
        """The absence."""
        return Absence(self.person, self.start, self.end, self.deputy)


class Transferred(Happening):
    """One person stands in another's place everywhere."""

    named = "transferred"
    leaver: Name = Field(alias="from")
    heir: Name = Field(alias="to")
    since: date | None = None


class Merged(Happening):
    """Two records turned out to be one person: ``person`` is ``into`` from now on, in everything that was before too."""

    named = "merged"
    person: Name
    into: Name


class Inventory(Happening):
    """Who is in charge and who is known, all of it: what a log of an earlier version does not tell is told from here on."""

    named = "inventory"
    people: tuple[PersonSet, ...] = ()
    assignments: tuple[Assigned, ...] = ()
    absences: tuple[AwaySet, ...] = ()


class Times(BaseModel):
    """When a slot is asked for again, and when the lead hears of it."""

    model_config = ConfigDict(frozen=True)

    next: datetime
    escalate: datetime | None = None


class Asked(Happening):
    """Somebody was asked for slots, or as lead told of those of others (``escalated``: key -> when again)."""

    named = "asked"
    message: str = ""
    recipient: str = ""
    slots: dict[str, Times] = {}
    escalated: dict[str, datetime] = {}


class Delivered(Happening):
    """A message (of some kind) arrived; ``words`` is the digest of what it told, which an earlier version left out."""

    named = "delivered"
    message: str = ""
    kind: str = ""
    recipient: str = ""
    words: str | None = None


class Undelivered(Delivered):
    """A message cannot be delivered; ``slots`` are those that the lead hears of."""

    named = "undelivered"
    detail: str = ""
    slots: dict[str, str] = {}


class DrawnSlot(BaseModel):
    """One slot that a drill asks for, and whose it was."""

    model_config = ConfigDict(frozen=True)

    slot: str
    owner: str


class DrillStarted(Happening):
    """Records were drawn as customs would, to be produced by a deadline."""

    named = "drill_started"
    drill: str
    seed: str
    deadline: datetime
    drawn: dict[str, DrawnSlot]


class DrillAnswered(Happening):
    """A drawn record was produced as it is on file."""

    named = "drill_answered"
    drill: str
    version: int = 0


class Carried(Happening):
    """A state and pieces came from another slot (or were given back) when an edition went live; ``was`` is what stood there."""

    named = "carried"
    source: str = Field(alias="from")
    before: str
    editions: tuple[str, str]
    was: Kept
    state: Kept
    also: tuple[str, ...] = ()
    change: str | None = None
    words: tuple[str, str] | None = None


class PlacesMoved(Happening):
    """Assignments follow the numbers of another edition; ``gone`` are those without a place there, ``stand`` all that are left."""

    named = "places_moved"
    editions: tuple[str, str]
    gone: tuple[Assignment, ...] = ()
    stand: tuple[Assignment, ...] | None = None


class Erased(Happening):
    """A person was taken out; ``bodies``: event number -> digest of the body that stands there now."""

    named = "erased"
    token: str
    bodies: dict[int, str] = {}


_KINDS: dict[str, type[Happening]] = {
    model.named: model
    for model in (
        Planned,
        Submitted,
        ClaimedNa,
        Accepted,
        Returned,
        Withdrawn,
        Reopened,
        Commented,
        Exported,
        Stood,
        Snoozed,
        Reassigned,
        DueSet,
        Assigned,
        PersonSet,
        AwaySet,
        Transferred,
        Merged,
        Inventory,
        Asked,
        Delivered,
        Undelivered,
        DrillStarted,
        DrillAnswered,
        Carried,
        PlacesMoved,
        Erased,
    )
}


def read(kind: str, body: dict[str, Any]) -> Happening:
    """What an event of a kind says; a KeyError for no such kind, a ValueError where the body is none of that kind."""
    return _KINDS[kind].model_validate(body)
