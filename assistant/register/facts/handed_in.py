"""What is handed in for a slot, what a submission says of itself, and what a reviewer saw in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from assistant.register.facts.slots import Slot

PieceKind = Literal["file", "link", "note", "paper", "nil", "figure", "staff"]


def canonical(value: Any) -> bytes:
    """One byte string for equal JSON values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(content: IO[bytes]) -> str:
    """The SHA-256 by which a file that was handed in is known."""
    return hashlib.file_digest(cast(Any, content), "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing handed in: a file by its content's hash, a link, a note, where a paper is, a figure by its name, or who answers for it."""

    kind: PieceKind
    text: str = ""
    sha256: str = ""
    name: str = ""
    size: int = 0
    type: str = ""
    period: str = ""
    valid_until: date | None = None
    version: int = 0
    by: str = ""
    at: datetime | None = None
    slot: str = ""

    @property
    def shown(self) -> str:
        """What it is to people: a file's name, a figure with its name, else its words."""
        return self.name if self.kind == "file" else f"{self.name} {self.text}" if self.kind == "figure" else self.text


@dataclass(frozen=True, slots=True)
class Said:
    """What a submission says of itself: how often (or how many sets), and which elements it covers; 0 and none: it does not say.

    ``lines``: line key -> the elements that it covers of one of several lines that the paper serves; the others have ``covers``.
    """

    count: int = 0
    covers: tuple[str, ...] = ()
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, slot: Slot) -> tuple[str, ...]:
        """What it says that it covers of a slot, in the guide's order."""
        said = self.lines.get(slot.line_key, self.covers)
        return tuple(e for e in slot.ticks if e in said)


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer saw in what they accept: how often, which ticks, ``until`` when it serves; ``whole``: all that the line asks for."""

    count: int = 0
    covers: tuple[str, ...] = ()
    whole: bool = False
    until: date | None = None


UNSEEN = Seen()
WHOLE = Seen(whole=True)
