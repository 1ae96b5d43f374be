"""A line of a clause called by its section and its number: 24(3)实地查看第2项, 情况介绍第（6）, 24(3)第2条记录, records no. 2."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.guide import Guide, Kind
from assistant.numerals import NUMBER, value

_SECTIONS: dict[Kind, str] = {
    "documents": r"书面文件|书面|documents?",
    "situation": r"情况(?:介绍|说明)?|situation",
    "records": r"抽查记录|抽查|记录|records?",
    "onsite": r"实地查看|实地|现场查看|现场|on-?site(?: check)?",
}
"""How the guide's sections are called beside a number."""
_NAMES = "|".join(f"(?P<{kind}>{names})" for kind, names in _SECTIONS.items())
_ONE = r"(?:(?:小?[项点条款]|个|句|行)(?!目|件))"
_BEHIND = re.compile(
    rf"(?:{_NAMES})\s*(?:部分|里面?|中|的|下面?|[:,])*\s*"
    rf"(?:第\s*\(?\s*(?P<n>{NUMBER})\s*\)?\s*{_ONE}?|\(\s*(?P<m>{NUMBER})\s*\)\s*{_ONE}?|(?:point|item|line|no\.?|number|#)\s*\(?(?P<e>\d{{1,2}})\)?)"
)
_BEFORE = re.compile(rf"\s*的?\s*第\s*\(?\s*(?P<n>{NUMBER})\s*\)?\s*(?:{_ONE})\s*的?\s*(?:{_NAMES})")
"""Behind a clause: its second line of a section."""


class CalledLine(NamedTuple):
    """The ``number``-th line of a section of a clause, and where it is called so in a folded text."""

    kind: Kind
    number: int
    start: int
    end: int


def called_line(text: str, ends: tuple[int, ...]) -> CalledLine | None:
    """The line that a folded text calls by section and number; ``ends`` are where places of the guide that it names end."""
    found = _BEHIND.search(text) or next((m for end in ends if (m := _BEFORE.match(text, end))), None)
    if found is None:
        return None
    groups = found.groupdict()
    number = value(groups["n"] or groups.get("m") or groups.get("e") or "")
    kind = next(kind for kind in _SECTIONS if groups[kind])
    return CalledLine(kind, number, *found.span()) if number else None


def line_of(called: CalledLine, clause: str, guide: Guide) -> str | None:
    """The id of that line in a clause; None where it has none."""
    entry = guide.clauses[clause]
    owner = guide.clauses[entry.shares_with] if entry.shares_with and not entry.sections else entry
    lines = [r for s in owner.sections if s.kind == called.kind for r in s.requirements]
    numbered = [r.id for r in lines if r.number and value(r.number.strip("()（）")) == called.number]
    places = [r.id for r in lines if r.number is None][called.number - 1 : called.number]
    return next(iter(numbered or places), None)
