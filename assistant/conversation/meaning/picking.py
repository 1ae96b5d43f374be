"""Which of the things offered somebody means who answers in words: 24(3)抽查记录2的2025年, 24(3) 2025, 第一个.

Number grammar, and the words of the offer itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.answers.question.words import fold
from assistant.conversation.chat import Option
from assistant.guide import KINDS
from assistant.numerals import NUMBER, value
from assistant.register.papers.said.words import kind_word

_SLOT = re.compile(r"/([a-z]+)(?:/(\d{1,2}))?(?:@(20\d\d))?")
_PLACE = re.compile(rf"(?<!\d)(\d{{1,2}}) ?\( ?(\d{{1,2}}) ?\)|第?({NUMBER}) ?项|^(\d{{1,2}})(?=$|[ /、,，])")
_YEAR = re.compile(r"\(?(?<!\d)(20\d\d) ?年?(?!\d)\)?")
_NTH = re.compile(rf"第({NUMBER}) ?[个条份]|(最后) ?一?[个条份]")
_HAN = re.compile(r"[㐀-鿿]+")
_LEFT = 3
"""Characters that may be left of an answer beside what it names (交给…吧); a message with more is no answer. Chosen, not measured."""


class _Named(NamedTuple):
    """What words name: items or clauses, kinds with the numbers of their lines (0: none), years; and what is left of the words."""

    places: frozenset[str]
    kinds: frozenset[tuple[str, int]]
    years: frozenset[str]
    rest: str


def meant(text: str, offered: Sequence[Option], shown: Sequence[Option] = (), loose: bool = False) -> list[Option]:
    """The options that a message names, in their order; none when it is no answer to the offer.

    ``shown`` are those that an ordinal counts. ``loose``: whatever else the message says is no matter (it came with the thing itself).
    """
    said = fold(text).strip()
    nth = _NTH.search(said)
    if nth and len(said) - len(nth[0]) <= _LEFT:
        at = len(shown) if nth[2] else value(nth[1]) or 0
        return [shown[at - 1]] if 0 < at <= len(shown) else []
    want = _named(said)
    found, rest, worded = [o for o in offered if _fits(want, _named(fold(o.label)))], want.rest, False
    for run in _HAN.findall(rest):
        fitting = [o for o in found if len(run) > 1 and run in fold(o.group + o.label)]
        if fitting:
            worded, found, rest = True, fitting, rest.replace(run, " ")
    left = "".join(rest.split())
    named = bool(want.places or want.kinds or want.years or worded)
    return found if named and (loose or (len(left) <= _LEFT and not left.endswith("?"))) else []


def _fits(want: _Named, has: _Named) -> bool:
    placed = not want.places or any(p in want.places or p.partition("(")[0] in want.places for p in has.places)
    kinds = not want.kinds or any(kind == k and number in (0, n) for kind, number in want.kinds for k, n in has.kinds)
    return placed and kinds and (not want.years or bool(want.years & has.years))


@lru_cache(maxsize=4096)
def _named(said: str) -> _Named:
    places: set[str] = set()
    kinds: set[tuple[str, int]] = set()
    years: set[str] = set()
    rest = said
    for hit in _PLACE.finditer(rest):
        item = hit[1] or hit[3] or hit[4]
        places.add(f"{value(item)}({hit[2]})" if hit[2] else str(value(item)))
    rest = _PLACE.sub(" ", rest)
    for hit in _SLOT.finditer(rest):
        if hit[1] in KINDS:
            kinds.add((hit[1], int(hit[2] or 0)))
            years |= {hit[3]} if hit[3] else set()
            rest = rest.replace(hit[0], " ")
    for kind in KINDS:
        for word in (kind_word(kind, "zh"), kind_word(kind, "en").casefold()):
            hits = list(re.finditer(rf"{re.escape(word)}(?: ?\(?第?({NUMBER})(?!\d)(?! ?年)\)?)?", rest)) if word in rest else []
            kinds |= {(kind, value(hit[1] or "") or 0) for hit in hits}
            for hit in hits:
                rest = rest.replace(hit[0], " ")
    years |= {hit[1] for hit in _YEAR.finditer(rest)}
    return _Named(frozenset(places), frozenset(kinds), frozenset(years), _YEAR.sub(" ", rest))


def names_place(text: str, beside: int | None = None) -> bool:
    """Whether a message names a place of the register, with at most so many characters beside it (None: any)."""
    found = _named(fold(text).strip())
    return bool(found.places or found.kinds) and (beside is None or len("".join(found.rest.split())) <= beside)


def narrow(text: str) -> bool:
    """Whether it names more than a clause: a kind of line or a year."""
    found = _named(fold(text).strip())
    return bool(found.kinds or found.years)
