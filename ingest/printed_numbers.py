"""Printed numbers at the beginning of a line: their style, their value, and what follows them, all verbatim."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from assistant.numerals import ENCLOSED, value

Style = Literal["chapter", "ordinal", "chinese", "chinese_bracket", "arabic", "bracket", "half_bracket", "circle", "dotted"]

_CHINESE = "一二三四五六七八九十百零〇○"
_NUMBER = rf"\d{{1,3}}|[{_CHINESE}]{{1,5}}"
_CIRCLES, _BRACKETED = ENCLOSED[:2]
_PATTERNS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第\s*({_NUMBER})\s*(?:部分|大类|[章节篇编类])\s*[：:、．.]?")),
    ("ordinal", re.compile(rf"第\s*({_NUMBER})\s*[项条款]\s*[：:、．.]?")),
    ("chinese_bracket", re.compile(rf"[（(]\s*([{_CHINESE}]{{1,5}})\s*[）)]、?")),
    ("bracket", re.compile(r"[（(]\s*(\d{1,3})\s*[）)]、?")),
    ("circle", re.compile(rf"([{_CIRCLES}{_BRACKETED}])、?")),
    ("half_bracket", re.compile(r"(\d{1,3})\s*[）)]")),
    ("dotted", re.compile(r"([1-9]\d?(?:[.．]\d{1,2}){1,3})(?=[\s、\u4e00-\u9fff])(?!\s*[%倍万元美])、?")),
    ("arabic", re.compile(r"(\d{1,3})\s*(?:[．、]|\.)(?!\d)")),
    ("chinese", re.compile(rf"([{_CHINESE}]{{1,5}})\s*[、．.，]")),
)
_TITLE_LENGTH = 40  # characters of a title
_LABEL_LENGTH = 16
"""Characters at the beginning of a line within which a printed number ends; the longest, 第一百一十七部分：, has nine."""
_AFTER_STOP = "\u3000"


class PrintedNumber(NamedTuple):
    """A printed number: ``label`` is all of it as printed, ``rest`` the text behind it."""

    style: Style
    value: int
    label: str
    rest: str


def mark(text: str) -> PrintedNumber | None:
    """The number that ``text`` begins with, or None.

    >>> mark("（十一）进入安全控制措施")
    Mark(style='chinese_bracket', value=11, label='（十一）', rest='进入安全控制措施')
    """
    stripped = text.strip()
    plain, places = _spelled(stripped[:_LABEL_LENGTH])
    for style, pattern in _PATTERNS:
        match = pattern.match(plain + stripped[_LABEL_LENGTH:])
        if match:
            end = places[match.end()] if match.end() < len(places) else match.end() - len(plain) + _LABEL_LENGTH
            return PrintedNumber(style, value_of(match.group(1)), stripped[:end].rstrip(), stripped[end:].strip())
    return None


def spelled(label: str) -> str:
    """A printed number in ordinary characters: ⒈ is "1．", ㈠ is "（一）", ⼀ is 一.

    >>> spelled("㈠"), spelled("⒓")
    ('（一）', '12．')
    """
    return _spelled(label)[0].replace(_AFTER_STOP, "")


def is_title(text: str) -> bool:
    """Whether a line reads like a title: short, no sentence, not announcing what follows."""
    stripped = text.strip()
    return 0 < len(stripped) < _TITLE_LENGTH and not re.search(r"[。；;：:]", stripped)


def value_of(number: str) -> int:
    """The value of a printed number in any script; of 1.2.3 that of its last place; 0 when it has none.

    >>> value_of("（二十一）"), value_of("⑫"), value_of("4.10")
    (21, 12, 10)
    """
    text = spelled(number).strip(" \t（）()第项条款、．.")
    digits = re.findall(r"\d+", text)
    return int(digits[-1]) if digits else value(text) or 0


def _spelled(text: str) -> tuple[str, list[int]]:
    """Look-alikes and characters that hold a whole number, written out; and for each place where the original goes on."""
    found, places = "", [0]
    for position, character in enumerate(text):
        wide = _written_out(character)
        found += wide
        places += [position + 1] * len(wide)
    return found, places


def _written_out(character: str) -> str:
    if character.isascii() or character in _CIRCLES or character in _BRACKETED or "\u4e00" <= character <= "\u9fff":
        return character
    if "\u2488" <= character <= "\u249b":  # ⒈ to ⒛: nothing behind the stop belongs to the number
        return unicodedata.normalize("NFKC", character).replace(".", "．") + _AFTER_STOP
    if "\u3220" <= character <= "\u3229" or "\u3280" <= character <= "\u3289":  # ㈠ to ㈩, ㊀ to ㊉
        return f"（{unicodedata.normalize('NFKC', character).strip('()')}）"
    if "\u2776" <= character <= "\u2793" or "\u24f5" <= character <= "\u24fe":  # ❶, ➀, ➊ and ⓵ to their tens
        return _CIRCLES[int(unicodedata.numeric(character)) - 1]
    return unicodedata.normalize("NFKC", character) if "\u2e80" <= character <= "\u2fdf" else character
