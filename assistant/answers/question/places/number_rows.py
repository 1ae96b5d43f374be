"""Rows of places written by number alone, and clauses of one item in a row: 28、29, 28到30, 三十一, 24项第1、3条, 24的1和3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.numerals import ALONE, AND, MOST, NUMBER, TO, value

_ITEM = r"(?:大?项(?!目)|条(?!件|款))(?:标准)?"
_LEAD = r"^\W*(?:(?:那么|那|and|还有|请问|问下|麻烦|帮我|我想|想|看一?下|看看|看|查一?下|查|翻到|打开|标准|条款|编号)[\s,]*)*"
_END = r"(?=\s*(?:$|[?,。!呢吧]|的?(?:要|怎|讲|说|是|有|需|各|分别|都)|what|who|how|need|say))"
_UNITS = "一二三四五六七八九"
_ROW = re.compile(rf"{_LEAD}(?P<row>第?\s*{NUMBER}(?:\s*{AND}\s*第?\s*{NUMBER})+)\s*{_END}")
_RANGE = re.compile(rf"{_LEAD}第?\s*(?P<a>{NUMBER})\s*{TO}\s*第?\s*(?P<b>{NUMBER})\s*{_END}")
_PAPERS = r"(?:证据|证明|材料|资料|文件|记录|佐证|依据|evidence|records?|documents?|docs?|papers?|proofs?|materials?)"
"""What may stand beside the number of an item that is all of a message otherwise: 24项证据, evidence #24."""
_ONE = re.compile(
    rf"{_LEAD}(?:{_PAPERS}\s*(?:for|of|on)?\s*)?[#№]?\s*(?:no(?![a-z])\.?\s*)?"
    rf"(?:第\s*(?P<a>{NUMBER})|(?P<b>[一二三]?十[{_UNITS}]?|[廿卅][{_UNITS}]?|\d{{1,2}}))(?!\s*[%‰])"
    rf"(?:\s*(?:项|条|号)?\s*的?\s*{_PAPERS}(?:\s*(?:呢|吗|请|please|pls))?)?\W*$"
)
_WITHIN = re.compile(
    rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:(?:{_ITEM}|号)\s*(?:的|里面?|里头|之|下面?|中)?|(?:的|之|里面?|下面?))\s*"
    rf"(?P<row>第?\s*{NUMBER}(?:\s*{AND}\s*第?\s*{NUMBER})+)\s*(?:分项|款|小[项点条款]|条(?!件)|点(?!钟)|个(?!月|人|小时|工作|年)|(?=$|\?|呢|要|各|分别|都))"
    r"(?!\s*(?:大?项|年|月|次|%|日|天))"
)
_TO_LAST = re.compile(
    rf"{ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:{_ITEM}|号)\s*第?\s*(?P<a>{NUMBER})\s*{TO}\s*第?\s*(?P<b>{NUMBER})\s*(?=$|\?|呢)"
)
_FEWEST, _PIECE = 2, r"(?:小?分项|小[项点条款]|条(?!件)|款|个(?!月|人|年)|点(?!钟))?"
_COUNTED = re.compile(
    rf"{_LEAD}第?\s*(?P<first>{NUMBER})\s*{_PIECE}(?P<rest>(?:\s*(?:{AND}|{TO})\s*第?\s*{NUMBER}\s*{_PIECE})+)\s*(?=$|\W|呢|各|分别|都|要|讲|说|是|有|怎)"
)


def within(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Start, end, item and number of each clause of one item that a folded text names in a row."""
    for match in _WITHIN.finditer(text):
        numbers = [value(n) for n in re.findall(NUMBER, match["row"])]
        if (item := value(match["item"])) and all(numbers):
            yield from ((*match.span(), item, n) for n in numbers if n)
    for match in _TO_LAST.finditer(text):
        item, first, last = value(match["item"]), value(match["a"]), value(match["b"])
        if item and first and last and first < last < first + MOST:
            yield from ((*match.span(), item, n) for n in range(first, last + 1))


def rows_alone(text: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and item of each number of a folded text that says little more than numbers."""
    if match := _ROW.search(text):
        numbers = [value(n) for n in re.findall(NUMBER, match["row"])]
        if len(numbers) >= _FEWEST and all(numbers):
            yield from ((*match.span("row"), n) for n in numbers if n)
    elif match := _RANGE.search(text):
        first, last = value(match["a"]), value(match["b"])
        if first and last and first < last < first + MOST:
            yield from ((match.start("a"), match.end("b"), n) for n in range(first, last + 1))
    elif match := _ONE.search(text):
        name = "a" if match["a"] else "b"
        if number := value(match[name]):
            yield (*match.span(name), number)


def row_of(text: str) -> list[int]:
    """The places, from 1, that a folded text counts in a row: 第二到第四个, 1和3; none where it names one or none."""
    match = _COUNTED.search(text)
    if match is None:
        return []
    found = [value(match["first"]) or 0]
    for joint, written in re.findall(rf"({AND}|{TO})\s*第?\s*({NUMBER})", match["rest"]):
        number = value(written) or 0
        found += range(found[-1] + 1, number) if re.fullmatch(TO, joint) and number < found[-1] + MOST else []
        found.append(number)
    return found if min(found) > 0 else []
