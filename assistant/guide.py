"""One parsed edition of the standard: parts, categories, items, clauses, sections and requirement lines.

Every text is verbatim. ``label`` is a printed number as it stands in the source ("1．", "（3）", "（二）"), ``text`` is what
follows it, ``line`` is the source line (or the running paragraph number of a source without lines), counted from 1.
Label and text together hold every non-blank character of that line, and every source line is held exactly once.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["documents", "situation", "records", "onsite", "note"]
Role = Literal["evidence", "period", "format", "conformity", "retention", "translation", "statement"]
KINDS: tuple[Kind, ...] = ("documents", "situation", "records", "onsite", "note")


class Frozen(BaseModel):
    """Base of the product's value objects: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Paragraph(Frozen):
    """One source line that is no requirement line of its own: a note, a continuation, a condition."""

    text: str
    line: int
    role: Role | None = None
    label: str | None = None


class Requirement(Frozen):
    """One requirement line of a section.

    ``role`` is what the line is for; ``also`` names further roles that the same line plays
    (guide lines 148, 172, 322, 686, 735). Only ``evidence`` and ``statement`` are handed in. ``since`` is the key of the line
    that lives on in it, where its own is another.
    """

    id: str
    text: str
    line: int
    role: Role
    number: str | None = None
    also: tuple[Role, ...] = ()
    continuation: tuple[Paragraph, ...] = ()
    key: str = ""
    since: str = ""

    @property
    def lineage(self) -> str:
        """The key under which the line was first known: what was judged of it then holds while it lives on."""
        return self.since or self.key

    @property
    def printed(self) -> str:
        """Number and text as they stand in the source."""
        return f"{self.number or ''}{self.text}"

    @property
    def wording(self) -> str:
        """Number, text and continuation paragraphs, one a line."""
        return "\n".join([self.printed, *(p.text for p in self.continuation)])


class Section(Frozen):
    """A headed (or, for ``note``, unheaded) group of requirement lines; ``notes`` speak of the whole section."""

    kind: Kind
    heading: str | None
    line: int | None
    requirements: tuple[Requirement, ...]
    notes: tuple[Paragraph, ...] = ()
    label: str | None = None
    applicability: Paragraph | None = None

    @property
    def any_one(self) -> bool:
        """Whether any one of its lines is enough, by its heading (任一)."""
        return "任一" in (self.heading or "")


class Reference(Frozen):
    """A cross-reference in running text: where it stands, and which clauses or sections, or which outside document, it means."""

    text: str
    line: int
    targets: tuple[str, ...] = ()
    external: str | None = None


class Proof(Frozen):
    """One piece of evidence that a clause owes although no list is printed for it: that its sentence holds, or what a lead wrote.

    ``kind`` is None until a lead says what it is; ``period`` (每年两次) and ``owner`` (a department) are proposed.
    """

    text: str
    key: str
    kind: Kind | None = None
    period: str = ""
    owner: str = ""


class Clause(Frozen):
    """One clause: the standard's own sentence and the guide's sections for it, or the proofs that stand in for them.

    ``owner`` and ``period`` are what columns of departments and frequencies say of it: proposals.
    """

    id: str
    number: str | None
    text: str
    lines: tuple[int, ...]
    sections: tuple[Section, ...] = ()
    applicability: Paragraph | None = None
    references: tuple[Reference, ...] = ()
    shares_with: str | None = None
    key: str = ""
    since: str = ""
    proofs: tuple[Proof, ...] = ()
    owner: str = ""
    period: str = ""

    @property
    def lineage(self) -> str:
        """The key under which the clause was first known."""
        return self.since or self.key

    def proof_key(self, text: str) -> str:
        """The key of a proof with that text: that of the clause's own sentence, or one of the text in its clause."""
        return lineage_key(self.key, "clause") if text == self.text else lineage_key(self.key, "clause", text)

    @property
    def requirements(self) -> Iterator[Requirement]:
        """All requirement lines, in the printed order of the sections."""
        for section in self.sections:
            yield from section.requirements

    def section(self, kind: Kind) -> Section | None:
        """The first section of that kind, or None."""
        return next((s for s in self.sections if s.kind == kind), None)

    @property
    def customs_decides(self) -> bool:
        """True where customs itself establishes the clause (由海关认定) and nothing is handed in."""
        return any(s.kind == "note" and any(r.text.startswith("由海关认定") for r in s.requirements) for s in self.sections)


class Item(Frozen):
    """One item, for example 24 进入安全; ``more`` holds the further source lines of a title that has several."""

    number: str
    title: str
    line: int
    clauses: tuple[Clause, ...]
    label: str = ""
    more: tuple[Paragraph, ...] = ()


class Category(Frozen):
    """One category, for example （十一）进入安全控制措施."""

    number: str
    title: str
    line: int
    items: tuple[Item, ...]
    label: str = ""
    more: tuple[Paragraph, ...] = ()


class Part(Frozen):
    """One of the parts 一 to 四; ``family`` is set where guides of several families are seen as one."""

    number: str
    title: str
    line: int
    categories: tuple[Category, ...]
    label: str = ""
    more: tuple[Paragraph, ...] = ()
    family: str = ""


class Finding(Frozen):
    """Something a lead should know about a source: where it is and what it says."""

    line: int
    code: str
    values: dict[str, str | int] = {}


class ClausePlace(Frozen):
    """Where a clause stands: its part, category and item."""

    part: Part
    category: Category
    item: Item


class WordExchange(Frozen):
    """A word that stands throughout an edition for one of the edition before."""

    old: str
    new: str


class Guide(Frozen):
    """One edition. Clause ids are unique; ``front`` holds title lines and the table's header cells.

    ``exchanged`` are the words that were put for others since the first edition known here, the latest first; ``retitled`` holds
    titles of parts, categories and items with what they were before.
    """

    edition: str
    title: str
    parts: tuple[Part, ...]
    front: tuple[Paragraph, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: str = ""
    fingerprint: str = ""
    exchanged: tuple[WordExchange, ...] = ()
    retitled: tuple[tuple[str, str], ...] = ()

    def familiar(self, text: str) -> str:
        """A text of this edition in the words of the first one, by which periods and roles are told; never shown to anybody."""
        for word in self.exchanged:
            text = text.replace(word.new, word.old)
        return text

    @cached_property
    def formerly(self) -> dict[str, str]:
        """Title of a part, category or item -> what it was called before."""
        return dict(self.retitled)

    def called(self, title: str) -> tuple[str, ...]:
        """What the part, category or item of that title is called, and was called before unless another one is called so today."""
        former = self.formerly.get(title, "")
        return (title, former) if former and former not in self._titles else (title,)

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(
            t for p in self.parts for t in (p.title, *(c.title for c in p.categories), *(i.title for c in p.categories for i in c.items))
        )

    @cached_property
    def clauses(self) -> dict[str, Clause]:
        """Clause id -> clause, in the guide's order."""
        return {c.id: c for part in self.parts for cat in part.categories for item in cat.items for c in item.clauses}

    @cached_property
    def items(self) -> dict[str, Item]:
        """Item number -> item, in the guide's order."""
        return {item.number: item for part in self.parts for cat in part.categories for item in cat.items}

    @cached_property
    def places(self) -> dict[str, ClausePlace]:
        """Clause id -> where it stands."""
        return {
            c.id: ClausePlace(part=part, category=cat, item=item)
            for part in self.parts
            for cat in part.categories
            for item in cat.items
            for c in item.clauses
        }

    @cached_property
    def requirements(self) -> dict[str, Requirement]:
        """Requirement id -> requirement line, in the guide's order."""
        return {r.id: r for c in self.clauses.values() for r in c.requirements}

    @cached_property
    def lines(self) -> dict[int, tuple[str, str | None, str]]:
        """Source line -> (clause id, requirement id or None for clause text, headings and notes, printed text)."""
        table: dict[int, tuple[str, str | None, str]] = {}
        for clause in self.clauses.values():
            for number, text in zip(clause.lines, clause.text.split("\n"), strict=True):
                table[number] = (clause.id, None, text)
            if clause.applicability:
                table[clause.applicability.line] = (clause.id, None, clause.applicability.text)
            for section in clause.sections:
                if section.line is not None and section.heading:
                    table[section.line] = (clause.id, None, section.heading)
                for r in section.requirements:
                    table[r.line] = (clause.id, r.id, r.printed)
                    for p in r.continuation:
                        table[p.line] = (clause.id, r.id, p.text)
                for p in section.notes:
                    table[p.line] = (clause.id, None, p.text)
        return table

    def mapped(self, change: Callable[[Clause], Clause]) -> Guide:
        """The guide with every clause changed, nothing kept of what was worked out from the clauses before."""

        def category(c: Category) -> Category:
            items = tuple(i.model_copy(update={"clauses": tuple(map(change, i.clauses))}) for i in c.items)
            return c.model_copy(update={"items": items})

        parts = tuple(p.model_copy(update={"categories": tuple(map(category, p.categories))}) for p in self.parts)
        return Guide(**{name: getattr(self, name) for name in Guide.model_fields} | {"parts": parts})


_UNFOLDED = re.compile(r"[^\w%.]|_")  # what is no letter, digit, % or .


def folded(text: str) -> str:
    """Text for comparison only: NFKC, lower case, without white space and punctuation. Never shown to anybody."""
    wide = unicodedata.normalize("NFKC", text).lower()
    return _UNFOLDED.sub("", wide)


def lineage_key(*parts: str) -> str:
    """What identifies a line or clause across editions: 16 hex digits of a hash over folded texts (place, then text)."""
    joined = "\x1f".join(folded(p) for p in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]
