"""Numbers by their value: what a claim counts, however it is written, against what its lines and the question count.

一年一次 is 每年1次, 百分之三 is 3%, six weeks are 42 days. A number that nothing holds falls; one that stands beside another of its kind
which is held (两次就超了，最多一次) may be an example or a false addition: that only its meaning can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isclose
from typing import NamedTuple

from assistant.answers.passages import Passage
from assistant.answers.reply.check.quantities import CountedNumber, counted, frequencies, plain, quantities
from assistant.answers.reply.deciding.quantities import quantities as values

_ROUNDED, _ABOUT = 0.002, 0.02
"""How far numbers may be apart that are the same (91.7% of 11 in 12), and lengths that people call the same (30 days, a month)."""
_YEARLY = {"year": 1.0, "half": 2.0, "quarter": 4.0, "month": 12.0, "week": 52.0, "day": 365.0}
_KINDS = {"rate": "times", "count": "times", "time": "times", "percent": "share", "permille": "share", "person": "people"} | dict.fromkeys(
    ("year", "month", "week", "day", "hour", "minute"), "length"
)
"""Units and dimensions that count the same kind of thing."""


class StrangeNumber(NamedTuple):
    """A number of a claim that nothing holds; ``doubtful``: only its meaning can tell whether it is false."""

    text: str
    doubtful: bool


class _Said(NamedTuple):
    kind: str
    value: float
    text: str
    spelled: tuple[CountedNumber, ...]
    """The same words read number by number, each with the unit that follows it."""


def strange(text: str, source: str, cited: Sequence[Passage], question: str) -> StrangeNumber | None:
    """The first number of ``text`` that neither ``source`` nor the question holds; a false one before one that is only doubtful.

    An ordinal of the question (第20天) may be told as an amount; a number without a unit may be that of a clause that is cited (7、28、29), or
    the count of what is cited (5份).
    """
    asked = f"{question}\n{question.replace('第', ' ')}"
    known = _Known(source, asked, cited)
    said = list(_said(text))
    held = [known.holds(one) for one in said]
    kinds = {one.kind for one, well in zip(said, held, strict=True) if well}
    wrong = [
        StrangeNumber(one.text.strip(), one.kind in kinds or known.nearly(one, said))
        for one, well in zip(said, held, strict=True)
        if not well
    ]
    return min(wrong, key=lambda one: one.doubtful, default=None)


class _Known:
    """The numbers of a source and of a question, by value and as they are spelled."""

    def __init__(self, source: str, asked: str, cited: Sequence[Passage]) -> None:
        both = f"{source}\n{asked}"
        self.values = {(_KINDS.get(q.dimension, q.dimension), q.value) for q in values(plain(both))}
        self.often = {_YEARLY[often] for often in frequencies(source, source=True) | frequencies(asked)}
        self.spelled = quantities(both)
        self.bare = {q.number for q in self.spelled} | {float(line.clause) for line in cited if line.clause.isdigit()}
        self.bare |= {float(len(cited)), float(len({line.clause for line in cited}))} - {1.0}

    def holds(self, one: _Said) -> bool:
        """By value, or spelled the same.

        一月一次 has the 一次 of 每年一次: how often something happens is the same by its value only, or a period alone (每年) that is named.
        """
        if any(kind == one.kind and isclose(value, one.value, rel_tol=_ROUNDED) for kind, value in self.values):
            return True
        if not one.spelled:
            return one.kind == "times" and one.value in self.often
        rate = one.kind == "times" and not any(q.number == one.value for q in one.spelled)
        return not rate and all(q in self.spelled or (q.unit == "" and q.number in self.bare) for q in one.spelled)

    def nearly(self, one: _Said, said: Sequence[_Said]) -> bool:
        """Whether it may be held in another form.

        A length as the period of what happens (一年一份 for 每年) or about as long as another; two numbers that make a share (十次, 九次 for 90%).
        """
        if one.kind == "length":
            periods = {12 / value if kind == "times" else value for kind, value in self.values if kind in ("times", "length") and value}
            return any(isclose(one.value, period, rel_tol=_ABOUT) for period in periods)
        shares = [100 * min(one.value, q.value) / max(one.value, q.value) for q in said if q.kind == one.kind and q.value and one.value]
        return any(kind == "share" and isclose(value, share, rel_tol=_ROUNDED) for kind, value in self.values for share in shares)


def _said(text: str) -> Iterable[_Said]:
    """The numbers of a claim: those with a value first, then what is only a number with its unit."""
    wide = plain(text)
    single = list(counted(wide))
    read = values(wide)
    for q in read:
        inside = tuple(one for one, start, end in single if start < q.end and q.start < end)
        if inside or q.dimension in ("rate", "share", "ratio"):
            yield _Said(_KINDS.get(q.dimension, q.dimension), q.value, q.text, inside)
    for one, start, end in single:
        if not any(start < q.end and q.start < end for q in read):
            yield _Said(_KINDS.get(one.unit, one.unit), one.number, wide[start:end], (one,))
