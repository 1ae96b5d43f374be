"""A source -> a Guide: every non-blank source line is placed exactly once, verbatim, or listed as a finding.

Two layouts are read: tables (in whatever columns) and bare lines that lost their table. Both drive one builder. Nothing
is repaired and nothing is invented: what cannot be placed becomes a finding, and a file in which no item with a clause
can be told is refused.
"""

from __future__ import annotations

from assistant.errors import SourceError
from assistant.guide import Guide, Paragraph
from ingest.parse.builder import Builder
from ingest.parse.frozen_guide import freeze
from ingest.parse.lines import parse_lines
from ingest.parse.raw import Familiar
from ingest.parse.tables import parse_tables
from ingest.source import Cell, Row, Source
from ingest.wording import DOMAIN

_MOST_OUTSIDE = 0.75  # share of a file that may stand before its first clause; more is no guide
_FEW_WORDS = 2  # column words that make a line one of titles


def parse(source: Source, edition: str, familiar: Familiar = str) -> Guide:
    """The guide that ``source`` holds.

    Args:
        source: rows of cells with their lines, from a reader.
        edition: label under which the guide will be known, for example ``2018-177``.
        familiar: puts a text into the words by which headings and roles are told, where an edition exchanged them.

    Returns:
        A Guide; ``findings`` name what could not be placed or looks wrong, with source lines.

    Raises:
        SourceError: there is no item with a clause in it, or nothing in it speaks of what guides speak of.
    """
    rows = tuple(_without_breaks(row) for row in source.rows)
    builder = Builder(familiar)
    in_tables = sum(len(c.text) for row in rows if _is_tabular(row) for c in row.cells)
    outside = sum(len(c.text) for row in rows if not _is_tabular(row) for c in row.cells)
    if in_tables and in_tables >= outside:
        parse_tables(rows, builder)
    else:
        parse_lines([p for row in rows for cell in row.cells for p in cell.paragraphs], builder)
    builder.findings += source.findings
    guide = freeze(builder, edition, source, familiar)
    if not _is_guide(guide, source):
        raise SourceError("source.no_guide", name=source.name)
    return guide


def _is_tabular(row: Row) -> bool:
    return not row.loose and len(row.cells) > 1


def _without_breaks(row: Row) -> Row:
    """A row whose paragraphs are single lines, as the guide's texts are joined with line breaks."""
    if not any("\n" in p.text for cell in row.cells for p in cell.paragraphs):
        return row
    cells = [
        Cell(paragraphs=tuple(Paragraph(text=t, line=p.line) for p in cell.paragraphs for t in p.text.split("\n")), merged=cell.merged)
        for cell in row.cells
    ]
    return Row(cells=tuple(cells), loose=row.loose, table=row.table)


def _is_guide(guide: Guide, source: Source) -> bool:
    """Whether the numbers are those of a guide and not of some other text: items with clauses, and its words.

    Any one of the following will do: sections told by their headings; parts or categories over two items; three
    numbered clauses; or, where the words leave no doubt, one numbered clause or two items.
    """
    items = [i for i in guide.items.values() if i.clauses and (i.label or i.title)]
    words = {m.group() for _, text in source.lines for m in DOMAIN.finditer(text[:2_000])}
    if not items or not words:
        return False
    clauses = [c for i in items for c in i.clauses]
    numbered = sum(1 for c in clauses if c.number)
    headed = any(s.heading for c in clauses for s in c.sections)
    over = any(p.label for p in guide.parts) or any(c.label for p in guide.parts for c in p.categories)
    branching = len(items) > 1 and (over or any(_is_tabular(row) for row in source.rows))
    plain = headed or numbered > 2 or (over and len(items) > 1)
    if not plain and not (len(words) >= _FEW_WORDS and (numbered or branching)):
        return False
    return sum(len(p.text) for p in guide.front) <= _MOST_OUTSIDE * sum(len(text) for _, text in source.lines)
