"""Explicit references in a question: ``24(3)``, 24.3, 第二十四项第三分项, item 24 clause 3. Looked up, never searched.

Only well-formed references count: 公告2026年第34号, 一共31项, 3年内, 0.3 and 90% are none. A reference that is well formed
but not in the guide is reported as missing, so that the answer can say so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.answers.question.kinds import whole_topic
from assistant.answers.question.places.number_grammar import WrittenPlace, alone, following, named
from assistant.answers.question.places.number_shapes import CLAUSE_TAIL, LAST_TAIL
from assistant.answers.question.titles import translated
from assistant.answers.question.words import fold
from assistant.guide import Category, Clause, Guide, Item, Part
from assistant.numerals import NUMBER, value

# Clauses that say a title's words before they are everyday words; letters of a title; chosen, not measured.
_EVERYDAY, _SHORTEST_TITLE = 3, 3
_WHOLE_ITEM = re.compile(
    r"(整|大|这一?|那一?|一)(个)?(大)?(项(?!目)|章|类)|(所有|全部)的?(分项|抽查|书面|实地|情况|文件|记录|要求|条款|内容)|总共|一共|全部|整体|几(条|款|个分项)|whole item|all (the )?clauses|overall"
)


_AFTER_TITLE = r"(?=$|\W|的|都|各|分别|这|两|有|要|需|不|没|怎|如|应|该|得|抽|书面|实地|情况|记录|文件|制度)"
_AND = re.compile(r"(?:和|与|及|以及|跟|、|还有)")
_PART = re.compile(r"第?\s*([一二三四五六1-6])\s*大?部分")
_CATEGORY = re.compile(rf"第\s*({NUMBER})\s*个?大?类(?!企业|商品|物品)")


class FoundReference(NamedTuple):
    """One reference found: an item number, a clause number or None, and the clause ids it means (none: it does not exist)."""

    item: str
    number: str | None
    clauses: tuple[str, ...]

    @property
    def text(self) -> str:
        """The reference as an id."""
        return f"{self.item}({self.number})" if self.number else self.item


def references(question: str, guide: Guide) -> list[FoundReference]:
    """All explicit references of a question, in order, each once.

    >>> [r.text for r in references("第5项和第12项", guide)]  # doctest: +SKIP
    ['5', '12']
    """
    text = fold(question)
    found = [(n, _resolve(str(n.item), None if n.number is None or _counted(n, guide) else str(n.number), guide)) for n in named(text)]
    titled_ones = _after_titles(text, guide)
    found = [(n, r) for n, r in found if not any(t.start < n.end and n.start < t.end for t, _ in titled_ones)]
    found = [(n, r) for n, r in [*found, *titled_ones] if _plausible(n, r, text)]
    found = found or [(n, r) for n in alone(text) if (r := _resolve(str(n.item), None, guide)).clauses]
    ordered = [r for _, r in sorted(found, key=lambda entry: entry[0].start)]
    whole = {r.item for r in ordered if r.number}
    return list({r.text: r for r in ordered if r.number or r.item not in whole}.values())


def bare(question: str, guide: Guide) -> bool:
    """Whether a message is nothing but numbers or a title: 24(3), 第24项, 24(1)和24(2), 24 进入安全."""
    if by_title(question, guide) or part_headed(question, guide):
        return True
    text = fold(question)
    found = [*named(text), *(n for n, _ in _after_titles(text, guide))]
    for start, end in sorted(((n.start, n.end) for n in found), reverse=True):
        text = text[:start] + " " + text[end:]
    for title in sorted((name for i in guide.items.values() for name in _names(i, guide)), key=len, reverse=True):
        text = text.replace(title, " ")
    return not re.sub(r"\W|第|项|款|条|分项|标准|和|与|及|至|到|clauses?|items?|and|to", "", text)


def by_title(question: str, guide: Guide) -> list[FoundReference]:
    """The item, or the items of the category, whose heading is all that a message says, as it is printed or by its title alone.

    进入安全, 《危机管理》, （六）遵守法律法规; a phrase used all over (管理要求) is none.
    """
    items = [item for item in guide.items.values() if says_heading(question, item) and not everyday(item, guide)]
    return [
        whole(item) for item in items or (i for part in guide.parts for c in part.categories if says_heading(question, c) for i in c.items)
    ]


def part_number(text: str) -> str | None:
    """The number of the part that a text names, as the guide prints it: 第4大部分 is 四."""
    named_part = _PART.search(fold(text))
    return named_part and ("一二三四五六"[int(named_part[1]) - 1] if named_part[1].isdecimal() else named_part[1])


def part_headed(question: str, guide: Guide) -> Part | None:
    """The part whose heading, or number, is all that a message says: 贸易安全标准, 第四部分, 四、贸易安全标准."""
    rest = _PART.sub("", fold(question))
    number = part_number(question)
    return next(
        (p for p in guide.parts if (number in (None, p.number) and says_heading(rest, p)) or (number == p.number and not _letters(rest))),
        None,
    )


def says_heading(question: str, headed: Part | Category | Item) -> bool:
    """Whether a message is the heading of a part, category or item and nothing else: its title in either language, or number and title."""
    said, title = _letters(question), _letters(headed.title)
    return bool(said) and said in (title, _letters(headed.number) + title, _letters(translated("en", headed.title) or ""))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", fold(text))


def _after_titles(text: str, guide: Guide) -> list[tuple[WrittenPlace, FoundReference]]:
    """Clauses called by the title of their item and a number, and items by both: 进入安全（3）, 人员安全第二分项, 4项单证保管."""
    found: list[tuple[WrittenPlace, FoundReference]] = []
    for item, title in ((i, name) for i in guide.items.values() for name in _names(i, guide)):
        if len(title) < _SHORTEST_TITLE or title not in text:
            continue
        for match in re.finditer(rf"{re.escape(title)}(?:控制措施)?{CLAUSE_TAIL}", text):
            one = WrittenPlace(match.start(), match.end(), int(item.number), value(next(g for g in match.groups() if g)))
            found += [(n, _resolve(str(n.item), str(n.number), guide)) for n in (one, *following(text, one)) if n.item == one.item]
        for match in re.finditer(
            rf"{re.escape(title)}(?:控制措施)?(?:\s*[-的]\s*|\s)(\d{{1,2}})(?=\s*(?:$|[?,。]|要|怎|讲|说|是|呢))", text
        ):
            place = WrittenPlace(match.start(), match.end(), int(item.number), int(match[1]))
            found.append((place, _resolve(item.number, match[1], guide)))
        for match in re.finditer(rf"{re.escape(title)}(?:控制措施)?{LAST_TAIL}", text):
            place = WrittenPlace(match.start(), match.end(), int(item.number), -(value(match["back"] or "一") or 1))
            found.append((place, _resolve(item.number, str(place.number), guide)))
        for match in re.finditer(rf"(?<!\d){item.number}\s*(?:项|[.、])?\s*{re.escape(title)}", text):
            found.append((WrittenPlace(match.start(), match.end(), int(item.number), None), whole(item)))
    return [(n, r) for n, r in found if r.clauses]


def titled(question: str, guide: Guide) -> list[FoundReference]:
    """A whole item or category called by its title: 危机管理这一整项, 信息系统控制一共查什么. Only items with several clauses."""
    text = fold(question)
    categories = [c for part in guide.parts for c in part.categories]
    by_number = _CATEGORY.search(text)
    for category in categories:
        names, number = tuple(map(fold, guide.called(category.title))), category.number.strip("()（）")
        entire = _WHOLE_ITEM.search(text) or whole_topic(question)
        by_name = any((entire or n.endswith("措施")) and len(n) >= 5 and n.removesuffix("措施") in text for n in names)
        if by_name or (by_number and value(by_number[1]) == value(number)):
            return [whole(item) for item in category.items]
    pair = _pair(text, guide)
    if pair:
        return [whole(item) for item in pair]
    if not _WHOLE_ITEM.search(text):
        return []
    several = [(i, name) for i in guide.items.values() if len(i.clauses) > 1 for name in _names(i, guide)]
    named = [(i, name) for i, name in several if len(name) >= 3 and name in text]
    named = [(i, name) for i, name in named if not everyday(i, guide) or re.search(rf"{re.escape(name)}\W*(这|那|整|一|个|大)*项", text)]
    return [whole(item) for item in list({i.number: i for i, _ in named}.values())[:2]]


def _names(item: Item, guide: Guide) -> tuple[str, ...]:
    """What an item is called and was called before, as it is looked for."""
    return tuple(map(fold, guide.called(item.title)))


def whole(item: Item) -> FoundReference:
    """All of an item."""
    return FoundReference(item.number, None, tuple(c.id for c in item.clauses))


def _pair(text: str, guide: Guide) -> list[Item]:
    """Two items called by their titles, or by what these begin with, joined by "and": 单证控制和单证保管, 集装箱与运输工具."""
    if not _AND.search(text):
        return []
    names = {name: i for i in guide.items.values() for name in _names(i, guide) if len(name) >= 4}
    names |= {stem: i for name, i in names.items() if len(stem := name.removesuffix("安全")) >= 3}
    for name, item in names.items():
        joined = re.search(rf"(?:^|[问看查对把将于说,。，\s]){re.escape(name)}(?:安全)?\s*{_AND.pattern}\s*", text)
        if not joined:
            continue
        for other in sorted(names, key=len, reverse=True):
            if re.match(rf"{re.escape(other)}(?:安全)?{_AFTER_TITLE}", text[joined.end() :]) and names[other].number != item.number:
                return [] if any(everyday(i, guide) for i in (item, names[other])) else [item, names[other]]
    return []


def everyday(item: Item, guide: Guide) -> bool:
    """Whether an item's title is a phrase that the guide uses all over (管理要求): then it names nothing by itself."""
    own, title = {c.id for c in item.clauses}, fold(item.title)
    others = (c for c in guide.clauses.values() if c.id not in own)
    return sum(title in fold(c.text + "".join(r.wording for s in c.sections for r in s.requirements)) for c in others) > _EVERYDAY


def _resolve(item: str, number: str | None, guide: Guide) -> FoundReference:
    if item not in guide.items:
        by_number = tuple(c.id for c in guide.clauses.values() if number is None and c.number and c.id.endswith(f"({item})"))
        continuous = len(by_number) == 1 and sum(c.number is not None for c in guide.clauses.values()) > len(guide.items)
        unique = len({c.id.split("(")[-1] for c in guide.clauses.values() if c.number}) == sum(
            c.number is not None for c in guide.clauses.values()
        )
        return FoundReference(item, number, by_number if continuous and unique else ())
    clauses = guide.items[item].clauses
    if number is None:
        return FoundReference(item, None, tuple(c.id for c in clauses))
    if number.startswith("-"):
        place = len(clauses) + int(number)
        return _one(item, clauses[place]) if 0 <= place < len(clauses) else FoundReference(item, number, ())
    wanted = f"{item}({number})"
    return FoundReference(item, number, (wanted,) if wanted in guide.clauses else ())


def _one(item: str, clause: Clause) -> FoundReference:
    return FoundReference(item, clause.id.partition("(")[2].rstrip(")") or None, (clause.id,))


def _counted(named: WrittenPlace, guide: Guide) -> bool:
    """Whether a number says how many clauses an item has: 30项三款, 20项两款."""
    item = guide.items.get(str(named.item))
    return named.unsure == "few" and item is not None and len(item.clauses) == named.number


def _plausible(named: WrittenPlace, reference: FoundReference, text: str) -> bool:
    """24.3 and a bare 29 count when they exist; 24.9 does not, only if the question is plainly about a numbered place."""
    if not named.unsure or reference.clauses:
        return True
    if named.unsure == "bare" or named.item == 0:
        return False
    alone = named.start == 0 or text[: named.start].rstrip().endswith(("第", "条款", "item", "clause", "标准"))
    return alone and re.match(r"\s*(条|项|款|分项|要|需|怎|讲|说|是什么|有哪|的)", text[named.end :]) is not None
