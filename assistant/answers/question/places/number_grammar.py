"""How people write the number of an item and of a clause: 24(3), 24③, 24款3, 24之3, 二十四之三, 24下面第三条, 第5、8项, 11(1)～(3).

The only rules of reading. What is read is a shape; whether it exists, the guide says (``references``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.answers.question.places.number_rows import rows_alone, within
from assistant.answers.question.places.number_shapes import (
    BESIDE,
    COUNT,
    DOTTED_RANGE,
    ENGLISH,
    ENGLISH_NUMBERS,
    FIRST_FEW,
    FROM,
    ITEMS,
    LAST_FEW,
    LETTER,
    LIST,
    MORE,
    MOST_CLAUSES,
    NO,
    NO_NUMBER,
    NOTICE,
    ORDINALS,
    RANGE,
    ROMAN,
    SHAPES,
    SIBLING,
    SIGNS,
    SPELLED,
    SPELT,
    WITHIN_RANGE,
)
from assistant.numerals import AND, MOST, NUMBER, value

_HOW_MANY = re.compile(
    r"(?:几|多少)\s*(?:个|大|小)?\s*(?:部分|大?类(?!型|似)|分项|小?项(?!目?指)|小?[条款](?!件))|"
    r"how many\s+(?:\w+[\s-]+){0,2}(?:parts|categories|items|clauses)|number of (?:\w+[\s-]+){0,2}(?:parts|categories|items|clauses)"
)


def how_many(text: str) -> bool:
    """Whether a folded text counts parts, categories, items or clauses: 一共几条, how many items."""
    return _HOW_MANY.search(text) is not None


_SPEAKS = re.compile(r"[条款](?!件)|分项|项(?!目)|\b(?:clauses?|items?|ones?)\b")


def of_clauses(text: str) -> bool:
    """Whether a folded text speaks of clauses or items as such: 哪些条款, which ones."""
    return _SPEAKS.search(text) is not None


_UNITS = re.compile(rf"(?:第\s*)?{NUMBER}\s*(分项|小[项点条款]|[项条款点])")
_JOINED = re.compile(rf"\s*{AND}\s*第?\s*(?P<number>{NUMBER})\s*(?P<unit>分项|小[项点条款]|[项条款点])(?!目|件)")
"""A number with its unit, joined to a place."""
_OF_SIZE = re.compile(
    rf"(?<!\d)项(?!目)\s*(?:都|里面?|下面?|底下)?\s*(?:只|仅|才)?[有分含]\s*({NUMBER})\s*个?(?:分项|条(?!件)|款)|"
    rf"[有含]\s*({NUMBER})\s*个?(?:分项|条(?!件)|款)的?\s*大?项(?!目)|"
    rf"\bitems?\s+(?:that\s+|which\s+)?(?:have|has|with|having)\s+(?:only\s+|just\s+|exactly\s+)?({'|'.join(SPELT)}|\d{{1,2}})\s+clauses?"
)


def of_size(text: str) -> int | None:
    """How many clauses an item has that a folded text asks for: 哪些项只有一条, items with two clauses; None where it asks for none such."""
    match = _OF_SIZE.search(text)
    if match is None:
        return None
    written = next(g for g in match.groups() if g)
    return SPELT.get(written) or value(written)


class WrittenPlace(NamedTuple):
    """One place of the guide that is written: where it stands in the text, item and clause number, below zero from the item's end.

    ``unsure``: what else it may be: another number (``dot``, ``bare``), or how many clauses there are (``few``: 30项三款).
    """

    start: int
    end: int
    item: int
    number: int | None
    unsure: str = ""


def named(text: str) -> list[WrittenPlace]:
    """Every place that a folded ``text`` names by number, in order; counts (一共31项) and notices (第34号) are none."""
    text = without_notices(text)
    rows = [WrittenPlace(*row) for row in within(text)]
    found: list[WrittenPlace] = rows + [r for r in _ranges(text) if not any(n.start < r.end and r.start < n.end for n in rows)]
    for shape in SHAPES:
        for match in shape.finditer(text):
            if any(f.start < match.end() and match.start() < f.end for f in found):
                continue
            one = _read(match)
            if one:
                found.append(one)
                found += following(text, one)
    return sorted(found) or alone(text)


_GOES_ON = re.compile(rf"(?<=\d)\s*{AND}\s*$")
"""A joint behind which nothing was typed."""
_LEADING = re.compile(rf"^\W*({NUMBER}项)(?!还?没|以上|左右)")


def leading(text: str) -> list[str]:
    """24项 at the beginning of a folded question to the register: that item, where elsewhere it says how many there are."""
    return _LEADING.findall(text)


def alone(text: str) -> list[WrittenPlace]:
    """The items of a folded text that says little more than numbers: 三十一, 28、29, 28到30, 10和."""
    whole = _GOES_ON.sub("", text.translate(SIGNS))
    return [WrittenPlace(start, end, item, None, "bare") for start, end, item in rows_alone(whole)]


def without_notices(text: str) -> str:
    """``text`` with what is no number of a place blanked out, every other character where it was."""
    text = text.translate(SIGNS)
    text = NO.sub(lambda m: m[0][:-1] + " ", text)
    for pattern in (NOTICE, COUNT, NO_NUMBER):
        text = pattern.sub(lambda m: " " * len(m[0]), text)
    text = LETTER.sub(lambda m: m[1] + str(ord(m[2]) - ord("a") + 1), text)
    for pattern in (SPELLED, ROMAN):
        text = pattern.sub(lambda m: m[1] + str(ENGLISH_NUMBERS[m[2]]).ljust(len(m[2])) + m[3], text)
    return text


def _read(match: re.Match[str]) -> WrittenPlace | None:
    groups = match.groupdict()
    if groups.get("bare"):
        return WrittenPlace(match.start(), match.end(), int(groups["bare"]), None, "bare")
    written = groups.get("sub") or groups.get("letter") or groups.get("roman") or next((g for g in match.groups()[1:] if g), None)
    sub = _number(written) if written else None
    if "back" in groups or groups.get("last"):
        sub = -(value(groups.get("back") or "一") or 1)
    item = _number(match["item"])
    plain = match[0].startswith("第") or "项" in match[0]
    unsure = "dot" if groups.get("dot") is not None and not plain else "few" if groups.get("few") else ""
    return None if item is None else WrittenPlace(match.start(), match.end(), item, sub, unsure)


def _number(written: str) -> int | None:
    """A clause's number as it is written: 3, 三, third, 3rd, c, iii."""
    if written in ORDINALS:
        return ORDINALS.index(written) + 1
    if written in ENGLISH_NUMBERS:
        return ENGLISH_NUMBERS[written]
    if len(written) == 1 and written.isascii() and written.isalpha():
        return ord(written) - ord("a") + 1
    return value(written.rstrip("stndrh") if written[0].isdecimal() else written)


def _ranges(text: str) -> Iterator[WrittenPlace]:
    """第5到8项, 从14到22, 第5、8、9项: each item of it."""
    taken: list[tuple[int, int]] = []
    for match in (*WITHIN_RANGE.finditer(text), *DOTTED_RANGE.finditer(text)):
        groups = match.groupdict()
        first = value(next(g for g in (groups["a"], groups.get("b"), groups.get("c")) if g))
        item, last = value(match["item"]), -1 if match["to"].startswith("最") else value(match["to"])
        if item and first and last and (last > first or last < 0):
            taken.append(match.span())
            yield from (
                WrittenPlace(*match.span(), item, n) for n in (range(first, min(last, first + MOST) + 1) if last > 0 else (first, last))
            )
    for pattern in (RANGE, FROM, ENGLISH):
        for match in pattern.finditer(text):
            first, last = value(match[1]), value(match[2])
            if first and last and first < last < first + MOST and not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield from (WrittenPlace(*match.span(), n, None) for n in range(first, last + 1))
    for match in FIRST_FEW.finditer(text):
        yield from (WrittenPlace(*match.span(), value(match["item"]) or 0, n) for n in range(1, min(value(match["few"]) or 0, MOST) + 1))
    for match in LAST_FEW.finditer(text):
        yield from (WrittenPlace(*match.span(), value(match["item"]) or 0, -n) for n in range(min(value(match["few"]) or 0, MOST), 0, -1))
    for match in (*LIST.finditer(text), *ITEMS.finditer(text)):
        numbers = [value(n) for n in re.findall(NUMBER, match[0])]
        if not any(a < match.end() and match.start() < b for a, b in taken):
            yield from (WrittenPlace(*match.span(), n, None) for n in numbers if n)


def following(text: str, first: WrittenPlace) -> Iterator[WrittenPlace]:
    """What goes on after a place: 24(1)、(2)和(3), 24(1)(2), 11(1)～(3), 第5项和第12项."""
    last, end = first, first.end
    units = _UNITS.findall(text[first.start : first.end])
    while True:
        if len(units) > 1 and units[0] != units[1] and last.number is not None and (joined := _JOINED.match(text, end)):
            if joined["unit"] == units[0]:
                return  # 第4条第2项和第10条: an item, as the first number was
            if joined["unit"] == units[1]:
                last, end = WrittenPlace(joined.start(), joined.end(), last.item, value(joined["number"])), joined.end()
                yield last
                continue
        match = SIBLING.match(text, end) if last.number is not None else None
        if match is None:
            beside = BESIDE.match(text, end) if last.number is not None and last.unsure == "" else None
            number = value(beside["sub"]) if beside is not None else None
            if beside is not None and number is not None and number <= MOST_CLAUSES:
                last, end = WrittenPlace(beside.start(), beside.end(), last.item, number), beside.end()
                yield last
                continue
            if beside is not None and number is not None and last.item != number:
                yield WrittenPlace(beside.start("sub"), beside.end(), number, None, "bare")
                return
            match = MORE.match(text, end)
            parted = match is not None and text[end : match.start("item")].strip().removesuffix("第").strip() != ""
            if match is None or not parted or not (match["unit"] or match["sub"]):
                return
            item = value(match["item"])
        else:
            item = last.item
        sub = value(match["sub"]) if match["sub"] else None
        if item is None:
            return
        if match["to"] and item == last.item and sub is not None and last.number is not None:
            yield from (WrittenPlace(match.start(), match.end(), item, n) for n in range(last.number + 1, min(sub, last.number + MOST)))
        last, end = WrittenPlace(match.start(), match.end(), item, sub), match.end()
        yield last
