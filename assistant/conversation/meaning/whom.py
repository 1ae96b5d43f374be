"""Whom a message of the register's conversation names: by name, former id, mail address or chat id, 繁體 or 简体, in Latin letters too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from assistant.answers.question.words import fold, sounds
from assistant.register.facts.people import Person

_HAN = re.compile(r"[㐀-鿿]{2,4}")


def people_in(text: str, people: Mapping[str, Person]) -> list[str]:
    """The ids of the people whom a message names, in its order; of two names at one place the longer one counts."""
    said = fold(text)
    found = [(where, name, person) for name, person in _spelled(people).items() for where in _places(name, said)]
    taken: set[int] = set()
    named: list[tuple[int, str]] = []
    for where, name, person in sorted(found, key=lambda one: -len(one[1])):
        span = set(range(where, where + len(name)))
        if not span & taken:
            taken |= span
            named.append((where, person))
    return list(dict.fromkeys(person for _, person in sorted(named)))


def spellings(people: Mapping[str, Person]) -> list[str]:
    """Every way in which these people may be named, as ``fold`` writes it."""
    return list(_spelled(people))


def _places(name: str, said: str) -> list[int]:
    """Where a name stands; one in Latin letters only as a word of its own."""
    edges = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if name.isascii() else ("", "")
    return [found.start() for found in re.finditer(edges[0] + re.escape(name) + edges[1], said)]


def _spelled(people: Mapping[str, Person]) -> dict[str, str]:
    """Spelling -> id; what two of them are called names neither."""
    own = ((p.id, (p.name, p.id, p.id.partition("@")[0], *p.known_as, *_written(p))) for p in people.values())
    return _spelled_once(tuple(own))


def _written(person: Person) -> Iterator[str]:
    return (address for address in person.address.values() if isinstance(address, str))


@lru_cache(maxsize=16)
def _spelled_once(called: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    """The same for ids with what each is called: the people of a register are spelled once, not with every message."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for person, own in called:
        for name in {spelling for one in own if len(one) > 1 for spelling in (fold(one), *_latin(fold(one)))}:
            if found.setdefault(name, person) != person:
                shared.add(name)
    return {name: person for name, person in found.items() if name not in shared}


@lru_cache(maxsize=4096)
def _latin(name: str) -> tuple[str, ...]:
    """A Chinese name in Latin letters: wang fang, wangfang, fang wang."""
    if not _HAN.fullmatch(name):
        return ()
    syllables = [pair[1:].split("_") for pair in sounds(name)]
    each = [syllables[0][0], *(second for _, second in syllables)]
    given = "".join(each[1:])
    return tuple({f"{each[0]} {given}", each[0] + given, f"{given} {each[0]}", " ".join(each)})
