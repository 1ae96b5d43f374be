"""The shipped guide is parsed exactly: what is in it, where each character stands, what the lines are for."""

from __future__ import annotations

from collections import Counter

import pytest

from assistant.guide import Guide
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED
from ingest.source import Source
from tests.ingest.printed import printed_lines

Held = dict[int, Counter[str]]


def held(lines: object) -> Held:
    """The non-blank characters of each source line."""
    found: Held = {}
    for number, text in lines:  # type: ignore[attr-defined]
        found.setdefault(number, Counter()).update(c for c in text if not c.isspace())
    return {number: characters for number, characters in found.items() if characters}


def test_the_outline(guide: Guide) -> None:
    """4 parts, 17 categories, 31 items and 64 clauses; ids in order, numbers as printed."""
    assert [len(p.categories) for p in guide.parts] == [4, 1, 4, 8]
    assert [p.number for p in guide.parts] == ["一", "二", "三", "四"]
    assert [c.number for p in guide.parts for c in p.categories][-1] == "（十七）"
    assert list(guide.items) == [str(n) for n in range(1, 32)]
    assert len(guide.clauses) == 64
    assert guide.clauses["24(3)"].number == "（3）"
    assert guide.clauses["26"].number is None
    assert guide.title == "海关认证企业标准指南（高级认证—通用标准）"


def test_sections_and_lines(guide: Guide) -> None:
    """154 sections by the words of their headings, and 298 requirement lines outside notes."""
    sections = [s for c in guide.clauses.values() for s in c.sections]
    kinds = Counter(s.kind for s in sections)
    assert kinds == {"documents": 39, "situation": 42, "records": 33, "onsite": 19, "note": 21}
    lines = Counter({k: sum(len(s.requirements) for s in sections if s.kind == k) for k in kinds if k != "note"})
    assert lines == {"documents": 45, "situation": 133, "records": 91, "onsite": 29}
    assert [s.kind for s in guide.clauses["23(2)"].sections] == ["situation", "onsite", "records"]


def test_every_character_has_one_place(guide: Guide) -> None:
    """The guide holds every non-blank character of every source line exactly once."""
    text = SHIPPED.read_text(encoding="utf-8").split("\n")
    assert held(printed_lines(guide)) == held(enumerate(text, 1))


def test_shared_and_conditional_clauses(guide: Guide) -> None:
    """Item 13 shares the guide text of item 12; six clauses have a condition of their own."""
    assert guide.clauses["13"].shares_with == "12"
    assert not guide.clauses["13"].sections
    assert [c.id for c in guide.clauses.values() if c.applicability] == ["4(2)", "4(3)", "6(3)", "7", "28", "29"]


def test_references(guide: Guide) -> None:
    """References lead to clauses, to their sections of the same kind, or out of the guide."""
    targets = {c.id: {t for r in c.references for t in r.targets} for c in guide.clauses.values() if c.references}
    assert targets["30(2)"] == targets["30(3)"] == {"30(1)/documents"}
    assert {"6(1)", "6(2)", "6(3)"} <= targets["6(1)"] == targets["6(2)"] == targets["6(3)"]
    assert {r.external for c in ("12", "13") for r in guide.clauses[c].references} == {"公告2019年第46号"}


@pytest.mark.parametrize(
    ("requirement", "role", "also"),
    [
        ("1(1)/records/1", "evidence", ()),
        ("1(1)/records/2", "period", ()),
        ("1(1)/records/3", "format", ()),
        ("1(1)/records/4", "conformity", ()),
        ("28/records/1", "statement", ()),
    ],
)
def test_roles(guide: Guide, requirement: str, role: str, also: tuple[str, ...]) -> None:
    """A records line is evidence, a period, a format, a conformity sentence or a statement."""
    line = guide.requirements[requirement]
    assert (line.role, line.also) == (role, also)


def test_loose_paragraphs(guide: Guide) -> None:
    """A paragraph after every numbered line continues it; one after the last only speaks of the section."""
    records = guide.clauses["24(3)"].section("records")
    assert records is not None
    assert all(not r.continuation for r in records.requirements)
    assert len(records.notes) == 3
    assert any(r.continuation for r in guide.clauses["7"].requirements)


def test_numbers_are_not_headings(guide: Guide) -> None:
    """A decimal with a full-width point stays in its sentence."""
    assert "0．3" in guide.clauses["21(10)"].text


def test_breaks_inside_a_paragraph_are_lines(guide: Guide) -> None:
    """A reader that leaves line breaks inside a paragraph does no harm."""
    source = read(SHIPPED)
    row = source.rows[-1]
    joined = row.cells[-1].paragraphs[0].model_copy(update={"text": "1．书面文件：\n制度文件。\n2．抽查记录：\n记录。"})
    cell = row.cells[-1].model_copy(update={"paragraphs": (joined,)})
    rows = (*source.rows[:-1], row.model_copy(update={"cells": (*row.cells[:-1], cell)}))
    clause = parse(Source(name="x", format="text", rows=rows, fingerprint=""), "any").clauses["31(3)"]
    assert [(s.kind, [r.text for r in s.requirements]) for s in clause.sections] == [
        ("documents", ["制度文件。"]),
        ("records", ["记录。"]),
    ]
