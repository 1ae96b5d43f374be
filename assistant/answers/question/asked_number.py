"""Whether a question asks for a number, and in which unit."""

from __future__ import annotations

import re

from assistant.answers.question.words import fold

_UNITS = {
    "day": r"天|日|days?|工作日",
    "year": r"年|years?",
    "time": r"次|回|times|often|频率|多久一|frequency",
    "hour": r"小时|分钟|课时|钟头|hours?|minutes?",
    "metre": r"米|公分|厘米|metres?|meters?|cm|high|高|厚|宽",
    "head": r"人|名|位同事|保安|people|persons?|guards|staff|headcount",
    "digit": r"位(?!同)|characters?|digits",
    "percent": r"%|百分|比例|率|percent|ratio",
    "piece": r"份|票|家|个|张|页|台|pages?|samples?|copies|units",
}
_ASKS = re.compile(
    r"(几|多少|多(?:久|长|高|大|厚|远)|最低|最少|至少要?|how (?:many|long|often|high|much|far|big|large|thick)|minimum|at least|number of)\s*"
    r"(?:个)?(工作日|[一-鿿]{0,2}|[a-z]+)"
)
_SHARE = re.compile(r"(?<!频)(?<!頻)率|比例|占比|佔比|百分|个点|成$|ratio|\brate\b|percentage|share")


def asked_unit(text: str) -> str | None:
    """The unit of a number that the question asks for (``day``, ``metre`` …), or None when it asks for no number."""
    match = _ASKS.search(fold(text))
    if not match:
        return None
    if match.group(1) in ("多久", "多长", "how long", "how far"):
        return "long"
    unit = unit_named(match.group(0))
    if unit in (None, "metre") and _SHARE.search(fold(text)[max(0, match.start() - 12) : match.end() + 2]):
        return "percent"  # 准确率要多高 asks for no height
    if unit:
        return unit
    return "piece" if match.group(1) in ("几", "多少", "how many") else "long"


def unit_named(words: str) -> str | None:
    """The first unit that some words name."""
    return next((unit for unit, pattern in _UNITS.items() if re.search(pattern, words)), None)
