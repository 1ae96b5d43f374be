"""Whether a question wants a yes or a no, what it denies and what number it puts: by its grammar alone."""

from __future__ import annotations

import re

from assistant.answers.question.words import fold
from assistant.answers.reply.deciding.quantities import quantities

_POLAR = re.compile(
    r"([一-鿿])不\1|是否|能否|可否|会否|(?:[吗嘛吧否]|(?<![什怎])么)[呀啊呢]?[\s？?！!。.~）)]*$|(?<![要好])不[\s？?。~）)]*$|(?<![一-鿿][都也还])(?<=[一-鿿%％])没有?[呀啊呢]?[\s？?。~）)]*$|"
    r"(?:^|[.,;!?]\s*)(?:so\s+)?(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)\b|\b(?:right|ok|okay|acceptable|enough|allowed|correct)\s*\?"
)
"""Yes/no by grammar: A-not-A and final particles, inversion and tags."""
DENIAL = re.compile(r"不(?!同|一样|仅|但|止|断|管|论|光)|没(?!收)|无(?!论)|未(?!来)|非(?!常)|\bno\b|\bnot\b|n't\b|\bnever\b|\bwithout\b")
"""Words of denial; in 不同, 不仅, 无论, 未来, 非常 the letter denies nothing."""
CLOSING = re.compile(r"([一-鿿])不\1|(?:不|没有?[呀啊呢]?)[\s？?。~）)]*$")
"""How a question closes that asks by a denial (做不做, 做不？, 超过没有): these deny nothing."""
WANTS = re.compile(r"几|多|什么|何|\bhow\b|\bwhat\b")
"""Words that ask for a number or a thing."""
THEN = re.compile(r"呢[\s？?。!！]*$|^(?:and\s+)?(?:what|how) about\b")
"""A number with no more than this asks of it what was asked of another: 那2%呢."""


def polar(question: str) -> bool:
    """Whether a question wants a yes or a no, by its grammar."""
    return _POLAR.search(fold(question)) is not None


def weighing(question: str) -> bool:
    """Whether the numbers of a question are to be held against the guide's: it wants a yes or a no, or puts another number (那2%呢)."""
    text = fold(question)
    rest, then = THEN.subn("", text)
    return polar(text) or (bool(then) and bool(quantities(rest)) and not WANTS.search(rest))
