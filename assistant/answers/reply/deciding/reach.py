"""Whether words that decide something reach what a question tells: its numbers, persons and days, alternatives, and conditions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.answers.passages import Passage
from assistant.answers.question.words import fold
from assistant.answers.reply.deciding.compared import only_named
from assistant.answers.reply.deciding.quantities import Quantity, bounds, quantities
from assistant.answers.reply.deciding.quoting import bound_only, pairs
from assistant.answers.reply.deciding.yes_no import DENIAL

_ALTERNATIVES = re.compile(r"或者|[一-鿿]、[一-鿿]+等")
_DAY = re.compile(r"月 ?[\d一二三十]+ ?[日号]")
_PARTS = re.compile(r"或者|、|，|等")
_EITHER = re.compile(r"(?:应当?|须|必须)?由?(?P<one>[^，。；并且]*?)或者(?P<other>[^，。；]*)")
_IF = re.compile(r"(?P<when>[^。；]{4,80}?的)，(?P<then>(?:应|须|必须|由|建立|提供|企业).*)")
"""A sentence that asks something in some cases only: …涉及海关业务的，应当及时向海关报告."""
_TAIL = 4
"""Characters at the end of a condition that say what it is about; chosen, not measured."""


def reaches(text: str, outcome: str, words: str, lines: Sequence[Passage] = ()) -> bool:
    """Whether the deciding words reach what a question tells.

    They say nothing to a length, share or rate that they know nothing of, to another person than those whom they bind, and to a thing
    that is lacking where an alternative that they offer is told; that something of a certain day will do no words of the guide say.
    """
    known = {q.dimension for q in quantities(words)}
    told = {q.dimension for q in quantities(text) if not q.ago and not _naming(text, q)}
    if (told & {"length", "share", "rate"}) - known:
        return False
    if told and any(bound_only(text, p.text) for p in lines if bounds(p.text, p.kind == "clause")):
        return False
    return not _DAY.search(fold(text)) if outcome == "yes" else not _alternative(text, words)


def _naming(text: str, quantity: Quantity) -> bool:
    """Whether a quantity only names a thing; how long something is kept is told whatever follows (kept for six months here)."""
    return only_named(text, quantity) and (quantity.dimension == "rate" or text[quantity.end :].lstrip().startswith("的"))


def one_of_two(text: str, words: str) -> bool:
    """Whether a question asks for one of two things of which the words ask either: 照片等信息或者采取技术手段.

    What stands on both sides, or is said in other words, may be all that is asked: 书面或者电子资料的专门档案.
    """
    case = _IF.match(words)
    either = _EITHER.search(case["then"] if case else words)
    if either is None:
        return False
    told = pairs(text)
    return not text.isascii() and bool(told & pairs(either["one"])) != bool(told & pairs(either["other"]))


def case_of(text: str, words: str, lines: Sequence[Passage]) -> tuple[str, str] | None:
    """The case in which alone ``words`` ask something, and what they then ask, verbatim; None where they hold in any case.

    Nor is there one where the question tells it, in one of the letters that say what it is about: 日文资料要翻译吗, of 以外文记录的.
    """
    sentence = next((s for p in lines for s in re.split("[。；\n]", p.wording) if words.rstrip("。；") in s), "")
    found = _IF.match(sentence)
    if found is None or not (words.rstrip("。；") in found["then"] or found["when"] in words):
        return None
    tail = found["when"].rstrip("的")[-_TAIL:]
    repeated = {c for pair in pairwise(tail) if "".join(pair) in found["then"] for c in pair}
    own = set(tail) - repeated
    return None if not own or own & set(text) else (found["when"], found["then"])


def _alternative(text: str, words: str) -> bool:
    """Whether of alternatives (照片、视频等, …或者采取…) a question tells one beside another, or lacks one that another could stand for."""
    offered = [part for part in _PARTS.split(words) if part]
    if len(offered) < 2 or not (DENIAL.search(text) and _ALTERNATIVES.search(words)):
        return False
    return sum(bool(pairs(text) & pairs(part)) for part in offered) > 1
