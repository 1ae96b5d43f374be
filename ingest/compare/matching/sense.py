"""What a text demands apart from its matter: denied or not, duty or choice, one or all, and or or, how much and how often.

Grammar alone, for two questions: whether words say the same (``plain`` is the same then), and whether a sense turned (``turns``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from assistant.numerals import CHINESE, value

Turn = Literal["negation", "duty", "extent", "joining", "number", "address"]
_COUNTED = re.compile(rf"[每任同某另]一|[{CHINESE}]{{1,4}}(?=个?(?:年|月|日|天|周|小时|分钟|次|个|名|人|份|种|项|条|米|倍|套|台|票|级))")
"""A numeral that counts something: 三年, 两次; 每一 and the like count nothing."""
_EACH = re.compile(r"每一个?(?=年|季|月|周|日|天|次)")
_MUST, _MAY = re.compile(r"必须|应当|应该|应(?!急|用|对|聘)|须"), re.compile(r"可以|可(?!疑|靠|追|能|行|见|用)(?<!许可)(?<!认可)|宜")
_ONE, _ALL = re.compile(r"任一|任意一|其中(?:一|任何)|之一(?!般)|部分(?!项)"), re.compile(r"全部|所有|均|都|各")
_OR, _AND = re.compile(r"或者?"), re.compile(r"并且|且|以及|及(?!时|格)|(?<!饱)(?<!缓)和|(?<!参)与")
_OPPOSED: tuple[tuple[Turn, re.Pattern[str], re.Pattern[str]], ...] = (
    ("duty", _MUST, _MAY),
    ("extent", _ONE, _ALL),
    ("joining", _OR, _AND),
)
"""A duty became a choice, any one of several became all of them, one or the other became both; and the other way."""
_SAME_WORK = ((_MUST, "应"), (_OR, "或"), (_AND, "和"), (re.compile(r"均|都"), "都"))
"""Words of grammar that do the same work, and one that stands for all of them."""
_NEGATIONS = re.compile(r"不(?!少于|超过|低于|高于|多于|限)|无|未|非|勿|禁|免")
_N = r"\d+(?:[.．]\d+)?\s*(?:%|％|次|年|个?月|日|天|小时|分钟|米|名|人|份|个)?"
_NUMBER = re.compile(rf"{_N}(?:以[上下])?")
_BOUNDS = tuple(
    (
        re.compile(
            rf"(?:不(?:得|能|应|可)?(?:{than})于?|(?:{at})(?P<verb>[一-鿿]{{0,4}}?))(?P<n>{_N})(?:及?以[上下])?|(?P<m>{_N})(?:及?{after})"
        ),
        side,
    )
    for than, at, after, side in (
        ("少|低|短|小", "至少|最少", "以上", "以上"),
        ("超过|高|多|长|大", "至多|最多", "(?:以下|[以之]内)", "以下"),
    )
)
"""How a bound is written, before its number or behind it, and the one way in which it is compared."""
_EVERY = re.compile(r"每个?(半年|年|季|月|周|星期|日|天)")
_ADDRESS = re.compile(r"(?:https?://|www\.)[\w./-]+|[a-z0-9-]+\.(?:com|cn|net|org|gov)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def counted(text: str) -> str:
    """A text with digits for the numerals that count something in it, and its bounds written in one way."""
    text = _EACH.sub("每", _COUNTED.sub(lambda m: m[0] if (number := value(m[0])) is None else str(number), text))
    for bound, side in _BOUNDS:
        text = bound.sub(lambda m, side=side: f"{m['verb'] or ''}{m['n'] or m['m']}{side}", text)  # type: ignore[misc]
    return text


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text as it is held against another one: two that demand the same in other words of grammar are the same.

    >>> plain("应当每一年参加两次及以上") == plain("须每年参加不少于2次")
    True
    """
    text = counted(text)
    for words, one in _SAME_WORK:
        text = words.sub(one, text)
    return text


def turns(before: str, after: str) -> Iterator[Turn]:
    """In what the sense of a text turned."""
    before, after = counted(before), counted(after)
    if before:
        if _more(_NEGATIONS, before, after):
            yield "negation"
        for how, one, other in _OPPOSED:
            if _more(one, before, after) * _more(other, before, after) < 0:
                yield how
        if any(Counter(p.findall(before)) != Counter(p.findall(after)) for p in (_NUMBER, _EVERY)):
            yield "number"
    if any(address not in before for address in _ADDRESS.findall(after)):
        yield "address"


def _more(words: re.Pattern[str], before: str, after: str) -> int:
    """How many more of some words stand in a text after."""
    return len(words.findall(after)) - len(words.findall(before))
