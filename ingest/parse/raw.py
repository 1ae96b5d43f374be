"""What a guide is gathered into while it is read: headings, clauses and sections, lines not grouped yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.guide import Kind, Paragraph
from ingest.printed_numbers import value_of

Familiar = Callable[[str], str]
"""Puts a text into the words of the edition from which the words of headings and roles are known."""


@dataclass
class RawSection:
    """A section with its paragraphs, not yet grouped into requirement lines."""

    kind: Kind
    heading: str | None
    line: int | None
    paragraphs: list[Paragraph] = field(default_factory=list)


@dataclass
class RawClause:
    """A clause; ``given`` is its number where a column of its own holds it."""

    label: str | None
    lines: list[Paragraph]
    given: int | None = None
    applicability: Paragraph | None = None
    sections: list[RawSection] = field(default_factory=list)
    shares_with: int | None = None
    owner: str = ""
    period: str = ""

    @property
    def value(self) -> int | None:
        """Its number, printed or given."""
        return value_of(self.label) if self.label else self.given


@dataclass
class OpenHeading:
    """A part, category or item: its number, its printed label, the lines of its title, and what stands under it."""

    number: str
    label: str
    lines: list[Paragraph]
    children: list[OpenHeading] = field(default_factory=list)
    clauses: list[RawClause] = field(default_factory=list)

    @property
    def title(self) -> str:
        """All lines of the title."""
        return "".join(p.text for p in self.lines)

    @property
    def line(self) -> int:
        """Its first source line, 0 for a heading that no line holds."""
        return self.lines[0].line if self.lines else 0


def stripped(p: Paragraph) -> Paragraph:
    """The paragraph without white space at its ends."""
    return Paragraph(text=p.text.strip(), line=p.line)


def short(text: str) -> str:
    """The beginning of a text, for a finding."""
    flat = " ".join(text[:200].split())
    return flat if len(flat) <= 24 else flat[:23] + "…"
