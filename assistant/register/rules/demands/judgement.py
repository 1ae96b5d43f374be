"""What was judged of single lines, and what follows from any line's own words where nobody judged it.

The data stand in ``judged/``, keyed by lineage key: a line of a later edition that kept its words keeps its judgement.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assistant.guide import Clause, Kind, Requirement, Section
from assistant.numerals import CHINESE, value
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Owing

HAPPENED = re.compile(r"[（(][若如]有[）)]|过往(发生|应对|涉及)|责任追究|事故|处置.{0,6}记录")
"""A record of something that need not have happened."""
BULK = re.compile(r"(单证资料|入职档案|离职.{0,4}档案|(证书|法律文书)等?单证)")
"""More papers than anybody hands in: shown by index, place and a few sets."""
KEPT_UP = re.compile(r"记录|档案")
"""Kept up all the time, not written once."""
TIMES = re.compile(rf"每年[^，。；]{{0,6}}?(\d+|[{CHINESE}]+)次以上")
WINDOW = re.compile(r"\d+年(以上|内|以来)|不少于\d+年")
_PARTS = re.compile("[，。；]")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged of a line or clause; what is empty follows from the words. See the head of the data for the meanings."""

    at: str
    says: str
    owing: Owing | None = None
    kind: Kind | None = None
    rows: str | tuple[str, ...] = ()
    stands_in: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    since: str = ""
    fiscal: bool = False
    count: int = 0
    own_count: int = 0
    valid: int = 0
    current: bool = False
    bring: str = ""
    follows: str = ""
    feeds: str = ""
    season: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Lines that one paper may serve; ``reason`` is verbatim from the line ``at``, empty where the guide does not say it."""

    name: str
    lines: tuple[str, ...]
    at: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a line demands, verbatim; with ``when``, only where one of these flags holds."""

    key: str
    at: str
    text: str
    when: tuple[str, ...] = ()


NOTHING = Judged("", "")
_JUDGED = Path(__file__).parent / "judged"


@cache
def judged_lines() -> Mapping[str, Judged]:
    """Lineage key -> judgement, of all editions that were read."""
    return {entry.pop("key"): Judged(**_tuples(entry)) for document in _documents() for entry in document.get("line", ())}


@cache
def links() -> Mapping[str, Link]:
    """Lineage key of a line -> the link it belongs to."""
    found = [Link(**_tuples(entry)) for document in _documents() for entry in document.get("link", ())]
    return {key: link for link in found for key in link.lines}


@cache
def shipped_elements() -> Mapping[str, tuple[Element, ...]]:
    """Lineage key of a line or clause -> its reviewed elements; none where a reader found that its words only look like a list."""
    found: dict[str, tuple[Element, ...]] = {}
    for path in sorted(_JUDGED.iterdir()):
        if path.name.endswith("-elements.tsv"):
            for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
                one = Element(row["key"], row["at"], row["element"], tuple(row["when"].split()))
                found[one.key] = (*found.get(one.key, ()), *((one,) if one.text else ()))
    return found


def elements_of(part: Requirement | Clause, profile: Profile) -> tuple[Element, ...]:
    """The elements of a line or clause: as the lead confirmed them for it, else those it had when it was first known.

    Of the latter only what still stands in its words, verbatim; none when nobody reviewed any.
    """
    if part.key in profile.elements:
        return tuple(Element(part.key, "", text) for text in profile.elements[part.key])
    words = part.text if isinstance(part, Clause) else part.wording
    first = profile.elements.get(part.lineage)
    known = shipped_elements().get(part.lineage, ()) if first is None else [Element(part.lineage, "", text) for text in first]
    return tuple(e for e in known if e.text in words)


def judgement(key: str) -> Judged:
    """What was judged of a line, nothing for most."""
    return judged_lines().get(key, NOTHING)


def owing_of(section: Section, line: Requirement) -> Owing:
    """The kind of thing that a line owes: judged, else from its section and words."""
    judged = judgement(line.lineage).owing
    if judged is not None:
        return judged
    if section.kind != "records" or line.role == "statement":
        return "paper" if section.kind in ("documents", "records") else "form"
    if HAPPENED.search(line.text):
        return "event"
    if BULK.search(line.text):
        return "sample"
    return "duty" if KEPT_UP.search(line.text) else "paper"


def times_a_year(clause: Clause) -> int:
    """How often a clause wants its duty in a year; 0 where it names no number."""
    judged = judgement(clause.lineage).count
    said = TIMES.search(clause.text)
    return judged or (value(said.group(1)) or 0 if said else 0)


def season_of(clause: Clause, lineage: str, item: str, profile: Profile) -> str:
    """The day of the year by which a yearly line is wanted: as the lead set it for clause or item, else as judged; empty for most."""
    return profile.seasons.get(clause.id) or profile.seasons.get(item) or judgement(lineage).season


def named_roles(clause: Clause, line: Requirement) -> tuple[str, ...]:
    """The roles that a clause names before 应当, where its line wants the record of each of them (每个人)."""
    if "每个人" not in line.text or "应当" not in clause.text:
        return ()
    return tuple(clause.text.partition("应当")[0].split("、"))


def measure_of(clause: Clause, *texts: str) -> str:
    """The words that set a number or a window, verbatim: from the clause's sentence, else from the lines given."""
    said = TIMES.search(clause.text)
    if said:
        return said.group(0)
    for text in (clause.text, *texts):
        found = next((part for part in _PARTS.split(text) if WINDOW.search(part)), "")
        if found:
            return found.strip()
    return next((part.strip() for part in _PARTS.split(clause.text) if "每年" in part), "")


def _documents() -> Iterator[dict[str, Any]]:
    for path in sorted(_JUDGED.iterdir()):
        if path.name.endswith(".toml"):
            yield tomllib.loads(path.read_text(encoding="utf-8"))


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
