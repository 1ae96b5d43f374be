"""Explicit references in a question: ``24(3)``, 24.3, 第二十四项第三分项, item 24 clause 3. Looked up, never searched.

Only well-formed references count: 公告2026年第34号, 一共31项, 3年内, 0.3 and 90% are none. A reference that is well formed
but not in the guide is reported as missing, so that the answer can say so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.answers.question.follow_ups import own_words
from assistant.answers.question.kinds import whole_topic
from assistant.answers.question.words import fold
from assistant.guide import Guide, Item

_DIGITS = "零一二三四五六七八九"
_CN = "一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,3}}|[{_CN}]{{1,3}})"
_SUB_WORD = r"(?:分项|小项|款|小条|目|点|小点|子项|子条|条(?!件))"
_CLAUSE_TAIL = rf"(?:(?:的|之|里的?|中的?|,)?\s*(?:第\s*\(?\s*({_NUMBER})\s*\)?\s*(?!部分|页|行|年|个|次|章|节|类)(?:{_SUB_WORD})?|\(\s*({_NUMBER})\s*\)|({_NUMBER})\s*(?:分项|款|小项)))?"

_PATTERNS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?<![\d.第a-z])(\d{{1,3}})\s*\(\s*({_NUMBER})\s*\)"),
    re.compile(rf"第\s*({_NUMBER})\s*(?:大项|项|条|个项目)(?!指标|业务){_CLAUSE_TAIL}"),
    re.compile(rf"(?<![{_CN}第\d])([{_CN}]{{1,3}})\s*\(\s*({_NUMBER})\s*\)"),
    re.compile(
        rf"(?<![\d第共.])(\d{{1,2}})\s*(?:项|条)(?=\s*(?:\(|第|所有|全部|各|每|下|的|要|需|准备|里|是|讲|说|怎|有|都|实地|现场|抽|书面|情况|记录|文件|制度|查|看|到底|呢|、|和|与|跟|,|。|\?|!|$)){_CLAUSE_TAIL}"
    ),
    re.compile(
        r"\bitems?\s*(?:no\.?\s*|number\s*|#\s*)?(\d{1,3})\b(?:\s*\(\s*(\d{1,3})\s*\)|\s*[,;]?\s*(?:sub-?\s?clause|clause|sub-?item|paragraph|para|part|point|no\.)\s*\(?(\d{1,3})\)?)?"
    ),
    re.compile(r"\b(?:sub-?)?clauses?\s*(\d{1,3})(?:\s*\(\s*(\d{1,3})\s*\)|[.\-](\d{1,3}))?(?!\d)"),
    re.compile(r"(?<![\d.\-/年月日])(\d{1,2})\s*[.\-]\s*(\d{1,2})(?![\d.\-/%年月日号]|\s*(?:个|年|月|天|次|米|%|倍|万|小时|分))"),
    re.compile(
        r"^(?:(?:那么|那|and|hi|hello|hey|ok|okay|请问|你好|问下|查一下|看一下|看看)[\s,，!！]*)*(?:no\.?\s*|number\s*|#\s*|编号\s*)?(\d{1,2})(?=\s*(?:号|的|呢|please|要|需|讲|说|怎|有|里|那|,|:|：|-|–|\?|$))(?!\s*(?:的?(?:年|月|天|次|个|人|%|点)|-\d))"
    ),
    re.compile(r"\bclause\s*\(\s*(\d{1,3})\s*\)\s*(?:of|in)\s*item\s*(\d{1,3})"),
)
_REVERSED = len(_PATTERNS) - 1
_BARE = len(_PATTERNS) - 2
_DOTTED = len(_PATTERNS) - 3
_MORE = re.compile(rf"\s*(?:、|和|与|及|跟|,|&|and|以及|/)\s*第?\s*({_NUMBER})\s*(项|条)?(?:\s*\(\s*({_NUMBER})\s*\))?")
_NOTICE = re.compile(r"(?:公告|令|文)?\s*(?:\[?20\d\d\]?\s*年?)?\s*第\s*\d+\s*号(?:令|公告)?|20\d\d\s*[-年]\s*\d{1,3}")
_COUNT = re.compile(rf"(?:共|总共|一共|合计|全部|这|那|哪|几|多少|all|total of)\s*(?:有\s*)?{_NUMBER}\s*(?:项|条|items?|clauses?)(?!\s*呢)")
_BARE_SUB = re.compile(
    rf"^(?:那|那么|and|what about|how about|再看)?\s*(?:第\s*)?\(?\s*({_NUMBER})\s*\)?\s*(?:个?{_SUB_WORD}|呢|怎么|要|的|$|\?)"
)


_EVERYDAY = 3
_FILLER = re.compile(
    r"要求|有|迎检|应对|哪些?|弄|搞|做|齐|好|全|完整|全部|所有|整套|全套|整体|落实|达到|满足|符合|达标|工作|事项|清单|这一?|那一?|个|块|咱|老板|领导"
)
_WHOLE_ITEM = re.compile(
    r"(整|大|这一?|那一?|一)(个)?(大)?(项(?!目)|章|类)|(所有|全部|各)的?(分项|抽查|书面|实地|情况|文件|记录|要求|条款|内容)|总共|一共|全部|整体|各(是|要|有|管)|分别|几(条|款|个分项)|whole item|all (the )?clauses|overall"
)


_AFTER_TITLE = r"(?=$|\W|的|都|各|分别|这|两|有|要|需|不|没|怎|如|应|该|得|抽|书面|实地|情况|记录|文件|制度)"
_AND = re.compile(r"(?:和|与|及|以及|跟|、|还有)")
_CATEGORY = re.compile(rf"第\s*({_NUMBER})\s*个?大?类(?!企业|商品|物品)")


class Reference(NamedTuple):
    """One reference found: an item number, a clause number or None, and the clause ids it means (none: it does not exist)."""

    item: str
    number: str | None
    clauses: tuple[str, ...]

    @property
    def text(self) -> str:
        """The reference as an id."""
        return f"{self.item}({self.number})" if self.number else self.item


def references(question: str, guide: Guide) -> list[Reference]:
    """All explicit references of a question, in order, each once.

    >>> [r.text for r in references("第5项和第12项", guide)]  # doctest: +SKIP
    ['5', '12']
    """
    text = _without_notices(fold(question))
    found: dict[tuple[int, str], Reference] = {}
    taken: list[tuple[int, int]] = []
    for position, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(text):
            if any(a < match.end() and match.start() < b for a, b in taken):
                continue
            groups = [g for g in match.groups() if g]
            if position == _REVERSED:
                groups.reverse()
            item, number = _value(groups[0]), _value(groups[1]) if len(groups) > 1 else None
            reference = _resolve(item, number, guide)
            if position == _DOTTED and not _plausible(reference, match, text):
                continue
            if position == _BARE and not reference.clauses:
                continue
            taken.append(match.span())
            found[match.start(), reference.text] = reference
            if position in (0, 1, 3):
                _follow(text, match.end(), reference, guide, found, taken, second=number)
    ordered = [r for _, r in sorted(found.items(), key=lambda e: e[0][0])]
    named = {r.item for r in ordered if r.number}
    return list({r.text: r for r in ordered if r.number or r.item not in named}.values())


def titled(question: str, guide: Guide) -> list[Reference]:
    """A whole item or category called by its title: 危机管理这一整项, 信息系统控制一共查什么. Only items with several clauses."""
    text = fold(question)
    categories = [c for part in guide.parts for c in part.categories]
    by_number = _CATEGORY.search(text)
    for category in categories:
        title, number = fold(category.title), category.number.strip("()（）")
        whole = _WHOLE_ITEM.search(text) or whole_topic(question) or title.endswith("措施")
        if (whole and len(title) >= 5 and title.removesuffix("措施") in text) or (by_number and _value(by_number[1]) == _value(number)):
            return [_whole(item) for item in category.items]
    pair = _pair(text, guide)
    if pair:
        return [_whole(item) for item in pair]
    if not _WHOLE_ITEM.search(text) and not (whole_topic(question) and _bare_title(text, guide)):
        return []
    named = [i for i in guide.items.values() if len(i.title) >= 3 and len(i.clauses) > 1 and fold(i.title) in text]
    named = [i for i in named if not _everyday(i, guide) or re.search(re.escape(fold(i.title)) + r"\W*(这|那|整|一|个|大)*项", text)]
    return [_whole(item) for item in named[:2]]


def _whole(item: Item) -> Reference:
    return Reference(item.number, None, tuple(c.id for c in item.clauses))


def _pair(text: str, guide: Guide) -> list[Item]:
    """Two items called by their titles, or by what these begin with, joined by "and": 单证控制和单证保管, 集装箱与运输工具."""
    if not _AND.search(text):
        return []
    names = {fold(i.title): i for i in guide.items.values() if len(i.title) >= 4}
    names |= {stem: i for name, i in names.items() if len(stem := name.removesuffix("安全")) >= 3}
    for name, item in names.items():
        joined = re.search(rf"(?:^|[问看查对把将于说,。，\s]){re.escape(name)}(?:安全)?\s*{_AND.pattern}\s*", text)
        if not joined:
            continue
        for other in sorted(names, key=len, reverse=True):
            if re.match(rf"{re.escape(other)}(?:安全)?{_AFTER_TITLE}", text[joined.end() :]) and names[other].number != item.number:
                return [] if any(_everyday(i, guide) for i in (item, names[other])) else [item, names[other]]
    return []


def _bare_title(text: str, guide: Guide) -> bool:
    """Whether a question is about an item's title and nothing more particular: 信息安全有哪些要求, not 信息安全培训有哪些要求."""
    titles = [fold(i.title) for i in guide.items.values() if len(i.title) >= 3 and fold(i.title) in text]
    return len(titles) == 1 and not own_words(_FILLER.sub(" ", text.replace(titles[0], " ")))


def _everyday(item: Item, guide: Guide) -> bool:
    """Whether an item's title is a phrase that the guide uses all over (管理要求): then it names nothing by itself."""
    own, title = {c.id for c in item.clauses}, fold(item.title)
    others = (c for c in guide.clauses.values() if c.id not in own)
    return sum(title in fold(c.text + "".join(r.wording for s in c.sections for r in s.requirements)) for c in others) > _EVERYDAY


def clause_in_context(question: str, item: str, guide: Guide) -> Reference | None:
    """A bare clause number in a follow-up ("那（4）呢", "第二分项呢") within the item that is being talked about."""
    match = _BARE_SUB.match(fold(question).strip())
    if not match or item not in guide.items or not any(c.number for c in guide.items[item].clauses):
        return None
    return _resolve(item, _value(match.group(1)), guide)


def _resolve(item: str, number: str | None, guide: Guide) -> Reference:
    if item not in guide.items:
        by_number = tuple(c.id for c in guide.clauses.values() if number is None and c.number and c.id.endswith(f"({item})"))
        continuous = len(by_number) == 1 and sum(c.number is not None for c in guide.clauses.values()) > len(guide.items)
        unique = len({c.id.split("(")[-1] for c in guide.clauses.values() if c.number}) == sum(
            c.number is not None for c in guide.clauses.values()
        )
        return Reference(item, number, by_number if continuous and unique else ())
    clauses = guide.items[item].clauses
    if number is None:
        return Reference(item, None, tuple(c.id for c in clauses))
    wanted = f"{item}({number})"
    return Reference(item, number, (wanted,) if wanted in guide.clauses else ())


def _plausible(reference: Reference, match: re.Match[str], text: str) -> bool:
    """24.3 counts when it exists; when it does not, only if the question is plainly about a numbered place."""
    if reference.item in ("0", "00") or reference.item.startswith("0"):
        return False
    if reference.clauses:
        return True
    alone = match.start() == 0 or text[: match.start()].rstrip().endswith(("第", "条款", "item", "clause", "标准"))
    return alone and re.match(r"\s*(条|项|款|分项|要|需|怎|讲|说|是什么|有哪|的)", text[match.end() :]) is not None


def _follow(
    text: str,
    end: int,
    first: Reference,
    guide: Guide,
    found: dict[tuple[int, str], Reference],
    taken: list[tuple[int, int]],
    second: str | None,
) -> None:
    """Enumerations after a reference: 第5项和第12项, 第5、8项, 24(1)、(2)和(3)."""
    while True:
        bare = re.match(rf"\s*(?:、|和|与|及|跟|,|&|and|到|至|-|~)\s*\(\s*({_NUMBER})\s*\)", text[end:])
        if bare and second:
            reference = _resolve(first.item, _value(bare.group(1)), guide)
            found[end, reference.text] = reference
            taken.append((end, end + bare.end()))
            end += bare.end()
            continue
        more = _MORE.match(text[end:])
        if not more or not (more.group(2) or more.group(3)):
            return
        reference = _resolve(_value(more.group(1)), _value(more.group(3)) if more.group(3) else None, guide)
        found[end, reference.text] = reference
        taken.append((end, end + more.end()))
        end += more.end()


def _without_notices(text: str) -> str:
    for pattern in (_NOTICE, _COUNT):
        text = re.sub(r"\s+", " ", pattern.sub(" ", text))
    return text


def _value(text: str) -> str:
    """第二十四 -> 24; digits stay digits."""
    if text.isdigit():
        return str(int(text))
    tens, _, units = text.rpartition("十")
    if "十" not in text:
        return str(_DIGITS.index(text)) if len(text) == 1 else "".join(str(_DIGITS.index(c)) for c in text)
    return str((_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(units) if units else 0))
