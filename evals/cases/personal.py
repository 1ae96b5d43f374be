"""Personal data in a question: shown to the lead before it is kept. Better one too many shown than one too few."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["phone", "email", "id_number", "name", "slack_id", "card", "plate"]

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+\-])[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    ("slack_id", re.compile(r"<[@#!][^<>\s]+>|\b[UWCDB](?=[A-Z0-9]*\d)[A-Z0-9]{8,11}\b")),
    ("id_number", re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")),
    ("id_number", re.compile(r"(?<![A-Za-z\d])[A-Z]{1,2}\d{6,9}(?:\([\dA]\))?(?![A-Za-z\d])")),
    ("card", re.compile(r"(?<!\d)\d{4}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?(?!\d)")),
    ("phone", re.compile(r"(?<!\d)(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[ \-]?\d{7,8}(?!\d)|(?<![\w+])\+\d{1,3}[ \-]?\d{2,4}[ \-]?\d{3,4}[ \-]?\d{3,4}(?!\d)")),
    ("plate", re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9]{5,6}")),
    ("name", re.compile(r"(?:我叫|名叫|本人叫|叫做)\s*([㐀-鿿·]{2,4})")),
    ("name", re.compile(r"(?:姓名|联系人|经办人|司机|法人)\s*[:：是为]\s*([㐀-鿿·]{2,4})")),
    ("name", re.compile(r"(?i:my name is|name\s*[:：]|i am called)\s+([A-Z][\w'\-]+(?:\s+[A-Z][\w'\-]+){0,2})")),
)


class Personal(NamedTuple):
    """A piece of personal data and what kind it is."""

    kind: Kind
    text: str


def personal(text: str) -> list[Personal]:
    """Personal data in a text, in the order in which it stands there; of overlapping finds the longest."""
    found: list[tuple[int, int, Kind, str]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            found.append((match.start(group), match.end(group), kind, match.group(group)))
    kept: list[tuple[int, int, Kind, str]] = []
    for entry in sorted(found, key=lambda f: f[0] - f[1]):
        if all(entry[1] <= other[0] or entry[0] >= other[1] for other in kept):
            kept.append(entry)
    return [Personal(kind, words) for _, _, kind, words in sorted(kept)]
