"""The one cleaning step of all readers, before numbers are looked for: what nobody can see in a text is no part of it."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's default ignorables (DerivedCoreProperties): zero-width spaces and joiners, soft hyphens, marks of direction and variants."""


def visible(text: str) -> str:
    """``text`` without characters that have no width and no ink: copies from the web, Feishu and WPS put them into numbers.

    >>> visible("（\u200b3）\ufeff访客登记")
    '（3）访客登记'
    """
    return _INVISIBLE.sub("", text)
