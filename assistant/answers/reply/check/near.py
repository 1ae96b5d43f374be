"""Near copies: a sentence that repeats a line letter by letter but for one word that turns it round.

不涉及…的 without its 不, 或者 made 和, 可以 made 必须: between stretches that are the line's own no understanding is needed to see
that. Whatever is said in words of one's own is left to the check by meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from assistant.answers.passages import Passage
from assistant.answers.question.words import fold
from assistant.answers.reply.check.quantities import CountedNumber, quantities

_AROUND = 4
"""Letters of the line that stand on both sides of the word; at the beginning of both texts none are needed."""
_NOT = ("不", "未", "无", "没", "没有", "非")
_OR, _AND = ("或", "或者"), ("和", "与", "及", "以及", "且", "并", "并且", "和者", "且者")
_MAY, _MUST = ("可以", "可"), ("应", "应当", "必须", "须", "应该")
_NEGATES = re.compile(r"[不未无没非否]")
_ANY_OF = re.compile(r"都|均|任[一选何意]|其[一中]|之一|至少|一[种样项个]|可以|皆|二选")
_LETTERS = re.compile(r"[^\w%‰]|_")
_LINKING = re.compile(r"[在为是要应当须得达到至有的不低高少多于超过大小约共可以上下内]+$")
_NUMBER = re.compile(r"(?<![\d.第])\d+(?:\.\d+)?(?![\d(])\s*[%‰]?[年月日天次个周]*")
_NOUN, _NEAR = 2, 8
"""Letters of the word that a number belongs to, and how far behind it the number may stand."""


class _Change(NamedTuple):
    """What stands in the sentence in the place of what stands in the line."""

    said: str
    line: str
    own: str
    """All other letters of the sentence that are not the line's."""


def altered(text: str, lines: Sequence[Passage], question: str) -> str:
    """Which word a sentence turned round in a line that it repeats, or which number it gave to another thing; empty when none."""
    said = _letters(text)
    for line in lines:
        printed = _letters(line.wording)
        for change in _changes(said, printed):
            if _turns(change, printed):
                return f"the line says “{change.line or '—'}” where it says “{change.said or '—'}”"
    return _misplaced(text, "\n".join(line.wording for line in lines), question)


def _letters(text: str) -> str:
    return _LETTERS.sub("", fold(text))


def _changes(said: str, printed: str) -> list[_Change]:
    blocks = SequenceMatcher(None, said, printed, autojunk=False).get_matching_blocks()
    kept = [b for b in blocks if b.size >= _AROUND or (b.size and _at_an_end(b, said, printed))]
    found = []
    for before, after in pairwise([Match(0, 0, 0), *kept]):
        ends = before.a + before.size
        change = said[ends : after.a], printed[before.b + before.size : after.b]
        if (before.size or ends == 0) and change[0] != change[1]:
            own = [said[x.a + x.size : y.a] for x, y in pairwise([Match(0, 0, 0), *kept, Match(len(said), 0, 0)]) if x != before]
            found.append(_Change(*change, "".join(own)))
    return found


def _at_an_end(block: Match, said: str, printed: str) -> bool:
    return block.a == block.b == 0 or (block.a + block.size == len(said) and block.b + block.size == len(printed))


def _turns(change: _Change, printed: str) -> bool:
    pair = {change.said, change.line}
    if pair in ({"", n} for n in _NOT) or pair in ({"有", n} for n in _NOT):
        return not _NEGATES.search(change.own)
    if (change.line in _OR and change.said in _AND) or (change.line in _AND and change.said in _OR):
        return not _ANY_OF.search(change.own) and not _NEGATES.search(printed)
    return (change.line in _MAY and change.said in _MUST) or (change.line in _MUST and change.said in _MAY)


def _of_a_kind(said: set[CountedNumber], told: set[CountedNumber]) -> bool:
    """Whether they count the same: a share is no 11次, and a number without a unit may be anything."""
    units = [{q.unit for q in one} for one in (said, told)]
    return bool(units[0] & units[1]) or any("" in one for one in units)


def _misplaced(text: str, source: str, question: str) -> str:
    """A number behind a word of the line behind which the line has only others: 及时率在0.3以上 for 及时率在90%以上…吻合度在0.3以上."""
    wide, printed, asked = fold(text), fold(source), quantities(fold(question))
    for match in _NUMBER.finditer(wide):
        noun = _LINKING.sub("", re.sub(r"\s", "", wide[: match.start()]))[-_NOUN:]
        said = quantities(match[0])
        if len(noun) < _NOUN or not noun.isalpha() or not said or said & asked:
            continue
        told = [quantities(m[1]) for m in re.finditer(rf"{re.escape(noun)}[^\d，。；、第]{{0,{_NEAR}}}({_NUMBER.pattern})", printed)]
        if any(_of_a_kind(said, one) for one in told) and not any(said & one for one in told):
            return f"{noun} has another number in the line than {match[0]}"
    return ""
