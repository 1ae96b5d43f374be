"""How Word writes the number of a list level, per ``w:numFmt`` (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_UNITS = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MAX_NUMBER = 9_999  # beyond it Word's number formats are not written out


def number_as(style: str, value: int) -> str:
    """``value`` as Word shows it in that number format; a format that is not known is shown in decimal digits.

    >>> number_as("chineseCountingThousand", 117), number_as("decimalEnclosedCircle", 3)
    ('一百一十七', '③')
    """
    if style == "none":
        return ""
    if not 0 <= value <= MAX_NUMBER:
        return str(value)
    return _FORMATS.get(style, str)(value)


def _positional(value: int) -> str:
    return "".join(_DIGITS[int(d)] for d in str(value))


def _counted(value: int, digits: str, units: str) -> str:
    """Digits with their units, a single zero for a gap: 1005 -> 一千零五."""
    if value == 0:
        return digits[0]
    found, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit == 0:
            gap = bool(found)
            continue
        found += (digits[0] if gap else "") + digits[digit] + units[power].strip()
        gap = False
    return found


def _thousands(value: int) -> str:
    text = _counted(value, "零" + _DIGITS[1:], " 十百千")
    return text[1:] if text.startswith("一十") else text


def _counting(value: int) -> str:
    return _thousands(value) if value < 100 else _positional(value)


def _roman(value: int) -> str:
    if value == 0:
        return "0"
    found = ""
    for size, letters in (*_ROMAN, *_ROMAN_UNITS):
        found += letters * (value // size)
        value %= size
    return found


def _letters(value: int) -> str:
    """A to z, then aa, bb, as Word doubles them."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 780 else str(value)


def _row(first: str, count: int, otherwise: Callable[[int], str] = str) -> Callable[[int], str]:
    """Characters that stand in Unicode one after the other, from 1 to ``count``."""
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= count else otherwise(value)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda value: characters[(value - 1) % len(characters)] if value else "0"


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: "".join(chr(ord("０") + int(d)) for d in str(value)),
    "decimalFullWidth2": lambda value: "".join(chr(ord("０") + int(d)) for d in str(value)),
    "decimalEnclosedCircle": _row("①", 20),
    "decimalEnclosedCircleChinese": _row("①", 20),
    "decimalEnclosedFullstop": _row("⒈", 20),
    "decimalEnclosedParen": _row("⑴", 20),
    "ideographEnclosedCircle": _row("㊀", 10),
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": _thousands,
    "taiwaneseCountingThousand": _thousands,
    "japaneseCounting": _thousands,
    "ideographDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "taiwaneseDigital": _positional,
    "chineseLegalSimplified": lambda value: _counted(value, _LEGAL, " 拾佰仟"),
    "ideographLegalTraditional": lambda value: _counted(value, _LEGAL_TRADITIONAL, " 拾佰仟"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
}
