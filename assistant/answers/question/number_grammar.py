"""How people write the number of an item and of a clause: 24(3), 24③, 24款3, 24之3, 二十四之三, 24下面第三条, 第5、8项, 11(1)～(3).

The only rules of reading. What is read is a shape; whether it exists, the guide says (``references``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.numerals import CHINESE, value

NUMBER = rf"(?:\d{{1,3}}|[{CHINESE}]{{1,4}})"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh")
_CN = f"[{CHINESE}]"
_ALONE = rf"(?<![\d.{CHINESE}])"
_ITEM = r"(?:大项|项(?!目(?!标))|条(?!件|款))(?:标准)?"
_CLAUSE = r"(?:小?分项|小[项点条款目]|子[项条]|款|目(?!录|的|标|前)|点(?!钟)|条(?!件)|个(?!月|人|小时|工作|部分|类|步|年)|项(?!目))"
_WITHIN = r"(?:(?:那|这)(?:一)?(?:大)?(?:项|条))?\s*(?:的|之|里面?|里头|中|当中|下面?|底下|以下|下属|,)*\s*(?:其中|的)?\s*"
_OTHER_UNIT = r"(?!\s*(?:个?部分|页|行|年|个月|次|章|节|类|号令|号公告|届|季度|步|天|日|周|名|人))"
_TO = r"(?:~|-|–|—|～|至|到|through|to)"
_AND = r"(?:、|和|与|及|以及|跟|还有|,|&|and|/|＋|\+)"

_TAIL = rf"(?:{_WITHIN}(?:第?\s*\(\s*({NUMBER})\s*\)\s*(?:{_CLAUSE})?|第\s*({NUMBER})\s*(?:{_CLAUSE})?{_OTHER_UNIT}|(?P<few>{NUMBER})\s*(?:分项|款|小[项点条])))?"
CLAUSE_TAIL = _TAIL.removesuffix("?")
"""A clause's number behind its item's title, in one of three groups."""
LAST_TAIL = rf"{_WITHIN}(?:倒数第?\s*(?P<back>{NUMBER})|最后|最?末)\s*(?:那|的)?\s*一?\s*{_CLAUSE}"
"""A clause behind its item's title, counted from the end; from the last when ``back`` is none."""
_SHAPES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"{_ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:{_ITEM}|号)\s*{LAST_TAIL}"),
    re.compile(r"\b(?P<last>last)\s*(?:sub-?)?(?:clause|point|part|paragraph|one)\s*(?:of|in|under)\s*(?:item\s*)?(?P<item>\d{1,2})\b"),
    re.compile(r"\b(?P<item>\d{1,2})(?:st|nd|rd|th)\s+item\b"),
    re.compile(
        r"\b(?:sub-?)?(?:clause|part|para(?:graph)?|point)\s*(?:no\s*)?#?\(?\s*(?P<sub>\d{1,3})\s*\)?\s*(?:of|in|under)\s*(?:item\s*#?)?(?P<item>\d{1,3})\b"
    ),
    re.compile(
        rf"\b(?P<sub>{'|'.join(ORDINALS)})\s*(?:sub-?)?(?:clause|point|part|paragraph|one)?\s*(?:of|in|under)\s*(?:item\s*)?(?P<item>\d{{1,3}})\b"
    ),
    re.compile(
        rf"{_ALONE}\(?(?:第\s*)?(?P<item>{NUMBER})\s*(?:{_ITEM}|标准)?\s*\)?\s*{_WITHIN}"
        rf"\(\s*(?:第\s*)?(?P<sub>{NUMBER})\s*(?:{_CLAUSE})?\s*(?:\)|(?=[,、和及]\s*{NUMBER}\s*[,、和及)]))"
    ),
    re.compile(rf"{_ALONE}(?:第\s*)?(?P<item>{NUMBER})(?P<dot>)\s*[-—.]\s*(?P<sub>{NUMBER})\s*(?:分项|款|条|项)(?!件|目)"),
    re.compile(
        rf"{_ALONE}(?:第\s*)?(?P<item>{NUMBER})(?P<dot>)\s*(?:{_ITEM}|号|标准)?\s*{_WITHIN}第\s*\(?\s*(?P<sub>{NUMBER})\s*\)?\s*(?:{_CLAUSE}|(?=要|讲|说|怎|呢|$|\?))"
    ),
    re.compile(rf"第\s*(?P<item>{NUMBER})\s*(?:{_ITEM}|个项目)(?!指标|业务){_TAIL}"),
    re.compile(
        rf"{_ALONE}(?P<item>{NUMBER})(?P<dot>)\s*(?:{_ITEM}\s*之|款|目|之|{_ITEM})\s*第?\s*\(?(?P<sub>{NUMBER})(?![\d年月日号次%天{CHINESE}]|\s*(?:分项|款|小|条|个|部分|类|章))"
    ),
    re.compile(
        rf"(?<![\d第共.{CHINESE}])(?P<item>\d{{1,2}}|[{CHINESE}]{{2,4}})\s*(?:项(?!目)|条(?!件|款))"
        rf"(?=\s*(?:\(|第|所有|全部|各|每|下|的|要|需|准备|里|是|讲|说|怎|有|都|实地|现场|抽|书面|情况|记录|文件|制度|查|看|到底|呢|给|那|这|[{CHINESE}\d]*\s*(?:款|条|分项|小[项点条])|共|一共|总共|列|、|和|与|跟|包|分|列|念|发|拿|看|我|你|您|吧|哪|几|,|。|\?|!|$)|\s\s){_TAIL}"
    ),
    re.compile(
        rf"(?:^|第|标准|条款|编号|\bitem|\bclause|\bno)\s*(?P<item>{NUMBER})(?P<dot>)\s*"
        r"(?:[/、:_#§*,。]|点|--|\bdot\b|\bpoint\b|\b(?:sub-?)?clause\b|\bcl\b\.?|(?<=\d)\s(?=\d))\s*"
        rf"\(?(?P<sub>{NUMBER})\)?(?=\s*(?:$|[?,。]|要|怎|讲|说|是|呢|需|有|条|款|分项|what|who|how))(?!\s*(?:条|款)(?:件|目))"
    ),
    re.compile(
        r"\bitems?\s*(?:no\.?\s*|number\s*|#\s*)?(?P<item>\d{1,3})\b"
        r"(?:\s*\(\s*(\d{1,3})\s*\)|\s*(?:'s)?\s*[,;:/]?\s*(?:sub-?\s?clause|sub-?item|sub|clause|paragraph|para|part|point|no\.)\s*#?\(?(\d{1,3})\)?"
        rf"|(?:'s)?\s*,?\s*(?:the\s+)?({'|'.join(ORDINALS)})\b|\s*[-–]\s*(\d{{1,2}})\b(?!\s*(?:to|-)))?"
    ),
    re.compile(r"\b(?:sub-?)?clauses?\s*(?P<item>\d{1,3})(?:\s*\(\s*(\d{1,3})\s*\)|[.\-](\d{1,3}))?(?!\d)"),
    re.compile(
        r"(?<![\d.\-/年月日])(?P<item>\d{1,2})\s*(?P<dot>[.\-·・])\s*\(?(?P<sub>\d{1,2})\)?(?![\d.\-/%年月日号]|\s*(?:个|年|月|天|次|米|%|倍|万|小时|分(?!项)|项|条))"
    ),
    re.compile(
        r"^(?:(?:那么|那|and|hi|hello|hey|ok|okay|请问|你好|问下|查一下|看一下|看看)[\s,!]*)*(?:no\.?\s*|number\s*|#\s*|编号\s*)?(?P<bare>\d{1,2})"
        r"(?=\s*(?:号|的|呢|please|要|需|讲|说|怎|有|里|那|,|:|-|–|\?|$))(?!\s*(?:的?(?:年|月|天|次|个|人|%|点)|-\d|:\d))"
    ),
)
"""Groups: ``item`` and ``sub`` (or a tail of numbered groups), ``dot`` where a number with a point may be meant, ``bare`` where nothing else says so."""
_RANGE = re.compile(rf"(?<![\d.{CHINESE}])(?:第|从)?\s*({NUMBER})\s*(?:项|条)?\s*{_TO}\s*第?\s*({NUMBER})\s*(?:项(?!目)|条(?!件))")
_FROM = re.compile(rf"从\s*第?\s*(\d{{1,2}})\s*{_TO}\s*第?\s*(\d{{1,2}})(?!\s*(?:\d|[年月日号点天次人个]|%))")
_ENGLISH = re.compile(r"\bitems\s*(\d{1,2})\s*(?:to|through|-|–)\s*(\d{1,2})(?![\d(])")
_ITEMS = re.compile(r"\bitems\s*\d{1,2}(?:\s*(?:,\s*and|,|and|&)\s*\d{1,2})+(?![\d(])")
_BESIDE = re.compile(
    rf"\s*{_AND}\s*(?:第\s*)?\(?(?P<sub>{NUMBER})\)?(?=\s*(?:{_AND}|{_CLAUSE}|\)|要|各|分别|都|$|\?))(?!\s*(?:项|条(?:件|款)))"
)
_SIBLING = re.compile(rf"\s*(?P<to>{_TO})?(?:{_AND})?\s*第?\s*\(\s*(?P<sub>{NUMBER})\s*\)")
_MORE = re.compile(
    rf"\s*(?P<to>{_TO})?(?:{_AND})?\s*第?\s*(?P<item>{NUMBER})\s*(?P<unit>项(?!目)|条(?!件))?(?:\s*\(\s*(?P<sub>{NUMBER})\s*\))?"
)
_LIST = re.compile(
    rf"(?:第|(?<![\d.{CHINESE}])(?=\d[^项条]*[项条]\s*(?:要|怎|都|各|分别|的|$|,|\?|呢|讲|说|是|有|需)))\s*"
    rf"({NUMBER})((?:\s*{_AND}\s*第?\s*{NUMBER})+)\s*(?:项(?!目)|条(?!件))"
)
_FIRST_FEW = re.compile(rf"{_ALONE}(?:第\s*)?(?P<item>{NUMBER})\s*(?:{_ITEM}|号)?\s*{_WITHIN}前\s*(?P<few>{NUMBER})\s*{_CLAUSE}")
_NOTICE = re.compile(
    r"(?:公告|令|文)?\s*(?:\[?20\d\d\]?\s*年?)?\s*第\s*\d+\s*号(?:令|公告)?|20\d\d\s*[-年]\s*\d{1,3}|" + rf"{NUMBER}\s*分之\s*{NUMBER}"
)
_COUNT = re.compile(
    rf"(?:(?<![一总])共|总共|一共|合计|全部|这|那|哪|几|多少|all|total of)\s*(?:有\s*)?(?:{NUMBER}|几)\s*(?:项|条|款|items?|clauses?)(?!\s*(?:呢|第))"
)
_ONES: tuple[str, ...] = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
)
_ONES += ("fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = {"twenty": 20, "thirty": 30}
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi")
_SPELT = {w: n for n, w in enumerate(_ONES, 1)} | _TENS | {f"{t}-{w}": n + m for t, n in _TENS.items() for m, w in enumerate(_ONES[:9], 1)}
_ENGLISH_NUMBERS = _SPELT | {w: n for n, w in enumerate(_ROMANS, 1)}
_WRITTEN = "|".join(sorted(_SPELT, key=len, reverse=True))
_SPELLED = re.compile(rf"(\b(?:items?|clause|sub-?clause|sub|point|part|number)\s+)({_WRITTEN})(\b)")
_ROMAN = re.compile(r"(\(\s*)(x?i{1,3}|i?[vx]|vi{1,3})(\s*\))")
_SIGNS = str.maketrans("【】[]{}—\\の", "()()()--之")
_NO = re.compile(r"\bno\.(?=\s*\d)")
_MOST = 40


_HOW_MANY = re.compile(
    r"(?:几|多少)\s*(?:个|大|小)?\s*(?:部分|大?类(?!型|似)|分项|小?项(?!目?指)|小?[条款](?!件))|"
    r"how many\s+(?:\w+[\s-]+){0,2}(?:parts|categories|items|clauses)|number of (?:\w+[\s-]+){0,2}(?:parts|categories|items|clauses)"
)


def how_many(text: str) -> bool:
    """Whether a folded text counts parts, categories, items or clauses: 一共几条, how many items."""
    return _HOW_MANY.search(text) is not None


class Named(NamedTuple):
    """One place of the guide that is written: where it stands in the text, item and clause number, below zero from the item's end.

    ``unsure``: what else it may be: another number (``dot``, ``bare``), or how many clauses there are (``few``: 30项三款).
    """

    start: int
    end: int
    item: int
    number: int | None
    unsure: str = ""


def named(text: str) -> list[Named]:
    """Every place that a folded ``text`` names by number, in order; counts (一共31项) and notices (第34号) are none."""
    text = without_notices(text)
    found: list[Named] = [*_ranges(text)]
    for shape in _SHAPES:
        for match in shape.finditer(text):
            if any(f.start < match.end() and match.start() < f.end for f in found):
                continue
            one = _read(match)
            if one:
                found.append(one)
                found += following(text, one)
    return sorted(found)


def without_notices(text: str) -> str:
    """``text`` with what is no number of a place blanked out, every other character where it was."""
    text = text.translate(_SIGNS)
    text = _NO.sub(lambda m: m[0][:-1] + " ", text)
    for pattern in (_NOTICE, _COUNT):
        text = pattern.sub(lambda m: " " * len(m[0]), text)
    for pattern in (_SPELLED, _ROMAN):
        text = pattern.sub(lambda m: m[1] + str(_ENGLISH_NUMBERS[m[2]]).ljust(len(m[2])) + m[3], text)
    return text


def _read(match: re.Match[str]) -> Named | None:
    groups = match.groupdict()
    if groups.get("bare"):
        return Named(match.start(), match.end(), int(groups["bare"]), None, "bare")
    written = groups.get("sub") or next((g for g in match.groups()[1:] if g), None)
    sub = ORDINALS.index(written) + 1 if written in ORDINALS else value(written) if written else None
    if "back" in groups or groups.get("last"):
        sub = -(value(groups.get("back") or "一") or 1)
    item = value(match["item"])
    plain = match[0].startswith("第") or "项" in match[0]
    unsure = "dot" if groups.get("dot") is not None and not plain else "few" if groups.get("few") else ""
    return None if item is None else Named(match.start(), match.end(), item, sub, unsure)


def _ranges(text: str) -> Iterator[Named]:
    """第5到8项, 从14到22, 第5、8、9项: each item of it."""
    taken: list[tuple[int, int]] = []
    for pattern in (_RANGE, _FROM, _ENGLISH):
        for match in pattern.finditer(text):
            first, last = value(match[1]), value(match[2])
            if first and last and first < last < first + _MOST and not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield from (Named(*match.span(), n, None) for n in range(first, last + 1))
    for match in _FIRST_FEW.finditer(text):
        yield from (Named(*match.span(), value(match["item"]) or 0, n) for n in range(1, min(value(match["few"]) or 0, _MOST) + 1))
    for match in (*_LIST.finditer(text), *_ITEMS.finditer(text)):
        numbers = [value(n) for n in re.findall(NUMBER, match[0])]
        if not any(a < match.end() and match.start() < b for a, b in taken):
            yield from (Named(*match.span(), n, None) for n in numbers if n)


def following(text: str, first: Named) -> Iterator[Named]:
    """What goes on after a place: 24(1)、(2)和(3), 24(1)(2), 11(1)～(3), 第5项和第12项."""
    last, end = first, first.end
    while True:
        match = _SIBLING.match(text, end) if last.number is not None else None
        if match is None:
            beside = _BESIDE.match(text, end) if last.number is not None and last.unsure == "" else None
            if beside is not None:
                last, end = Named(beside.start(), beside.end(), last.item, value(beside["sub"])), beside.end()
                yield last
                continue
            match = _MORE.match(text, end)
            joined = match is not None and text[end : match.start("item")].strip().removesuffix("第").strip() != ""
            if match is None or not joined or not (match["unit"] or match["sub"]):
                return
            item = value(match["item"])
        else:
            item = last.item
        sub = value(match["sub"]) if match["sub"] else None
        if item is None:
            return
        if match["to"] and item == last.item and sub is not None and last.number is not None:
            yield from (Named(match.start(), match.end(), item, n) for n in range(last.number + 1, min(sub, last.number + _MOST)))
        last, end = Named(match.start(), match.end(), item, sub), match.end()
        yield last
