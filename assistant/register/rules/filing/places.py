"""The places of the guide that folder and file names say: 24(3), 24-3, 二十四（三）, 第24项, 24 进入安全, and in such a folder （3）."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from assistant.guide import Guide
from assistant.numerals import CHINESE, unenclosed, value

_N = rf"(?:\d{{1,3}}|[{CHINESE}]{{1,4}})"
_ALONE = rf"(?<![\d.{CHINESE}a-z\u4e00-\u9fff])"
_END = rf"(?![\d{CHINESE}])"
_CLAUSE = re.compile(rf"(?:{_ALONE}|第)({_N})\s*(?:项|条|款)?\s*\(\s*({_N})\s*\)(?:\s*(?:-|~|至|到)+\s*\(\s*({_N})\s*\))?")
_SIBLING = re.compile(rf"\s*[、,，和及与&]?\s*\(\s*({_N})\s*\)")
_DOTTED = re.compile(
    rf"^\W*(?:item|clause|no\.?)?\s*第?({_N})\s*(?:项|条)?\s*[-_.·之第]\s*({_N})(?:项|条|款)?{_END}(?!\s*(?:[-.]\s*\d|[年月日%]))"
)
_ITEM = re.compile(rf"^\W*(?:项目?|条款|item|no\.?)?\s*(第)?\s*({_N})\s*(项|条)?{_END}(?!\s*(?:年|月|日|号|季|次|份|号楼|部分|%|[-.]\d))")
_NAMED = re.compile(rf"第\s*({_N})\s*(?:大?项|条)(?:标准)?")
_SUB = re.compile(rf"^[\W_]*?(第\s*\(?|\()?\s*({_N})\s*(\)|分项|小?项|款)?(?![\d年月日%])")

_NUMBERS = (_CLAUSE, _NAMED, re.compile(rf"^[\W_]*第?\s*\(?\s*{_N}\s*(?:\)|[、.．_-])\s*(?:分项)?"))

How = Literal["clause", "item", "sub", "title", "category", "serial"]


@dataclass(frozen=True, slots=True)
class NamedClauses:
    """The clauses that one name means: how it says so, and in which of the path's names (0 is the outermost).

    ``serial``: a bare number before a name, which may only count the files or folders beside it.
    """

    how: How
    clauses: tuple[str, ...]
    depth: int
    said: str


@dataclass
class Places:
    """What the names of a path mean in one guide, or in one family of a guide of several: ``prefix`` stands before its ids then."""

    guide: Guide
    prefix: str = ""
    _items: dict[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._items = {number: tuple(c.id for c in item.clauses) for number, item in self.guide.items.items()}
        self._titles = sorted(((fold(i.title), n) for n, i in self.guide.items.items() if len(i.title) > 1), key=lambda pair: -len(pair[0]))
        self._categories = {fold(c.title): tuple(k.id for i in c.items for k in i.clauses) for p in self.guide.parts for c in p.categories}
        self._parts = {fold(p.title) for p in self.guide.parts}

    def named(self, names: Sequence[str]) -> list[NamedClauses]:
        """Everything that the folded names of a path say, outermost first; the last is the file's."""
        found: list[NamedClauses] = []
        for depth, name in enumerate(names):
            found += self._in(name, depth, depth == len(names) - 1, found)
        return found

    def _in(self, name: str, depth: int, last: bool, before: Sequence[NamedClauses]) -> Iterator[NamedClauses]:
        category = next((clauses for title, clauses in self._categories.items() if title in name), None)
        if category:
            yield NamedClauses("category", category, depth, name)
        elif any(title in name for title in self._parts):
            return
        clauses = tuple(dict.fromkeys(self._clauses(name)))
        if clauses:
            yield NamedClauses("clause", clauses, depth, name)
        titles = self._titled("".join(name.split()))
        if titles and not category:
            yield NamedClauses("title", titles, depth, name)
        if clauses or category:
            return
        within = next((p for p in reversed(before) if p.how in ("item", "title") and p.depth < depth), None)
        sub = _SUB.match(name)
        if within and sub and (inner := self._inner(within, value(sub[2]))):
            yield NamedClauses("sub" if sub[1] or sub[3] or not last else "serial", inner, depth, name)
            return
        numbered = _NAMED.search(name)
        leading = _ITEM.match(name)
        number = value(numbered[1]) if numbered else value(leading[2]) if leading else None
        if number is not None and (item := f"{self.prefix}{number}") in self._items:
            marked = numbered is not None or not leading or bool(leading[1] or leading[3])
            sure = marked or (not last and not any(c.isalnum() for c in name[leading.end() :])) if leading else marked
            sure = sure or (not last and bool(set(titles) & set(self._items[item])))
            yield NamedClauses("item" if sure else "serial", self._items[item], depth, name)

    def _clauses(self, name: str) -> Iterator[str]:
        for match in _CLAUSE.finditer(name):
            item, first = value(match[1]), value(match[2])
            last = value(match[3]) if match[3] else first
            if item is None or first is None or last is None:
                continue
            numbers = list(range(first, min(last, first + 20) + 1))
            rest = match.end()
            while more := _SIBLING.match(name, rest):
                numbers.append(value(more[1]) or 0)
                rest = more.end()
            yield from self._known(item, numbers)
        if dotted := _DOTTED.match(name):
            yield from self._known(value(dotted[1]), [value(dotted[2]) or 0])

    def _known(self, item: int | None, numbers: Sequence[int]) -> Iterator[str]:
        for number in numbers:
            if (clause := f"{self.prefix}{item}({number})") in self.guide.clauses:
                yield clause

    def _titled(self, name: str) -> tuple[str, ...]:
        """The clauses of the items whose title stands in a name; a title inside of a longer one that stands there too does not count."""
        found: list[str] = []
        for title, number in self._titles:
            if title in name:
                name = name.replace(title, "\n")
                found += self._items[number]
        return tuple(found)

    @staticmethod
    def _inner(within: NamedClauses, number: int | None) -> tuple[str, ...]:
        return tuple(c for c in within.clauses if number is not None and c.endswith(f"({number})"))


def unnumbered(name: str) -> str:
    """A folded name without the numbers of places, for reading its words."""
    for pattern in _NUMBERS:
        name = pattern.sub(" ", name)
    return name


def fold(name: str) -> str:
    """A name for matching: NFKC, lower case, 简体, one blank for many, enclosed numbers in brackets. Never shown."""
    wide = " ".join(unicodedata.normalize("NFKC", unenclosed(name)).lower().split())
    return str(_simplified().convert(wide)) if any("\u3400" <= c <= "\u9fff" for c in wide) else wide


@cache
def _simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
