"""The owner table: rows of cells into assignments and people, or every mistake at once; pure, whatever the file was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant import numerals
from assistant.errors import AeoError, CaseError, RegisterError
from assistant.families import named
from assistant.guide import Guide
from assistant.register.facts.naming import Named, key, several, tidy
from assistant.register.facts.people import NOBODY, Assignment, Person
from assistant.register.rules.evidence.life import clean
from assistant.register.rules.people.named_places import folded, target_of, targets_of, zone_of
from assistant.register.rules.people.owner_header import MARKS, SERIAL, filled, header_of
from assistant.texts import say

_PERSONS = ("owner", "reviewer", "deputy")
MOST_ROWS = 5000  # of an owner table; chosen, not measured
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+$")
_PLACES = re.compile(r"[;；、,，\n]+")
_CLAUSES = frozenset(("条款", "分项", "clause"))
"""Headings of a column whose bare numbers are clauses of the item that stands in another column."""
_SIGNED = re.compile(r"[^\d:：]{1,8}[:：]")
_NOBODY = frozenset((NOBODY, "—", "——", "–", "无", "none"))
"""What a cell holds from which a person is to be taken away."""
_AROUND = re.compile(r"^[第(（]|[)）]?(?:分项|条款|款|项|条)?[、.．]?$")
_BARE = re.compile(r"^[第(]?\s*(\d{1,2})\s*[)）]?(?:分项|款|项)?$")
_MEMBER = re.compile(r"^[UW][A-Z0-9]{5,}$")


@dataclass(frozen=True, slots=True)
class CellMistake:
    """What is wrong in one cell, and what to do."""

    row: int
    column: str
    key: str
    values: tuple[tuple[str, str | int], ...] = ()

    def sentence(self, lang: str) -> str:
        """Row (0: there is none), column and what to do."""
        what, column = say(self.key, lang, **dict(self.values)), say(f"evidence.column.{self.column}", lang)
        return say("register.row" if self.row else "register.cell", lang, row=self.row, column=column, what=what)


class TableError(CaseError):
    """An owner table with mistakes: all of them in one sentence, in the reader's language."""

    def __init__(self, where: str, mistakes: Sequence[CellMistake]) -> None:
        super().__init__("register.table_wrong", where=where, count=len(mistakes), mistakes=tuple(mistakes))

    def __reduce__(self) -> tuple[object, ...]:
        return (TableError, (self.values["where"], self.values["mistakes"]))

    def sentence(self, lang: str = "zh") -> str:
        """All mistakes, one after the other."""
        found: tuple[CellMistake, ...] = self.values["mistakes"]
        joined = ("；" if lang == "zh" else "; ").join(m.sentence(lang) for m in found)
        return say(self.key, lang, where=self.values["where"], count=len(found), wrong=joined)


class RowError(RegisterError):
    """What was said of one place has mistakes: all of them in one sentence, in the reader's language."""

    def sentence(self, lang: str = "zh") -> str:
        """All mistakes, one after the other."""
        found: tuple[CellMistake, ...] = self.values["mistakes"]
        return say(self.key, lang, wrong=("；" if lang == "zh" else "; ").join(m.sentence(lang) for m in found))


def parse_row(values: dict[str, str], guide: Guide) -> tuple[list[Assignment], list[Person]]:
    """Assignments and people from one row by the names of its columns, as the table itself is read.

    Raises:
        RowError: every mistake in it.
    """
    assignments, people, wrong = _rows(0, {name: clean(text, 200) for name, text in values.items()}, guide, {})
    if wrong:
        raise RowError("register.row_wrong", mistakes=tuple(wrong))
    return assignments, people


def parse_table(cells: Sequence[tuple[int, Sequence[str]]], guide: Guide, where: str) -> tuple[list[Assignment], list[Person]]:
    """Assignments and people from (row number, cells); the header is in Chinese or English, below at most some rows of title.

    A row that says nothing of any column that is read, and who made the table (制表人：…) below its last row, are no rows of it.

    Raises:
        TableError: every mistake, with row, column and what to do; then nothing may be imported.
    """
    rows = filled(cells)
    if len(rows) > MOST_ROWS + 1:
        raise TableError(where, [CellMistake(MOST_ROWS + 2, "target", "register.table_long", (("limit", MOST_ROWS),))])
    header = header_of(rows[0][1] if rows else [])
    wrong = [CellMistake(rows[0][0] if rows else 1, name, "register.header_missing") for name in ("target", "owner") if name not in header]
    if wrong:
        raise TableError(where, wrong)
    if heading := _unread_item(rows, header):
        raise TableError(where, [CellMistake(rows[0][0], "target", "register.header_unknown", (("heading", heading),))])
    assignments: list[Assignment] = []
    people: dict[str, Person] = {}
    seen: dict[tuple[str, str], int] = {}
    while len(rows) > 1 and _signed(rows[-1][1]):
        rows.pop()
    for number, values in ((number, _values(row, header, guide)) for number, row in rows[1:]):
        if not any(values.values()):
            continue
        said, known, mistakes = _rows(number, values, guide, seen)
        wrong += mistakes
        assignments += said
        for person in known:
            people[person.id] = _joined(people.get(person.id, person), person)
    if wrong:
        raise TableError(where, wrong)
    return assignments, list(people.values())


def _unread_item(filled: Sequence[tuple[int, Sequence[str]]], header: dict[str, tuple[int, ...]]) -> str:
    """A heading left of the clauses that is not understood, where a clause's bare number needs the item that stands there; else empty."""
    (at, *more), titles = header["target"], filled[0][1]
    if more or MARKS.sub("", folded(titles[at])) not in _CLAUSES:
        return ""
    read = {column for columns in header.values() for column in columns}
    beside = [n for n in range(at) if n not in read and titles[n] and MARKS.sub("", folded(titles[n])) not in SERIAL]
    bare = any(_BARE.match(unicodedata.normalize("NFKC", row[at].strip())) for _, row in filled[1:] if at < len(row))
    return titles[beside[-1]] if beside and bare else ""


def _values(row: Sequence[str], header: dict[str, tuple[int, ...]], guide: Guide) -> dict[str, str]:
    """A row's cells by their column; with a column for the item and one for the clause, what both say together."""
    found = {name: [row[at] if at < len(row) else "" for at in columns] for name, columns in header.items()}
    values = {name: next((cell for cell in cells if cell), "") for name, cells in found.items()}
    item, *clauses = [cell for cell in found["target"] if cell and len(header["target"]) > 1] or [""]
    if clauses:
        values["target"] = "；".join(_under(item, clause.strip(), guide) for clause in _PLACES.split(clauses[-1]) if clause.strip())
    elif len(header["target"]) > 1 and not found["target"][0]:
        values["target"] = "；".join(_under("", clause.strip(), guide) for clause in _PLACES.split(item) if clause.strip())
    return values


def _under(item: str, clause: str, guide: Guide) -> str:
    """A clause that is written beside its item: （3）, 3, 三 or 24(3); one that the item does not have is no place of the guide."""
    bare = _BARE.match(unicodedata.normalize("NFKC", clause))
    number = bare[1] if bare else numerals.value(_AROUND.sub("", clause))
    try:
        level, place = target_of(item, guide)
    except AeoError:
        level, place = "all", item
    if level == "item" and number is not None:
        return f"{place}({number})"
    try:
        said, target = target_of(clause, guide)
    except AeoError:
        said, target = "all", clause
    if said == "clause" and (level != "item" or any(c.id == target for c in guide.items[place].clauses)):
        return target
    if level in ("part", "category") and said == "item":
        return target
    shown = _PLACES.sub(" ", item)
    return f"{shown}({number})" if number is not None else f"{shown} {clause}"


def _rows(
    number: int, values: dict[str, str], guide: Guide, seen: dict[tuple[str, str], int]
) -> tuple[list[Assignment], list[Person], list[CellMistake]]:
    """What one row says: an assignment for each place in its cell."""
    assignments: list[Assignment] = []
    people: list[Person] = []
    wrong: list[CellMistake] = []
    places = [place for said in _PLACES.split(values["target"]) for place in named(said, guide) or targets_of(said, guide)]
    for target in places:
        assignment, known, mistakes = _row(number, {**values, "target": target.strip()}, guide, seen)
        wrong += [m for m in mistakes if m not in wrong]
        assignments += [assignment] if assignment else []
        people += known
    return assignments, people, wrong


def _row(
    number: int, values: dict[str, str], guide: Guide, seen: dict[tuple[str, str], int]
) -> tuple[Assignment | None, list[Person], list[CellMistake]]:
    wrong: list[CellMistake] = []
    addresses: dict[str, Named] = {}

    def mistake(column: str, key: str, **filling: str | int) -> None:
        wrong.append(CellMistake(number, column, f"register.{key}", tuple(filling.items())))

    def day(column: str) -> date | None:
        text = values.get(column, "")
        if not text:
            return None
        found = numerals.day(text, timed=True)
        if found is None:
            mistake(column, "cell_date", value=text)
        return found

    def person(column: str) -> tuple[str, str]:
        """The person in a cell, and a second one behind a semicolon."""
        if values.get(column, "").strip().lower() in _NOBODY:
            return NOBODY, ""
        said = several(values.get(column, ""))
        if len(said) > 2 or (len(said) == 2 and column != "owner"):
            mistake(column, "cell_several", value=values[column])
        for one in said:
            if one.mail and one.name:
                addresses.setdefault(one.mail, one)
        return (said[0].id if said else ""), (said[1].id if len(said) > 1 else "")

    level, target = None, values["target"]
    if not target:
        mistake("target", "cell_needed", needed="1(1) / 24 / （十一） / 一 / *")
    else:
        try:
            level, target = target_of(target, guide)
        except AeoError:
            mistake("target", "cell_target", value=target)
    if not any(values.get(name) for name in _PERSONS):
        mistake("owner", "cell_person")
    (owner, second), (reviewer, _), (deputy, _) = person("owner"), person("reviewer"), person("deputy")
    if owner not in ("", NOBODY) and key(owner) == key(reviewer):
        mistake("reviewer", "cell_self")
    if second and deputy:
        mistake("deputy", "cell_several", value=f"{second}；{deputy}")
    start, end = day("deputy_from"), day("deputy_until")
    if start and end and end < start:
        mistake("deputy_until", "cell_dates")
    zone = values.get("timezone", "")
    if zone:
        try:
            zone_of(zone)
        except AeoError:
            mistake("timezone", "cell_zone", value=zone)
    mail, member = values.get("email", ""), values.get("slack", "")
    if mail and not _MAIL.match(mail):
        mistake("email", "cell_mail", value=mail)
    if member and not _MEMBER.match(member):
        mistake("slack", "cell_slack", value=member)
    if level is not None:
        first = seen.setdefault((level, target), number)
        if first != number:
            mistake("target", "cell_twice", first=first)
    if wrong or level is None:
        return None, [], wrong
    assignment = Assignment(level, target, owner, deputy or second, start, end, reviewer)
    said = addresses.get(owner, Named())
    mail = mail or said.mail
    address = {name: found for name, found in (("email", tidy(mail)), ("slack", member)) if found}
    known = Person(owner, name=values.get("name", "") or said.name, zone=zone, address=address)
    others = [Person(mail, name=one.name, address={"email": mail}) for mail, one in addresses.items() if mail != owner]
    return assignment, [*([known] if owner not in ("", NOBODY) and known != Person(owner) else []), *others], wrong


def _joined(known: Person, more: Person) -> Person:
    """What two rows say of one person; the later one where both say something."""
    return replace(more, name=more.name or known.name, zone=more.zone or known.zone, address=known.address | more.address)


def _signed(row: Sequence[str]) -> bool:
    """Whether a row only says who made the table and when (制表人：李四)."""
    return all(_SIGNED.match(cell) for cell in row if cell)
