"""The words of a line that decide, cut out verbatim: whole enough to say whom they bind and since when they count."""

from __future__ import annotations

import re

from assistant.answers.blocks import Verdict
from assistant.answers.question.words import tokens
from assistant.answers.reply.deciding.quantities import bounds
from assistant.texts import say

_SENTENCE = re.compile(r"[^。；]+")
_PIECE = re.compile(r"[^，。；：,;]+")
_FINER = re.compile(r"[^，。；：,;、]+")
_LONG_PIECE = 36
"""Characters above which a piece of a sentence is cut at 、 too."""
_WHO = re.compile(
    r"^(?P<firms>[^，。；]{0,6}认证企业)，|^(?P<who>[^。；]{0,80}?(?:人员|人|(?<!或)者)[^。；，]{0,20}?)(?:应当|须|必须|要|每)"
)
"""In front of what a line asks: those whom it binds."""
_PERSON = re.compile(r"[一-鿿]{0,4}(?:人员|员工|[一-鿿]员|队长|班长|组长|主任|经理|司机|主管|保安|工人|会计|前台)")
"""A kind of person by its ending."""
_AGAIN = re.compile(r"重新|复审|\bre-?\w*certif|\bagain\b|\brenew")
_FIRST = re.compile(r"新申请|首次|初次|头一?次|第一次(?=申请|认证|做认证)|\bfirst[- ]time\b|\bnew applicants?\b|\binitial\b")
"""Which time it is that an enterprise applies."""


def pairs(text: str) -> set[str]:
    """The pairs of letters of a text."""
    return {t for t in tokens(text) if "_" in t}


def shared(text: str, words: str) -> int:
    """How many pairs of letters a question shares with some words."""
    return len(pairs(text) & pairs(words))


def applies_first(text: str) -> bool:
    """Whether a question is about an enterprise that applies for the first time."""
    return _FIRST.search(text) is not None and not _AGAIN.search(text)


def bound_only(text: str, line: str) -> str | None:
    """Those whom a line binds, where a question names a kind of person, or a first application, that is not theirs; else None."""
    bound = _WHO.match(line)
    if bound is None:
        return None
    if bound["firms"]:
        return bound["firms"] if "重新" in bound["firms"] and applies_first(text) else None
    named = {pair for person in _PERSON.findall(text) for pair in pairs(person)}
    return bound["who"] if named and not pairs(bound["who"]) & named else None


def around(line: str, start: int, end: int, text: str = "") -> str:
    """The piece of ``line`` that holds the words from ``start`` to ``end``, verbatim.

    With those whom the line binds, unless a question ``text`` names one of them; what counts within some years is quoted to its end.
    """
    whole = any(b.side == "within" and b.quantity.start == start for b in bounds(line))
    for pattern in (_SENTENCE,) if whole else (_PIECE, _FINER):
        held = [m for m in pattern.finditer(line) if m.end() > start and m.start() < end]
        first, last = held[0].start(), held[-1].end()
        if last - first <= _LONG_PIECE:
            break
    who = _WHO.match(line)
    if who and first <= who.end():
        named = shared(text, who["who"]) if who["who"] else _AGAIN.search(text)
        first = max(first, who.end("who") if who["who"] else who.end()) if named else 0  # the last of several would read as the only one
    return line[first:last]


def fact(line: str, start: int, end: int, text: str = "") -> Verdict:
    """The piece of a line that decides, its deciding words bold."""
    piece = around(line, start, end, text)
    place = piece.find(line[start:end])
    stop = place + end - start
    for bound in ("以上", "以内", "以下", "以来"):
        stop += len(bound) if piece[stop:].startswith(bound) else 0
    for bound in ("不少于", "不超过", "不低于"):
        place -= len(bound) if piece[:place].endswith(bound) else 0
    return Verdict(text=piece, outcome="fact", bold=((place, stop),))


def said(lang: str, outcome: str, head: str, facts: str = "", words: str = "") -> Verdict:
    """Head, what was held against what, and the guide's words, as far as there are any; the head is bold."""
    text = say("direct.told", lang, head=head, facts=facts) if head and facts else head or facts
    text = say("direct.quoted", lang, text=text, words=words) if words and words not in text else text
    return Verdict(text=text, outcome=outcome, bold=((0, len(head)),) if head else ())
