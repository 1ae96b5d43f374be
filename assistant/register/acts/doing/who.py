"""Who acts, and how an act is done once; what a person types as a slot."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.errors import RegisterError

if TYPE_CHECKING:
    from assistant.register.ports import Writing

LONGEST_NAME = 120  # characters of an id of a person


class Repeated(RegisterError):
    """The same click or post came twice; the first one was acted on."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, when, and where the act comes from.

    ``event_id`` is what the origin calls this very act (a click, an envelope): the same one is never acted on twice. ``by`` is who really
    acts, where somebody acts in the name of another: they review nothing that they brought in.
    """

    actor: str
    at: datetime
    origin: str = "cli"
    event_id: str = ""
    by: str = ""


def once(tx: Writing, who: Who) -> None:
    """Remember an act by its origin's id, in the transaction of the act itself.

    Raises:
        Repeated: it was done already.
    """
    if who.event_id and not tx.first_time(who.origin, who.event_id, who.at):
        raise Repeated("register.repeated")


def slot_id(text: str) -> str:
    """A slot id as people type it, with half-width brackets and without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())
