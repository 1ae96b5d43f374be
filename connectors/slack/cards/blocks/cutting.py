"""Cutting text to Slack's limits: between lines, else sentences, else words; never within a citation, link or character.

A cut is made at the coarsest border that fits, so a line that fits in a message is never cut, a quote keeps its citation, and a
family emoji stays one family. Only what is longer than the whole limit by itself is cut finer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import accumulate

import regex

from connectors.slack.wire.limits import length

_ELLIPSIS = "…"
_ATOM = regex.compile(
    r"""
      〔[^〔〕\n]{1,400}〕                                   # the citation of a claim
    | \[\d{1,3}\]                                           # [1]
    | \d{1,3}\s?[(（]\d{1,2}[)）](?:/[a-z]+/\d{1,3})?         # 24(3), 24(3)/records/1
    | <[^<>\n]{1,3200}>                                     # a link, a mention, a date
    | &(?:amp|lt|gt);                                       # an escaped character
    | :[a-z0-9_+'-]{1,80}:(?::skin-tone-[2-6]:)?            # an emoji by name
    | (?:https?://|mailto:)[^\s<>，。；、）〕]+               # an address
    | [A-Za-z0-9]+(?:[.,:/_'’%-][A-Za-z0-9]+)*              # a word, a number, a date
    """,
    regex.VERBOSE,
)
_MARKED = ("〔", "[", "<", "&", ":")
_LINE = regex.compile(r"[^\n]*\n|[^\n]+")
_SENTENCE = regex.compile(r"""(?s).*?(?:[。！？；…]+|[.!?;]{1,8}(?=\s)|\n)[”’"'」』）)】》]*(?:\s*〔[^〔〕\n]{1,400}〕)?\s*|.+""")
_CLAUSE = regex.compile(r"(?s).*?(?:[，、,：:]+|\s+)|.+")
_CHARACTER = regex.compile(r"\X")

Cut = Callable[[str], Iterator[str]]


def split(text: str, limit: int) -> list[str]:
    """``text`` in parts of at most ``limit`` (2 or more) characters; white space around a cut is dropped, nothing else is.

    A text without anything to show gives no part.
    """
    parts = [part.rstrip().lstrip("\n") for part in _packed(text, limit, _FINER)]
    return [part for part in parts if part.strip()]


def head(text: str, limit: int) -> str:
    """``text``, or as much of its beginning as fits into ``limit`` characters with an ellipsis."""
    if length(text) <= limit:
        return text
    taken: list[str] = []
    room = limit - length(_ELLIPSIS)
    for atom in _atoms(text):
        if length(atom) > room:
            if not atom.startswith(_MARKED):
                taken += _fitting(atom, room if not taken or length(atom) > limit // 4 else 0)
            break
        taken.append(atom)
        room -= length(atom)
    return "".join(taken).rstrip() + _ELLIPSIS


def opening(text: str, limit: int) -> str:
    """``text``, or its beginning up to the end of a sentence, a clause or a word, with an ellipsis; for what stands whole beside it."""
    if length(text) <= limit:
        return text
    return next(_packed(text, limit - length(_ELLIPSIS), _FINER[2:])).rstrip(" ，、,：:；;。") + _ELLIPSIS


def graphemes(text: str) -> list[str]:
    """The characters of ``text`` as a reader counts them."""
    return [str(found) for found in _CHARACTER.findall(text)]


def _fitting(atom: str, room: int) -> Iterator[str]:
    for character in graphemes(atom):
        room -= length(character)
        if room < 0:
            return
        yield character


def _packed(text: str, limit: int, cuts: tuple[Cut, ...]) -> Iterator[str]:
    """Parts of ``text`` as full as they can be, cut where ``cuts[0]`` cuts; a piece too long by itself is cut by the next one."""
    part, size = "", 0
    for piece in cuts[0](text):
        long = length(piece.rstrip())
        if part and size + long > limit:
            yield part
            part, size = "", 0
        if long > limit and len(cuts) > 1:
            *full, part = _packed(piece, limit, cuts[1:])
            size = length(part)
            yield from full
        else:
            part, size = part + piece, size + length(piece)
    if part:
        yield part


def _lines(text: str) -> Iterator[str]:
    return (match.group() for match in _LINE.finditer(text))


def _sentences(text: str) -> Iterator[str]:
    return _keeping_atoms(text, _SENTENCE)


def _clauses(text: str) -> Iterator[str]:
    return _keeping_atoms(text, _CLAUSE)


def _keeping_atoms(text: str, pattern: regex.Pattern[str]) -> Iterator[str]:
    """Matches of ``pattern``, joined where a border would fall within an atom."""
    borders = set(accumulate(len(atom) for atom in _atoms(text)))
    piece = ""
    for match in pattern.finditer(text):
        piece += match.group()
        if match.end() in borders:
            yield piece
            piece = ""


def _atoms(text: str) -> Iterator[str]:
    """What should stay whole: citations, links, words; between them, single characters."""
    borders = {0, *accumulate(len(character) for character in graphemes(text))}
    end = 0
    for match in _ATOM.finditer(text):
        if match.start() in borders and match.end() in borders:
            yield from graphemes(text[end : match.start()])
            yield match.group()
            end = match.end()
    yield from graphemes(text[end:])


def _characters(text: str) -> Iterator[str]:
    return iter(graphemes(text))


def _code_points(text: str) -> Iterator[str]:
    """The last resort, for one letter under hundreds of marks."""
    return iter(text)


_FINER: tuple[Cut, ...] = (_lines, _sentences, _clauses, _atoms, _characters, _code_points)
