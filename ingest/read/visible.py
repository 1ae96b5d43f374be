"""The one cleaning step of all readers, before numbers are looked for: what nobody sees is no part of a text, what looks alike is alike."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's default ignorables (DerivedCoreProperties): zero-width spaces and joiners, soft hyphens, marks of direction and variants."""


_SUPPLEMENT = dict(
    zip(
        "⺁⺄⺆⺈⺊⺌⺍⺕⺜⺝⺟⺠⺧⺩⺬⺮⺶⺻⺼⻁⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "厂乙冂刀卜小小彐日月母民牛王示竹羊聿月虎西西见角讠贝车辶辶辶阝长门阝雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
)
_SIMPLIFIED = {"⼾": "户", "⾭": "青"}


def visible(text: str) -> str:
    """``text`` without characters that have no width and no ink, which copies from the web, Feishu and WPS put into numbers.

    Radicals that stand for ordinary characters are written out.

    >>> visible("（\u200b3）\ufeff访客登记")
    '（3）访客登记'
    >>> visible("⼀、内部控制")
    '一、内部控制'
    """
    return _INVISIBLE.sub("", written_out(text))


def written_out(text: str) -> str:
    """``text`` with the radicals that some writers put for ordinary characters (⽂ for 文, ⻔ for 门) undone."""
    if not any("\u2e80" <= c <= "\u2fdf" for c in text):
        return text
    return "".join(map(_ordinary, text))


def _ordinary(character: str) -> str:
    if "\u2e80" <= character < "\u2f00":
        return _SUPPLEMENT.get(character, character)
    if "\u2f00" <= character <= "\u2fdf":
        return _SIMPLIFIED.get(character) or unicodedata.normalize("NFKC", character)
    return character
