"""Whether words ask for something by an interrogative: who, what, which, how, how many. Grammar alone; whether they ask at all is learned."""

from __future__ import annotations

import re

_ASKS_WHAT = re.compile(r"如何|怎|哪|什么|谁|几|多少|何[时地人种处]|为何|\b(?:how|what|which|who|whom|when|where|why)\b")


def asks_what(text: str) -> bool:
    """Whether a folded text has an interrogative.

    >>> asks_what("报关章怎么管"), asks_what("进出口问题改进")
    (True, False)
    """
    return _ASKS_WHAT.search(text) is not None
