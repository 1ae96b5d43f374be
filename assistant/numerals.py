"""Numbers as people and guides write them: 二十四, 拾肆, 廿, ③, ⑶, （三）. The one place that reads them.

Chinese numerals and English words. Only the standard's own range matters (one to some hundreds), so 万 and 亿 are no numerals here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DIGITS = {c: n for row in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "○壹貳參肆伍陸柒捌玖") for n, c in enumerate(row)} | {
    "两": 2,
    "兩": 2,
    "叄": 3,
    "参": 3,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_JOINED = {"廿": "二十", "卅": "三十"}
CHINESE = "".join(dict.fromkeys([*_DIGITS, *_TENS, *_JOINED]))
"""Every character that a Chinese numeral is made of, for use inside a character class."""
ALONE = rf"(?<![\d.{CHINESE}])"
"""Where a number may begin: not inside another one."""
MOST = 40  # numbers of one row or range that are read; chosen, not measured
_LONGEST = 40
"""Characters of a number that is read; chosen: nobody means a longer one, and Python refuses to read 4,300 digits."""
NUMBER = rf"(?:\d{{1,3}}|[{CHINESE}]{{1,4}})"
TO = r"(?:~|-|–|—|～|至|到|through|to)"
AND = r"(?:、|和|与|及|以及|跟|还有|,|&|and|/|＋|\+)"
"""Patterns of a number, of what stands between the ends of a range, and between numbers in a row."""
ENCLOSED: tuple[str, ...] = (
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "❶❷❸❹❺❻❼❽❾❿",
    "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
)
"""Rows of characters that are a number in a circle or in brackets, each row from one upwards."""
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
         "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_ROUND = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
IN_ENGLISH: dict[str, int] = (
    {word: n for n, word in enumerate(_ONES, 1)}
    | _ROUND
    | {f"{tens}-{one}": many + n for tens, many in _ROUND.items() for n, one in enumerate(_ONES[:9], 1)}
    | {"hundred": 100}
)
"""English words for one to a hundred."""
_ENCLOSED = {c: n for row in ENCLOSED for n, c in enumerate(row, 1)}
_ANY_ENCLOSED = re.compile(f"[{''.join(ENCLOSED)}]")


def value(number: str) -> int | None:
    """The value of digits, a Chinese numeral or one enclosed number; None when ``number`` is none.

    >>> value("24"), value("二十四"), value("拾肆"), value("二〇"), value("③"), value("项")
    (24, 24, 14, 20, 3, None)
    """
    if len(number) > _LONGEST:
        return None
    if number.isdecimal():
        return int(number)
    if number in _ENCLOSED:
        return _ENCLOSED[number]
    for short, long in _JOINED.items():
        number = number.replace(short, long)
    if not number or any(c not in _DIGITS and c not in _TENS for c in number):
        return None
    if not any(c in _TENS for c in number):
        return int("".join(str(_DIGITS[c]) for c in number))
    total = digit = 0
    for character in number:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def unenclosed(text: str) -> str:
    """``text`` with every enclosed number written in brackets, so that no normal form glues it to its neighbours.

    >>> unenclosed("24③")
    '24(3)'
    """
    return _ANY_ENCLOSED.sub(lambda m: f"({_ENCLOSED[m[0]]})", text)


_DAY = re.compile(r"(\d{4}) ?(?:[-/.] ?(\d{1,2}) ?[-/.] ?(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?|(\d{2})(\d{2}))")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


def day(text: str, timed: bool = False) -> date | None:
    """The day that a text names, as people and spreadsheets write it, with ``timed`` also with a time behind it; None for anything else.

    >>> [str(day(t)) for t in ("2026-1-5", "2026 年 1 月 5 日", "２０２６．１．５", "20260105")] == ["2026-01-05"] * 4
    True
    >>> day("2026/1/5 0:00", timed=True), day("2026/1/5 0:00"), day("1/5/2026"), day("46027"), day("2026年2月30日")
    (datetime.date(2026, 1, 5), None, None, None, None)
    """
    said = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.fullmatch(_CLOCK.sub("", said) if timed else said)
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None
