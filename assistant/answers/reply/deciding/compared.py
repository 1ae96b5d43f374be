"""How a person compares a number of their own: 不到3年, 3%以上, less than 2 years; and whether it then keeps a bound.

Number grammar alone. A number told as a change (上升了0.5%), or as what it was before (从5%降到2%), is none that could be held against anything.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from assistant.answers.reply.deciding.quantities import Bound, Quantity

Comparison = Literal["=", "<", "<=", ">", ">=", "about", "unclear"]
_ASKING = re.compile(r"([一-鿿])不\1")
_OF = r"(?:[了过]|(?:规定|要求|标准|上限|下限|指南)的?)?\s*"
_NOT = r"(?:不|没有?|未|不会|不能|不得|not |n't )"
_LESS = r"少于|低于|小于|短于|less than|fewer than|under|below|shorter than|lower than"
_MORE = r"超过|超出|大于|高于|多于|长于|超|more than|over|above|exceed(?:s|ing)?|greater than|longer than|higher than"
_WORDS: tuple[tuple[Comparison, str], ...] = (
    ("<=", rf"{_NOT}(?:{_MORE})|(?:至多|最多|顶多)[一-鿿]{{0,4}}|at most|up to|no more than"),
    (">=", rf"{_NOT}(?:{_LESS})|(?:至少|最少|起码)[一-鿿]{{0,4}}|at least|no less than"),
    (">", rf"不止|不只|{_MORE}"),
    ("<", rf"(?:不|没有?|未)[一-鿿]?(?:到|足|满|够|达到|达|及)|(?<!有)没有?|快|将近|接近|{_LESS}|short of|nearly|almost"),
    ("about", r"差不多|大概|大约|约莫|(?<!what )(?<!how )about|around|roughly"),
)
_BEFORE = tuple((said, re.compile(rf"(?<![a-z])(?:{words}){_OF}$")) for said, words in _WORDS)
_AFTER: tuple[tuple[Comparison, re.Pattern[str]], ...] = (
    (">=", re.compile(r"及?以上|\s*or (?:more|longer|over)\b")),
    ("<=", re.compile(r"及?以下|[以之]内|\s*or (?:less|fewer|shorter)\b")),
    ("<", re.compile(r"都?(?:不到|不足|不满)|[还都]?没有?到")),
    (">", re.compile(r"多|出头|有余")),
    ("about", re.compile(r"左右|上下")),
)
_THAN: tuple[tuple[Comparison, re.Pattern[str]], ...] = ((">", re.compile(r"[还要]?[高大多长久]")), ("<", re.compile(r"[还要]?[低小少短]")))
"""After 比 and the number."""
_CHANGE = re.compile(r"(?:[上下]?[升降涨跌]|增[加长]|减少|提高|降低|延长|缩短|下调|上调)了?\s*$|\bby\s*$")
_FROM = re.compile(r"(?:[从由自]|from\s)[^，。；,;]{0,8}$")
_TO = re.compile(r"[^，。；,;]{0,8}?(?:到|至|为|成)|\s*(?:down |up )?to\b")


_ATTRIBUTE = re.compile(r"\s?的|\s(?!enough|ok\b|okay|acceptable|allowed|sufficient|compliant|fine|right|or\b|and\b|for\b)[a-z]")
"""After a rate: it only names the thing (一年两次的课, our yearly audit)."""
YEARLY = re.compile(r"每一?年")
"""A rate without a count: in a question it repeats the guide's words, as in 每年对标那个内审."""


class ComparedQuantity(NamedTuple):
    """A quantity as it was compared, and the words of both."""

    quantity: Quantity
    comparison: Comparison
    text: str

    def keeps(self, bound: Bound) -> bool | None:
        """Whether it keeps ``bound``; None where the comparison leaves that undecided."""
        told, limit = self.quantity.value, bound.quantity.value
        even = abs(told - limit) < 1e-9
        if self.comparison == "unclear" or (self.comparison == "about" and even):
            return None
        if even and bound.side == "within" and self.comparison in ("=", "about"):
            return None  # 2年前, as people say it, lies on either side of 2年内
        least = bound.side == "least"
        if self.comparison in ("=", "about"):
            return even or (told > limit) == least
        upward = self.comparison in (">", ">=")
        if even:  # 3年以下 as a question against 3年以上 means less; 最多3年 leaves 3 open
            strict = self.comparison in ("<", ">") or self.text.endswith(("以上", "以下"))
            return True if upward == least else (False if strict else None)
        if (told > limit) == upward:
            return upward == least
        return None


def only_named(text: str, rate: Quantity) -> bool:
    """Whether a rate tells nothing of what is done: 一年两次的课, 每年对标那个内审."""
    return _ATTRIBUTE.match(text[rate.end :]) is not None or YEARLY.fullmatch(rate.text) is not None


def compared(text: str, quantity: Quantity) -> ComparedQuantity | None:
    """How ``quantity`` of ``text`` is compared; None where it is a change or a former state."""
    plain = _ASKING.sub(lambda m: m.group(1) + "\0\0", text)  # 能不能超过 denies nothing
    before, after = plain[: quantity.start], plain[quantity.end :]
    if _CHANGE.search(before) or (_FROM.search(before) and _TO.match(after)):
        return None
    inside = _inside(plain[quantity.start : quantity.end]) if quantity.dimension == "rate" else None
    if inside:
        return ComparedQuantity(quantity, inside, quantity.text)
    than = re.search(r"比\s*$", before)
    for comparison, pattern in _THAN if than else _AFTER:
        if match := pattern.match(after):
            return ComparedQuantity(quantity, comparison, (than.group() if than else "") + quantity.text + match.group())
    if quantity.ago and "多" in quantity.text:
        return ComparedQuantity(quantity, ">", quantity.text)
    for comparison, pattern in _BEFORE:
        if match := pattern.search(before):
            # 不到一年一次: the year or the once?
            period = quantity.dimension == "rate" and not re.match(r"每|隔|[a-z]", quantity.text) and comparison in ("<", ">")
            return ComparedQuantity(quantity, "unclear" if period else comparison, text[match.start() : quantity.end])
    return ComparedQuantity(quantity, "=", quantity.text)


def _inside(text: str) -> Comparison | None:
    """The comparison within a rate, before its last number: 每年不到2次."""
    found = list(re.finditer(r"\d+(?:\.\d+)?|[一二两三四五六七八九十半]+", text))
    before = text[: found[-1].start()] if found else ""
    told = next((c for c, pattern in _BEFORE if pattern.search(before)), None)
    return told or ("unclear" if re.search(r"[年月周]多", text) else None)
