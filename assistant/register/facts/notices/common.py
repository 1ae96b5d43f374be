"""What all messages have in common: a kind, what they say of slots, and where they go."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import Slot, slot_document

Kept = Annotated[Slot, PlainSerializer(slot_document)]
"""A slot as it was when the message was made."""


def _moment(told: Any) -> Any:
    return (datetime.fromisoformat(told) if told else None) if isinstance(told, str) else told


Instant = Annotated[datetime | None, BeforeValidator(_moment)]
"""A moment; earlier versions wrote an empty string for none."""


class Mention(BaseModel):
    """What a message says of one slot: its place and words, whose it is, how it stood, how often it was asked for, why it came back.

    ``lacking`` are the elements that its return missed or that are still to come after a part was accepted, ``unnamed`` those of its line
    where the return named none. ``came`` is what was handed in, and ``covers`` what that says of itself, where somebody is to review it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    slot: str
    key: str
    clause: str = ""
    item: str = ""
    kind: str = ""
    text: str = ""
    line: int = 0
    period: str = ""
    due: date | None = None
    owner: str = ""
    state: str = ""
    asks: int = 0
    reason: str = ""
    returned: str = ""
    what: Kept | None = None
    counted: int = 0
    lacking: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    came: tuple[Piece, ...] = ()
    covers: tuple[str, ...] = ()


class Notice(BaseModel):
    """One kind of message, named by ``named``.

    ``channel`` and ``thread`` are where it goes, empty: to the person directly. ``else_lead``: somebody has to act on it, so it goes to the
    lead where its reader cannot be reached; ``instead_of`` is that reader then.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, extra="ignore")
    named: ClassVar[str]

    slots: tuple[Mention, ...] = ()
    channel: str = ""
    thread: str = ""
    else_lead: bool = False
    instead_of: str = ""

    def body(self) -> dict[str, Any]:
        """Plain JSON values, as they are stored; what is as by default is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @property
    def topic(self) -> str:
        """What it is about, as its texts are named."""
        return self.named
