"""The paragraphs of a section -> its requirement lines, with what continues them and what speaks of the whole section."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.guide import Kind, Paragraph, Requirement, Section, lineage_key
from ingest.parse.raw import Familiar, RawSection
from ingest.printed_numbers import mark
from ingest.wording import roles_of

_NO_LINE_NUMBERS = ("chapter", "ordinal")


class Keys:
    """Ordinals and lineage keys of a clause's lines: each used once."""

    def __init__(self, clause_id: str, clause_key: str) -> None:
        self.clause_id = clause_id
        self._clause_key = clause_key
        self._counts: dict[str, int] = {}
        self._seen: dict[str, int] = {}

    def id(self, kind: Kind) -> str:
        """The next id of that kind."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{self.clause_id}/{kind}/{self._counts[kind]}"

    def key(self, kind: Kind, text: str) -> str:
        """The lineage key of a text; a text that is repeated in the clause gets one of its own each time."""
        key = lineage_key(self._clause_key, kind, text)
        self._seen[key] = self._seen.get(key, 0) + 1
        return key if self._seen[key] == 1 else lineage_key(key, str(self._seen[key]))


def section_of(raw: RawSection, keys: Keys, familiar: Familiar = str) -> Section:
    """The section with its requirement lines, roles, ids and notes."""
    groups = _groups(raw, familiar)
    requirements: list[Requirement] = []
    for group in groups:
        text = group.lead.text
        role, also = roles_of(raw.kind, familiar((group.label or "") + text))
        requirements.append(
            Requirement(
                id=keys.id(raw.kind),
                number=group.label,
                text=text,
                line=group.lead.line,
                role=role,
                also=also,
                continuation=tuple(_with_role(raw.kind, p, familiar) for p in group.continuation),
                key=keys.key(raw.kind, text),
            )
        )
    notes = tuple(_with_role(raw.kind, p, familiar) for group in groups for p in group.notes)
    return Section(
        kind=raw.kind, heading=raw.heading, line=raw.line, requirements=tuple(_something_owed(raw.kind, requirements)), notes=notes
    )


def _something_owed(kind: Kind, requirements: list[Requirement]) -> list[Requirement]:
    """The lines of a section, of which records ask for at least one: where all only say how, the first one names the records, too.

    企业安全意识培训记录保存期限不少于3年 by itself asks for those records; behind a line that names them it says how long they are kept.
    记录可以为纸本文档 names none.
    """
    first = next((n for n, r in enumerate(requirements) if r.role == "retention"), None)
    if kind != "records" or first is None or any(r.role in ("evidence", "statement") for r in requirements):
        return requirements
    own = requirements[first]
    named = own.model_copy(update={"role": "evidence", "also": (own.role, *own.also)})
    return [*requirements[:first], named, *requirements[first + 1 :]]


@dataclass
class _Group:
    lead: Paragraph
    label: str | None
    continuation: list[Paragraph] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)


def _groups(section: RawSection, familiar: Familiar) -> list[_Group]:
    """Paragraphs into requirement lines, with the loose ones after a numbered line told apart.

    A loose paragraph after a numbered line continues that line when every numbered line has the like of it (items 7,
    8(1), 25(4)), and speaks of the whole section when only the last one has (24(3), 4(3)); after a lone （1）, the period
    paragraph continues it and the conformity sentence speaks of the section (item 3).
    """
    groups: list[_Group] = []
    numbered: list[_Group] = []
    for p in section.paragraphs:
        found = mark(p.text)
        if found and found.style not in _NO_LINE_NUMBERS:
            groups.append(_Group(Paragraph(text=found.rest, line=p.line), found.label))
            numbered.append(groups[-1])
        elif numbered:
            groups[-1].continuation.append(p)
        else:
            groups.append(_Group(p, None))
    if numbered:
        last = numbered[-1]
        keep = _kept([[roles_of(section.kind, familiar(p.text))[0] for p in g.continuation] for g in numbered])
        last.continuation, last.notes = last.continuation[:keep], last.continuation[keep:]
    return groups


def _kept(patterns: list[list[str]]) -> int:
    """How many of the last line's loose paragraphs continue it, by the roles of those after each numbered line."""
    if len(patterns) == 1:
        return next((i for i, r in enumerate(patterns[0]) if r not in ("evidence", "period", "format")), len(patterns[0]))
    keep = 0
    while all(len(p) > keep for p in patterns) and len({p[keep] for p in patterns}) == 1:
        keep += 1
    while keep < len(patterns[-1]) and patterns[-1][keep] == "evidence":
        keep += 1
    return keep


def _with_role(kind: Kind, p: Paragraph, familiar: Familiar) -> Paragraph:
    return Paragraph(text=p.text, line=p.line, role=roles_of(kind, familiar(p.text))[0])
