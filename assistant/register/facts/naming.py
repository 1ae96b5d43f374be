"""One normal form for people, wherever they are named or compared: 王 芳, Wang@Example.cn, ｗａｎｇ@example.cn, 王芳<wang@example.cn>."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_MAIL = re.compile(r"[^\s@<>()\[\],;:、/\"']+@[^\s@<>()\[\],;:、/\"']+")
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_INSIDE = re.compile(rf"(?<={_HAN}) +| +(?={_HAN})")
_BETWEEN = re.compile(r"[;；、,，/\n]+")
_EDGES = " <>()[]\"'"
_STRAY = re.compile(r" *@ *[^\s@.]+(?: *\. *[a-z]+)*", re.IGNORECASE)
"""From the sign of an address on: blanks strayed into it, while one before a name or behind it parts the two."""


@dataclass(frozen=True, slots=True)
class Named:
    """How somebody is named: by a name, a mail address, or both."""

    name: str = ""
    mail: str = ""

    @property
    def id(self) -> str:
        """What a person is known by who was named like this for the first time: the mail address, else the name."""
        return self.mail or self.name


class Nameable(Protocol):
    """What is known of a person (``assistant.register.facts.people.Person``)."""

    @property
    def id(self) -> str:
        """Their id."""
        ...

    @property
    def name(self) -> str:
        """Their name."""
        ...

    @property
    def address(self) -> Mapping[str, object]:
        """Where they are reached."""
        ...

    @property
    def known_as(self) -> tuple[str, ...]:
        """Other ids that are theirs."""
        ...


def tidy(text: str) -> str:
    """A name or id in normal form: NFKC, no invisible characters, blanks only between Latin words, a mail address in lower case."""
    said = _plain(text)
    return said.casefold() if _MAIL.fullmatch(said) else _INSIDE.sub("", said)


def named(text: str) -> Named:
    """Name and mail address in what somebody wrote: ``王芳<wang@example.cn>``, ``王芳 wang@example.cn``, ``wang@example.cn``, ``王芳``."""
    said = _plain(text)
    found = _MAIL.search(said)
    if found is None:
        return Named(tidy(said))
    return Named(tidy((said[: found.start()] + " " + said[found.end() :]).strip(_EDGES)), found.group().casefold())


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\n")
    return _STRAY.sub(lambda found: found.group().replace(" ", ""), " ".join(plain.split()))


def several(text: str) -> list[Named]:
    """The people in one cell: ``a；b`` are two."""
    return [one for part in _BETWEEN.split(text) if (one := named(part)).id]


class Roster:
    """Finds the person that a name, a mail address or a chat id stands for."""

    def __init__(self, people: Mapping[str, Nameable]) -> None:
        self._ids: dict[str, str] = {}
        names = Counter(key(p.name) for p in people.values() if p.name)
        for person in people.values():
            whole = [v for v in person.address.values() if isinstance(v, str) and v]
            alone = [person.name] if person.name and names[key(person.name)] == 1 else []
            for said in (*alone, *whole, *person.known_as):
                self._ids.setdefault(key(said), tidy(person.id))
        for person in people.values():
            self._ids[key(person.id)] = tidy(person.id)

    def find(self, text: str) -> str | None:
        """The id of whoever is named, None when nobody known is."""
        said = named(text)
        looked = (key(text), *((key(said.mail),) if said.mail else ()), *((key(said.name),) if said.name else ()))
        return next((self._ids[k] for k in looked if k in self._ids), None)

    def id_of(self, text: str) -> str:
        """The id of whoever is named; of somebody unknown, the normal form of what was said."""
        return (self.find(text) or named(text).id) if text else ""

    def same(self, one: str, other: str) -> bool:
        """Whether both name one person."""
        return self.id_of(one) == self.id_of(other)


class Names:
    """How people are called wherever something is said to a person: by name where one is known, of two of one name with their id."""

    def __init__(self, people: Mapping[str, Nameable]) -> None:
        self._roster, self._people = Roster(people), people
        self._count = Counter(key(p.name) for p in people.values() if p.name)

    def __call__(self, person: str) -> str:
        """The name of whoever has this id (or had it once); of somebody without a name what was said."""
        found = self._roster.find(person) if person else None
        known = self._people.get(found or "")
        if known is None or not known.name:
            return person
        return known.name if self._count[key(known.name)] == 1 else f"{known.name}（{known.id}）"


def key(text: str) -> str:
    """What two spellings of one name have in common."""
    return tidy(text).casefold()
