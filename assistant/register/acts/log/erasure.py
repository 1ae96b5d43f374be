"""Taking one person out of a register: what names them becomes a token, in stored values and in the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.register.facts.events import Event, body_digest, rewritten
from assistant.register.facts.happened import Erased
from assistant.register.facts.people import Person

MARK = "erased:"


class Eraser:
    """Puts a token where a person is named: alone, or inside of a text (names of two characters and more).

    A name in Latin letters or digits only counts as a whole word: "li" is not in "invalid", nor in the link that has it.
    """

    def __init__(self, names: Iterable[str], token: str | None = None) -> None:
        self.token = token or MARK + secrets.token_hex(4)
        self.names = frozenset(n for n in names if n)
        self.exact: dict[str, str] = dict.fromkeys(self.names, self.token)
        longest_first = sorted((n for n in self.names if len(n) > 1), key=len, reverse=True)
        self._inside = re.compile("|".join(map(_word, longest_first)) or "(?!)")

    def __call__(self, value: Any) -> Any:
        """The value without the person; the very same object when they are not in it."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            fresh = {self._text(k): self(v) for k, v in value.items()}
            return value if fresh == value else fresh
        if isinstance(value, (list, tuple)):
            listed = [self(v) for v in value]
            return value if listed == list(value) else type(value)(listed)
        return value

    def event(self, event: Event) -> Event | None:
        """The event without the person, its place in the chain kept; None when they are not in it."""
        actor, body = self(event.actor), self(event.body)
        return None if (actor, body) == (event.actor, event.body) else rewritten(event, actor, body)

    def record(self, changed: Iterable[Event]) -> Erased:
        """What the log says of it: the token and the digests of the bodies that stand there now; never who it was."""
        return Erased(token=self.token, bodies={e.seq: body_digest(e) for e in changed})

    def _text(self, text: str) -> str:
        if text in self.exact:
            return self.exact[text]
        return self._inside.sub(self.token, text)


def _word(name: str) -> str:
    """A pattern for a name that stands by itself; the journal is JSON, in which an escape ends in a letter."""
    before = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf]))" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{before}{re.escape(name)}{after}"


def names_of(who: str, person: Person | None) -> frozenset[str]:
    """Everything that names a person: id, name, and where they are reached."""
    found = {who}
    if person is not None:
        found |= {person.id, person.name, *(v for v in person.address.values() if isinstance(v, str) and len(v) > 3)}
    return frozenset(n for n in found if n)
