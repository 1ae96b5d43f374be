"""Numbers as people and guides write them: 二十四, 拾肆, 廿, ③, ⑶, （三）. The one place that reads Chinese numerals.

Only the standard's own range matters (one to some hundreds), so 万 and 亿 are no numerals here.
"""

from __future__ import annotations

import re

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
ENCLOSED: tuple[str, ...] = (
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "❶❷❸❹❺❻❼❽❾❿",
    "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
)
"""Rows of characters that are a number in a circle or in brackets, each row from one upwards."""
_ENCLOSED = {c: n for row in ENCLOSED for n, c in enumerate(row, 1)}
_ANY_ENCLOSED = re.compile(f"[{''.join(ENCLOSED)}]")


def value(number: str) -> int | None:
    """The value of digits, a Chinese numeral or one enclosed number; None when ``number`` is none.

    >>> value("24"), value("二十四"), value("拾肆"), value("二〇"), value("③"), value("项")
    (24, 24, 14, 20, 3, None)
    """
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
